package web

import (
	"errors"
	"io/fs"
	"path"
	"strings"
)

// The parts of a checkout that Checkout reads.
const (
	checkoutPages = "static"
	checkoutDist  = "server/web/dist"
)

// Checkout is what to serve from a checkout at top: the pages as they lie there, so that a
// change shows at the next request, and what the bundler makes as it made it the last time.
func Checkout(top fs.FS) fs.FS { return checkout{top} }

type checkout struct{ top fs.FS }

// Open prefers a page to its copy in dist, which may be an older one; so may that copy's
// compressed forms, which stand for files without a page only.
func (c checkout) Open(name string) (fs.File, error) {
	plain := name
	for _, s := range suffixes {
		plain = strings.TrimSuffix(plain, s.suffix)
	}
	file, err := c.top.Open(pageFile(plain))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c.top.Open(path.Join(checkoutDist, name))
	case err != nil || plain == name:
		return file, err
	}
	return nil, errors.Join(&fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}, file.Close())
}

// pageFile is where a page or its part lies in the checkout.
func pageFile(name string) string {
	if name == "index.html" {
		return name
	}
	return path.Join(checkoutPages, name)
}
