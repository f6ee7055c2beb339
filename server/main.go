// Command expressrtc is the whole server: pages, the SDK and the signaling of calls.
//
// It owns its flags and the order of starting and stopping; it has no shared state.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"expressrtc/server/web"
)

// version is set by the linker.
var version = "dev"

// stopTimeout bounds a graceful stop.
const stopTimeout = 5 * time.Second

const usage = `Usage: expressrtc <command> [flags]

Commands:
  serve     run the server ("expressrtc serve -h" lists its flags)
  version   print the version
  help      print this text
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "expressrtc:", err)
		os.Exit(1)
	}
}

// run is the program: it ends when its command does, or when ctx ends a server.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	command := "help"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "serve":
		o, err := parseServe(args, stderr)
		if errors.Is(err, flag.ErrHelp) {
			return nil // printed already
		}
		if err != nil {
			return err
		}
		return serve(ctx, o, stdout, stderr)
	case "version":
		return printLine(stdout, "expressrtc "+version)
	case "help", "-h", "-help", "--help":
		return printLine(stdout, usage)
	}
	return fmt.Errorf("unknown command %q: see expressrtc help", command)
}

func printLine(w io.Writer, text string) error {
	if _, err := fmt.Fprintln(w, text); err != nil {
		return fmt.Errorf("printing: %w", err)
	}
	return nil
}

// serve runs a server until ctx ends.
func serve(ctx context.Context, o options, stdout, stderr io.Writer) error {
	addr, err := net.ResolveTCPAddr("tcp", o.addr)
	if err != nil {
		return fmt.Errorf("--addr %q is no address to listen on, write host:port: %w", o.addr, err)
	}
	if !o.open && !addr.IP.IsLoopback() {
		return fmt.Errorf("everyone who reaches %s could use this server, because no app with a secret is configured: "+
			"add --open if you want that, or listen on 127.0.0.1 only", o.addr)
	}
	server, err := web.New(o.config(addr, stderr))
	if err != nil {
		return err
	}
	ln, err := net.ListenTCP("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("another program listens on %s already: stop it, or choose another --addr", o.addr)
	}
	if err != nil {
		return fmt.Errorf("listening on %s: %w", o.addr, err)
	}
	if err := printLine(stdout, "listening on "+address(ln)); err != nil {
		return errors.Join(err, ln.Close())
	}
	return serveUntil(ctx, server, ln, stopTimeout)
}

// serveUntil serves until ctx ends, then stops in order and within patience.
func serveUntil(ctx context.Context, server *web.Server, ln net.Listener, patience time.Duration) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(ln) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := server.Shutdown(stopping)
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // what was still open is closed by force: a stop like any other
	}
	return err
}

// address is the URL to open in a browser of this machine.
func address(ln net.Listener) string {
	addr, ok := ln.Addr().(*net.TCPAddr)
	if !ok {
		return ln.Addr().String()
	}
	host := addr.IP.String()
	if addr.IP.IsLoopback() || addr.IP.IsUnspecified() {
		host = "localhost" // a name that browsers give camera and microphone to
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(addr.Port))
}

func newLogger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}
