package e2e

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
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

// addExample adds what the page embed shows for import, as a visitor copies it, and the
// package under the name that it has there.
func (p project) addExample(s *site) {
	p.t.Helper()
	const inside = "node_modules/expressrtc"
	if err := os.CopyFS(filepath.Join(p.dir, inside), os.DirFS(filepath.Join(installedUnder(p.t, "expressrtc"), inside))); err != nil {
		p.t.Fatal(err)
	}
	p.write("embed.html", s.example("npm"))
	p.write("vite.config.mjs", `export default { build: { rollupOptions: { input: ["index.html", "embed.html"] } } }`)
}

// TestPackageWithVite: a fresh project that knows only the usual name builds from the
// packed file, and two of its pages call each other; so do the examples of the page embed.
func TestPackageWithVite(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := newProject(t, otherPackage, "vite")
	p.addExample(s)
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
	example := open(t, usual, "example", built.URL+"/embed.html?room=both")
	example.expect("404")
	perceive([]*tab{example, open(t, usual, "script", s.url+"/embed/script.html?room=both")}, hereVideo, thereVideo)
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
