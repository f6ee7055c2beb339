package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Of some packages the SDK never calls anything, yet their initialization links a good
// deal of cryptography, a tenth of the program, and runs at every start. They come with
// pion and coder/websocket, which in a browser leave that work to the browser. Go's
// -overlay flag puts packages of the same names in their place, with what their importers
// refer to, where each call is an error.

//go:embed overlay/*.txt
var standIns embed.FS

// replaced are those packages, by the file that stands in for them.
var replaced = map[string]string{
	"hpke.go.txt": "crypto/hpke",
	"gob.go.txt":  "encoding/gob",
	"mime.go.txt": "mime",
}

// writeOverlay writes what -overlay takes into dir and tells the file's path.
func writeOverlay(dir string) (string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOROOT: %w", err)
	}
	files := map[string]string{}
	for name, pkg := range replaced {
		data, err := standIns.ReadFile("overlay/" + name)
		if err != nil {
			return "", err
		}
		path := filepath.Join(dir, strings.TrimSuffix(name, ".txt"))
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return "", err
		}
		if err := replace(files, filepath.Join(strings.TrimSpace(string(root)), "src", filepath.FromSlash(pkg)), path); err != nil {
			return "", err
		}
	}
	list, err := json.Marshal(map[string]any{"Replace": files})
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "overlay.json")
	return path, os.WriteFile(path, list, 0o600)
}

// replace maps one source file of a package to the stand-in, and the others to nothing.
func replace(files map[string]string, pkg, standIn string) error {
	sources, err := filepath.Glob(filepath.Join(pkg, "*.go"))
	if err != nil {
		return err
	}
	for _, source := range sources {
		if !strings.HasSuffix(source, "_test.go") {
			files[source] = standIn
			standIn = ""
		}
	}
	if standIn != "" {
		return fmt.Errorf("this Go has no package %s", pkg)
	}
	return nil
}
