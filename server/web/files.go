package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The SDK's JavaScript: what pages load by a script tag, and what they import.
const (
	loader = "sdk.js"
	module = "expressrtc.mjs"
)

// notBuilt is what is said instead of files that the bundler has not made.
const notBuilt = "the SDK is not built: run make build"

var (
	// loaderPath has every path at which pages expect the SDK.
	loaderPath = regexp.MustCompile(
		`^/(?:(?:sdk/|dist/)?(?:ZegoExpressWebRTC(?:\.min|-[^/]+)?|index)|expressrtc)\.js$`)
	// wasmName is the SDK's program. The loader looks for it beside itself.
	wasmName = regexp.MustCompile(`^expressrtc-[0-9a-f]+\.wasm$`)
	// hashedName is a name that changes with the content.
	hashedName = regexp.MustCompile(`-[0-9a-f]{8,}\.`)
)

// contentTypes has those that browsers are strict about, and the rest of what we serve.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".ico":   "image/x-icon",
	".jpg":   "image/jpeg",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".mjs":   "text/javascript; charset=utf-8",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".tgz":   "application/gzip",
	".ts":    "text/plain; charset=utf-8",
	".txt":   "text/plain; charset=utf-8",
	".wasm":  "application/wasm",
	".webp":  "image/webp",
	".woff2": "font/woff2",
}

// files are the built files.
type files struct {
	log  *slog.Logger
	dist fs.FS
	dev  bool
	// Unless dev, by file name:
	tags     sync.Map // entity tags
	policies sync.Map // Content-Security-Policies of pages
}

func newFiles(c Config) (*files, error) {
	if c.Dist != nil {
		return &files{log: c.Log, dist: c.Dist, dev: c.Dev}, nil
	}
	dist, err := fs.Sub(embedded, "dist")
	if err != nil {
		return nil, fmt.Errorf("embedded files: %w", err)
	}
	return &files{log: c.Log, dist: dist}, nil
}

func (f *files) has(name string) bool {
	info, err := fs.Stat(f.dist, name)
	return err == nil && info.Mode().IsRegular()
}

// page is the file of a page that is asked for without its ending: /check is check.html.
func (f *files) page(name string) string {
	if path.Ext(name) == "" && !f.has(name) && f.has(name+".html") {
		return name + ".html"
	}
	return name
}

// serve answers with a page or a file of the SDK, if it is one of those that may be asked for.
func (f *files) serve(w http.ResponseWriter, r *http.Request, may func(name string) bool) {
	name := f.page(fileName(r.URL.Path))
	switch {
	case !servable(name) || !may(name):
		notFound(w, r)
	case isSDK(name) && !f.has(loader), (name == "index.html" || name == consolePage) && !f.has(name):
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, notBuilt, http.StatusServiceUnavailable)
	case f.has(name):
		f.send(w, r, name)
	default:
		notFound(w, r)
	}
}

// notFound says so to pages of other sites, too: whoever misspelt the SDK's name is to see it.
func notFound(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	http.NotFound(w, r)
}

// consolePage is the operator's page, which is served at the admin address alone.
const consolePage = "console.html"

func isConsole(name string) bool { return name == consolePage || strings.HasPrefix(name, "console/") }

func isPublic(name string) bool { return !isConsole(name) }

// isOperators has the console and what it shares with the other pages.
func isOperators(name string) bool {
	return isConsole(name) || strings.HasPrefix(name, "ui/") || name == "style.css" || name == "icon.svg"
}

// Operator serves the page at /console with its files, as the Server serves the others.
func Operator(c Config) (http.Handler, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	f, err := newFiles(c)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "this can be read only", http.StatusMethodNotAllowed)
			return
		}
		f.serve(w, r, isOperators)
	}), nil
}

// fileName is the file that a path means.
func fileName(urlPath string) string {
	if loaderPath.MatchString(urlPath) {
		return loader
	}
	name := strings.TrimPrefix(urlPath, "/")
	if name == "favicon.ico" { // asked for by every browser of a page that names no icon
		return "icon.svg"
	}
	if name == "" || strings.HasSuffix(name, "/") {
		return name + "index.html"
	}
	dir, base := path.Split(name)
	if (dir == "sdk/" || dir == "dist/") && hashedName.MatchString(base) {
		return base
	}
	return name
}

// servable keeps hidden files and the compressed variants from being asked for.
func servable(name string) bool {
	if !fs.ValidPath(name) || strings.HasPrefix(name, ".") || strings.Contains(name, "/.") {
		return false
	}
	ext := path.Ext(name)
	return ext != ".br" && ext != ".gz"
}

func isSDK(name string) bool {
	return name == loader || name == module || wasmName.MatchString(name)
}

func isPage(name string) bool { return path.Ext(name) == ".html" }

// send sends a file that exists, in the encoding that the client likes best.
func (f *files) send(w http.ResponseWriter, r *http.Request, name string) {
	variant, err := f.open(name, r.Header.Get("Accept-Encoding"))
	if err != nil {
		f.notRead(w, name, err)
		return
	}
	defer variant.Close()
	setHeaders(w.Header(), name)
	if isPage(name) {
		policy, err := f.policy(name)
		if err != nil {
			f.notRead(w, name, err)
			return
		}
		w.Header().Set("Content-Security-Policy", policy)
	}
	if variant.negotiated {
		w.Header().Set("Vary", "Accept-Encoding")
	}
	if variant.encoding != "" {
		w.Header().Set("Content-Encoding", variant.encoding)
		// ServeContent leaves it out of encoded answers, except of a range.
		w.Header().Set("Content-Length", strconv.FormatInt(variant.size, 10))
	}
	w.Header().Set("Etag", variant.tag)
	http.ServeContent(w, r, name, time.Time{}, variant)
}

func (f *files) notRead(w http.ResponseWriter, name string, err error) {
	f.log.Error("file not served", "name", name, "error", err)
	http.Error(w, "the file could not be read: see the server's log", http.StatusInternalServerError)
}

// setHeaders sets what depends on the kind of file alone.
func setHeaders(h http.Header, name string) {
	kind := contentTypes[path.Ext(name)]
	if kind == "" {
		kind = "application/octet-stream"
	}
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-cache")
	if hashedName.MatchString(name) {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if isSDK(name) || hashedName.MatchString(name) {
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	}
	if isPage(name) {
		h.Set("Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self)")
	}
}

// variant is a file in one encoding.
type variant struct {
	io.ReadSeeker
	io.Closer
	encoding   string // "" is as it is
	negotiated bool   // another client may get another variant
	size       int64
	tag        string
}

// suffixes of the compressed variants, by encoding, the better one first.
var suffixes = []struct{ encoding, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

func (f *files) open(name, accept string) (*variant, error) {
	var offered []string
	for _, s := range suffixes {
		if f.has(name + s.suffix) {
			offered = append(offered, s.encoding)
		}
	}
	v := &variant{encoding: negotiate(accept, offered), negotiated: len(offered) > 0}
	for _, s := range suffixes {
		if s.encoding == v.encoding {
			name += s.suffix
		}
	}
	if err := v.read(f.dist, name); err != nil {
		return nil, err
	}
	if err := f.setTag(v, name); err != nil {
		return nil, errors.Join(err, v.Close())
	}
	return v, nil
}

func (v *variant) read(dist fs.FS, name string) error {
	file, err := dist.Open(name)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return errors.Join(err, file.Close())
	}
	v.Closer, v.size = file, info.Size()
	if seeker, ok := file.(io.ReadSeeker); ok {
		v.ReadSeeker = seeker
		return nil
	}
	data, err := io.ReadAll(file)
	v.ReadSeeker = bytes.NewReader(data)
	return err
}

// setTag gives v the entity tag of its content, and leaves it read to the end:
// ServeContent starts from the beginning anyway.
func (f *files) setTag(v *variant, name string) error {
	if tag, ok := f.tags.Load(name); ok {
		v.tag = tag.(string)
		return nil
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, v); err != nil {
		return fmt.Errorf("hashing %s: %w", name, err)
	}
	v.tag = `"` + hex.EncodeToString(hash.Sum(nil)[:12]) + `"`
	if !f.dev {
		f.tags.Store(name, v.tag)
	}
	return nil
}
