package e2e

import (
	"bytes"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// checkout is the folder of go.mod.
const checkout = "../.."

func TestTopLevel(t *testing.T) {
	allowed := []string{"README.md", "Makefile", "bin", "go.mod", "go.sum", "index.html", "server", "static", "wasm"}
	entries, err := os.ReadDir(checkout)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(allowed, name) {
			t.Errorf("%s does not belong at the top level", name)
		}
	}
}

// source is one Go file.
type source struct {
	path string
	ast  *ast.File
	text []byte
}

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(checkout, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, text, parser.ParseComments|parser.SkipObjectResolution)
		all = append(all, source{path, file, text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d Go files found: is %s the checkout?", len(all), checkout)
	}
	return all
}

func TestOnePackageCommentEach(t *testing.T) {
	comments := map[string][]string{}
	for _, s := range sources(t) {
		if strings.HasSuffix(s.path, "_test.go") {
			continue
		}
		dir := filepath.Dir(s.path)
		if s.ast.Doc != nil {
			comments[dir] = append(comments[dir], s.path)
		} else if comments[dir] == nil {
			comments[dir] = []string{}
		}
	}
	for dir, files := range comments {
		if len(files) != 1 {
			t.Errorf("package %s has %d package comments %v, not one", dir, len(files), files)
		}
	}
}

func TestShortFiles(t *testing.T) {
	for _, s := range sources(t) {
		if lines := bytes.Count(s.text, []byte("\n")); lines > 400 {
			t.Errorf("%s has %d lines: more than 400 are more than one topic", s.path, lines)
		}
	}
}

// TestBrowserCodeIsMarked: what touches JavaScript is compiled for the browser only.
func TestBrowserCodeIsMarked(t *testing.T) {
	native := build.Default
	native.GOOS, native.GOARCH = "linux", "amd64"
	marked := 0
	for _, s := range sources(t) {
		if !slices.ContainsFunc(s.ast.Imports, touchesJavaScript) {
			continue
		}
		marked++
		compiled, err := native.MatchFile(filepath.Dir(s.path), filepath.Base(s.path))
		if err != nil {
			t.Error(err)
		}
		if compiled {
			t.Errorf("%s imports JavaScript, but neither its name ends in _js.go nor has it the constraint js && wasm", s.path)
		}
	}
	if marked == 0 {
		t.Error("no file touches JavaScript: has the import changed its name?")
	}
}

func touchesJavaScript(spec *ast.ImportSpec) bool {
	path := strings.Trim(spec.Path.Value, `"`)
	return path == "syscall/js" || path == "github.com/hack-pad/safejs" || path == "expressrtc/wasm/jsx"
}

// TestThreats: every threat in the package comment of server/web names what shows that
// something stands against it, and all of that is there.
func TestThreats(t *testing.T) {
	test := regexp.MustCompile(`\b(?:Test|Fuzz)[A-Z]\w*`)
	known := map[string]bool{}
	var list string
	for _, s := range sources(t) {
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(s.path, "_test.go") {
				known[f.Name.Name] = true
			}
		}
		if s.path == filepath.Join(checkout, "server/web/doc.go") {
			_, list, _ = strings.Cut(s.ast.Doc.Text(), "# Threats")
		}
	}
	threats := strings.Split(list, "\n  - ")[1:]
	if len(threats) < 30 {
		t.Fatalf("%d threats are listed: has the comment moved?", len(threats))
	}
	for _, threat := range threats {
		names := test.FindAllString(threat, -1)
		if len(names) == 0 {
			t.Errorf("without a test: %s", threat)
		}
		for _, name := range names {
			if !known[name] {
				t.Errorf("there is no %s: %s", name, threat)
			}
		}
	}
}
