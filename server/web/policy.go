package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// policyOf is the Content-Security-Policy of a page. It lets the page run our files, what
// is written into the page itself, by its hash, and nothing else. Calls need sockets to
// whatever server the page names, and media from blobs.
func policyOf(html []byte) string {
	scripts, styles := inline(html)
	return "default-src 'none'; " +
		"script-src 'self' 'wasm-unsafe-eval'" + hashes(scripts) + "; " +
		"style-src 'self'" + hashes(styles) + "; " +
		"connect-src 'self' ws: wss:; " +
		"img-src 'self' data: blob:; " +
		"media-src 'self' blob:; " +
		"frame-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

var (
	// element is what a browser runs or applies, or a comment, where it does not. The pages
	// are our own: no attribute of theirs has a ">" in it.
	element = regexp.MustCompile(`(?is)<!--.*?-->|<(?:script(\s[^>]*)?>(.*?)</script|style(?:\s[^>]*)?>(.*?)</style)\s*>`)
	source  = regexp.MustCompile(`(?i)\ssrc\s*=`)
)

// inline are the texts of a page's own scripts, import maps among them, and style sheets.
func inline(html []byte) (scripts, styles [][]byte) {
	for _, m := range element.FindAllSubmatch(html, -1) {
		attributes, script, style := m[1], m[2], m[3]
		switch {
		case style != nil:
			styles = append(styles, style)
		case script != nil && !source.Match(attributes):
			scripts = append(scripts, script)
		}
	}
	return scripts, styles
}

// hashes are the source expressions that allow such texts.
// https://www.w3.org/TR/CSP3/#grammardef-hash-source
func hashes(texts [][]byte) string {
	var sources []string
	for _, text := range texts {
		// A browser hashes what it has parsed, where each end of a line is one character.
		sum := sha256.Sum256(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
		sources = append(sources, " 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	slices.Sort(sources)
	return strings.Join(slices.Compact(sources), "")
}

// policy is that of a page which is served; it is made once a file.
func (f *files) policy(name string) (string, error) {
	if known, ok := f.policies.Load(name); ok {
		return known.(string), nil
	}
	html, err := fs.ReadFile(f.dist, name)
	if err != nil {
		return "", fmt.Errorf("reading the page for its policy: %w", err)
	}
	policy := policyOf(html)
	if !f.dev {
		f.policies.Store(name, policy)
	}
	return policy, nil
}
