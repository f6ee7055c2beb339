// Command bundle makes what the server serves: it compiles the SDK to WebAssembly, puts
// its JavaScript together, copies the pages, compresses all of it, and leaves the result
// in server/web/dist, which the server embeds. It needs Go alone. Run it at the top of
// the checkout:
//
//	go run ./server/web/bundle [-q 11] [-size] [-budget 1350000]
//
// It owns the folder dist: whatever it did not write is removed, but for .keep. It has
// no state but that folder, and no locks: each file is made by one goroutine.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// The folders and files it reads and writes, relative to the top of the checkout.
const (
	dist      = "server/web/dist"
	bindings  = "wasm/bind"
	pages     = "static"
	firstPage = "index.html"
	hosts     = "wasm/engine" // knows the hosts of the cloud
	sdkName   = "sdk.js"
)

// loaders are the files of pages that go into sdk.js, in this order.
var loaders = []string{"program.js", "ahead.js", "classes.js", "hidden.js", "loader.js"}

func main() {
	quality := flag.Int("q", 11, "brotli quality, 0 to 11; 5 is quick")
	showSize := flag.Bool("size", false, "print the size of every file")
	budget := flag.Int("budget", 0, "fail if the SDK is larger than this many bytes in brotli; 0 is no limit")
	flag.Parse()
	if err := run(*quality, *showSize, *budget); err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func run(quality int, showSize bool, budget int) error {
	if quality < 0 || quality > 11 {
		return fmt.Errorf("-q is %d, must be 0 to 11", quality)
	}
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("run it at the top of the checkout, where go.mod is")
	}
	files, err := collect()
	if err != nil {
		return err
	}
	if err := writeAll(dist, files, quality); err != nil {
		return err
	}
	var out io.Writer
	if showSize {
		out = os.Stdout
	}
	return report(out, dist, files, budget)
}

// file is one to be served.
type file struct {
	name string // below dist, with slashes
	data []byte
	// sdk marks what every page loads.
	sdk bool
}

// collect makes all files: the SDK's two, and the pages.
func collect() ([]file, error) {
	wasm, err := buildWasm()
	if err != nil {
		return nil, err
	}
	table, err := readTable(bindings)
	if err != nil {
		return nil, fmt.Errorf("read the methods: %w", err)
	}
	table.Wasm = wasm.name
	if table.Vendors, err = readVendors(hosts); err != nil {
		return nil, fmt.Errorf("read the hosts: %w", err)
	}
	sdk, err := assemble(table, pages)
	if err != nil {
		return nil, fmt.Errorf("put %s together: %w", sdkName, err)
	}
	files, err := readPages(pages)
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	return append(files, wasm, sdk), nil
}
