package main

import (
	"net/http"

	"expressrtc/server/console"
	"expressrtc/server/room"
	"expressrtc/server/web"
)

// addConsole puts the console to the operator's side.
func (s *site) addConsole() error {
	if s.options.admin.addr == "" {
		return nil
	}
	pages, err := web.Operator(s.web)
	if err != nil {
		return err
	}
	s.console = console.New(console.Config{
		Key:     s.adminKey,
		Apps:    s.apps,
		Kept:    s.options.appsFile != "",
		Hub:     func() *room.Hub { return s.hub },
		Site:    func() string { return s.public },
		Version: version,
		Log:     s.log,
	})
	s.reports = append(s.reports, s.console.OnReport)
	s.logins = append(s.logins, s.console.OnLogin)
	s.admin["/console/api/"] = s.console
	for _, path := range []string{"/console", "/console/", "/ui/", "/style.css", "/icon.svg", "/favicon.ico"} {
		s.admin[path] = s.console.Guard(pages)
	}
	s.admin["GET /{$}"] = http.RedirectHandler("console", http.StatusFound)
	return nil
}
