package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestOrigins(t *testing.T) {
	list := []string{"https://app.example", "http://dev.example:3000", "https://port.example:443/", "http://port.example:80"}
	for _, c := range []struct {
		config       Config
		origin, host string
		want         bool
	}{
		{Config{}, "", "x", true},
		{Config{}, "http://localhost:5173", "x", true},
		{Config{}, "https://app.localhost", "x", true},
		{Config{}, "http://127.3.2.1:8080", "x", true},
		{Config{}, "http://[::1]:8080", "x", true},
		{Config{}, "http://evil.com", "evil.com", false}, // DNS rebinding
		{Config{}, "http://localhost.evil.com", "x", false},
		{Config{}, "http://127.0.0.1.evil.com", "x", false},
		{Config{}, "null", "x", false},
		{Config{}, "file://", "x", false},
		{Config{TrustHost: true}, "https://call.example", "call.example", true},
		{Config{TrustHost: true}, "https://call.example:8443", "Call.example:8443", true},
		{Config{TrustHost: true}, "https://call.example:8443", "call.example", false},
		{Config{TrustHost: true}, "https://evil.com", "call.example", false},
		{Config{AllowOrigins: list}, "https://app.example", "x", true},
		{Config{AllowOrigins: list}, "http://app.example", "x", false},
		{Config{AllowOrigins: list}, "https://app.example:444", "x", false},
		{Config{AllowOrigins: list}, "http://dev.example:3000", "x", true},
		{Config{AllowOrigins: list}, "https://port.example", "x", true},
		{Config{AllowOrigins: list}, "http://port.example", "x", true},
		{Config{AllowOrigins: []string{"*"}}, "https://any.example", "x", true},
		{Config{AllowOrigins: []string{"*"}}, "null", "x", true},
	} {
		o, err := newOrigins(c.config)
		if err != nil {
			t.Fatal(err)
		}
		r := httptest.NewRequest(http.MethodGet, "/ws", nil)
		r.Host = c.host
		if c.origin != "" {
			r.Header.Set("Origin", c.origin)
		}
		if got := o.permit(r); got != c.want {
			t.Errorf("%+v: origin %q at host %q: %t", c.config, c.origin, c.host, got)
		}
	}
	for _, bad := range []string{"example.com", "https://", "https://a/b", "wss://a", "https://u@a", "https://a?x"} {
		if _, err := New(Config{AllowOrigins: []string{bad}}); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%q: error %v", bad, err)
		}
	}
}

func TestRefusedOriginIsToldAndLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	s := newTestServer(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for range 3 {
		w := get(s, "GET", "/ws", "Origin", "https://evil.com")
		if w.Code != 403 || !strings.Contains(w.Body.String(), "--allow-origin https://evil.com") {
			t.Errorf("%d %q", w.Code, w.Body)
		}
	}
	get(s, "GET", "/accesshub", "Origin", "https://other.com")
	if n := strings.Count(log.String(), "\n"); n != 2 {
		t.Errorf("%d lines:\n%s", n, &log)
	}
	for i := range maxRefused + 10 {
		s.origins.firstRefusal(strings.Repeat("x", i))
	}
	if n := len(s.origins.refused); n != maxRefused {
		t.Errorf("%d origins remembered", n)
	}
}
