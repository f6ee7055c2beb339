// Package signaling owns the WebSockets: it accepts them, reads frames and hands them
// to the rooms, writes what the rooms queue, and notices when an end is gone. What is
// in a room it leaves to package room.
//
// A connection outlives its socket, if its client asked for that: within the grace time
// another socket may take it up, and the rooms never know (resume.go).
//
// Locking: a connection's turn is held while one of its frames is handled, so frames
// keep their order over two sockets. Its mu guards its queues, its memberships and its
// timer; a room may call Send with the room's mutex held, so nobody calls a room while
// holding a connection's mu. The Server's mutex guards the registers and comes last: it
// may be taken under a connection's mu, never the other way round.
package signaling

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/pace"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// Config sets up a Server. Its zero value is an open server with every default.
type Config struct {
	// Hub has the rooms behind the connections; without one there are new ones as Rooms says.
	Hub   *room.Hub
	Rooms room.Config
	// Authorize decides whether a login from an address is allowed, and what its member may
	// do. Without it everyone may log in, to any app and with any token, and do everything.
	// An error that is a *protocol.Error reaches the client.
	Authorize func(msg protocol.RoomLogin, from netip.Addr) (room.Pass, error)
	// OnLogin hears how each login ended, and must not block.
	OnLogin func(Login)
	// Log gets a warning of what clients do wrong, of each sort at most one in 10 s, and
	// never a token or a text.
	Log *slog.Logger

	Heartbeat    time.Duration // between two pings, 25 s unless set
	LoginTimeout time.Duration // until the first login, 15 s unless set
	WriteTimeout time.Duration // of one message, 10 s unless set
	// Grace is how long a connection waits for its client to come back, 30 s unless set.
	Grace time.Duration

	MaxFrame      int64 // bytes of a frame from a client, 256 KiB unless set
	QueueMessages int   // messages waiting to be written or acknowledged, 4,096 unless set
	QueueBytes    int   // their bytes, 2 MiB unless set
	// MaxHeld bounds the bytes of large replies that wait for their clients, all together:
	// 512 MiB unless set. Who would need more is told to come later.
	MaxHeld int64

	Rate          float64 // frames that a connection may send a second, 100 unless set
	Burst         int     // and at once, 400 unless set
	BroadcastRate int     // broadcasts that a user may send a second, 10 unless set

	// MaxConnections bounds the sockets, and as many connections may be away: 20,000 unless set.
	MaxConnections int
	// MaxPerAddress bounds the connections of one IPv4 address or IPv6 /64 network,
	// 2,000 unless set. Loopback is exempt: a reverse proxy's connections come from there.
	MaxPerAddress int
	// Rates bound how often connections, logins and the rest may come.
	Rates Rates
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Hub == nil {
		c.Hub = room.NewHub(c.Rooms)
	}
	if c.Authorize == nil {
		c.Authorize = func(_ protocol.RoomLogin, from netip.Addr) (room.Pass, error) { return room.Pass{Address: from}, nil }
	}
	if c.OnLogin == nil {
		c.OnLogin = func(Login) {}
	}
	fallback(&c.Heartbeat, 25*time.Second)
	fallback(&c.LoginTimeout, 15*time.Second)
	fallback(&c.WriteTimeout, 10*time.Second)
	fallback(&c.Grace, 30*time.Second)
	fallback(&c.MaxFrame, protocol.MaxFrame)
	fallback(&c.QueueMessages, 4096)
	fallback(&c.QueueBytes, 2<<20)
	fallback(&c.MaxHeld, 512<<20)
	fallback(&c.Rate, 100)
	fallback(&c.Burst, 400)
	fallback(&c.BroadcastRate, 10)
	fallback(&c.MaxConnections, 20_000)
	fallback(&c.MaxPerAddress, 2_000)
	c.Rates = c.Rates.withDefaults()
	return c
}

func fallback[T int | int64 | float64 | time.Duration](value *T, unset T) {
	if *value <= 0 {
		*value = unset
	}
}

// Login is how a login ended.
type Login struct {
	Time time.Time
	App  protocol.AppID
	Room protocol.RoomID
	User protocol.UserID
	From netip.Addr
	// Connection is what the log calls it.
	Connection string
	// Code and Message are those that the client got; CodeOK is a success.
	Code    protocol.Code
	Message string
}

// Server is the http.Handler of the WebSocket address. It does not look at origins:
// that is the business of who mounts it.
type Server struct {
	config  Config
	hub     *room.Hub
	ctx     context.Context // ends with Shutdown
	stop    context.CancelFunc
	open    sync.WaitGroup // connections that are not closed yet
	ledger  *ledger
	paces   paces
	held    atomic.Int64 // bytes of large replies in memory
	traffic *traffic
	busy    chan struct{} // has an element for everyone who is being told to come later

	mu       sync.Mutex
	stopping bool
	conns    map[*conn]struct{} // that have not ended
	keys     map[string]*conn   // those of them that can be resumed
	sockets  pace.Census
	away     pace.Census
}

// New makes a Server with its own rooms.
func New(c Config) *Server {
	c = c.withDefaults()
	ctx, stop := context.WithCancel(context.Background())
	return &Server{
		config:  c,
		hub:     c.Hub,
		ctx:     ctx,
		stop:    stop,
		ledger:  newLedger(c.Log),
		paces:   newPaces(c.Rates),
		busy:    make(chan struct{}, maxBusy),
		traffic: newTraffic(),
		conns:   map[*conn]struct{}{},
		keys:    map[string]*conn{},
	}
}

// ServeHTTP upgrades a request and leaves the connection to goroutines of its own, so
// that everything net/http keeps for a request is freed while the connection idles. A
// POST is the farewell of a page.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		s.farewell(w, r)
		return
	}
	from := Network(r.RemoteAddr)
	if !isOwn(from) && !s.paces.connections.Allow(from) {
		s.traffic.refused.count(errOften)
		s.ledger.note(slog.LevelWarn, subject{"connection refused", errOften.Error()}, "address", r.RemoteAddr)
		tooMany(w)
		return
	}
	if err := s.reserve(from); err != nil {
		s.traffic.refused.count(err)
		s.ledger.note(slog.LevelWarn, subject{"connection refused", err.Error()}, "address", r.RemoteAddr)
		s.refuse(w, r, err)
		return
	}
	ws, under, err := s.accept(w, r)
	if err != nil {
		s.release(from)
		return
	}
	socket := newSocket(s, ws, under, r.RemoteAddr, from)
	socket.conn = newConn(socket)
	if !s.register(socket.conn) {
		socket.conn.end(protocol.CloseStopping, nil)
	}
	go socket.read()
}

// Hub has the rooms.
func (s *Server) Hub() *room.Hub { return s.hub }

// accept makes a WebSocket of a request; when it cannot, it has answered.
func (s *Server) accept(w http.ResponseWriter, r *http.Request) (*websocket.Conn, net.Conn, error) {
	pace := s.config.newBytePace() // the functions below must not hold the request
	under := &hijacked{ResponseWriter: w, pace: pace}
	ws, err := websocket.Accept(under, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true,
		OnPingReceived:     func(context.Context, []byte) bool { return charge(pace) },
		OnPongReceived:     func(context.Context, []byte) { charge(pace) },
	})
	if err != nil {
		s.config.Log.Debug("no websocket", "address", r.RemoteAddr, "error", err)
		return nil, nil, err
	}
	return ws, under.conn, nil
}

// maxBusy bounds the refused clients that are told so by a close code.
const maxBusy = 64

// refuse tells a client to come later: as far as possible by a close code, since a page
// does not see the status of a request for a WebSocket.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, cause error) {
	if !errors.Is(cause, errStopping) {
		select {
		case s.busy <- struct{}{}:
			defer func() { <-s.busy }()
			if ws, under, err := s.accept(w, r); err == nil {
				s.closeSoon(ws, under, protocol.CloseBusy)
			}
			return
		default:
		}
	}
	w.Header().Set("Retry-After", "5")
	http.Error(w, cause.Error(), http.StatusServiceUnavailable)
}

// closeTimeout bounds the closing handshake.
const closeTimeout = 5 * time.Second

// closeSoon tells the client why, and closes.
func (s *Server) closeSoon(ws *websocket.Conn, under net.Conn, code protocol.CloseCode) {
	// The library waits for the rest of a frame without a bound.
	force := time.AfterFunc(closeTimeout, func() { under.Close() })
	defer force.Stop()
	if err := ws.Close(websocket.StatusCode(code), code.String()); err != nil {
		s.config.Log.Debug("closing", "code", int(code), "error", err)
	}
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
	defer s.ledger.close()
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

// largeReply is the size from which a reply is counted: what a busy room of a hundred has.
const largeReply = 64 << 10

// hold counts a reply for as long as it is in memory; false when there are too many. What
// many clients get is one copy, and not counted.
func (s *Server) hold(data []byte) bool {
	n := int64(len(data))
	if n < largeReply {
		return true
	}
	if s.held.Add(n) > s.config.MaxHeld {
		s.held.Add(-n)
		return false
	}
	runtime.AddCleanup(&data[0], func(n int64) { s.held.Add(-n) }, n)
	return true
}

func (s *Server) isStopping() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopping
}

// admit makes c known by its key, and find finds it.
func (s *Server) admit(c *conn, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys[key] = c
}

func (s *Server) find(key string) *conn {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.keys[key]
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

func (s *Server) unregister(c *conn, key string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
	delete(s.keys, key)
}
