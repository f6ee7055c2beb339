package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

// started is a server that run started on a free port.
type started struct {
	url  string
	done chan error
}

// start runs a server with flags until ctx ends, and waits for its line.
func start(ctx context.Context, t *testing.T, flags ...string) *started {
	t.Helper()
	return startLogging(ctx, t, t.Output(), flags...)
}

func startLogging(ctx context.Context, t *testing.T, log io.Writer, flags ...string) *started {
	t.Helper()
	out, in := io.Pipe()
	s := &started{done: make(chan error, 1)}
	go func() {
		s.done <- run(ctx, append([]string{"serve"}, flags...), in, log)
		in.Close()
	}()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("no line: %v, %v", err, <-s.done)
	}
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "listening on ")
	if !ok || strings.HasSuffix(url, ":0") {
		t.Fatalf("line %q", line)
	}
	s.url = url
	return s
}

func (s *started) status(t *testing.T, path string) (int, string) {
	t.Helper()
	response, err := http.Get(s.url + path)
	return read(t, response, err)
}

// read is a whole answer.
func read(t *testing.T, response *http.Response, err error) (int, string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestServeUntilSignal(t *testing.T) {
	ctx, stop := signal.NotifyContext(t.Context(), syscall.SIGTERM)
	defer stop()
	s := start(ctx, t, "--addr", "127.0.0.1:0")
	if !strings.HasPrefix(s.url, "http://localhost:") {
		t.Errorf("URL %s", s.url)
	}
	if code, body := s.status(t, "/healthz"); code != 200 || body != "ok" {
		t.Errorf("health: %d %q", code, body)
	}
	deadline, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(deadline, s.url+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(syscall.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_, _, err = ws.Read(deadline)
	if websocket.CloseStatus(err) != websocket.StatusCode(protocol.CloseStopping) {
		t.Errorf("closed with %v", err)
	}
	if err := <-s.done; err != nil {
		t.Errorf("ended with %v", err)
	}
}

// Browsers open connections in advance and leave them unused.
func TestStopDoesNotWaitForIdleConnections(t *testing.T) {
	server, err := web.New(web.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	s := &site{options: &options{settings: newSettings("serve")}, log: slog.New(slog.DiscardHandler), flush: func() {}, services: []service{{"web", func() error { return server.Serve(ln) }, server.Shutdown}}}
	go func() { ended <- s.run(ctx, 50*time.Millisecond) }()
	unused, err := net.Dial("tcp", ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer unused.Close()
	if _, err := io.WriteString(unused, "GET "); err != nil { // so that it is accepted
		t.Fatal(err)
	}
	if response, err := http.Get("http://" + ln.Addr().String() + "/healthz"); err != nil {
		t.Fatal(err)
	} else {
		response.Body.Close()
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
	if _, err := unused.Read(make([]byte, 1)); err == nil {
		t.Error("the unused connection is still open")
	}
}

func TestOpenServerNeedsTheFlag(t *testing.T) {
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0"} {
		err := run(t.Context(), []string{"serve", "--addr", addr}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), "--open") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: error %v", addr, err)
		}
	}
	err := run(t.Context(), []string{"serve", "--addr", "127.0.0.1:0", "--trusted-proxy", "127.0.0.1"}, io.Discard, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "--open") {
		t.Errorf("behind a proxy: error %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	s := start(ctx, t, "--addr", "0.0.0.0:0", "--open")
	if code, _ := s.status(t, "/healthz"); code != 200 {
		t.Errorf("status %d", code)
	}
	stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}

// A page may connect whose origin is the name that it reached the server by, unless
// the server is for this machine only.
func TestWhoMayConnect(t *testing.T) {
	for _, c := range []struct {
		flags []string
		want  int
	}{
		{[]string{"--addr", "127.0.0.1:0"}, 403},
		{[]string{"--addr", "127.0.0.1:0", "--allow-origin", "http://site.example", "--allow-origin", "https://a.example"}, 426},
		{[]string{"--addr", "0.0.0.0:0", "--open"}, 426},
	} {
		ctx, stop := context.WithCancel(t.Context())
		s := start(ctx, t, c.flags...)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/ws", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = "site.example"
		request.Header.Set("Origin", "http://site.example")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != c.want {
			t.Errorf("%v: status %d, want %d", c.flags, response.StatusCode, c.want)
		}
		stop()
		if err := <-s.done; err != nil {
			t.Error(err)
		}
	}
}

func TestFlagsReachTheConfiguration(t *testing.T) {
	o := &options{}
	_, err := load("serve", strings.Fields("--addr 127.0.0.1:0 --open --dev --heartbeat 3s --allow-origin https://a.example --log-level warn --grace 4s "+
		"--max-connections 11 --max-per-address 12 --max-rooms 13 --max-members 14 --max-frame 20000 --rate 15 "+
		"--max-app-rooms 16 --max-user-rooms 17 --max-streams 18 --max-room-streams 19 --max-plays 20 --rate-connections 21 --rate-farewells 22 "+
		"--rate-logins 23 --rate-failed-logins 120 --rate-user-logins 24 --rate-room-logins 25 --rate-app-logins 26 --trusted-proxy 10.0.0.0/8 --trusted-proxy ::1 --proxy-header Forwarded"), io.Discard, o.declare)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	s, err := newSite(o, io.Discard, &log)
	if err != nil {
		t.Fatal(err)
	}
	s.log.Info("not this")
	s.log.Warn("this")
	c := s.web.Signaling
	if c.MaxConnections != 11 || c.MaxPerAddress != 12 || s.rooms.MaxRooms != 13 || s.rooms.MaxMembers != 14 ||
		c.MaxFrame != 20_000 || c.Rate != 15 || c.Burst != 60 || c.Grace != 4*time.Second {
		t.Errorf("signaling: %+v", c)
	}
	if w := s.web; len(w.TrustedProxies) != 2 || w.ProxyHeader != "Forwarded" {
		t.Errorf("proxies: %q in %s", w.TrustedProxies, w.ProxyHeader)
	}
	if r := s.rooms; r.MaxAppRooms != 16 || r.MaxRoomsPerUser != 17 || r.MaxStreams != 18 || r.MaxRoomStreams != 19 || r.MaxPlays != 20 {
		t.Errorf("rooms: %+v", r)
	}
	if want := (signaling.Rates{Connections: 21, Farewells: 22, Logins: 23, Failures: 2, User: 24, Room: 25, App: 26}); c.Rates != want {
		t.Errorf("rates: %+v, want %+v", c.Rates, want)
	}
	if !s.web.Dev || s.web.Dist == nil || c.Heartbeat != 3*time.Second || len(s.web.AllowOrigins) != 1 ||
		strings.Contains(log.String(), "not") || !strings.Contains(log.String(), "this") {
		t.Errorf("%+v, log %s", s.web, &log)
	}
	if err := s.stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestBadUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for _, c := range []struct{ args, want string }{
		{"party", `unknown command "party"`},
		{"serve --nonsense", "nonsense"},
		{"serve now", `not "now"`},
		{"serve --heartbeat 1ms", "1s to 1m"},
		{"serve --grace 11m", "1s to 10m"},
		{"serve --max-connections 0", "max-connections: use a value from 1 to 1000000"},
		{"serve --max-per-address -1", "for flag -max-per-address"},
		{"serve --max-rooms 1000001", "flag -max-rooms"},
		{"serve --max-members 1", "2 to 100000"},
		{"serve --max-frame 1000", "16384 to 1048576"},
		{"serve --rate 9", "10 to 100000"},
		{"serve --rate many", "many"},
		{"serve --log-level loud", "loud"},
		{"serve --addr nonsense", "write host:port"},
		{"serve --addr " + taken.Addr().String(), "another program listens"},
		{"serve --addr 127.0.0.1:0 --allow-origin example.com", "https://host"},
	} {
		err := run(t.Context(), strings.Fields(c.args), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.args, err, c.want)
		}
	}
}

func TestHelpAndVersion(t *testing.T) {
	for args, want := range map[string]string{
		"": "Usage:", "help": "Usage:", "--help": "Usage:", "version": "expressrtc dev", "serve -h": "-allow-origin",
	} {
		var out bytes.Buffer
		if err := run(t.Context(), strings.Fields(args), &out, &out); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("%q: %v, %q", args, err, &out)
		}
	}
}

// TestDevServesFromDisk: what is edited or added in the checkout shows at the next request,
// and goes before what was built of it; the SDK is the built one.
func TestDevServesFromDisk(t *testing.T) {
	t.Chdir(t.TempDir())
	ctx, stop := context.WithCancel(t.Context())
	s := start(ctx, t, "--addr", "127.0.0.1:0", "--dev")
	if code, body := s.status(t, "/"); code != 503 || !strings.Contains(body, "run make build") {
		t.Errorf("nothing there: %d %q", code, body)
	}
	for _, step := range []struct{ file, content, path, want string }{
		{"server/web/dist/sdk.js", "loader", "/ZegoExpressWebRTC.js", "loader"},
		{"server/web/dist/index.html", "built", "/", "built"},
		{"index.html", "edited", "/", "edited"},
		{"static/check.html", "a page", "/check", "a page"},
		{"static/check.html", "another", "/check", "another"},
		{"static/check/main.js", "a part of it", "/check/main.js", "a part of it"},
	} {
		if err := os.MkdirAll(filepath.Dir(step.file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(step.file, []byte(step.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, body := s.status(t, step.path); code != 200 || body != step.want {
			t.Errorf("%s with %s: %d %q", step.path, step.file, code, body)
		}
	}
	stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}
