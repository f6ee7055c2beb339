package main

import (
	"flag"
	"io"
	"slices"
)

// live are the settings that SIGHUP puts into force; the rest needs a restart. Files that
// settings name, as those of apps and certificates, are read again by their parts.
var live = []string{"log-level"}

// reloadSettings reads all settings again. Those that need a restart are told of.
func (s *site) reloadSettings() error {
	now := &options{}
	if _, err := load("serve", s.options.args, io.Discard, now.declare); err != nil {
		return err
	}
	s.options.log.level.Set(now.log.level.Level())
	if names := s.options.settings.changed(now.settings); len(names) > 0 {
		s.log.Warn("changed settings that need a restart", "settings", names)
	}
	return nil
}

// changed are the settings that have another value in now, and are not live.
func (s *settings) changed(now *settings) (names []string) {
	s.VisitAll(func(f *flag.Flag) {
		if !slices.Contains(live, f.Name) && f.Value.String() != now.Lookup(f.Name).Value.String() {
			names = append(names, f.Name)
		}
	})
	return names
}
