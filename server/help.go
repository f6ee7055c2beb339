package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"expressrtc/server/auth"
)

// group is what belongs to one topic.
type group struct {
	title string
	names []string
}

// group notes that what was declared since the last call belongs together.
func (s *settings) group(title string) {
	known := map[string]bool{}
	for _, name := range about {
		known[name] = true
	}
	for _, g := range s.groups {
		for _, name := range g.names {
			known[name] = true
		}
	}
	g := group{title: title}
	s.VisitAll(func(f *flag.Flag) {
		if !known[f.Name] {
			g.names = append(g.names, f.Name)
		}
	})
	s.groups = append(s.groups, g)
}

// help shows every setting by topic, with its variable.
func (s *settings) help(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Usage: %s [flags]\n\n"+
		"Each setting is a flag, a variable of the environment, and a key of the configuration\n"+
		"file; the command line goes before the environment, and that before the file.\n", s.Name())
	s.helpGroup(&b, group{"The configuration", about})
	for _, g := range s.groups {
		s.helpGroup(&b, g)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

func (s *settings) helpGroup(b *strings.Builder, g group) {
	fmt.Fprintf(b, "\n%s:\n", g.title)
	for _, name := range g.names {
		f := s.Lookup(name)
		if f == nil {
			continue
		}
		what, text := flag.UnquoteUsage(f)
		fmt.Fprintf(b, "  %s", strings.TrimSpace("--"+name+" "+what))
		if name == "config" || !slices.Contains(about, name) {
			fmt.Fprintf(b, " (%s)", variable(name))
		}
		fmt.Fprintf(b, "\n        %s", text)
		if v, ok := f.Value.(interface{ bounds() string }); ok {
			fmt.Fprintf(b, "; %s", v.bounds())
		}
		if !slices.Contains([]string{"", "false"}, f.DefValue) {
			fmt.Fprintf(b, " (default %s)", f.DefValue)
		}
		b.WriteString("\n")
	}
}

// unknownVariables are those of the environment that look like ours and mean nothing, most
// likely because they are spelt wrong. Those of apps are theirs.
func (s *settings) unknownVariables() []string {
	known := map[string]bool{}
	s.VisitAll(func(f *flag.Flag) { known[variable(f.Name)] = true })
	var unknown []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, variable("")) && !strings.HasPrefix(name, auth.Variable) && !known[name] {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	return unknown
}
