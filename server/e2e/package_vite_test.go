package e2e

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

// eachFile is the name of the one file in dir that fits the pattern.
func eachFile(t *testing.T, dir, pattern string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) != 1 {
		t.Fatalf("%s/%s: %q, %v", dir, pattern, found, err)
	}
	return filepath.Base(found[0])
}

// visitBuilt opens a page of the Vite project.
func visitBuilt(t *testing.T, base, user string, s *site) *tab {
	t.Helper()
	query := url.Values{"user": {user}, "server": {strings.Replace(s.url, "http", "ws", 1) + "/ws"}}
	return open(t, usual, user, base+"/?"+query.Encode())
}

// TestPackageWithVite: a fresh project that knows only the usual name builds from the
// packed file, and two of its pages call each other.
func TestPackageWithVite(t *testing.T) {
	t.Parallel()
	p := newProject(t, otherPackage, "vite")
	p.write("tsconfig.json", tsconfig("esnext", "bundler", "main.ts"))
	if out, err := p.run("tsc", "-p", "."); err != nil {
		t.Errorf("the project does not type-check: %v\n%s", err, out)
	}
	if out, err := p.run("vite", "build"); err != nil {
		t.Fatalf("vite build: %v\n%s", err, out)
	}
	eachFile(t, p.dir+"/dist/assets", "*.wasm")
	built := httptest.NewServer(http.FileServer(http.Dir(p.dir + "/dist")))
	t.Cleanup(built.Close)
	s := newSite(t, signaling.Config{})
	a, b := visitBuilt(t, built.URL, "anna", s), visitBuilt(t, built.URL, "bert", s)
	for _, p := range []*tab{a, b} {
		p.expect("404") // no favicon.ico
		p.login("room")
		p.publish(p.name + "-cam")
	}
	a.play("bert-cam")
	b.play("anna-cam")
	for _, p := range []*tab{a, b} {
		p.sees("#remote video")
		p.hears()
	}
	// Vite's development server moves packages about; the program is found nevertheless.
	page := visitBuilt(t, startVite(t, p), "carl", s)
	page.expect("404")
	page.do(`while (!globalThis.zg) await new Promise((ok) => setTimeout(ok, 20))`) // Vite may reload once
	page.login("room")
}

// startVite starts the development server, and ends it with the test.
func startVite(t *testing.T, p project) string {
	t.Helper()
	c := exec.Command("node", programs["vite"], "--host", "127.0.0.1", "--port", "0")
	c.Dir = p.dir
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = c.Process.Signal(syscall.SIGTERM)
		_ = c.Wait() // it ends by the signal
	})
	stuck := time.AfterFunc(patience, func() { _ = c.Process.Kill() })
	defer stuck.Stop()
	said := ""
	colors := regexp.MustCompile("\x1b\\[[0-9;]*m")
	for lines := bufio.NewScanner(out); lines.Scan(); {
		line := colors.ReplaceAllString(lines.Text(), "")
		if _, address, ok := strings.Cut(line, "Local:"); ok {
			return strings.TrimSuffix(strings.TrimSpace(address), "/")
		}
		said += line + "\n"
	}
	t.Fatalf("vite did not start: %s", said)
	return ""
}
