package web

import (
	"testing"
	"testing/fstest"
)

// TestConsoleIsForTheOperator: its page and files are at the admin address, with what they
// share with the other pages, and nothing of them is at the public one.
func TestConsoleIsForTheOperator(t *testing.T) {
	dist := fstest.MapFS{}
	for _, name := range []string{
		"index.html", "check.html", "console.html", "console.html.br", "console/main.js", "ui/language.js", "style.css", "icon.svg", "sdk.js", "call/main.js",
	} {
		dist[name] = &fstest.MapFile{Data: []byte(name)}
	}
	public := newTestServer(t, Config{Dist: dist})
	operator, err := Operator(Config{Dist: dist})
	if err != nil {
		t.Fatal(err)
	}
	for path, c := range map[string]struct{ public, operator int }{
		"/console": {404, 200}, "/console.html": {404, 200}, "/console/main.js": {404, 200}, "//console.html": {404, 404},
		"/ui/language.js": {200, 200}, "/style.css": {200, 200}, "/favicon.ico": {200, 200},
		"/": {200, 404}, "/check": {200, 404}, "/sdk.js": {200, 404}, "/call/main.js": {200, 404}, "/console.html.br": {404, 404},
	} {
		if got := get(public.http.Handler, "GET", path).Code; got != c.public && got != 307 {
			t.Errorf("%s at the public address: %d", path, got)
		}
		if got := get(operator, "GET", path).Code; got != c.operator {
			t.Errorf("%s at the admin address: %d", path, got)
		}
	}
	page := get(operator, "GET", "/console", "Accept-Encoding", "br")
	if page.Header().Get("Content-Security-Policy") == "" || page.Header().Get("Content-Encoding") != "br" {
		t.Errorf("the page has the headers %v", page.Header())
	}
	if got := get(operator, "POST", "/console").Code; got != 405 {
		t.Errorf("POST: %d", got)
	}
}
