package main

import (
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

const acmeName = "calls.example.test"

// pebble is an authority for tests, in a process of its own.
type pebble struct {
	directory string
	ca        string // file with its own certificate
	program   string
	files     string
	addr      string
}

func newPebble(t *testing.T) *pebble {
	t.Helper()
	program := os.Getenv("PEBBLE")
	if program == "" {
		program, _ = filepath.Abs("../bin/pebble-2.8.0")
	}
	if _, err := os.Stat(program); err != nil {
		t.Skipf("this test needs pebble, an authority for tests: make bin/pebble-2.8.0, or set PEBBLE to its path (%v)", err)
	}
	dir := t.TempDir()
	ca, _ := testPair(t, dir, time.Hour, "localhost")
	_, port, _ := net.SplitHostPort(freeAddress(t))
	return &pebble{"https://localhost:" + port + "/dir", ca, program, dir, "127.0.0.1:" + port}
}

// freeAddress is one that nobody listens on just now, and that nobody is given who asks for
// any port: systems give those from 32,768 on.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(20_000)))
		if err == nil {
			defer ln.Close()
			return ln.Addr().String()
		}
	}
	t.Fatal("no port is free")
	return ""
}

// start runs the authority, which asks names at these ports whether they are theirs.
func (p *pebble) start(t *testing.T, tlsPort, httpPort int) {
	t.Helper()
	config := filepath.Join(p.files, "pebble.json")
	data, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": p.addr,
		"certificate":   p.ca, "privateKey": filepath.Join(p.files, "key.pem"),
		"tlsPort": tlsPort, "httpPort": httpPort,
	}})
	if err := errors.Join(err, os.WriteFile(config, data, 0o600)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(p.program, "-config", config, "-dnsserver", serveNames(t), "-strict=false")
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
	cmd.Stdout, cmd.Stderr = t.Output(), t.Output()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", p.addr)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

// serveNames is a name server for which every name is this machine.
func serveNames(t *testing.T) (address string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer, err := here(buffer[:n]); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

func here(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	for _, q := range m.Questions {
		if q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
			})
		}
	}
	return m.Pack()
}

// TestACME: a certificate is obtained by each of the two proofs, kept, and taken again.
func TestACME(t *testing.T) {
	for _, c := range []struct {
		name  string
		flags []string
		ports func(https, http int) (tlsPort, httpPort int) // at which the authority asks
	}{
		{"TLS-ALPN-01", nil, func(https, _ int) (int, int) { return https, 1 }},
		{"HTTP-01", []string{"--http-redirect", "127.0.0.1:0"}, func(_, http int) (int, int) { return 1, http }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			authority := newPebble(t)
			cache := filepath.Join(t.TempDir(), "certificates")
			flags := append([]string{
				"--acme-domain", acmeName, "--acme-cache", cache, "--acme-directory", authority.directory, "--acme-ca", authority.ca,
				"--acme-email", "operator@example.test",
			}, c.flags...)
			first, start := preparedSite(t, io.Discard, flags...)
			plain := 0
			if first.redirect != nil {
				plain = listenerPort(first.redirect)
			}
			tlsPort, httpPort := c.ports(first.port, plain)
			authority.start(t, tlsPort, httpPort)
			start()
			awaitFile(t, filepath.Join(cache, acmeName)) // longer than a handshake may take
			leaf := shown(t, first, &tls.Config{ServerName: acmeName})
			if !strings.Contains(leaf.Issuer.CommonName, "Pebble") || leaf.VerifyHostname(acmeName) != nil {
				t.Fatalf("certificate of %s for %s", leaf.Issuer, leaf.DNSNames)
			}
			if !shown(t, first, &tls.Config{}).Equal(leaf) {
				t.Error("who names no host is shown another certificate")
			}
			if _, err := tls.Dial("tcp", first.listener.Addr().String(), &tls.Config{ServerName: "other.example.test", InsecureSkipVerify: true}); err == nil {
				t.Error("a certificate for another name")
			}
			for path, mode := range map[string]os.FileMode{cache: 0o700, filepath.Join(cache, acmeName): 0o600} {
				if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
					t.Errorf("%s: %v, %v", path, info, err)
				}
			}
			if first.redirect != nil {
				checkRedirect(t, plain, fmt.Sprintf("https://%s:%d/check", acmeName, first.port))
			}
			again := startSite(t, io.Discard, flags[:4]...) // the authority is another one, which is not asked
			if !shown(t, again, &tls.Config{ServerName: acmeName}).Equal(leaf) {
				t.Error("the kept certificate is not taken again")
			}
		})
	}
}

func awaitFile(t *testing.T, path string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		_, err := os.Stat(path)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func checkRedirect(t *testing.T, port int, want string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://127.0.0.1:%d/check", port), nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = acmeName
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusPermanentRedirect || response.Header.Get("Location") != want {
		t.Errorf("%d to %q", response.StatusCode, response.Header.Get("Location"))
	}
}
