package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// testPair writes a certificate for names, good for a time, and its key into two files.
func testPair(t *testing.T, dir string, life time.Duration, names ...string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: names,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(life),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	err = errors.Join(
		os.WriteFile(certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600),
		os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return certFile, keyFile
}

// startSite runs a server with flags until the test ends.
func startSite(t *testing.T, stdout io.Writer, flags ...string) *site {
	t.Helper()
	s, start := preparedSite(t, stdout, flags...)
	start()
	return s
}

// preparedSite is a server that listens, and runs from start until the test ends.
func preparedSite(t *testing.T, stdout io.Writer, flags ...string) (s *site, start func()) {
	t.Helper()
	s = putTogether(t, stdout, t.Output(), flags...)
	return s, func() {
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan error, 1)
		go func() { ended <- s.run(ctx, 5*time.Second) }()
		t.Cleanup(func() {
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
		})
	}
}

// putTogether is a server that only listens yet.
func putTogether(t *testing.T, stdout, log io.Writer, flags ...string) *site {
	t.Helper()
	o := &options{}
	if _, err := load("serve", append([]string{"--addr", "127.0.0.1:0"}, flags...), io.Discard, o.declare); err != nil {
		t.Fatal(err)
	}
	s, err := newSite(o, stdout, log)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// shown is the certificate that a server shows.
func shown(t *testing.T, s *site, config *tls.Config) *x509.Certificate {
	t.Helper()
	config.InsecureSkipVerify = true
	conn, err := tls.Dial("tcp", s.listener.Addr().String(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	return conn.ConnectionState().PeerCertificates[0]
}

// trusting is a client that trusts nothing but one certificate.
func trusting(leaf *x509.Certificate) *http.Client {
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

func TestCertificateFiles(t *testing.T) {
	dir := t.TempDir()
	cert, key := testPair(t, dir, time.Hour, "localhost", "*.calls.example")
	s := startSite(t, io.Discard, "--tls-cert", cert, "--tls-key", key)
	first := shown(t, s, &tls.Config{})
	if !strings.HasPrefix(s.address, "https://localhost:") || s.web.StrictTransport {
		t.Errorf("address %s, strict %v", s.address, s.web.StrictTransport)
	}

	client := trusting(first)
	response, err := client.Get(s.address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.ProtoMajor != 2 || response.StatusCode != http.StatusOK || response.Header.Get("Strict-Transport-Security") != "" {
		t.Errorf("%s %d %v", response.Proto, response.StatusCode, response.Header)
	}
	ws, _, err := websocket.Dial(t.Context(), s.address+"/ws", &websocket.DialOptions{HTTPClient: client})
	if err != nil {
		t.Fatalf("a socket beside HTTP/2: %v", err)
	}
	ws.CloseNow()
	wantFigure(t, s, first)

	testPair(t, dir, 2*time.Hour, "localhost")
	s.reload()
	second := shown(t, s, &tls.Config{})
	wantFigure(t, s, second)
	if second.Equal(first) {
		t.Error("the new certificate is not shown after a reload")
	}
	if !s.secure.knows("localhost") || s.secure.knows("a.calls.example") {
		t.Error("the names are not those of the new certificate")
	}
	testPair(t, dir, -time.Hour, "localhost")
	s.reload()
	if !shown(t, s, &tls.Config{}).Equal(second) {
		t.Error("an expired certificate took the place of a good one")
	}
	if _, err := tls.Dial("tcp", s.listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
}

func TestBadCertificates(t *testing.T) {
	good, expired, nameless := t.TempDir(), t.TempDir(), t.TempDir()
	cert, key := testPair(t, good, time.Hour, "localhost")
	oldCert, oldKey := testPair(t, expired, -time.Hour, "localhost")
	noCert, noKey := testPair(t, nameless, time.Hour)
	file := writeFile(t, "not PEM")
	for want, flags := range map[string]string{
		"belong together":               "--tls-cert " + cert,
		"name both":                     "--tls-key " + key,
		"are no pair":                   "--tls-cert " + cert + " --tls-key " + oldKey,
		"expired on":                    "--tls-cert " + oldCert + " --tls-key " + oldKey,
		"names no host":                 "--tls-cert " + noCert + " --tls-key " + noKey,
		"reading --tls-cert":            "--tls-cert /nowhere.pem --tls-key " + key,
		"reading --tls-key":             "--tls-cert " + cert + " --tls-key /nowhere.pem",
		"failed to find any PEM":        "--tls-cert " + file + " --tls-key " + key,
		"choose one certificate":        "--tls-self-signed --acme-domain calls.example.com",
		"name a certificate, too":       "--http-redirect 127.0.0.1:0",
		"needs --acme-cache":            "--acme-domain calls.example.com",
		"is no full name":               "--acme-domain localhost --acme-cache " + good,
		"holds no certificate":          "--acme-domain calls.example.com --acme-cache " + good + " --acme-ca " + file,
		"closing the directory to othe": "--acme-domain calls.example.com --acme-cache /proc/self",
	} {
		err := run(t.Context(), append(strings.Fields("serve --addr 127.0.0.1:0"), strings.Fields(flags)...), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", flags, err, want)
		}
	}
}

func TestRedirect(t *testing.T) {
	cert, key := testPair(t, t.TempDir(), time.Hour, "localhost", "*.calls.example")
	s := startSite(t, io.Discard, "--tls-cert", cert, "--tls-key", key)
	for _, c := range []struct {
		port               int
		host, target, want string
	}{
		{443, "localhost", "/check?x=1", "https://localhost/check?x=1"},
		{443, "eu.calls.example:80", "/", "https://eu.calls.example/"},
		{8443, "LOCALHOST:8080", "/a%2fb", "https://localhost:8443/a%2fb"},
		{443, "evil.example", "/", ""},
		{443, "calls.example", "/", ""},
		{443, "", "/", ""},
		{443, "localhost@evil.example", "/", ""},
	} {
		w := httptest.NewRecorder()
		request, err := http.NewRequest(http.MethodGet, "http://x"+c.target, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = c.host
		redirect{s.secure, c.port}.ServeHTTP(w, request)
		want := http.StatusPermanentRedirect
		if c.want == "" {
			want = http.StatusMisdirectedRequest
		}
		if w.Code != want || w.Header().Get("Location") != c.want {
			t.Errorf("%s%s: %d %q", c.host, c.target, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestSelfSigned(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "kept")
	var out strings.Builder
	s := startSite(t, &out, "--tls-self-signed", "--tls-self-signed-dir", dir)
	leaf := shown(t, s, &tls.Config{})
	pair := &tls.Certificate{Certificate: [][]byte{leaf.Raw}}
	if !strings.Contains(out.String(), "listening on https://localhost:") || !strings.Contains(out.String(), fingerprint(pair)) {
		t.Errorf("printed:\n%s", &out)
	}
	if _, err := trusting(leaf).Get(s.address + "/healthz"); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "self-signed.pem")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info, err)
	}
	again := startSite(t, io.Discard, "--tls-self-signed", "--tls-self-signed-dir", dir)
	if !shown(t, again, &tls.Config{}).Equal(leaf) {
		t.Error("the kept certificate is not taken again")
	}

	own := &selfSigned{names: []string{"here"}, ips: []net.IP{net.IPv4(192, 0, 2, 1)}, made: func(*tls.Certificate) {}}
	now := time.Now()
	first, err := own.get(now)
	if err != nil || first.Leaf.VerifyHostname("192.0.2.1") != nil {
		t.Fatalf("%v, %v", first, err)
	}
	if same, _ := own.get(now.Add(selfSignedLife - selfSignedRest - time.Minute)); same != first {
		t.Error("made anew before its time")
	}
	if next, err := own.get(now.Add(selfSignedLife - selfSignedRest + time.Minute)); err != nil || next == first {
		t.Errorf("not made anew before its end: %v", err)
	}
	own.names = append(own.names, "also-here")
	if own.good(first, now) {
		t.Error("a certificate without one of the names is good enough")
	}
}

// TestSelfSignedOutlivesItsDirectory: a certificate that cannot be made anew is shown until
// its end.
func TestSelfSignedOutlivesItsDirectory(t *testing.T) {
	dir, failed := filepath.Join(t.TempDir(), "kept"), 0
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	own := &selfSigned{
		file: filepath.Join(dir, "self-signed.pem"), names: []string{"here"},
		made: func(*tls.Certificate) {}, failed: func(error) { failed++ },
	}
	now := time.Now()
	first, err := own.get(now)
	if err = errors.Join(err, os.RemoveAll(dir)); err != nil {
		t.Fatal(err)
	}
	if same, err := own.get(now.Add(selfSignedLife - time.Hour)); err != nil || same != first || failed != 1 {
		t.Errorf("near its end: %v, told %d times", err, failed)
	}
	if _, err := own.get(now.Add(selfSignedLife + time.Hour)); err == nil {
		t.Error("shown after its end")
	}
}

// TestSharedListener: what a connection carries is found out, also without ALPN.
func TestSharedListener(t *testing.T) {
	cert, key := testPair(t, t.TempDir(), time.Hour, "localhost")
	s := startSite(t, io.Discard, "--tls-cert", cert, "--tls-key", key)
	relays := s.shared.relays()
	dial := func(first string) *tls.Conn {
		conn, err := tls.Dial("tcp", s.listener.Addr().String(), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		if _, err := io.WriteString(conn, first); err != nil {
			t.Fatal(err)
		}
		return conn
	}
	plain := dial("GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	if answer, err := io.ReadAll(plain); err != nil || !strings.HasSuffix(string(answer), "\r\n\r\nok") {
		t.Errorf("HTTP without ALPN: %q, %v", answer, err)
	}
	dial("\x00\x01\x00\x00stun")
	conn, err := relays.Accept()
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 8)
	if _, err := io.ReadFull(conn, got); err != nil || string(got) != "\x00\x01\x00\x00stun" {
		t.Errorf("got %q, %v", got, err)
	}
	conn.Close()
	relays.Close()
	late := dial("\x00\x01")
	if _, err := late.Read(got); err == nil {
		t.Error("TURN that nobody takes stays open")
	}
	if _, err := relays.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed: %v", err)
	}
}
