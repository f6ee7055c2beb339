package web

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestEveryAnswerIsGuarded: pages, files, errors, sockets that are refused, and what other
// packages answer.
func TestEveryAnswerIsGuarded(t *testing.T) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	s := newTestServer(t, Config{Dist: built(), Handlers: map[string]http.Handler{"GET /part": echo}})
	for _, c := range []struct {
		method, path, origin string
		code                 int
	}{
		{"GET", "/", "", 200},
		{"GET", "/icon.svg", "", 200},
		{"GET", "/nothing", "", 404},
		{"PUT", "/", "", 405},
		{"GET", "/healthz", "", 200},
		{"GET", "/ws", "", 426},
		{"GET", "/ws", "https://evil.example", 403},
		{"POST", "/ws", "", 400},
		{"GET", "/part", "", http.StatusTeapot},
	} {
		w := get(s, c.method, c.path, "Origin", c.origin)
		h := w.Header()
		from := "same-origin"
		if c.path == "/ws" && c.code != 403 || c.code == 404 { // what pages of other sites must understand
			from = "cross-origin"
		}
		if w.Code != c.code || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" ||
			h.Get("Cross-Origin-Resource-Policy") != from || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") ||
			!strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors") {
			t.Errorf("%s %s: %d %v", c.method, c.path, w.Code, h)
		}
	}
}

// TestNoOperatorsSide: the public address has none of the operator's side.
func TestNoOperatorsSide(t *testing.T) {
	s := newTestServer(t, Config{Dist: built()})
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap", "/debug/vars", "/console", "/console/", "/console/api/rooms"} {
		if w := get(s, "GET", path); w.Code != 404 {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}

func TestBodiesAreBounded(t *testing.T) {
	read := make(chan int64, 1)
	count := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(io.Discard, r.Body)
		var tooLarge *http.MaxBytesError
		if n > maxBody || (n == maxBody) != errors.As(err, &tooLarge) {
			t.Errorf("%d bytes, %v", n, err)
		}
		read <- n
	})
	s := newTestServer(t, Config{Handlers: map[string]http.Handler{"POST /part": count}})
	for size, want := range map[int]int64{100: 100, 10 * maxBody: maxBody} {
		r := httptest.NewRequest(http.MethodPost, "/part", strings.NewReader(strings.Repeat("x", size)))
		s.ServeHTTP(httptest.NewRecorder(), r)
		if got := <-read; got != want {
			t.Errorf("of %d bytes %d were read, want %d", size, got, want)
		}
	}
}

// TestPathsLeadNowhere: a path is a name in what is served, whatever is in it.
func TestPathsLeadNowhere(t *testing.T) {
	s := newTestServer(t, Config{Dist: built()})
	for _, path := range []string{
		"/../web.go", "/..%2fweb.go", "/%2e%2e/web.go", "/guide/../../web.go", "/guide/..%5c..%5cweb.go", "//etc/passwd", "/%2fetc/passwd",
		"/.hidden/x.js", "/guide/%2ex.js", "/sdk.js.br", "/sdk.js%00.html", "/index.html/", "/./.keep", "/sdk/../.keep",
	} {
		r := httptest.NewRequest(http.MethodGet, "http://example.com/", nil)
		if u, err := r.URL.Parse("http://example.com" + path); err == nil {
			r.URL = u
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		if w.Code != 404 && w.Code != 301 && w.Code != 307 || strings.Contains(w.Body.String(), "hidden") {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
}

// memory is a listener within the process, so that synctest's clock rules.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	close(m.closed)
	return nil
}

func (m *memory) Addr() net.Addr { return &net.TCPAddr{} }

// TestSlowRequestsEnd: a client that sends a header, or a body, byte by byte, or that asks
// nothing more, is cut off.
func TestSlowRequestsEnd(t *testing.T) {
	for name, c := range map[string]struct {
		first, drip string
		within      time.Duration
	}{
		"header":       {"GET / HTTP/1.1\r\nHost: x\r\n", "X: y\r\n", 11 * time.Second},
		"body":         {"POST /ws HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", " ", 31 * time.Second},
		"idle":         {"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "", 2*time.Minute + time.Second},
		"large header": {"GET / HTTP/1.1\r\nHost: x\r\n", "X: " + strings.Repeat("y", 8<<10) + "\r\n", 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { drip(t, c.first, c.drip, c.within) })
		})
	}
}

// drip sends a little every second until the server closes the connection.
func drip(t *testing.T, first, more string, within time.Duration) {
	s, err := New(Config{Dist: built()})
	if err != nil {
		t.Fatal(err)
	}
	ln := &memory{make(chan net.Conn), make(chan struct{})}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	ours, theirs := net.Pipe()
	ln.conns <- theirs
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_, _ = io.Copy(io.Discard, ours)
	}()
	began := time.Now()
	var writing sync.WaitGroup
	writing.Go(func() {
		_, err := io.WriteString(ours, first)
		for err == nil && more != "" {
			time.Sleep(time.Second) // virtual
			_, err = io.WriteString(ours, more)
		}
	})
	<-closed
	if took := time.Since(began); took > within {
		t.Errorf("closed after %v, want within %v", took, within)
	}
	ours.Close()
	writing.Wait()
	if err := s.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
