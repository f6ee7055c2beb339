package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

const testKey = "0123456789abcdef"

// operated is a server with an admin address, which its log names.
type operated struct {
	*started
	admin string
	log   *bufio.Reader
}

func operate(ctx context.Context, t *testing.T, flags ...string) *operated {
	t.Helper()
	out, in := io.Pipe()
	log, logIn := io.Pipe()
	s := &operated{started: &started{done: make(chan error, 1)}, log: bufio.NewReader(log)}
	go func() {
		err := run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0", "--log-format", "json"}, flags...), in, logIn)
		in.Close()
		logIn.Close()
		s.done <- err
	}()
	url := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(out).ReadString('\n')
		url <- strings.TrimPrefix(strings.TrimSpace(line), "listening on ")
		in.Close()
	}()
	line := s.await(t, "the operator's side is there")
	s.admin, _ = line["url"].(string)
	s.url = <-url
	return s
}

// await is the next line of the log that says so.
func (s *operated) await(t *testing.T, message string) map[string]any {
	t.Helper()
	for {
		text, err := s.log.ReadString('\n')
		if err != nil {
			t.Fatalf("no line %q: %v", message, err)
		}
		line := map[string]any{}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("%q is no JSON: %v", text, err)
		}
		if line["msg"] == message {
			go io.Copy(io.Discard, s.log) //nolint:errcheck // so that the server can write on
			return line
		}
	}
}

func (s *operated) get(t *testing.T, path string, header ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.admin+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	if host := request.Header.Get("Host"); host != "" {
		request.Host = host
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}

// TestOperatorsSide: who may see profiles, and how the address answers.
func TestOperatorsSide(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	local := operate(ctx, t, "--admin-addr", "127.0.0.1:0")
	key := operate(ctx, t, "--admin-addr", "0.0.0.0:0", "--admin-key", testKey)
	for _, c := range []struct {
		at     *operated
		path   string
		header []string
		want   int
	}{
		{local, "/debug/pprof/", nil, 200},
		{local, "/debug/pprof/heap", nil, 200},
		{local, "/debug/pprof/cmdline", nil, 404},
		{local, "/debug/pprof/", []string{"Host", "evil.example"}, 401},
		{local, "/debug/pprof/", []string{"Sec-Fetch-Site", "cross-site"}, 401},
		{local, "/debug/pprof/", []string{"Authorization", "Bearer "}, 200},
		{local, "/debug/pprof/", []string{"Host", "evil.example", "Authorization", "Bearer "}, 401},
		{key, "/debug/pprof/", nil, 401},
		{key, "/debug/pprof/", []string{"Authorization", "Bearer 0123456789abcdeF"}, 401},
		{key, "/debug/pprof/", []string{"Authorization", testKey}, 401},
		{key, "/debug/pprof/", []string{"Authorization", "Bearer " + testKey}, 200},
		{local, "/debug/pprof/", []string{"X-Forwarded-For", "203.0.113.1"}, 401},
		{local, "/metrics", nil, 200},
		{key, "/metrics", nil, 401},
		{key, "/metrics", []string{"Authorization", "Bearer " + testKey}, 200},
		{key, "/healthz", nil, 200},
		{key, "/nothing", nil, 404},
	} {
		if got := c.at.get(t, c.path, c.header...); got.StatusCode != c.want {
			t.Errorf("%s %q: status %d, want %d", c.path, c.header, got.StatusCode, c.want)
		}
	}
	for range 5 {
		key.get(t, "/metrics", "Authorization", "Bearer "+testKey+"?")
	}
	if got := key.get(t, "/metrics", "Authorization", "Bearer "+testKey); got.StatusCode != http.StatusUnauthorized {
		t.Errorf("who guesses the key is told at the sixth time: status %d", got.StatusCode)
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
	} {
		if got := local.get(t, "/debug/pprof/").Header.Get(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	for _, path := range []string{"/debug/pprof/", "/metrics"} {
		if code, _ := local.status(t, path); code != 404 {
			t.Errorf("%s at the public address: status %d", path, code)
		}
	}
	stop()
	if err := errors.Join(<-local.done, <-key.done); err != nil {
		t.Error(err)
	}
}

// TestAdminAddressBeyondLoopbackIsEncrypted: when there is a certificate.
func TestAdminAddressBeyondLoopbackIsEncrypted(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	s := operate(ctx, t, "--admin-addr", "0.0.0.0:0", "--admin-key", testKey, "--tls-self-signed")
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // it is self-signed
	response, err := client.Get(s.admin + "/healthz")
	if err != nil || response.StatusCode != http.StatusOK || !strings.HasPrefix(s.admin, "https://") {
		t.Fatalf("%s: %v, %v", s.admin, response, err)
	}
	response.Body.Close()
	client.CloseIdleConnections()
	stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}

func TestAdminAddressBeyondLoopbackNeedsKey(t *testing.T) {
	for flags, want := range map[string]string{
		"--admin-addr 0.0.0.0:0":                       "set an admin-key",
		"--admin-addr 127.0.0.1:0 --admin-key short":   "use 16 or more",
		"--admin-addr nonsense --admin-key " + testKey: "write host:port",
	} {
		err := run(t.Context(), strings.Fields("serve --addr 127.0.0.1:0 "+flags), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "short") {
			t.Errorf("%s: error %v, want %q in it", flags, err, want)
		}
	}
}

// TestReady: the server takes new clients from when everything runs until it is told to stop.
func TestReady(t *testing.T) {
	log := newRecord()
	s := putTogether(t, io.Discard, log)
	ready := func() (code int) {
		response, err := http.Get(s.address + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		return response.StatusCode
	}
	asked := make(chan int, 2)
	ctx, stop := context.WithCancel(t.Context())
	s.services = append(s.services, service{"probe", func() error { return nil }, func(context.Context) error {
		asked <- ready()
		return nil
	}})
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx, stopTimeout) }()
	log.await(t, "msg=serving")
	asked <- ready()
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if running, stopping := <-asked, <-asked; running != 200 || stopping != 503 {
		t.Errorf("running %d, stopping %d, want 200 and 503", running, stopping)
	}
}

// TestCheckConfig: what is wrong is said without disturbing a server that runs.
func TestCheckConfig(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	var out strings.Builder
	if err := run(t.Context(), []string{"serve", "--addr", ln.Addr().String(), "--check-config"}, &out, io.Discard); err != nil || out.String() != "the configuration is valid\n" {
		t.Errorf("%v, %q", err, out.String())
	}
	if err := run(t.Context(), []string{"serve", "--addr", "0.0.0.0:80", "--check-config"}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "--open") {
		t.Errorf("error %v", err)
	}
}

func TestUnknownVariablesAreTold(t *testing.T) {
	t.Setenv("EXPRESSRTC_GRASE", "5s")
	t.Setenv("EXPRESSRTC_APP_1", strings.Repeat("s", 32))
	t.Setenv("EXPRESSRTC_RATE", "20")
	ctx, stop := context.WithCancel(t.Context())
	var log strings.Builder
	o := &options{}
	if _, err := load("serve", []string{"--addr", "127.0.0.1:0"}, io.Discard, o.declare); err != nil {
		t.Fatal(err)
	}
	s, err := newSite(o, io.Discard, &log)
	if err != nil {
		t.Fatal(err)
	}
	stop()
	if err := s.run(ctx, stopTimeout); err != nil {
		t.Error(err)
	}
	if text := log.String(); !strings.Contains(text, "EXPRESSRTC_GRASE") || strings.Contains(text, "EXPRESSRTC_APP_1") || strings.Contains(text, "EXPRESSRTC_RATE") {
		t.Errorf("log %s", text)
	}
}
