package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// kept stays in dist although nobody wrote it; git needs it.
const kept = ".keep"

// qualityName holds the quality that dist was compressed with.
const qualityName = ".quality"

// folder is where the files go.
type folder struct {
	path    string
	quality int
	// again is set if everything was compressed otherwise the last time.
	again bool
}

// writeAll writes the files and their compressed forms, and removes everything else.
// What has not changed since the last time, and was compressed alike, stays as it is.
func writeAll(path string, files []file, quality int) error {
	d := folder{path: path, quality: quality}
	mark := file{name: qualityName, data: []byte(strconv.Itoa(quality))}
	d.again = !d.has(mark)
	errs := make([]error, len(files))
	var wg sync.WaitGroup
	for i, f := range files {
		wg.Go(func() { errs[i] = d.put(f) })
	}
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	if err := d.write(mark.name, mark.data); err != nil {
		return err
	}
	return d.removeOthers(append(files, mark))
}

// put writes a file and its compressed forms. Those of an older one go first: a run that
// is interrupted must not leave them beside the new one.
func (d folder) put(f file) error {
	if d.again || !d.has(f) {
		for _, enc := range encodings {
			if err := os.Remove(d.full(f.name + enc.suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
		if err := d.write(f.name, f.data); err != nil {
			return err
		}
	}
	if !f.compressible() {
		return nil
	}
	errs := make([]error, len(encodings))
	var wg sync.WaitGroup
	for i, enc := range encodings {
		wg.Go(func() { errs[i] = d.putCompressed(f, enc) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (d folder) putCompressed(f file, enc encoding) error {
	if _, err := os.Stat(d.full(f.name + enc.suffix)); err == nil {
		return nil
	}
	data, err := enc.compress(f.data, d.quality)
	if err != nil {
		return fmt.Errorf("compress %s: %w", f.name, err)
	}
	return d.write(f.name+enc.suffix, data)
}

func (d folder) full(name string) string { return filepath.Join(d.path, filepath.FromSlash(name)) }

// has reports whether f is there with the same content.
func (d folder) has(f file) bool {
	old, err := os.ReadFile(d.full(f.name))
	return err == nil && bytes.Equal(old, f.data)
}

// write puts a file in place at once, whole.
func (d folder) write(name string, data []byte) error {
	full := d.full(name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(full+".new", data, 0o644); err != nil {
		return err
	}
	return os.Rename(full+".new", full)
}

// removeOthers removes what an earlier run left.
func (d folder) removeOthers(files []file) error {
	wanted := map[string]bool{kept: true}
	for _, f := range files {
		wanted[f.name] = true
		for _, enc := range encodings {
			wanted[f.name+enc.suffix] = f.compressible()
		}
	}
	return fs.WalkDir(os.DirFS(d.path), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || wanted[name] {
			return err
		}
		return os.Remove(d.full(name))
	})
}
