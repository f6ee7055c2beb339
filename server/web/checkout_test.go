package web

import (
	"io/fs"
	"testing"
	"testing/fstest"
)

func TestCheckout(t *testing.T) {
	top := fstest.MapFS{}
	for name, content := range map[string]string{
		"index.html": "page", "static/style.css": "style", "static/new.html": "new", "static/call/main.js": "call",
		"server/web/dist/index.html": "old page", "server/web/dist/index.html.br": "old page, br",
		"server/web/dist/style.css": "old style", "server/web/dist/style.css.gz": "old style, gz",
		"server/web/dist/sdk.js": "sdk", "server/web/dist/sdk.js.br": "sdk, br",
		"go.mod": "module", "wasm/main.go": "package",
	} {
		top[name] = &fstest.MapFile{Data: []byte(content)}
	}
	served := Checkout(top)
	for name, want := range map[string]string{
		"index.html": "page", "style.css": "style", "new.html": "new", "call/main.js": "call", "sdk.js": "sdk", "sdk.js.br": "sdk, br",
	} {
		if got, err := fs.ReadFile(served, name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"index.html.br", "style.css.gz", "static/style.css", "go.mod", "wasm/main.go", "server/web/dist/sdk.js", "nothing"} {
		if got, err := fs.ReadFile(served, name); err == nil {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestDevSendsNoOldForms: a browser that takes compressed files gets the page of now.
func TestDevSendsNoOldForms(t *testing.T) {
	s := newTestServer(t, Config{Dev: true, Dist: Checkout(fstest.MapFS{
		"index.html":                    {Data: []byte("page")},
		"server/web/dist/index.html":    {Data: []byte("old page")},
		"server/web/dist/index.html.br": {Data: []byte("old page, br")},
	})})
	w := get(s, "GET", "/", "Accept-Encoding", "br")
	if w.Code != 200 || w.Body.String() != "page" || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d %q in %q", w.Code, w.Body, w.Header().Get("Content-Encoding"))
	}
}
