// Package turn owns the relay inside the server: TURN (RFC 8656) over UDP, TCP and TLS,
// spoken by pion/turn. It decides who may relay and for how long, where to, and how much;
// what pion leaves unbounded it bounds: connections, their frames and silence, answers to
// who is not known, requests of who is, relays, the peers of each and its bytes.
//
// What is handed out as credentials is the scheme of coturn's use-auth-secret: the user
// name is "expiry:app:user", the password the base64 of its HMAC-SHA1. So an outside
// server with the same secret takes them, too. A credential makes relays until it expires;
// a relay that there is may be kept up longer, so that no call ends in its middle.
//
// Locking: Server.mu guards the registers of relays and their holders. It is taken in
// calls from pion, which may hold locks of its own: nothing calls pion with it held.
// Listeners have a mutex for their connections, paces one for their limiters, the ledger one
// for its counts, and reach one for the machine's addresses; each stands alone.
package turn

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	pion "github.com/pion/turn/v5"
	"golang.org/x/time/rate"

	"expressrtc/server/pace"
	"expressrtc/server/protocol"
)

// realm is what the password's hash has in it; clients get it from the server.
const realm = "expressrtc"

// A user sends as many requests a second as it may have relays, ten at least, and of so many
// seconds at once. A relay needs some twenty when it is made, and one a minute later on.
const leastRequests, requestSeconds = 10, 30

// Config sets up a Server.
type Config struct {
	// Packets are sockets of UDP; Streams are listeners of TCP, and of TLS. The server
	// closes them.
	Packets []net.PacketConn
	Streams []Stream
	// Addresses are those that relays have, at most one of IPv4 and one of IPv6.
	Addresses []Address
	// MinPort and MaxPort bound the ports of relays, both included.
	MinPort, MaxPort int
	// Secret signs the credentials of an app's users that are good until a time; false means
	// that there is no such app.
	Secret func(app protocol.AppID, until time.Time) (string, bool)
	// Reachable are networks that relays may reach though they are private, or this machine's.
	Reachable []netip.Prefix

	MaxRelays  int // in all, 4,000 unless set
	MaxPerUser int // of a user, 200 unless set
	// Bandwidth bounds the bytes a second of a relay in each direction, TotalBandwidth
	// those of all in both; 0 is no bound.
	Bandwidth, TotalBandwidth int
	// Log gets what is refused, of each cause at most one line in 10 s.
	Log *slog.Logger
}

// Stream is a listener of a kind, which statistics name: "tcp" or "tls".
type Stream struct {
	Kind     string
	Listener net.Listener
}

// Address is an address of relays: what peers are told, and what this machine has in its
// place. They differ behind a NAT that maps one to the other.
type Address struct {
	Public, Local netip.Addr
}

// Server is the relay.
type Server struct {
	config  Config
	reach   *reach
	ledger  *ledger
	total   *rate.Limiter // or nil
	asked   *pace.Pace    // requests with a good credential, by user
	listens []*listener
	stopped chan struct{}
	stop    func() error

	toPeers, toClients, dropped, made atomic.Uint64

	mu       sync.Mutex
	stopping bool
	users    map[string]int              // relays of each
	kinds    map[string]int              // relays by how their clients reach them
	relays   map[netip.AddrPort]struct{} // that there are, by public address
	all      int
	holders  map[client]*holder
	open     sync.WaitGroup // relays and connections
}

// New makes a Server that Serve starts.
func New(c Config) (*Server, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.MaxRelays <= 0 {
		c.MaxRelays = 4_000
	}
	if c.MaxPerUser <= 0 {
		c.MaxPerUser = 200
	}
	switch {
	case len(c.Packets)+len(c.Streams) == 0:
		return nil, errors.New("a relay needs a socket to listen on")
	case len(c.Addresses) == 0:
		return nil, errors.New("a relay needs an address that peers reach it at")
	case len(c.Addresses) > 2, len(c.Addresses) == 2 && c.Addresses[0].Public.Is4() == c.Addresses[1].Public.Is4():
		return nil, fmt.Errorf("relays can have one address of IPv4 and one of IPv6, not %v", c.Addresses)
	case c.MinPort < 1 || c.MaxPort > 65_535 || c.MaxPort < c.MinPort:
		return nil, fmt.Errorf("the ports of relays are from %d to %d: use a range within 1 to 65535", c.MinPort, c.MaxPort)
	}
	s := &Server{
		config: c, reach: newReach(c), ledger: newLedger(c.Log), total: newLimiter(c.TotalBandwidth), stopped: make(chan struct{}),
		asked: pace.New(float64(max(c.MaxPerUser, leastRequests)), requestSeconds),
		users: map[string]int{}, kinds: map[string]int{}, relays: map[netip.AddrPort]struct{}{}, holders: map[client]*holder{},
	}
	for _, stream := range c.Streams {
		s.listens = append(s.listens, newListener(s, stream))
	}
	s.stop = sync.OnceValue(func() error {
		s.mu.Lock()
		s.stopping = true
		s.mu.Unlock()
		close(s.stopped)
		var all error
		for _, conn := range c.Packets {
			all = errors.Join(all, conn.Close())
		}
		for _, ln := range s.listens {
			all = errors.Join(all, ln.Close())
		}
		return all
	})
	return s, nil
}

// Serve relays until Shutdown.
func (s *Server) Serve() error {
	c := pion.ServerConfig{
		Realm:         realm,
		AuthHandler:   s.authenticate,
		QuotaHandler:  s.mayRelay,
		LoggerFactory: logs{s.config.Log},
		// Without a wish a relay is of IPv4, however its client came: relays of two families
		// do not reach each other.
		StrictAddressFamily: s.hasIPv4(),
		EventHandler: pion.EventHandler{
			OnAuth:              s.onAuth,
			OnAllocationCreated: s.onRelay,
			OnAllocationDeleted: s.onRelayEnd,
			OnPermissionCreated: func(from, _ net.Addr, _, _, _ string, _ net.Addr, _ net.IP) { s.count(from, 1, 0) },
			OnPermissionDeleted: func(from, _ net.Addr, _, _, _ string, _ net.Addr, _ net.IP) { s.count(from, -1, 0) },
			OnChannelCreated:    func(from, _ net.Addr, _, _, _ string, _, _ net.Addr, _ uint16) { s.count(from, 0, 1) },
			OnChannelDeleted:    func(from, _ net.Addr, _, _, _ string, _, _ net.Addr, _ uint16) { s.count(from, 0, -1) },
		},
	}
	answers := newAnswers()
	for _, conn := range s.config.Packets {
		c.PacketConnConfigs = append(c.PacketConnConfigs, pion.PacketConnConfig{
			PacketConn:            &packets{conn, s.ledger, answers},
			RelayAddressGenerator: generator{s, "udp"}, PermissionHandler: s.mayReach,
		})
	}
	for _, ln := range s.listens {
		c.ListenerConfigs = append(c.ListenerConfigs, pion.ListenerConfig{
			Listener: ln, RelayAddressGenerator: generator{s, ln.kind}, PermissionHandler: s.mayReach,
		})
	}
	if _, err := pion.NewServer(c); err != nil {
		return fmt.Errorf("starting the relay: %w", errors.Join(err, s.stop()))
	}
	<-s.stopped
	return nil
}

// Shutdown ends all relays, and waits for that as long as ctx allows.
func (s *Server) Shutdown(ctx context.Context) error {
	defer s.ledger.close()
	err := s.stop()
	ended := make(chan struct{})
	go func() {
		s.open.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return err
	case <-ctx.Done():
		return errors.Join(err, fmt.Errorf("waiting for relays to end: %w", ctx.Err()))
	}
}

func (s *Server) hasIPv4() bool {
	for _, a := range s.config.Addresses {
		if a.Public.Is4() {
			return true
		}
	}
	return false
}

// Stats are what the relay does and has done.
type Stats struct {
	Relays             map[string]int    // that there are, by how their clients reach them: "udp", "tcp", "tls"
	Made               uint64            // relays, ever
	ToPeers, ToClients uint64            // bytes relayed
	Dropped            uint64            // packets over the bandwidth
	Refused            map[string]uint64 // by cause
}

// Stats tells what the relay does.
func (s *Server) Stats() Stats {
	stats := Stats{
		Relays: map[string]int{}, Made: s.made.Load(), ToPeers: s.toPeers.Load(), ToClients: s.toClients.Load(),
		Dropped: s.dropped.Load(), Refused: s.ledger.counts(),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for kind, n := range s.kinds {
		stats.Relays[kind] = n
	}
	return stats
}

func newLimiter(perSecond int) *rate.Limiter {
	if perSecond <= 0 {
		return nil
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(perSecond/2, 64<<10))
}

// within reports whether n more bytes are within all limits.
func within(now time.Time, n int, limits ...*rate.Limiter) bool {
	for _, l := range limits {
		if l != nil && !l.AllowN(now, n) {
			return false
		}
	}
	return true
}
