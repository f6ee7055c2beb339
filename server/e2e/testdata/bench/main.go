// Command bench is a process to measure: "bench server" is our server with its rates
// out of the way, "bench relay" the least that could do its work, which passes every
// text on to the others of a room. Both print their URL and end with their standard input.
// A second argument is the address to listen at.
//
// It owns the relay's rooms, under one mutex that is not held while it writes.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 1 {
		args = append(args, "127.0.0.1:0")
	}
	if len(args) != 2 {
		return errors.New("write bench server or bench relay, and an address or none")
	}
	handler, err := newHandler(args[0])
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	mux.HandleFunc("GET /usage", serveUsage)
	ln, err := net.Listen("tcp", args[1])
	if err != nil {
		return err
	}
	fmt.Printf("http://%s\n", ln.Addr())
	failed := make(chan error, 1)
	go func() { failed <- http.Serve(ln, mux) }()
	go func() {
		_, err := io.Copy(io.Discard, os.Stdin)
		failed <- err
	}()
	return <-failed
}

func newHandler(what string) (http.Handler, error) {
	switch what {
	case "server":
		const unbounded = 1 << 30
		return web.New(web.Config{Signaling: signaling.Config{
			Heartbeat: time.Minute, // idle is idle
			Rate:      unbounded, Burst: unbounded,
			Rates: signaling.Rates{User: unbounded, Room: unbounded, App: unbounded},
		}})
	case "relay":
		return newRelay(), nil
	}
	return nil, fmt.Errorf("%q is neither server nor relay", what)
}

// usage is what the process takes.
type usage struct {
	RSS  int64   `json:"rss"`  // bytes
	Heap uint64  `json:"heap"` // bytes that live
	CPU  float64 `json:"cpu"`  // seconds, so far
}

// serveUsage answers with the usage once everything that can be freed is.
func serveUsage(w http.ResponseWriter, _ *http.Request) {
	for range 2 { // pools survive one
		runtime.GC()
	}
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	u := usage{Heap: stats.HeapAlloc}
	var err error
	if u.RSS, err = residentBytes(); err == nil {
		u.CPU, err = cpuSeconds()
	}
	if err == nil {
		err = json.NewEncoder(w).Encode(u)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// residentBytes is the second field of /proc/self/statm.
func residentBytes() (int64, error) {
	fields, err := procFields("/proc/self/statm")
	if err != nil || len(fields) < 2 {
		return 0, fmt.Errorf("/proc/self/statm: %w", err)
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// cpuSeconds is the user and system time of /proc/self/stat, which counts in hundredths.
func cpuSeconds() (float64, error) {
	fields, err := procFields("/proc/self/stat")
	if err != nil || len(fields) < 15 {
		return 0, fmt.Errorf("/proc/self/stat: %w", err)
	}
	user, err := strconv.Atoi(fields[13])
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(fields[14])
	return float64(user+system) / 100, err
}

func procFields(path string) ([]string, error) {
	data, err := os.ReadFile(path)
	return strings.Fields(string(data)), err
}
