package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask makes a request at the admin address.
func (s *operated) ask(t *testing.T, path, key string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.admin+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	response, err := http.DefaultClient.Do(r)
	return read(t, response, err)
}

// TestConsole: it is at the admin address alone, and open to the key alone.
func TestConsole(t *testing.T) {
	s := operate(t.Context(), t, "--admin-addr", "127.0.0.1:0", "--admin-key", testKey)
	for _, c := range []struct {
		path, key string
		status    int
		says      string
	}{
		{"/console/api/counts", testKey, 200, `{"rooms":0,"users":0,"streams":0,"sessions":0}`},
		{"/console/api/session", testKey, 200, `"kept":false`},
		{"/console/api/counts", "", 401, "signIn"},
		{"/console/api/counts", "wrong", 401, "wrongKey"},
		{"/console/api/nothing", testKey, 404, "unknown"},
	} {
		if status, body := s.ask(t, c.path, c.key); status != c.status || !strings.Contains(body, c.says) {
			t.Errorf("%s with %q: %d %s", c.path, c.key, status, body)
		}
	}
	for _, path := range []string{"/console", "/console/api/counts", "/console/main.js"} {
		if status, _ := s.status(t, path); status != http.StatusNotFound {
			t.Errorf("%s is public: %d", path, status)
		}
	}
}

// TestWatchingEnds: somebody who watches does not hold up the server's end.
func TestWatchingEnds(t *testing.T) {
	log := newRecord()
	s := putTogether(t, io.Discard, log, "--admin-addr", "127.0.0.1:0", "--admin-key", testKey)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, time.Minute) }()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, log.url(t, "the operator's side is there")+"/console/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+testKey)
	live, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer live.Body.Close()
	began := time.Now()
	stop()
	if err := <-ended; err != nil || time.Since(began) > time.Minute/2 {
		t.Errorf("it ended after %v: %v", time.Since(began), err)
	}
}

// TestPublicURL: the console's links begin with what the operator says, behind a proxy.
func TestPublicURL(t *testing.T) {
	for set, want := range map[string]string{
		"https://calls.example.com":       "https://calls.example.com/",
		"https://calls.example.com:8443/": "https://calls.example.com:8443/",
		"https://example.com/calls":       "https://example.com/calls/",
		"":                                "http://localhost:",
	} {
		s := operate(t.Context(), t, "--admin-addr", "127.0.0.1:0", "--admin-key", testKey, "--public-url", set)
		if _, body := s.ask(t, "/console/api/session", testKey); !strings.Contains(body, `"site":"`+want) {
			t.Errorf("%q: %s", set, body)
		}
	}
	for _, bad := range []string{"calls.example.com", "ftp://calls.example.com", "https://", "https://a:b@c", "https://a?b", "https://a?", "https://a#b"} {
		if err := run(t.Context(), []string{"serve", "--addr", "127.0.0.1:0", "--public-url", bad}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "--public-url") {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestConsoleWithoutKey says what to do.
func TestConsoleWithoutKey(t *testing.T) {
	s := operate(t.Context(), t, "--admin-addr", "127.0.0.1:0")
	for _, path := range []string{"/", "/console", "/console/api/session"} {
		if status, body := s.ask(t, path, ""); status != http.StatusForbidden || !strings.Contains(body, "--admin-key") {
			t.Errorf("%s: %d %s", path, status, body)
		}
	}
}

// TestAdminKeyFile: the key may come from a file, which is not the place of another one.
func TestAdminKeyFile(t *testing.T) {
	s := operate(t.Context(), t, "--admin-addr", "127.0.0.1:0", "--admin-key-file", writeFile(t, testKey+"\n"))
	if status, body := s.ask(t, "/console/api/counts", testKey); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	for says, flags := range map[string][]string{
		"both set":   {"--admin-key", testKey, "--admin-key-file", writeFile(t, testKey)},
		"no such":    {"--admin-key-file", "/nowhere/key"},
		"is empty":   {"--admin-key-file", writeFile(t, " \n")},
		"characters": {"--admin-key-file", writeFile(t, "short")},
	} {
		err := run(t.Context(), append([]string{"serve", "--addr", "127.0.0.1:0", "--check-config"}, flags...), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", flags, err, says)
		}
	}
}
