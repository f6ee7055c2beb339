package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"time"

	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

// devDist is where "serve --dev" finds what the bundler made, from the checkout.
const devDist = "server/web/dist"

// options are the flags of "serve".
type options struct {
	addr         string
	open         bool
	allowOrigins []string
	heartbeat    time.Duration
	grace        time.Duration
	dev          bool
	logLevel     slog.Level
}

func parseServe(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("expressrtc serve", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // an error is printed once, by main
	flags.StringVar(&o.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	flags.BoolVar(&o.open, "open", false, "let everyone who reaches the address use the server")
	flags.Func("allow-origin", "`URL` of a site whose pages may connect, or * for all (may be repeated)", func(s string) error {
		o.allowOrigins = append(o.allowOrigins, s)
		return nil
	})
	flags.DurationVar(&o.heartbeat, "heartbeat", 25*time.Second, "interval of the server's pings")
	flags.DurationVar(&o.grace, "grace", 30*time.Second, "how long a user whose connection is lost may take to come back")
	flags.BoolVar(&o.dev, "dev", false, "serve "+devDist+" from disk instead of the embedded files")
	flags.TextVar(&o.logLevel, "log-level", slog.LevelInfo, "`level` of the log: debug, info, warn or error")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		flags.SetOutput(stderr)
		flags.Usage()
		return options{}, err
	}
	if err != nil {
		return options{}, fmt.Errorf("%w: see expressrtc serve -h", err)
	}
	return o, o.check(flags.Args())
}

func (o options) check(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("serve takes flags only, not %q: see expressrtc serve -h", rest[0])
	}
	if o.heartbeat < time.Second || o.heartbeat > time.Minute {
		return fmt.Errorf("--heartbeat %v: use a time from 1s to 1m", o.heartbeat)
	}
	if o.grace < time.Second || o.grace > 10*time.Minute {
		return fmt.Errorf("--grace %v: use a time from 1s to 10m", o.grace)
	}
	return nil
}

// config is what the flags mean for a server that listens on addr.
func (o options) config(addr *net.TCPAddr, log io.Writer) web.Config {
	c := web.Config{
		AllowOrigins: o.allowOrigins,
		TrustHost:    !addr.IP.IsLoopback(),
		Signaling:    signaling.Config{Heartbeat: o.heartbeat, Grace: o.grace},
		Log:          newLogger(log, o.logLevel),
	}
	if o.dev {
		c.Dist, c.Dev = os.DirFS(devDist), true
	}
	return c
}
