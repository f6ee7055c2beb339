package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/pprof"
	"net/netip"
	"os"
	"strings"
	"time"

	"expressrtc/server/web"
)

// adminOptions are the settings of the operator's side.
type adminOptions struct {
	addr    string
	key     string
	keyFile string
}

func (o *options) declareAdmin(s *settings) {
	s.StringVar(&o.admin.addr, "admin-addr", "", "`address` of the operator's side: console, metrics, profiles; without one there is none")
	s.secretVar(&o.admin.key, "admin-key", "`key` that the operator shows: to sign in to the console, and as bearer token for metrics and profiles")
	s.StringVar(&o.admin.keyFile, "admin-key-file", "", "`file` with nothing but the admin-key, instead of the key itself")
}

// minAdminKey is what keeps a key from being guessed.
const minAdminKey = 16

// addAdminKey reads the key from its file, before anybody asks for it.
func (s *site) addAdminKey() error {
	o := s.options.admin
	s.adminKey = o.key
	if o.keyFile == "" {
		return nil
	}
	if o.key != "" {
		return errors.New("admin-key and admin-key-file are both set: take one of them away")
	}
	var err error
	if s.adminKey, err = o.readKey(); err != nil {
		return err
	}
	s.reloads = append(s.reloads, s.compareAdminKey)
	return nil
}

func (o *adminOptions) readKey() (string, error) {
	text, err := os.ReadFile(o.keyFile)
	if err != nil {
		return "", fmt.Errorf("reading the admin-key: %w", err)
	}
	key := strings.TrimSpace(string(text))
	if key == "" {
		return "", fmt.Errorf("admin-key-file %s is empty", o.keyFile)
	}
	return key, nil
}

// compareAdminKey tells of a key that was replaced: the one before is in force until the
// restart, also for those who should not have it.
func (s *site) compareAdminKey() error {
	key, err := s.options.admin.readKey()
	if err == nil && key != s.adminKey {
		s.log.Warn("admin-key-file has another key, which needs a restart: until then the one before is good")
	}
	return err
}

// addAdmin listens for the operator. What other parts put there checks by itself who asks.
func (s *site) addAdmin() error {
	o := s.options.admin
	if s.adminKey != "" && len(s.adminKey) < minAdminKey {
		return fmt.Errorf("admin-key has %d characters: use %d or more, for example those of \"openssl rand -hex 16\"", len(s.adminKey), minAdminKey)
	}
	if o.addr == "" {
		return nil
	}
	addr, err := listenAddress("admin-addr", o.addr)
	if err != nil {
		return err
	}
	if !addr.IP.IsLoopback() && s.adminKey == "" {
		return errors.New("others than this machine reach admin-addr " + o.addr + ": set an admin-key, or listen on 127.0.0.1 only")
	}
	ln, err := s.listen("admin-addr", addr)
	if err != nil {
		return err
	}
	url := address(ln)
	switch {
	case addr.IP.IsLoopback():
	case s.secure != nil:
		ln, url = tls.NewListener(ln, s.secure.config("http/1.1")), strings.Replace(url, "http:", "https:", 1)
	default:
		s.log.Warn("the admin-key travels unencrypted: give the server a certificate, or let admin-addr be on 127.0.0.1")
	}
	server := newAdminServer(s.adminHandler(addr.IP.IsLoopback()), s.log)
	if s.console != nil {
		server.RegisterOnShutdown(s.console.Close)
	}
	admin := service{"admin", func() error { return server.Serve(ln) }, server.Shutdown}
	s.services = append([]service{admin}, s.services...) // ends last: the operator sees the rest end
	s.log.Info("the operator's side is there", "url", url)
	return nil
}

func newAdminServer(h http.Handler, log *slog.Logger) *http.Server {
	server := web.NewHTTPServer(h, log)
	server.WriteTimeout = 2 * time.Minute // a profile takes half a minute, or what its seconds say
	return server
}

// adminHandler is everything at the admin address.
func (s *site) adminHandler(local bool) http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range s.admin {
		mux.Handle(pattern, h)
	}
	for pattern, h := range s.health() {
		mux.Handle(pattern, h)
	}
	maps.Copy(s.private, profiles())
	for pattern, h := range s.private {
		mux.Handle(pattern, s.operatorOnly(local, h))
	}
	return secured(mux)
}

// profiles are those of net/http/pprof but the command line, which may have secrets.
func profiles() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /debug/pprof/":        http.HandlerFunc(pprof.Index),
		"GET /debug/pprof/profile": http.HandlerFunc(pprof.Profile),
		"GET /debug/pprof/symbol":  http.HandlerFunc(pprof.Symbol),
		"GET /debug/pprof/trace":   http.HandlerFunc(pprof.Trace),
		"GET /debug/pprof/cmdline": http.NotFoundHandler(),
	}
}

// secured adds what keeps a browser from making more of an answer than it is.
func secured(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		set := w.Header().Set
		set("X-Content-Type-Options", "nosniff")
		set("X-Frame-Options", "DENY")
		set("Referrer-Policy", "no-referrer")
		set("Cross-Origin-Resource-Policy", "same-origin")
		set("Cache-Control", "no-store")
		set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.ServeHTTP(w, r)
	})
}

// operatorOnly lets programs through that show the admin key, and counts wrong ones as the
// console does; and without it, where only this machine reaches the address, those that name
// this machine: a page on the web cannot, even when its own name points here (DNS rebinding).
func (s *site) operatorOnly(local bool, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case local && namesThisMachine(r), s.console.Shows(r):
			h.ServeHTTP(w, r)
		default:
			w.Header().Set("WWW-Authenticate", `Bearer realm="expressrtc"`)
			http.Error(w, "show the admin-key: Authorization: Bearer …", http.StatusUnauthorized)
		}
	})
}

// namesThisMachine says no of what a proxy passes on for others, as far as it tells.
func namesThisMachine(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "none" && site != "same-origin" {
		return false
	}
	for _, name := range []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(name) != "" {
			return false
		}
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && ip.IsLoopback()
}
