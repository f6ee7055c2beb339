package main

import (
	"time"
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
	stopDelay    time.Duration
	bounds       bounds
	tls          tlsOptions
	api          apiOptions
	webhooks     webhookOptions
	turn         turnOptions
	dev          bool
	printConfig  bool
	checkConfig  bool
	args         []string // of the command line, to read again
	admin        adminOptions
	log          logOptions
	proxy        proxyOptions
}

// topics declare their settings; one line each, in the order in which help shows them.
var topics = []struct {
	title   string
	declare func(*options, *settings)
}{
	{"The server", (*options).declareServer},
	{"Bounds on what clients may do", (*options).declareBounds},
	{"A reverse proxy in front", (*options).declareProxy},
	{"Rates at which clients may come", (*options).declareRates},
	{"HTTPS", (*options).declareTLS},
	{"The API for the apps' own servers", (*options).declareAPI},
	{"Callbacks to the apps' own servers", (*options).declareWebhooks},
	{"Relaying calls (TURN)", (*options).declareTURN},
	{"The operator's side", (*options).declareAdmin},
	{"The log", (*options).declareLog},
}

func (o *options) declareServer(s *settings) {
	s.StringVar(&o.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	s.BoolVar(&o.open, "open", false, "let everyone who reaches the address use the server, though there is no app")
	s.listVar(&o.allowOrigins, "allow-origin", "`URL` of a site whose pages may connect, or * for all")
	s.StringVar(&o.appsFile, "apps", "", "`file` with the apps and their secrets, as \"expressrtc app\" writes it; variables EXPRESSRTC_APP_1234567890=secret add to it")
	s.timeVar(&o.heartbeat, "heartbeat", 25*time.Second, time.Second, time.Minute, "interval of the server's pings")
	s.timeVar(&o.grace, "grace", 30*time.Second, time.Second, 10*time.Minute, "how long a user whose connection is lost may take to come back")
	s.timeVar(&o.stopDelay, "stop-delay", 0, 0, 10*time.Minute, "how long to go on after SIGTERM, while /readyz says no, so that a load balancer sends nobody any more")
	s.BoolVar(&o.dev, "dev", false, "serve the pages of the checkout that it is started in instead of the embedded ones")
}

func (o *options) declareAbout(s *settings) {
	s.BoolVar(&o.printConfig, "print-config", false, "print what is in force and from where, and end")
	s.BoolVar(&o.checkConfig, "check-config", false, "say what is wrong with the configuration, or that nothing is, and end")
}

func (o *options) declare(s *settings) {
	o.settings = s
	o.declareAbout(s)
	for _, topic := range topics {
		topic.declare(o, s)
		s.group(topic.title)
	}
}
