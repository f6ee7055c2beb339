package web

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

func TestInline(t *testing.T) {
	for html, want := range map[string][]string{
		"<p>no script</p>":                                  nil,
		"<script>a()</script>":                              {"a()"},
		"<script>\n  a();\n</script>":                       {"\n  a();\n"},
		"<SCRIPT type=\"module\">a()</Script >":             {"a()"},
		`<script type="importmap">{}</script>`:              {"{}"},
		`<script src="a.js"></script>`:                      nil,
		`<script defer SRC = a.js></script>`:                nil,
		`<script data-src="a.js">a()</script>`:              {"a()"},
		"<script></script>":                                 {""},
		`<script src="a.js"></script><script>b()</script>`:  {"b()"},
		"<script>a()</script><p><script>b()</script>":       {"a()", "b()"},
		"<!-- <script>a()</script> --><script>b()</script>": {"b()"},
		"<script>a('<!--')</script><!-- x -->":              {"a('<!--')"},
		"<script>a('<style>')</script>":                     {"a('<style>')"},
		"<style>p {}</style>":                               {"style: p {}"},
		"<style media=\"print\">p {}</style><script>a()":    {"style: p {}"},
		"<scripts>a()</scripts><styles>":                    nil,
	} {
		scripts, styles := inline([]byte(html))
		var got []string
		for _, text := range scripts {
			got = append(got, string(text))
		}
		for _, text := range styles {
			got = append(got, "style: "+string(text))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", html, got, want)
		}
	}
}

// TestHashes has known answers: openssl dgst -sha256 -binary | base64.
func TestHashes(t *testing.T) {
	policy := policyOf([]byte("<style>p{}</style><script>a()</script><script>a()</script><script>\r\nb()\n</script>"))
	for _, want := range []string{
		"script-src 'self' 'wasm-unsafe-eval' 'sha256-NlXKTQe8YfLmZqnEm5aXK1Lb/1wWgkKgNs+lNRY6yOo=' 'sha256-qVpDBgj7bpq5hMAcGp3AOc79J3Y1Z4HvySTwKrWDoy4='; ",
		"style-src 'self' 'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='; ",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("%q is not in %q", want, policy)
		}
	}
	if policy := policyOf([]byte(`<script src="a.js"></script>`)); strings.Contains(policy, "sha256") || strings.Contains(policy, "unsafe-inline") {
		t.Errorf("%q", policy)
	}
}

func TestPolicyOfChangedPages(t *testing.T) {
	dist := fstest.MapFS{"page.html": {Data: []byte("<script>a()</script>")}}
	s, dev := newTestServer(t, Config{Dist: dist}), newTestServer(t, Config{Dist: dist, Dev: true})
	policy := func(s *Server) string { return get(s, "GET", "/page").Header().Get("Content-Security-Policy") }
	before, beforeDev := policy(s), policy(dev)
	if before != beforeDev || !strings.Contains(before, "'sha256-") {
		t.Errorf("%q and under dev %q", before, beforeDev)
	}
	dist["page.html"] = &fstest.MapFile{Data: []byte("<script>b()</script>")}
	if got := policy(s); got != before {
		t.Errorf("a server's files do not change, its policy became %q", got)
	}
	if got := policy(dev); got == before || !strings.Contains(got, "'sha256-") {
		t.Errorf("the page changed under dev, its policy is %q", got)
	}
}
