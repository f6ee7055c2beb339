package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// buildWasm compiles the SDK. Its name has the hash of its content, so that browsers may
// keep it for ever; nothing but the source may change it.
func buildWasm() (file, error) {
	dir, err := os.MkdirTemp("", "expressrtc")
	if err != nil {
		return file{}, fmt.Errorf("build the SDK: %w", err)
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "sdk.wasm")
	if err := compile(dir, out); err != nil {
		return file{}, fmt.Errorf("build the SDK: %w", err)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		return file{}, fmt.Errorf("build the SDK: %w", err)
	}
	if small, err := stripTraces(data); err == nil {
		data = small
	} else { // another Go than this was written for: it is just larger
		fmt.Fprintln(os.Stderr, "bundle: the SDK keeps its tables for stack traces:", err)
	}
	sum := sha256.Sum256(data)
	return file{name: fmt.Sprintf("expressrtc-%x.wasm", sum[:8]), data: data, sdk: true}, nil
}

// compile runs Go's compiler, without what the overlay leaves out where that is possible.
// Our own functions are not copied into their callers: that costs more to load than the
// calls do, none of which is in a hot loop.
func compile(dir, out string) error {
	build := func(flags ...string) *exec.Cmd {
		args := append([]string{"build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-tags=nethttpomithttp2", "-gcflags=expressrtc/...=-l", "-o", out}, flags...)
		c := exec.Command("go", append(args, "./wasm")...)
		c.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		return c
	}
	overlay, err := writeOverlay(dir)
	if err == nil {
		var said []byte
		if said, err = build("-overlay=" + overlay).CombinedOutput(); err == nil {
			return nil
		}
		err = fmt.Errorf("%w\n%s", err, said)
	}
	plain := build()
	plain.Stderr = os.Stderr
	if failed := plain.Run(); failed != nil {
		return failed
	}
	// Another Go than the stand-ins were written for: the SDK is just larger.
	fmt.Fprintln(os.Stderr, "bundle: the SDK is built without stand-ins:", err)
	return nil
}

// assemble puts the JavaScript together: Go's own part, the table, the loader and its
// end. As a script it is one function, so that none of its names reaches the page.
func (s *sdk) assemble(dir string) error {
	body, err := loaderOf(s.table, dir)
	if err != nil {
		return err
	}
	script, err := os.ReadFile(filepath.Join(dir, scriptEnd))
	if err != nil {
		return err
	}
	module, err := os.ReadFile(filepath.Join(dir, moduleEnd))
	if err != nil {
		return err
	}
	head := fmt.Sprintf("// ExpressRTC %s. Built by server/web/bundle.\n", s.table.Version)
	s.script = slices.Concat([]byte(head+"(() => {\n\"use strict\";\n"), body, script, []byte("})();\n"))
	s.module = slices.Concat([]byte(head), body, bytes.ReplaceAll(module, []byte("SDK.wasm"), []byte(s.wasm.name)))
	return nil
}

// loaderOf is what script and module have in common.
func loaderOf(t table, dir string) ([]byte, error) {
	goPart, err := readWasmExec()
	if err != nil {
		return nil, err
	}
	names, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("write the table: %w", err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "const SDK = %s;\n", names)
	fmt.Fprintf(&b, "function defineGo() {\n%s}\n", goPart)
	for _, name := range loaders {
		part, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		b.Write(part)
	}
	return b.Bytes(), nil
}

// readWasmExec is the JavaScript part of the very Go that compiled the SDK.
func readWasmExec() ([]byte, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	return os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"))
}

// readPages reads the first page and everything in dir but the parts of the loader.
func readPages(dir string) ([]file, error) {
	var files []file
	first, err := os.ReadFile(firstPage)
	switch {
	case err == nil:
		files = append(files, file{name: firstPage, data: first})
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	err = fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || isLoader(name) || strings.HasPrefix(d.Name(), ".") {
			return err
		}
		data, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		files = append(files, file{name: name, data: data})
		return err
	})
	return files, err
}

// isLoader reports whether a file of the pages is a part of the SDK's JavaScript.
func isLoader(name string) bool {
	return slices.Contains(loaders, name) || name == scriptEnd || name == moduleEnd
}
