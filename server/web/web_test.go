package web

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

const wasm = "expressrtc-0123456789abcdef.wasm"

func built() fstest.MapFS {
	dist := fstest.MapFS{}
	for name, content := range map[string]string{
		"index.html": "<page>", "index.html.br": "br page", "index.html.gz": "gz page",
		"guide/index.html": "<guide>", "check.html": "<check>", "call.css": "css", "icon.svg": "<svg>", "notes.xyz": "?",
		"sdk.js": "loader", "sdk.js.br": "br loader", "expressrtc.mjs": "module", "expressrtc.tgz": "package",
		wasm: "wasm", wasm + ".br": "br wasm", wasm + ".gz": "gz wasm",
		".keep": "", ".hidden/x.js": "hidden", "guide/.x.js": "hidden",
	} {
		dist[name] = &fstest.MapFile{Data: []byte(content)}
	}
	return dist
}

func newTestServer(t *testing.T, c Config) *Server {
	t.Helper()
	s, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// get makes a request; the headers are name, value, name, value.
func get(s http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://example.com"+path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPaths(t *testing.T) {
	s := newTestServer(t, Config{Dist: built()})
	for path, want := range map[string]string{
		"/": "<page>", "/index.html": "<page>", "/guide/": "<guide>", "/check": "<check>", "/check.html": "<check>", "/call.css": "css", "/favicon.ico": "<svg>", "/healthz": "ok",
		"/ZegoExpressWebRTC.js": "loader", "/ZegoExpressWebRTC.min.js": "loader", "/ZegoExpressWebRTC-3.2.0.js": "loader",
		"/sdk/ZegoExpressWebRTC.js": "loader", "/sdk/ZegoExpressWebRTC.min.js": "loader", "/sdk/ZegoExpressWebRTC-3.js": "loader",
		"/dist/ZegoExpressWebRTC.js": "loader", "/dist/ZegoExpressWebRTC.min.js": "loader", "/dist/ZegoExpressWebRTC-x.min.js": "loader",
		"/index.js": "loader", "/sdk/index.js": "loader", "/dist/index.js": "loader", "/expressrtc.js": "loader", "/sdk.js": "loader",
		"/" + wasm: "wasm", "/sdk/" + wasm: "wasm", "/dist/" + wasm: "wasm",
		"/expressrtc.mjs": "module", "/expressrtc.tgz": "package",
	} {
		if w := get(s, "GET", path); w.Code != 200 || w.Body.String() != want {
			t.Errorf("%s: %d %q, want %q", path, w.Code, w.Body, want)
		}
	}
	for _, path := range []string{
		"/nothing", "/guide", "/check/", "/guide/check", "/.keep", "/.hidden/x.js", "/guide/.x.js", "/sdk.js.br", "/index.html.gz", "/other/" + wasm, "/sdk/call.css",
		"/expressrtc-0000000000000000.wasm", "/a/ZegoExpressWebRTC.js", "/ZegoExpressWebRTC-a/b.js", "/xindex.js", "/sdk/expressrtc.js",
	} {
		if w := get(s, "GET", path); w.Code != 404 {
			t.Errorf("%s: %d %q, want 404", path, w.Code, w.Body)
		}
	}
}

func TestMethods(t *testing.T) {
	s := newTestServer(t, Config{Dist: built()})
	for _, path := range []string{"/", "/sdk.js", "/" + wasm, "/healthz"} {
		w := get(s, "HEAD", path, "Accept-Encoding", "br")
		if w.Code != 200 || w.Body.Len() != 0 && path != "/healthz" { // net/http drops that one
			t.Errorf("HEAD %s: %d %q", path, w.Code, w.Body)
		}
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
			if w := get(s, method, path); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, allowed %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
	}
	if w := get(s, "HEAD", "/"+wasm, "Accept-Encoding", "br"); w.Header().Get("Content-Length") != "7" {
		t.Errorf("length %q", w.Header().Get("Content-Length"))
	}
	w := get(s, "GET", "/"+wasm, "Accept-Encoding", "br", "Range", "bytes=3-5")
	if w.Code != 206 || w.Body.String() != "was" || w.Header().Get("Content-Length") != "3" {
		t.Errorf("range: %d %q, length %q", w.Code, w.Body, w.Header().Get("Content-Length"))
	}
}

func TestEncodings(t *testing.T) {
	s := newTestServer(t, Config{Dist: built()})
	for _, c := range []struct{ path, accept, want, encoding string }{
		{"/", "gzip, deflate, br, zstd", "br page", "br"},
		{"/", "gzip", "gz page", "gzip"},
		{"/", "", "<page>", ""},
		{"/sdk.js", "gzip", "loader", ""},
		{"/" + wasm, "br;q=0.1, gzip;q=0.9", "gz wasm", "gzip"},
		{"/call.css", "br", "css", ""},
	} {
		w := get(s, "GET", c.path, "Accept-Encoding", c.accept)
		if w.Body.String() != c.want || w.Header().Get("Content-Encoding") != c.encoding {
			t.Errorf("%s %q: %q in %q", c.path, c.accept, w.Body, w.Header().Get("Content-Encoding"))
		}
		if got := w.Header().Get("Vary"); (got == "Accept-Encoding") == (c.path == "/call.css") {
			t.Errorf("%s: Vary %q", c.path, got)
		}
	}
}

func TestNegotiate(t *testing.T) {
	both := []string{"br", "gzip"}
	for header, want := range map[string]string{
		"": "", "br": "br", "gzip": "gzip", "GZIP": "gzip", "gzip, br": "br", "br;q=0, gzip": "gzip",
		"br;q=0": "", "*": "br", "*;q=0.5, br;q=0.1": "gzip", "*;q=0": "", "identity": "",
		"gzip;q=0.5, identity;q=0.8": "", "gzip;q=0.8, identity;q=0.5": "gzip", "br;q=2, gzip": "gzip",
		"br;q=x, gzip": "gzip", " br ; q=1.0 , gzip;q=1.0": "br", "deflate": "", "br;q=NaN": "", ",;,": "",
	} {
		if got := negotiate(header, both); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
	if got := negotiate("br, gzip", nil); got != "" {
		t.Errorf("nothing offered: %q", got)
	}
}

func TestHeaders(t *testing.T) {
	s := newTestServer(t, Config{Dist: built()})
	const none = "default-src 'none'; frame-ancestors 'none'"
	for _, c := range []struct{ path, kind, cache, cors, csp string }{
		{"/", "text/html; charset=utf-8", "no-cache", "", "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; " +
			"connect-src 'self' ws: wss:; img-src 'self' data: blob:; media-src 'self' blob:; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"},
		{"/ZegoExpressWebRTC.js", "text/javascript; charset=utf-8", "no-cache", "*", none},
		{"/sdk/" + wasm, "application/wasm", "public, max-age=31536000, immutable", "*", none},
		{"/expressrtc.mjs", "text/javascript; charset=utf-8", "no-cache", "*", none},
		{"/expressrtc.tgz", "application/gzip", "no-cache", "", none},
		{"/call.css", "text/css; charset=utf-8", "no-cache", "", none},
		{"/notes.xyz", "application/octet-stream", "no-cache", "", none},
	} {
		h := get(s, "GET", c.path).Header()
		resources := "same-origin"
		if c.cors != "" {
			resources = "cross-origin"
		}
		for name, want := range map[string]string{
			"Content-Type": c.kind, "Cache-Control": c.cache, "Access-Control-Allow-Origin": c.cors,
			"Content-Security-Policy": c.csp, "X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": resources,
			"Referrer-Policy": "same-origin",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", c.path, name, got, want)
			}
		}
		if page := c.csp != none; page != (h.Get("Permissions-Policy") == "camera=(self), microphone=(self), display-capture=(self)") {
			t.Errorf("%s: page headers %v", c.path, h)
		}
	}
}

func TestEntityTags(t *testing.T) {
	dist := built()
	s, dev := newTestServer(t, Config{Dist: dist}), newTestServer(t, Config{Dist: dist, Dev: true})
	tag := get(s, "GET", "/").Header().Get("Etag")
	if tag == "" || tag == get(s, "GET", "/", "Accept-Encoding", "br").Header().Get("Etag") {
		t.Errorf("tag %q, the same for another variant", tag)
	}
	w := get(s, "GET", "/", "If-None-Match", tag)
	if w.Code != 304 || w.Body.Len() != 0 || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("not changed: %d %q", w.Code, w.Body)
	}
	if w := get(s, "GET", "/", "If-None-Match", tag, "Accept-Encoding", "br"); w.Code != 200 {
		t.Errorf("another variant: %d", w.Code)
	}
	get(dev, "GET", "/")
	dist["index.html"] = &fstest.MapFile{Data: []byte("<changed>")}
	if w := get(dev, "GET", "/", "If-None-Match", tag); w.Code != 200 || w.Body.String() != "<changed>" {
		t.Errorf("changed on disk: %d %q", w.Code, w.Body)
	}
}

// plain is a file system whose files cannot seek, and which counts those that are open.
type plain struct {
	fs.FS
	open *int
}

type plainFile struct {
	fs.File
	open *int
}

func (p plain) Open(name string) (fs.File, error) {
	f, err := p.FS.Open(name)
	if err != nil {
		return nil, err
	}
	*p.open++
	return plainFile{f, p.open}, nil
}

func (p plainFile) Close() error {
	*p.open--
	return p.File.Close()
}

func TestFilesAreClosed(t *testing.T) {
	open := 0
	s := newTestServer(t, Config{Dist: plain{built(), &open}})
	for range 2 {
		if w := get(s, "GET", "/"); w.Code != 200 || w.Body.String() != "<page>" {
			t.Errorf("%d %q", w.Code, w.Body)
		}
	}
	if open != 0 {
		t.Errorf("%d files left open", open)
	}
}

func TestNotBuilt(t *testing.T) {
	for name, dist := range map[string]fstest.MapFS{
		"empty":     {},
		"wasm only": {wasm: &fstest.MapFile{Data: []byte("wasm")}},
	} {
		s := newTestServer(t, Config{Dist: dist})
		for _, path := range []string{"/", "/sdk.js", "/ZegoExpressWebRTC-3.js", "/" + wasm, "/sdk/" + wasm} {
			w := get(s, "GET", path)
			if w.Code != 503 || w.Header().Get("Cache-Control") != "no-store" || strings.TrimSpace(w.Body.String()) != "the SDK is not built: run make build" {
				t.Errorf("%s, %s: %d %q", name, path, w.Code, w.Body)
			}
		}
	}
}

func TestEmbeddedFiles(t *testing.T) {
	s := newTestServer(t, Config{})
	want := 503 // a fresh checkout
	if _, err := fs.Stat(embedded, "dist/sdk.js"); err == nil {
		want = 200
	}
	if w := get(s, "GET", "/sdk.js"); w.Code != want {
		t.Errorf("%d, want %d", w.Code, want)
	}
}

func TestSocketsAndShutdown(t *testing.T) {
	s := newTestServer(t, Config{Dist: built()})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var sockets []*websocket.Conn
	for _, path := range []string{"/ws", "/accesshub"} {
		ws, _, err := websocket.Dial(ctx, "ws://"+ln.Addr().String()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		sockets = append(sockets, ws)
	}
	done := make(chan error, 1)
	go func() { done <- s.Shutdown(ctx) }()
	for _, ws := range sockets {
		_, _, err := ws.Read(ctx)
		if websocket.CloseStatus(err) != websocket.StatusCode(protocol.CloseStopping) {
			t.Errorf("closed with %v", err)
		}
		if c, err := net.Dial("tcp", ln.Addr().String()); err == nil {
			c.Close()
			t.Error("a socket is closed and the listener open: its client comes back here")
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestShutdownIsBounded(t *testing.T) {
	s := newTestServer(t, Config{Dist: fstest.MapFS{"x.txt": &fstest.MapFile{Data: bytes.Repeat([]byte("x"), 32<<20)}}})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	stuck, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer stuck.Close()
	if _, err := io.WriteString(stuck, "GET /x.txt HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(stuck, make([]byte, 1000)); err != nil { // it is being answered, and then reads no more
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(ctx); err == nil {
		t.Error("stopped while a request was running")
	}
	if n, err := io.Copy(io.Discard, stuck); n >= 30<<20 {
		t.Errorf("the request went on: %d bytes, %v", n, err)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestServerHasTimeouts(t *testing.T) {
	h := newTestServer(t, Config{}).http
	if h.ReadHeaderTimeout <= 0 || h.ReadTimeout <= 0 || h.WriteTimeout <= 0 || h.IdleTimeout <= 0 || h.MaxHeaderBytes <= 0 {
		t.Errorf("%+v", h)
	}
}
