package e2e

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// The tests of the npm package work in projects that npm installs it into. The tools that
// they need (TypeScript, Vite, and the package whose place ours takes) are installed once
// into a cache, in the versions of testdata/npm/package-lock.json; projects lie below it
// and find them there.

// npmHome is the cache with the tools.
var npmHome = sync.OnceValues(func() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	lock, err := os.ReadFile("testdata/npm/package-lock.json")
	if err != nil {
		return "", err
	}
	home := filepath.Join(cache, fmt.Sprintf("expressrtc-e2e-%x", sha256.Sum256(lock))[:40])
	if _, err := os.Stat(filepath.Join(home, "node_modules")); err == nil {
		return home, nil
	}
	return home, installTools(home, lock)
})

// installTools makes home at once, whole, also while another process does the same.
func installTools(home string, lock []byte) error {
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil {
		return err
	}
	fresh, err := os.MkdirTemp(filepath.Dir(home), "expressrtc-e2e-new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)
	manifest, err := os.ReadFile("testdata/npm/package.json")
	if err != nil {
		return err
	}
	err = errors.Join(
		os.WriteFile(filepath.Join(fresh, "package.json"), manifest, 0o644),
		os.WriteFile(filepath.Join(fresh, "package-lock.json"), lock, 0o644))
	if err != nil {
		return err
	}
	if _, err := npm(fresh, "ci", "--ignore-scripts"); err != nil {
		return err
	}
	if err := os.Rename(fresh, home); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// npm runs npm in a folder.
func npm(dir string, args ...string) (string, error) {
	path, err := exec.LookPath("npm")
	if err != nil {
		return "", fmt.Errorf("the tests of the npm package need npm: install Debian's package npm (%w)", err)
	}
	c := exec.Command(path, append(args, "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error")...)
	c.Dir = dir
	out, err := c.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("npm %s failed; it needs the registry the first time: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}

// packedDir is where packedFile is, once there.
var packedDir string

// packedFile is the package that make package makes, built once.
var packedFile = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "expressrtc-package")
	if err != nil {
		return "", err
	}
	packedDir = dir
	c := exec.Command("go", "run", "./server/web/bundle", "-package", dir)
	c.Dir = checkout
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make the package: %w\n%s", err, out)
	}
	return filepath.Join(dir, "expressrtc-3.12.0.tgz"), nil
})

// project is a folder of a test's own, into which npm has installed the package under a name.
type project struct {
	t    *testing.T
	name string
	dir  string
}

// installed are the folders that projects are copies of, by the package's name.
var installed struct {
	mu   sync.Mutex
	dirs map[string]string
}

// removeProjects tidies up after the tests.
func removeProjects() {
	for _, dir := range installed.dirs {
		_ = os.RemoveAll(dir)
	}
	if packedDir != "" {
		_ = os.RemoveAll(packedDir)
	}
}

// newProject makes a project with the package under a name, and a copy of a folder of
// testdata/npm, in which NAME becomes that name; "" is no folder.
func newProject(t *testing.T, name, from string) project {
	t.Helper()
	p := project{t, name, besideTools(t)}
	t.Cleanup(func() { _ = os.RemoveAll(p.dir) })
	if err := os.CopyFS(p.dir, os.DirFS(installedUnder(t, name))); err != nil {
		t.Fatal(err)
	}
	if from != "" {
		p.copy(from)
	}
	return p
}

// emptyProject is a project that has no package yet.
func emptyProject(t *testing.T, name string) project {
	t.Helper()
	p := project{t, name, besideTools(t)}
	t.Cleanup(func() { _ = os.RemoveAll(p.dir) })
	p.write("package.json", `{"private": true}`)
	return p
}

// installedUnder has npm install the package under a name, the first time.
func installedUnder(t *testing.T, name string) string {
	t.Helper()
	installed.mu.Lock()
	defer installed.mu.Unlock()
	if dir := installed.dirs[name]; dir != "" {
		return dir
	}
	packed, err := packedFile()
	if err != nil {
		t.Fatal(err)
	}
	if installed.dirs == nil {
		installed.dirs = map[string]string{}
	}
	p := project{t, name, besideTools(t)}
	p.write("package.json", toJSON(map[string]any{"private": true, "dependencies": map[string]string{name: "file:" + packed}}))
	if _, err := npm(p.dir, "install", "--no-package-lock"); err != nil {
		_ = os.RemoveAll(p.dir)
		t.Fatal(err)
	}
	installed.dirs[name] = p.dir
	return p.dir
}

// besideTools is a new folder where programs find the tools.
func besideTools(t *testing.T) string {
	t.Helper()
	home, err := npmHome()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(home, "project-")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (p project) copy(from string) {
	p.t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata/npm", from, "*"))
	if err != nil || len(files) == 0 {
		p.t.Fatalf("nothing in testdata/npm/%s: %v", from, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			p.t.Fatal(err)
		}
		p.write(filepath.Base(file), strings.ReplaceAll(string(data), "NAME", p.name))
	}
}

func (p project) write(name, text string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// programs are what npm has installed, for node. Both compilers are in use out there.
var programs = map[string]string{
	"tsc":  "../node_modules/typescript7/bin/tsc",
	"tsc5": "../node_modules/typescript/bin/tsc",
	"vite": "../node_modules/vite/bin/vite.js",
}

// run runs one of them, or with node a file of the project.
func (p project) run(program string, args ...string) (string, error) {
	p.t.Helper()
	if path := programs[program]; path != "" {
		args = append([]string{path}, args...)
	}
	c := exec.Command("node", args...)
	c.Dir = p.dir
	out, err := c.CombinedOutput()
	return string(out), err
}

// readJSON reads a file of the project.
func (p project) readJSON(name string, into any) {
	p.t.Helper()
	data, err := os.ReadFile(filepath.Join(p.dir, name))
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}
