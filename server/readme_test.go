package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

// readmeFile has the settings between two marks.
const readmeFile = "../README.md"

// TestReadmeSettings: the README's list of settings is that of the program. make settings
// writes it anew.
func TestReadmeSettings(t *testing.T) {
	text, err := os.ReadFile(readmeFile)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), "make settings writes what follows -->\n")
	_, after, ok2 := strings.Cut(rest, "<!-- end of settings -->")
	if !ok || !ok2 {
		t.Fatal("the README has no place for the settings")
	}
	want := before + "make settings writes what follows -->\n" + settingsTable() + "\n<!-- end of settings -->" + after
	if os.Getenv("EXPRESSRTC_README") != "" {
		if err := os.WriteFile(readmeFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Error("the README's list of settings is not that of the program: make settings")
	}
}

func settingsTable() string {
	s := newSettings("serve")
	(&options{}).declare(s)
	var b strings.Builder
	for _, g := range s.groups {
		fmt.Fprintf(&b, "\n**%s**\n\n| setting | meaning | unless set |\n|---|---|---|\n", g.title)
		for _, name := range g.names {
			f := s.Lookup(name)
			_, text := flag.UnquoteUsage(f)
			if v, ok := f.Value.(interface{ bounds() string }); ok {
				text += "; " + v.bounds()
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, strings.ReplaceAll(text, "|", `\|`), strings.Trim(f.DefValue, " "))
		}
	}
	return b.String()
}
