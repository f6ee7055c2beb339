package main

import (
	"time"

	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// options are the settings of "serve", by topic; each topic's file declares its own.
type options struct {
	settings *settings

	addr         string
	open         bool
	allowOrigins []string
	appsFile     string
	heartbeat    time.Duration
	grace        time.Duration
	bounds       bounds
	dev          bool
	printConfig  bool
	checkConfig  bool
	args         []string // of the command line, to read again
	admin        adminOptions
	log          logOptions
}

// topics declare their settings; one line each, in the order in which help shows them.
var topics = []struct {
	title   string
	declare func(*options, *settings)
}{
	{"The server", (*options).declareServer},
	{"Bounds on what clients may do", (*options).declareBounds},
	{"The operator's side", (*options).declareAdmin},
	{"The log", (*options).declareLog},
}

func (o *options) declareServer(s *settings) {
	s.StringVar(&o.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	s.BoolVar(&o.open, "open", false, "let everyone who reaches the address use the server, though there is no app")
	s.listVar(&o.allowOrigins, "allow-origin", "`URL` of a site whose pages may connect, or * for all")
	s.StringVar(&o.appsFile, "apps", "", "`file` with the apps and their secrets, as \"expressrtc app\" writes it")
	s.timeVar(&o.heartbeat, "heartbeat", 25*time.Second, time.Second, time.Minute, "interval of the server's pings")
	s.timeVar(&o.grace, "grace", 30*time.Second, time.Second, 10*time.Minute, "how long a user whose connection is lost may take to come back")
	s.BoolVar(&o.dev, "dev", false, "serve the pages of the checkout that it is started in instead of the embedded ones")
}

func (o *options) declareAbout(s *settings) {
	s.BoolVar(&o.printConfig, "print-config", false, "print what is in force and from where, and end")
	s.BoolVar(&o.checkConfig, "check-config", false, "say what is wrong with the configuration, or that nothing is, and end")
}

// bounds are the settings that bound what clients may do.
type bounds struct {
	connections, perAddress int
	rooms, members          int
	frame, rate             int
}

func (o *options) declareBounds(s *settings) {
	b := &o.bounds
	s.intVar(&b.connections, "max-connections", 20_000, 1, 1_000_000, "connections that the server takes")
	s.intVar(&b.perAddress, "max-per-address", 2_000, 1, 1_000_000, "connections from one IPv4 address or IPv6 /64 network; this machine's own are exempt")
	s.intVar(&b.rooms, "max-rooms", 10_000, 1, 1_000_000, "rooms on the server")
	s.intVar(&b.members, "max-members", 5_000, 2, 100_000, "members of a room")
	s.intVar(&b.frame, "max-frame", 256<<10, 16<<10, 1<<20, "`bytes` of a message from a client")
	s.intVar(&b.rate, "rate", 100, 10, 100_000, "messages a second from one connection; four times as many at once")
}

func (o *options) declare(s *settings) {
	o.settings = s
	o.declareAbout(s)
	for _, topic := range topics {
		topic.declare(o, s)
		s.group(topic.title)
	}
}

// rooms is what the settings mean for the rooms.
func (o *options) rooms() room.Config {
	return room.Config{MaxRooms: o.bounds.rooms, MaxMembers: o.bounds.members}
}

// signaling is what the settings mean for the connections.
func (o *options) signaling() signaling.Config {
	return signaling.Config{
		Heartbeat:      o.heartbeat,
		Grace:          o.grace,
		MaxFrame:       int64(o.bounds.frame),
		Rate:           float64(o.bounds.rate),
		Burst:          4 * o.bounds.rate,
		MaxConnections: o.bounds.connections,
		MaxPerAddress:  o.bounds.perAddress,
	}
}
