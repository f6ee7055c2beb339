package main

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/turn"
)

// turnOptions are how calls get through firewalls that let browsers not reach each other.
type turnOptions struct {
	addr, tlsAddr   string
	onHTTPS         bool
	host            string
	relayIPs        []string
	minPort         int
	maxPort         int
	secret          string
	ttl             time.Duration
	allowPrivate    []string
	relays, perUser int
	bandwidth       int
	totalBandwidth  int
	urls, stunURLs  []string
}

func (o *options) declareTURN(s *settings) {
	t := &o.turn
	s.StringVar(&t.addr, "turn-addr", "", "`address` of the relay by UDP and TCP, as :3478")
	s.StringVar(&t.tlsAddr, "turn-tls-addr", "", "`address` of the relay by TLS, as :5349")
	s.BoolVar(&t.onHTTPS, "turn-on-https", true, "relay on the port of HTTPS, too, which every firewall lets through; not with a self-signed certificate, which browsers refuse there")
	s.StringVar(&t.host, "turn-host", "", "`name` or address at which browsers reach the relay; without it that of the certificate, or the address of relays")
	s.listVar(&t.relayIPs, "turn-relay-ip", "`address` that relays have for others; behind a NAT public/private, as 203.0.113.7/10.0.0.7; without it this machine's own IPv4 address; one of IPv4 and one of IPv6 at most")
	s.intVar(&t.minPort, "turn-min-port", 49_152, 1, 65_535, "first UDP `port` of relays")
	s.intVar(&t.maxPort, "turn-max-port", 65_535, 1, 65_535, "last UDP `port` of relays")
	s.secretVar(&t.secret, "turn-secret", "`secret` that signs the credentials of relays; an outside server of --turn-url has it as its static-auth-secret; without it one is made of the app's")
	s.timeVar(&t.ttl, "turn-ttl", 6*time.Hour, time.Minute, 23*time.Hour, "how long a user may make relays with one credential; calls go on after it")
	s.listVar(&t.allowPrivate, "turn-allow-private", "private `network` that relays may reach, as 192.168.0.0/16")
	s.intVar(&t.relays, "turn-max-relays", 4_000, 1, 60_000, "relays in all; a call between two users takes up to eight")
	s.intVar(&t.perUser, "turn-max-per-user", 200, 1, 60_000, "relays of one user")
	s.intVar(&t.bandwidth, "turn-bandwidth", 20_000, 0, 10_000_000, "`kbit/s` of one relay in each direction; 0 is no bound")
	s.intVar(&t.totalBandwidth, "turn-total-bandwidth", 0, 0, 100_000_000, "`kbit/s` of all relays together; 0 is no bound")
	s.listVar(&t.urls, "turn-url", "`URL` of an outside relay that knows --turn-secret, as turn:turn.example.com:3478?transport=udp")
	s.listVar(&t.stunURLs, "stun-url", "`URL` of an outside STUN server, as stun:stun.example.com:3478")
}

// addTURN puts the relay into the server, and tells the rooms what to hand out.
func (s *site) addTURN() error {
	o := &s.options.turn
	if err := o.checkURLs(); err != nil {
		return err
	}
	secrets := s.relaySecrets()
	stun, relays, err := s.openRelay(secrets)
	if err != nil {
		return err
	}
	stun = append(stun, o.stunURLs...)
	relays = append(relays, o.urls...)
	s.rooms.ICEServers = func(app protocol.AppID, user protocol.UserID) []protocol.ICEServer {
		var servers []protocol.ICEServer
		if len(stun) > 0 {
			servers = append(servers, protocol.ICEServer{URLs: stun})
		}
		until := time.Now().Add(o.ttl)
		if secret, ok := secrets(app, until); ok && len(relays) > 0 {
			name, password := turn.Credential(secret, app, user, until)
			servers = append(servers, protocol.ICEServer{URLs: relays, Username: name, Credential: password})
		}
		return servers
	}
	return nil
}

func (o *turnOptions) checkURLs() error {
	for name, list := range map[string][]string{"turn-url": o.urls, "stun-url": o.stunURLs} {
		kind, _, _ := strings.Cut(name, "-")
		for _, url := range list {
			scheme, rest, _ := strings.Cut(url, ":")
			if strings.TrimSuffix(scheme, "s") != kind || rest == "" || strings.HasPrefix(rest, "/") {
				return fmt.Errorf("--%s %q is none: write %s:host:port", name, url, kind)
			}
		}
	}
	if len(o.urls) > 0 && o.secret == "" {
		return errors.New("--turn-url needs --turn-secret, the one that the outside relay has as static-auth-secret")
	}
	if o.maxPort < o.minPort {
		return fmt.Errorf("--turn-max-port %d is below --turn-min-port %d", o.maxPort, o.minPort)
	}
	return nil
}

// relaySecrets is what signs the credentials of an app's users that are good until a time.
// One made of the app's secret is the same after a restart, so that calls find back to
// their relay. The relay must name one secret by what the credential says: while that before
// a rotation is kept, it signs all that ends within that time, so that what users got before
// makes relays still, unless it lasts longer than the secret is kept.
func (s *site) relaySecrets() relaySecrets {
	open := rand.Text()
	return func(app protocol.AppID, until time.Time) (string, bool) {
		known, ok := s.apps.Get(uint32(app))
		switch {
		case s.options.turn.secret != "":
			return s.options.turn.secret, ok || !s.apps.Any()
		case !s.apps.Any():
			return open, true
		}
		secret := known.Secret
		if known.Former != "" && until.Unix() < known.FormerUntil.Unix() {
			secret = known.Former
		}
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte("expressrtc relay"))
		return hex.EncodeToString(mac.Sum(nil)), ok
	}
}

type relaySecrets = func(protocol.AppID, time.Time) (string, bool)

// openRelay opens the relay inside the server, and tells by which URLs it is reached.
func (s *site) openRelay(secrets relaySecrets) (stun, relays []string, err error) {
	o := &s.options.turn
	shared := o.onHTTPS && s.secure != nil && !s.secure.selfSigned && !isLoopback(s.listener)
	if o.addr == "" && o.tlsAddr == "" && !shared {
		return nil, nil, nil
	}
	c, err := o.config()
	if err != nil {
		return nil, nil, err
	}
	c.Secret, c.Log = secrets, s.log
	host := cmp.Or(o.host, s.certificateName(), c.Addresses[0].Public.String())
	if o.addr != "" {
		port, err := s.openPlain(&c)
		if err != nil {
			return nil, nil, err
		}
		at := net.JoinHostPort(host, port)
		stun = []string{"stun:" + at}
		relays = append(relays, "turn:"+at+"?transport=udp", "turn:"+at+"?transport=tcp")
	}
	if o.tlsAddr != "" {
		port, err := s.openTLS(&c)
		if err != nil {
			return nil, nil, err
		}
		relays = append(relays, "turns:"+net.JoinHostPort(host, port)+"?transport=tcp")
	}
	if shared {
		c.Streams = append(c.Streams, turn.Stream{Kind: "tls", Listener: s.shared.relays()})
		relays = append(relays, "turns:"+net.JoinHostPort(host, fmt.Sprint(s.port))+"?transport=tcp")
	}
	s.relay, err = turn.New(c)
	if err != nil {
		return nil, nil, err
	}
	s.services = append(s.services, service{"relay", s.relay.Serve, s.relay.Shutdown})
	s.log.Info("calls are relayed where they must be", "urls", strings.Join(relays, " "), "relays have", fmt.Sprint(c.Addresses))
	return stun, relays, nil
}

func (s *site) certificateName() string {
	if s.secure == nil {
		return ""
	}
	return s.secure.name
}

// openPlain listens by UDP and TCP, at the same port.
func (s *site) openPlain(c *turn.Config) (port string, err error) {
	addr, err := listenAddress("turn-addr", s.options.turn.addr)
	if err != nil {
		return "", err
	}
	ln, err := s.listen("turn-addr", addr)
	if err != nil {
		return "", err
	}
	at := ln.Addr().String()
	if s.options.checkConfig { // the port is any, and by UDP somebody else's perhaps
		at = (&net.UDPAddr{IP: addr.IP, Zone: addr.Zone}).String()
	}
	conn, err := net.ListenPacket("udp", at)
	if err != nil {
		return "", fmt.Errorf("--turn-addr %s by UDP: %w", s.options.turn.addr, errors.Join(err, ln.Close()))
	}
	if udp, ok := conn.(*net.UDPConn); ok {
		// As much as the system allows: one socket is read for all.
		if err := errors.Join(udp.SetReadBuffer(4<<20), udp.SetWriteBuffer(4<<20)); err != nil {
			s.log.Debug("the relay's buffers stay small", "error", err)
		}
	}
	c.Packets = append(c.Packets, conn)
	c.Streams = append(c.Streams, turn.Stream{Kind: "tcp", Listener: ln})
	return fmt.Sprint(listenerPort(ln)), nil
}

func (s *site) openTLS(c *turn.Config) (port string, err error) {
	if s.secure == nil {
		return "", errors.New("--turn-tls-addr needs a certificate: see --tls-cert, --acme-domain and --tls-self-signed")
	}
	addr, err := listenAddress("turn-tls-addr", s.options.turn.tlsAddr)
	if err != nil {
		return "", err
	}
	ln, err := s.listen("turn-tls-addr", addr)
	if err != nil {
		return "", err
	}
	c.Streams = append(c.Streams, turn.Stream{Kind: "tls", Listener: tls.NewListener(ln, s.secure.config())})
	return fmt.Sprint(listenerPort(ln)), nil
}

// config is what the settings mean for the relay.
func (o *turnOptions) config() (turn.Config, error) {
	c := turn.Config{
		MinPort: o.minPort, MaxPort: o.maxPort, MaxRelays: o.relays, MaxPerUser: o.perUser,
		Bandwidth: o.bandwidth * 125, TotalBandwidth: o.totalBandwidth * 125, // kbit/s in bytes
	}
	for _, text := range o.allowPrivate {
		network, err := netip.ParsePrefix(text)
		if err != nil {
			return c, fmt.Errorf("--turn-allow-private %q is no network, write one as 192.168.0.0/16: %w", text, err)
		}
		c.Reachable = append(c.Reachable, network.Masked())
	}
	for _, text := range o.relayIPs {
		a, err := relayAddress(text)
		if err != nil {
			return c, fmt.Errorf("--turn-relay-ip %q: %w", text, err)
		}
		c.Addresses = append(c.Addresses, a)
	}
	if len(c.Addresses) == 0 {
		own := ownIPv4(o.addr)
		c.Addresses = []turn.Address{{Public: own, Local: own}}
	}
	return c, nil
}

// relayAddress reads an address, or public/private. A public one that this machine does
// not have leads to its own by a NAT.
func relayAddress(text string) (turn.Address, error) {
	public, private, behind := strings.Cut(text, "/")
	a := turn.Address{}
	var err error
	if a.Public, err = netip.ParseAddr(public); err != nil {
		return a, fmt.Errorf("write an address, or public/private: %w", err)
	}
	a.Local = a.Public
	if behind {
		if a.Local, err = netip.ParseAddr(private); err != nil {
			return a, fmt.Errorf("write an address, or public/private: %w", err)
		}
	}
	if a.Local.Is4() != a.Public.Is4() {
		return a, errors.New("one is of IPv4 and the other is not")
	}
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.AddrPortFrom(a.Local, 0)))
	if err != nil {
		return a, fmt.Errorf("this machine does not have the address; behind a NAT write public/private: %w", err)
	}
	return a, conn.Close()
}

// ownIPv4 is the address that the relay listens on, or else this machine's as others
// know it, unless there is a NAT.
func ownIPv4(listens string) netip.Addr {
	if addr, err := netip.ParseAddrPort(listens); err == nil && addr.Addr().Is4() && !addr.Addr().IsUnspecified() {
		return addr.Addr()
	}
	conn, err := net.Dial("udp4", "192.0.2.1:9") // sends nothing
	if err == nil {
		defer conn.Close()
		if addr, ok := conn.LocalAddr().(*net.UDPAddr); ok {
			return addr.AddrPort().Addr().Unmap()
		}
	}
	addrs, err := net.InterfaceAddrs()
	if err == nil {
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil && p.Addr().Is4() && !p.Addr().IsLoopback() {
				return p.Addr()
			}
		}
	}
	return netip.AddrFrom4([4]byte{127, 0, 0, 1})
}
