package main

import (
	"bytes"
	"flag"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestSecretsAreNotPrinted: whatever the source of a secret setting, it is neither in the
// configuration that is printed nor in the help.
func TestSecretsAreNotPrinted(t *testing.T) {
	o := &options{}
	s, err := load("serve", nil, io.Discard, o.declare)
	if err != nil {
		t.Fatal(err)
	}
	names := slices.Sorted(maps.Keys(s.secret))
	if !slices.Contains(names, "admin-key") {
		t.Fatalf("the secret settings are %q", names)
	}
	s.VisitAll(func(f *flag.Flag) {
		for _, word := range []string{"secret", "key", "password"} {
			named := strings.HasSuffix(f.Name, word) && !strings.HasPrefix(f.Name, "tls-")
			if named && !s.secret[f.Name] {
				t.Errorf("%s is printed", f.Name)
			}
		}
	})
	for _, name := range names {
		const value = "0123456789abcdef-hush"
		file := writeFile(t, name+": "+value+"\n")
		for source, args := range map[string][]string{
			"command line": {"--" + name, value}, "file": {"--config", file}, "environment": nil,
		} {
			if source == "environment" {
				t.Setenv(variable(name), value)
			}
			for _, action := range []string{"--print-config", "-h"} {
				var out bytes.Buffer
				if err := run(t.Context(), append(append([]string{"serve"}, args...), action), &out, &out); err != nil {
					t.Fatal(err)
				}
				if strings.Contains(out.String(), "hush") || action == "--print-config" && !strings.Contains(out.String(), name+": (set, not shown)") {
					t.Errorf("%s by %s: %s prints\n%s", name, source, action, &out)
				}
			}
		}
	}
}
