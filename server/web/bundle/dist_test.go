package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
)

var (
	script = file{name: "sdk.js", data: bytes.Repeat([]byte("let it be small;\n"), 100), sdk: true}
	deep   = file{name: "a/b/page.html", data: bytes.Repeat([]byte("<p>"), 1000)}
	icon   = file{name: "icon.png", data: bytes.Repeat([]byte{1}, 5000)}
	short  = file{name: "short.css", data: []byte("p{}")}
)

// list are the files below dir, with slashes.
func list(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			name, _ := filepath.Rel(dir, path) // path is below dir
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func writeOrFail(t *testing.T, dir string, quality int, files ...file) {
	t.Helper()
	if err := writeAll(dir, files, quality); err != nil {
		t.Fatal(err)
	}
}

func TestWriteAll(t *testing.T) {
	dir := write(t, ".keep", "")
	writeOrFail(t, dir, 5, script, deep, icon, short)
	want := []string{
		".keep", ".quality", "a/b/page.html", "a/b/page.html.br", "a/b/page.html.gz",
		"icon.png", "sdk.js", "sdk.js.br", "sdk.js.gz", "short.css",
	}
	if got := list(t, dir); !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	br, err := os.Open(filepath.Join(dir, "sdk.js.br"))
	if err != nil {
		t.Fatal(err)
	}
	defer br.Close()
	wantContent(t, brotli.NewReader(br), script)
	gz, err := os.Open(filepath.Join(dir, "sdk.js.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer gz.Close()
	r, err := gzip.NewReader(gz)
	if err != nil {
		t.Fatal(err)
	}
	wantContent(t, r, script)
}

func wantContent(t *testing.T, r io.Reader, f file) {
	t.Helper()
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, f.data) {
		t.Errorf("%s was not compressed faithfully: %d bytes, %v", f.name, len(got), err)
	}
}

// TestWriteAllAgain looks at which compressed files a second run makes anew.
func TestWriteAllAgain(t *testing.T) {
	changed := file{name: script.name, data: append([]byte("new "), script.data...)}
	tests := []struct {
		name    string
		between func(t *testing.T, dir string)
		quality int
		files   []file
		anew    []string
	}{
		{"nothing changed", nil, 5, []file{script, deep}, nil},
		{"one changed", nil, 5, []file{changed, deep}, []string{"sdk.js.br", "sdk.js.gz"}},
		{
			"another quality", nil, 6,
			[]file{script, deep},
			[]string{"a/b/page.html.br", "a/b/page.html.gz", "sdk.js.br", "sdk.js.gz"},
		},
		{"one was lost", func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "sdk.js.br")); err != nil {
				t.Fatal(err)
			}
		}, 5, []file{script, deep}, []string{"sdk.js.br"}},
	}
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	for _, test := range tests {
		dir := t.TempDir()
		writeOrFail(t, dir, 5, script, deep)
		for _, name := range list(t, dir) {
			if err := os.Chtimes(filepath.Join(dir, name), old, old); err != nil {
				t.Fatal(err)
			}
		}
		if test.between != nil {
			test.between(t, dir)
		}
		writeOrFail(t, dir, test.quality, test.files...)
		var anew []string
		for _, name := range list(t, dir) {
			info, err := os.Stat(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if (strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz")) && !info.ModTime().Equal(old) {
				anew = append(anew, name)
			}
		}
		if !slices.Equal(anew, test.anew) {
			t.Errorf("%s: made anew %q, want %q", test.name, anew, test.anew)
		}
	}
}

func TestWriteAllRemovesTheOld(t *testing.T) {
	dir := write(t, ".keep", "")
	writeOrFail(t, dir, 5, script, deep)
	writeOrFail(t, dir, 5, file{name: script.name, data: []byte("tiny")})
	if got, want := list(t, dir), []string{".keep", ".quality", "sdk.js"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestReport(t *testing.T) {
	dir := t.TempDir()
	files := []file{script, icon}
	writeOrFail(t, dir, 5, files...)
	br, err := os.Stat(filepath.Join(dir, "sdk.js.br"))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := report(&out, dir, files, int(br.Size())); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"1700 ", " sdk.js\n", "5000       5000       5000  icon.png", "the SDK, as a page loads it"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
	if err := report(nil, dir, files, int(br.Size())-1); err == nil || !strings.Contains(err.Error(), "1 more than the budget") {
		t.Errorf("over the budget: error is %v", err)
	}
}

func TestAssemble(t *testing.T) {
	dir := write(t, "loader.js", "start(SDK, defineGo);\n")
	for _, name := range append(loaders[:len(loaders)-1:len(loaders)-1], scriptEnd, moduleEnd) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("// "+name+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := sdk{table: table{Version: "3.1", Events: []string{"</script>"}}, wasm: file{name: "x-1.wasm"}}
	if err := os.WriteFile(filepath.Join(dir, moduleEnd), []byte(`find("./SDK.wasm")`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := got.assemble(dir); err != nil {
		t.Fatal(err)
	}
	if want := "start(SDK, defineGo);\nfind(\"./x-1.wasm\")"; !strings.HasSuffix(string(got.module), want) {
		t.Errorf("%q does not end the module", want)
	}
	text := string(got.script)
	for _, want := range []string{
		"(() => {\n\"use strict\";\nconst SDK = {\"version\":\"3.1\"", "function defineGo() {\n// Copyright",
		"globalThis.Go = class", "}\n// program.js\n// ahead.js\n// classes.js\n// hidden.js\n// tap.js\nstart(SDK, defineGo);\n// script.js\n})();\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the script", want)
		}
	}
	if strings.Contains(text, "</script>") {
		t.Error("the script cannot be put into a page")
	}
	if err := got.assemble(t.TempDir()); err == nil {
		t.Error("no error without the loader")
	}
}

func TestReadPages(t *testing.T) {
	dir := write(t, firstPage, "first")
	for _, name := range append(slices.Clone(loaders), scriptEnd, moduleEnd, "style.css", ".hidden", "sub/page.html") {
		path := filepath.Join(dir, pages, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	files, err := readPages(pages)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.name)
	}
	if want := []string{"index.html", "style.css", "sub/page.html"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}
