package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/acme"

	"expressrtc/server/api"
	"expressrtc/server/auth"
	"expressrtc/server/console"
	"expressrtc/server/metrics"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
	"expressrtc/server/turn"
	"expressrtc/server/web"
	"expressrtc/server/webhook"
)

// site is a server that is being put together: each part of it adds what it has.
type site struct {
	options *options
	log     *slog.Logger
	flush   func() // waits until the log is written

	rooms room.Config
	hub   *room.Hub // from the moment when the rooms are made
	apps  *auth.Apps
	web   web.Config

	metrics *metrics.Metrics
	sockets *signaling.Server // from the moment when browsers are answered

	listener net.Listener    // for browsers
	port     int             // that it has
	secure   *certificates   // or nil: no TLS
	shared   *sharedListener // is listener, if there is TLS
	redirect net.Listener    // of plain HTTP, or nil
	relay    *turn.Server    // or nil

	policy  *api.Policy  // the apps' rules about users
	history *api.History // which streams ended

	webhooks *webhook.Sender

	// admit looks at a login, one after the other; each may refuse it or narrow the pass.
	admit    []func(protocol.RoomLogin, *room.Pass) error
	reports  []func(room.Report)     // hear what happens in rooms, and must not block
	logins   []func(signaling.Login) // hear how logins end, and must not block
	admin    map[string]http.Handler // of the admin address, by pattern; each checks who asks
	private  map[string]http.Handler // the same, for programs that show the admin key
	reloads  []func() error          // run on SIGHUP
	address  string                  // to open in a browser
	public   string                  // URL that links begin with
	notes    []string                // lines to print below it
	services []service               // are started in this order and stopped in the other one
	ready    atomic.Bool             // new clients may come
	console  *console.Console        // nil without an admin address
	adminKey string                  // wherever it comes from; "" is none
}

// service is a part that runs beside the others.
type service struct {
	name     string
	serve    func() error                // until shutdown
	shutdown func(context.Context) error // in order, within the time of ctx
}

// parts put a site together, in this order; hub stands where the rooms are made, so what
// must hear of rooms comes before it, and what uses the hub after it.
var parts = []func(*site) error{
	(*site).addAdminKey,
	(*site).addApps,
	(*site).addMetrics,
	(*site).addRoomLog,
	(*site).addTokens,
	(*site).addTLS,
	(*site).addListener,
	(*site).addPublicURL,
	(*site).addPolicy,
	(*site).addWebhooks,
	(*site).addConsole,
	(*site).addTURN,
	(*site).addHub,
	(*site).addAPI,
	(*site).addHealth,
	(*site).addProxy,
	(*site).addWeb,
	(*site).addRedirect,
	(*site).addAdmin,
}

// newSite puts a site together; nothing runs yet but what listens.
func newSite(o *options, stdout, stderr io.Writer) (*site, error) {
	s := &site{
		options: o,
		rooms:   o.rooms(),
		admin:   map[string]http.Handler{},
		private: map[string]http.Handler{},
		web:     web.Config{AllowOrigins: o.allowOrigins, Signaling: o.signaling(), Handlers: map[string]http.Handler{}},
	}
	s.log, s.flush = o.log.logger(stderr)
	s.web.Log = s.log
	s.reloads = append(s.reloads, s.reloadSettings)
	if o.dev {
		s.web.Dist, s.web.Dev = web.Checkout(os.DirFS(".")), true
	}
	for _, name := range o.settings.unknownVariables() {
		s.log.Warn("no setting has this variable: see expressrtc serve -h", "variable", name)
	}
	for _, add := range parts {
		if err := add(s); err != nil {
			return nil, errors.Join(err, s.abandon())
		}
	}
	if o.checkConfig {
		return s, printLine(stdout, "the configuration is valid")
	}
	return s, printLine(stdout, strings.Join(append([]string{"listening on " + s.address}, s.notes...), "\n"))
}

// addApps opens the apps; from the first one on nobody comes without a token.
func (s *site) addApps() error {
	apps, err := auth.OpenApps(s.options.appsFile, os.Environ()...)
	if err != nil {
		return err
	}
	s.apps = apps
	s.reloads = append(s.reloads, s.reloadApps)
	return nil
}

// reloadApps reads the apps again. The users of one that is not there any more are removed.
func (s *site) reloadApps() error {
	if err := s.apps.Reload(); err != nil {
		return err
	}
	if n := signaling.ExpelForgotten(s.apps, s.hub); n > 0 {
		s.log.Info("users were removed: their app is deleted", "users", n)
	}
	return nil
}

// addHub makes the rooms.
func (s *site) addHub() error {
	reports, logins := s.reports, s.logins
	s.rooms.Observe = func(r room.Report) {
		for _, hear := range reports {
			hear(r)
		}
	}
	s.hub = room.NewHub(s.rooms)
	s.web.Signaling.Hub = s.hub
	s.web.Signaling.OnLogin = func(l signaling.Login) {
		for _, hear := range logins {
			hear(l)
		}
	}
	s.web.Signaling.Authorize = func(msg protocol.RoomLogin, from netip.Addr) (room.Pass, error) {
		pass := room.Pass{Address: from}
		for _, admit := range s.admit {
			if err := admit(msg, &pass); err != nil {
				return room.Pass{}, err
			}
		}
		return pass, nil
	}
	return nil
}

// addListener listens for browsers.
func (s *site) addListener() error {
	addr, err := listenAddress("addr", s.options.addr)
	if err != nil {
		return err
	}
	if !s.options.open && len(s.options.proxy.trusted) > 0 && !s.apps.Any() {
		return errors.New("everyone who reaches the reverse proxy in front could use this server, because no app with a secret is configured: " +
			"make one with \"expressrtc app create\", or add --open if you want that")
	}
	if !s.options.open && !addr.IP.IsLoopback() && !s.apps.Any() {
		return fmt.Errorf("everyone who reaches %s could use this server, because no app with a secret is configured: "+
			"make one with \"expressrtc app create\", add --open if you want that, or listen on 127.0.0.1 only", s.options.addr)
	}
	s.web.TrustHost = !addr.IP.IsLoopback()
	s.listener, err = s.listen("addr", addr)
	if err != nil {
		return err
	}
	s.port = listenerPort(s.listener)
	s.address = address(s.listener)
	if s.secure != nil {
		s.shared = newSharedListener(s.listener, s.secure.config("h2", "http/1.1", acme.ALPNProto), s.log)
		s.listener, s.address = s.shared, s.secure.url(s.listener)
	}
	return nil
}

// addWeb answers browsers.
func (s *site) addWeb() error {
	server, err := web.New(s.web)
	if err != nil {
		return err
	}
	s.sockets = server.Sockets()
	s.services = append(s.services, service{"web", func() error { return server.Serve(s.listener) }, server.Shutdown})
	return nil
}

func listenAddress(name, text string) (*net.TCPAddr, error) {
	addr, err := net.ResolveTCPAddr("tcp", text)
	if err != nil {
		return nil, fmt.Errorf("--%s %q is no address to listen on, write host:port: %w", name, text, err)
	}
	return addr, nil
}
