package e2e

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

//go:embed testdata/*.html
var pages embed.FS

var pageTemplates = template.Must(template.ParseFS(pages, "testdata/*.html"))

// site is a server under test.
type site struct {
	t   *testing.T
	url string
}

// newSite starts a server for one test.
func newSite(t *testing.T, c signaling.Config) *site {
	t.Helper()
	return serve(t, newServer(t, c), "127.0.0.1")
}

// serve lets a server answer at an address of this machine for one test.
func serve(t *testing.T, server *web.Server, host string) *site {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := errors.Join(server.Shutdown(ctx), <-served); err != nil {
			t.Error(err)
		}
	})
	return &site{t, "http://" + listener.Addr().String()}
}

// newSiteBehind is a server behind something that may treat requests in its own way,
// for what goes wrong on the way.
func newSiteBehind(t *testing.T, front func(next http.Handler) http.Handler) *site {
	t.Helper()
	s := httptest.NewServer(front(newServer(t, signaling.Config{})))
	t.Cleanup(s.Close)
	return &site{t, s.URL}
}

func newServer(t *testing.T, c signaling.Config) *web.Server {
	t.Helper()
	server, err := web.New(web.Config{Signaling: c, Log: newLogger(t)})
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// sdk is the URL of the SDK, as pages write it.
func (s *site) sdk() string { return s.url + "/ZegoExpressWebRTC-3.12.0.js" }

// page opens a page of another origin that has the SDK, and an engine called zg whose
// events are recorded.
func (s *site) page(f flavor, user string) *tab {
	s.t.Helper()
	p := open(s.t, f, user, elsewhere(s.t, fill(s.t, "sdk.html", visit{SDK: s.sdk()}), nil))
	p.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, ""))`)
	return p
}

// visit is what a page of testdata may be filled with.
type visit struct {
	SDK        string // the script's URL
	DataServer string
	Room, User string
}

// elsewhere serves a page from an origin that is not the server's, with what the page
// itself asks for beside it.
func elsewhere(t *testing.T, html string, header http.Header) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusNoContent) // favicon.ico
			return
		}
		for name, values := range header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, html)
	}))
	t.Cleanup(s.Close)
	return s.URL + "/"
}

// fill makes the HTML of a page of testdata.
func fill(t *testing.T, name string, v visit) string {
	t.Helper()
	var html strings.Builder
	if err := pageTemplates.ExecuteTemplate(&html, name, v); err != nil {
		t.Fatal(err)
	}
	return html.String()
}

// testLog passes lines on to the test's log, as long as the test runs: a connection may
// end after it.
type testLog struct {
	mu sync.Mutex
	t  *testing.T // nil after the test
}

func newTestLog(t *testing.T) *testLog {
	l := &testLog{t: t}
	t.Cleanup(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.t = nil
	})
	return l
}

func newLogger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(newTestLog(t), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Write logs one line.
func (l *testLog) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.t != nil {
		l.t.Logf("server: %s", strings.TrimSpace(string(line)))
	}
	return len(line), nil
}
