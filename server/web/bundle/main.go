// Command bundle makes what the server serves: it compiles the SDK to WebAssembly, puts
// its JavaScript together, copies the pages, compresses all of it, and leaves the result
// in server/web/dist, which the server embeds. It needs Go alone. Run it at the top of
// the checkout:
//
//	go run ./server/web/bundle [-q 11] [-size] [-budget 1350000]
//	go run ./server/web/bundle -package bin
//	go run ./server/web/bundle -coverage
//
// The second form makes the npm package instead, in the folder that it names; the third
// brings the README's table of methods up to date.
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
	"strings"
)

// The folders and files it reads and writes, relative to the top of the checkout.
const (
	dist      = "server/web/dist"
	bindings  = "wasm/bind"
	pages     = "static"
	firstPage = "index.html"
	hosts     = "wasm/engine" // knows the hosts of the cloud
	sdkName   = "sdk.js"
	// What import and npm install ask the server for.
	moduleName  = "expressrtc.mjs"
	packageName = "expressrtc.tgz"
)

// loaders are the files of pages that make up the SDK's JavaScript, in this order; then
// comes scriptEnd or moduleEnd.
var loaders = []string{"program.js", "ahead.js", "classes.js", "hidden.js", "tap.js", "loader.js"}

const (
	scriptEnd = "script.js"
	moduleEnd = "module.js"
)

func main() {
	quality := flag.Int("q", 11, "brotli quality, 0 to 11; 5 is quick")
	showSize := flag.Bool("size", false, "print the size of every file")
	budget := flag.Int("budget", 0, "fail if the SDK is larger than this many bytes in brotli; 0 is no limit")
	cover := flag.Bool("coverage", false, "write into README.md which methods are there, and do nothing else")
	packTo := flag.String("package", "", "make the npm package in this folder, and nothing else")
	flag.Parse()
	var err error
	if *cover {
		err = runCoverage()
	} else {
		err = run(*quality, *showSize, *budget, *packTo)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bundle:", err)
		os.Exit(1)
	}
}

func runCoverage() error {
	t, err := readTable(bindings)
	if err != nil {
		return fmt.Errorf("read the methods: %w", err)
	}
	return writeCoverage(t, readmeName)
}

func run(quality int, showSize bool, budget int, packTo string) error {
	if quality < 0 || quality > 11 {
		return fmt.Errorf("-q is %d, must be 0 to 11", quality)
	}
	if _, err := os.Stat("go.mod"); err != nil {
		return errors.New("run it at the top of the checkout, where go.mod is")
	}
	s, err := newSDK()
	if err != nil {
		return err
	}
	if packTo != "" {
		return pack(s, packTo)
	}
	files, err := collect(s)
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

// sdk is the SDK in all its forms.
type sdk struct {
	table  table
	wasm   file
	script []byte // for script tags and require
	module []byte // for import
}

func newSDK() (sdk, error) {
	var s sdk
	var err error
	if s.wasm, err = buildWasm(); err != nil {
		return s, err
	}
	if s.table, err = readTable(bindings); err != nil {
		return s, fmt.Errorf("read the methods: %w", err)
	}
	s.table.Wasm = s.wasm.name
	if s.table.Vendors, err = readVendors(hosts); err != nil {
		return s, fmt.Errorf("read the hosts: %w", err)
	}
	if err := s.assemble(pages); err != nil {
		return s, fmt.Errorf("put the SDK together: %w", err)
	}
	return s, nil
}

// collect makes all files to be served: the SDK in its forms, and the pages.
func collect(s sdk) ([]file, error) {
	files, err := readPages(pages)
	if err != nil {
		return nil, fmt.Errorf("read the pages: %w", err)
	}
	for i, f := range files {
		if strings.HasPrefix(f.name, types+"/") {
			files[i] = annotate(f, s.table)
		}
	}
	packed, err := packed(s)
	if err != nil {
		return nil, err
	}
	return append(files, s.wasm,
		file{name: sdkName, data: s.script, sdk: true},
		file{name: moduleName, data: s.module},
		file{name: packageName, data: packed}), nil
}
