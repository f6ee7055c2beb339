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

	"expressrtc/server/room"
	"expressrtc/server/signaling"
	"expressrtc/server/web"
)

// options are the flags of "serve".
type options struct {
	addr         string
	open         bool
	allowOrigins []string
	heartbeat    time.Duration
	grace        time.Duration
	bounds       bounds
	dev          bool
	logLevel     slog.Level
}

// bounds are the flags that bound what clients may do.
type bounds struct {
	connections, perAddress int
	rooms, members          int
	frame, rate             int
}

// rows has each bound with its name, the values that make sense and its line of help.
func (b *bounds) rows() []bound {
	return []bound{
		{"max-connections", &b.connections, 20_000, 1, 1_000_000, "connections that the server takes"},
		{"max-per-address", &b.perAddress, 2_000, 1, 1_000_000, "connections from one IPv4 address or IPv6 /64 network; this machine's own are exempt"},
		{"max-rooms", &b.rooms, 10_000, 1, 1_000_000, "rooms on the server"},
		{"max-members", &b.members, 5_000, 2, 100_000, "members of a room"},
		{"max-frame", &b.frame, 256 << 10, 16 << 10, 1 << 20, "`bytes` of a message from a client"},
		{"rate", &b.rate, 100, 10, 100_000, "messages a second from one connection; four times as many at once"},
	}
}

type bound struct {
	name                  string
	value                 *int
	fallback, least, most int
	help                  string
}

func (b *bounds) check() error {
	for _, row := range b.rows() {
		if *row.value < row.least || *row.value > row.most {
			return fmt.Errorf("--%s %d: use a number from %d to %d", row.name, *row.value, row.least, row.most)
		}
	}
	return nil
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
	for _, row := range o.bounds.rows() {
		flags.IntVar(row.value, row.name, row.fallback, row.help)
	}
	flags.BoolVar(&o.dev, "dev", false, "serve the pages of the checkout that it is started in instead of the embedded ones")
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
	return o.bounds.check()
}

// signaling is what the flags mean for the connections.
func (o options) signaling() signaling.Config {
	return signaling.Config{
		Rooms:          room.Config{MaxRooms: o.bounds.rooms, MaxMembers: o.bounds.members},
		Heartbeat:      o.heartbeat,
		Grace:          o.grace,
		MaxFrame:       int64(o.bounds.frame),
		Rate:           float64(o.bounds.rate),
		Burst:          4 * o.bounds.rate,
		MaxConnections: o.bounds.connections,
		MaxPerAddress:  o.bounds.perAddress,
	}
}

// config is what the flags mean for a server that listens on addr.
func (o options) config(addr *net.TCPAddr, log io.Writer) web.Config {
	c := web.Config{
		AllowOrigins: o.allowOrigins,
		TrustHost:    !addr.IP.IsLoopback(),
		Signaling:    o.signaling(),
		Log:          newLogger(log, o.logLevel),
	}
	if o.dev {
		c.Dist, c.Dev = web.Checkout(os.DirFS(".")), true
	}
	return c
}
