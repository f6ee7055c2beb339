package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// sizes are a file's, as it is and as it is transferred.
type sizes struct{ plain, gzip, brotli int64 }

func measure(dir string, f file) (sizes, error) {
	s := sizes{plain: int64(len(f.data)), gzip: int64(len(f.data)), brotli: int64(len(f.data))}
	if !f.compressible() {
		return s, nil
	}
	for suffix, size := range map[string]*int64{".br": &s.brotli, ".gz": &s.gzip} {
		info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.name+suffix)))
		if err != nil {
			return s, fmt.Errorf("measure: %w", err)
		}
		*size = info.Size()
	}
	return s, nil
}

// report prints the sizes, if w is not nil, and fails if what every page loads of the SDK
// is more than budget bytes in brotli; 0 is no limit.
func report(w io.Writer, dir string, files []file, budget int) error {
	if w == nil {
		w = io.Discard
	}
	fmt.Fprintf(w, "%10s %10s %10s\n", "bytes", "gzip", "brotli")
	var sdk sizes
	for _, f := range files {
		s, err := measure(dir, f)
		if err != nil {
			return err
		}
		if f.sdk {
			sdk = sizes{sdk.plain + s.plain, sdk.gzip + s.gzip, sdk.brotli + s.brotli}
		}
		fmt.Fprintf(w, "%10d %10d %10d  %s\n", s.plain, s.gzip, s.brotli, f.name)
	}
	fmt.Fprintf(w, "%10d %10d %10d  the SDK, as a page loads it\n", sdk.plain, sdk.gzip, sdk.brotli)
	if budget > 0 && sdk.brotli > int64(budget) {
		return fmt.Errorf("the SDK is %d bytes in brotli, %d more than the budget of %d", sdk.brotli, sdk.brotli-int64(budget), budget)
	}
	return nil
}
