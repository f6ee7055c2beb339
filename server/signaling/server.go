// Package signaling owns the WebSockets: it accepts them, reads frames and hands them
// to the rooms, writes what the rooms queue, and notices when an end is gone. What is
// in a room it leaves to package room.
//
// Locking: a connection's mutex guards its queue, its memberships and its timer; a room
// may call Send with the room's mutex held, so nobody calls a room while holding a
// connection's mutex. The Server's mutex guards the register of connections and is
// never held together with another.
package signaling

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// Config sets up a Server. Its zero value is an open server with every default.
type Config struct {
	// Rooms sets up the rooms behind the connections.
	Rooms room.Config
	// Authorize decides whether a login is allowed. Without it everyone may log in,
	// to any app and with any token. An error that is a *protocol.Error reaches the client.
	Authorize func(protocol.RoomLogin) error
	// Log gets at most one warning a connection, never a token or a text.
	Log *slog.Logger

	Heartbeat    time.Duration // between two pings, 25 s unless set
	LoginTimeout time.Duration // until the first login, 15 s unless set
	WriteTimeout time.Duration // of one message, 10 s unless set

	MaxFrame      int64 // bytes of a frame from a client, 256 KiB unless set
	QueueMessages int   // messages waiting to be written, 4,096 unless set
	QueueBytes    int   // their bytes, 2 MiB unless set

	Rate          float64 // frames that a connection may send a second, 100 unless set
	Burst         int     // and at once, 400 unless set
	BroadcastRate int     // broadcasts that a user may send a second, 10 unless set

	MaxConnections int // 20,000 unless set
	// MaxPerAddress bounds the connections of one IPv4 address or IPv6 /64 network,
	// 2,000 unless set. Loopback is exempt: a reverse proxy's connections come from there.
	MaxPerAddress int
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	fallback(&c.Heartbeat, 25*time.Second)
	fallback(&c.LoginTimeout, 15*time.Second)
	fallback(&c.WriteTimeout, 10*time.Second)
	fallback(&c.MaxFrame, 256<<10)
	fallback(&c.QueueMessages, 4096)
	fallback(&c.QueueBytes, 2<<20)
	fallback(&c.Rate, 100)
	fallback(&c.Burst, 400)
	fallback(&c.BroadcastRate, 10)
	fallback(&c.MaxConnections, 20_000)
	fallback(&c.MaxPerAddress, 2_000)
	return c
}

func fallback[T int | int64 | float64 | time.Duration](value *T, unset T) {
	if *value <= 0 {
		*value = unset
	}
}

// Server is the http.Handler of the WebSocket address. It does not look at origins:
// that is the business of who mounts it.
type Server struct {
	config Config
	hub    *room.Hub
	ctx    context.Context // ends with Shutdown
	stop   context.CancelFunc
	open   sync.WaitGroup // connections that are not closed yet

	mu        sync.Mutex
	stopping  bool
	conns     map[*conn]struct{} // that are accepted
	count     int                // conns, and those being accepted
	addresses map[netip.Prefix]int
}

// New makes a Server with its own rooms.
func New(c Config) *Server {
	c = c.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	return &Server{
		config:    c,
		hub:       room.NewHub(c.Rooms),
		ctx:       ctx,
		stop:      stop,
		conns:     map[*conn]struct{}{},
		addresses: map[netip.Prefix]int{},
	}
}

// ServeHTTP upgrades a request and leaves the connection to goroutines of its own, so
// that everything net/http keeps for a request is freed while the connection idles.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	from := network(r.RemoteAddr)
	if err := s.reserve(from); err != nil {
		s.config.Log.Debug("connection refused", "address", r.RemoteAddr, "error", err)
		w.Header().Set("Retry-After", "5")
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	under := &hijacked{ResponseWriter: w}
	ws, err := websocket.Accept(under, r, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil { // Accept has answered
		s.config.Log.Debug("no websocket", "address", r.RemoteAddr, "error", err)
		s.release(from)
		return
	}
	c := newConn(s, ws, under.conn, r.RemoteAddr, from)
	if !s.register(c) {
		c.end(protocol.CloseStopping, nil)
	}
	go c.read()
}

// Shutdown closes every connection and waits until they are closed, or ctx ends.
func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	s.stopping = true
	conns := s.conns
	s.conns = nil
	s.mu.Unlock()
	for c := range conns {
		c.end(protocol.CloseStopping, nil)
	}
	s.stop()
	closed := make(chan struct{})
	go func() {
		s.open.Wait()
		close(closed)
	}()
	select {
	case <-closed:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("closing connections: %w", ctx.Err())
	}
}

// reserve counts a connection from a network, or says why there is no place for it.
func (s *Server) reserve(from netip.Prefix) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.stopping:
		return fmt.Errorf("the server is stopping: try again")
	case s.count >= s.config.MaxConnections:
		return fmt.Errorf("the server has %d connections and takes no more: try later", s.count)
	case s.addresses[from] >= s.config.MaxPerAddress && !from.Addr().IsLoopback():
		return fmt.Errorf("too many connections from your address: close some")
	}
	s.count++
	s.addresses[from]++
	s.open.Add(1)
	return nil
}

// release gives back what reserve counted.
func (s *Server) release(from netip.Prefix) {
	s.mu.Lock()
	s.count--
	s.addresses[from]--
	if s.addresses[from] == 0 {
		delete(s.addresses, from)
	}
	s.mu.Unlock()
	s.open.Done()
}

// register makes c known to Shutdown; false when that was called already.
func (s *Server) register(c *conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return false
	}
	s.conns[c] = struct{}{}
	return true
}

func (s *Server) unregister(c *conn) {
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	s.release(c.network)
}

// network is what counts as one address. What is no IP address counts as one, too.
func network(remote string) netip.Prefix {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	addr := at.Addr().Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() && !addr.IsLoopback() {
		bits = 64 // what one household or machine has
	}
	return netip.PrefixFrom(addr, bits).Masked()
}
