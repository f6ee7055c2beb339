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
	"os"
	"os/signal"
	"syscall"
	"time"
)

// version is set by the linker.
var version = "dev"

// stopTimeout bounds a graceful stop.
const stopTimeout = 5 * time.Second

const usage = `Usage: expressrtc <command> [flags]

Commands:
  serve     run the server ("expressrtc serve -h" lists its flags)
  app       make, list and delete apps, and give them other secrets
  token     make a token for a user of an app, or say what one holds
  version   print the version
  help      print this text
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who is told a second time to end does so at once
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
		return serve(ctx, args, stdout, stderr)
	case "app":
		return app(args, stdout, stderr)
	case "token":
		return token(args, stdout, stderr)
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
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o := &options{args: args}
	_, err := load("serve", args, stderr, o.declare)
	if errors.Is(err, flag.ErrHelp) {
		return nil // printed already
	}
	if err != nil {
		return err
	}
	if o.printConfig {
		return o.settings.print(stdout)
	}
	s, err := newSite(o, stdout, stderr)
	if err != nil {
		return err
	}
	if o.checkConfig {
		return s.abandon()
	}
	return s.run(ctx, stopTimeout)
}
