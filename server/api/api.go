// Package api owns the HTTP API that an app's own server talks to: the shape of its
// requests and answers, their signatures, and what each action means for the rooms. It is
// made so that a program written for ZEGO's server API version 2 needs no change but the
// address. What happens in rooms is package room's business.
//
// Nothing here outlives the process: after a restart no nonce is known, and no rule.
//
// Locking: a Server has no lock of its own. Its nonces, its paces, its sequences, its Policy
// and its History have a mutex each, which is never held while a room is called; the last
// two are taken with a room's mutex held.
package api

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/room"
)

// Config sets up a Server.
type Config struct {
	// Hub has the rooms, and Apps the secrets that requests are signed with. Without an app
	// every request is answered with "not found".
	Hub  *room.Hub
	Apps *auth.Apps
	// Policy has the rules about users, as logins and publishers are held to them.
	Policy *Policy
	// History has heard which streams ended.
	History *History
	// Log gets a line for each action that changes something; nothing without it.
	Log *slog.Logger
}

// Server is the http.Handler of the API, whichever path it is mounted at.
type Server struct {
	hub       *room.Hub
	apps      *auth.Apps
	policy    *Policy
	history   *History
	log       *slog.Logger
	nonces    *nonces
	paces     *paces
	sequences *sequences
}

// New makes a Server.
func New(c Config) *Server {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Server{
		hub: c.Hub, apps: c.Apps, policy: c.Policy, history: c.History, log: c.Log,
		nonces: newNonces(), paces: newPaces(), sequences: newSequences(),
	}
}

// answer is what every request gets, with HTTP status 200.
type answer struct {
	Code      Code
	Message   string
	RequestID string `json:"RequestId"`
	Data      any    `json:",omitempty"`
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !s.apps.Any() {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "use GET or POST", http.StatusMethodNotAllowed)
		return
	}
	data, err := s.handle(w, r)
	a := answer{Code: codeOf(err), Message: "success", RequestID: rand.Text(), Data: data}
	var failed *failure
	switch {
	case errors.As(err, &failed):
		a.Message = failed.message
	case err != nil:
		s.log.Error("server API", "request", a.RequestID, "error", err)
		a.Message = "internal error"
	}
	s.write(w, a)
}

func (s *Server) write(w http.ResponseWriter, a answer) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if err := json.NewEncoder(w).Encode(a); err != nil {
		s.log.Debug("server API: answering", "request", a.RequestID, "error", err)
	}
}

// handle does what a request asks for, if it may ask for that now.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) (any, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fail(codeParameter, "the query cannot be read: %v", err)
	}
	app, err := s.authenticate(query, time.Now())
	if err != nil {
		return nil, err
	}
	name := query.Get("Action")
	do, err := findAction(name)
	if err != nil {
		return nil, err
	}
	if err := addBody(query, w, r); err != nil {
		return nil, err
	}
	c := &call{server: s, app: app, name: name, values: query}
	if err := s.paces.count(c, do); err != nil {
		return nil, err
	}
	data, err := do.run(s, c)
	if do.changes {
		s.log.Info("server API", "action", name, "app", app, "room", query.Get("RoomId"), "stream", query.Get("StreamId"), "code", codeOf(err))
	}
	return data, err
}
