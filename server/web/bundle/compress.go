package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"path"
	"slices"

	"github.com/andybalholm/brotli"
)

// minCompressed is the size from which compressing gains something.
const minCompressed = 1000

// compressible are the types that compress well.
var compressible = []string{".wasm", ".js", ".mjs", ".html", ".css", ".svg", ".json", ".ts", ".txt"}

func (f file) compressible() bool {
	return len(f.data) >= minCompressed && slices.Contains(compressible, path.Ext(f.name))
}

// encoding is a way to compress: what it adds to a name, and how.
type encoding struct {
	suffix string
	to     func(w io.Writer, quality int) (io.WriteCloser, error)
}

var encodings = []encoding{
	{".br", func(w io.Writer, quality int) (io.WriteCloser, error) {
		return brotli.NewWriterLevel(w, quality), nil
	}},
	{".gz", func(w io.Writer, _ int) (io.WriteCloser, error) {
		return gzip.NewWriterLevel(w, gzip.BestCompression)
	}},
}

func (e encoding) compress(data []byte, quality int) ([]byte, error) {
	var b bytes.Buffer
	w, err := e.to(&b, quality)
	if err != nil {
		return nil, err
	}
	_, err = w.Write(data)
	if err := errors.Join(err, w.Close()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
