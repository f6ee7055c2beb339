package main

import (
	"fmt"
	"net/http"
)

// addHealth lets whoever balances or watches ask at the public address.
func (s *site) addHealth() error {
	s.web.Handlers["GET /readyz"] = http.HandlerFunc(s.serveReady)
	return nil
}

// health is the same for the admin address.
func (s *site) health() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /healthz": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") }),
		"GET /readyz":  http.HandlerFunc(s.serveReady),
	}
}

// serveReady tells whether new clients may come: not before everything runs, and not any
// more when the server is about to stop.
func (s *site) serveReady(w http.ResponseWriter, _ *http.Request) {
	if s.ready.Load() {
		answer(w, http.StatusOK, "ready")
		return
	}
	answer(w, http.StatusServiceUnavailable, "starting or stopping")
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	fmt.Fprint(w, text)
}
