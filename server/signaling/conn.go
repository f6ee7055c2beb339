package signaling

import (
	"errors"
	"log/slog"
	mathrand "math/rand/v2"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// conn is a client's connection: what the rooms know it by. It outlives its socket by
// the grace time if the client asked for that; it is away while it has none. It runs a
// write goroutine while there is something to write, and one timer.
type conn struct {
	server *Server
	id     uint64 // in the log

	turn sync.Mutex // held while a frame is handled: sockets may change, frames have their order
	// Guarded by turn.
	pace       *rate.Limiter
	broadcasts *rate.Limiter // made with the first one
	extras     *rate.Limiter // the same, of changes of a room's extra info
	used       bool          // a frame came

	// Guarded by turn and mu: they are read under either.
	app  protocol.AppID
	user protocol.UserID

	mu       sync.Mutex
	socket   *socket      // nil while away
	address  string       // of the socket, or of the last one
	network  netip.Prefix // the same
	away     bool         // counted as such
	key      string       // with which it is resumed; "" when it cannot be
	outbox   protocol.Outbox
	control  [][]byte // frames about the socket, which go first
	received uint64   // counted frames
	writing  bool     // the write goroutine runs
	members  map[protocol.RoomID]*room.Member
	left     string      // the rooms that it was in when it ended, for the log
	timer    *time.Timer // login deadline, heartbeat, grace, the kick-out's, at last the farewell's
	due      time.Time   // when it fires, unless it is the heartbeat's
	loggedIn bool        // once
	kicked   bool        // out of its last room
	heard    time.Time   // of the last frame
	nextPing time.Time
	ended    bool
	ending   protocol.CloseCode // how it ended, or went away; lost when the socket broke
	cause    error              // of that, for the log
}

// lost stands for the close code that a broken socket has not got.
const lost protocol.CloseCode = 0

// maxControl bounds the frames about the socket that wait: more are dropped.
const maxControl = 64

var _ room.End = (*conn)(nil)

func newConn(s *socket) *conn {
	config := s.server.config
	c := &conn{
		server:  s.server,
		id:      mathrand.Uint64N(1 << 40),
		socket:  s,
		address: s.address,
		network: s.network,
		pace:    rate.NewLimiter(rate.Limit(config.Rate), config.Burst),
		outbox:  protocol.Outbox{MaxMessages: config.QueueMessages, MaxBytes: config.QueueBytes},
	}
	c.mu.Lock() // the timer may fire at once
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(config.LoginTimeout, c.onLoginDeadline)
	return c
}

// Send queues a notice. A client that does not read what it is sent is closed.
func (c *conn) Send(b protocol.Body) {
	data, err := protocol.Notice(b)
	if err != nil {
		c.log(slog.LevelError, "notice not sent", "type", b.Type(), "error", err)
		return
	}
	c.enqueue(b.Type(), data, b.Type() == protocol.TypeMessageBarrage)
	if out, ok := b.(protocol.RoomKickout); ok {
		c.server.ledger.note(slog.LevelInfo, kickedOut(out.Code), append([]any{"room", out.Room}, c.who()...)...)
		c.onKickout(out.Room)
	}
}

// Crowded reports whether the client has much to read already.
func (c *conn) Crowded() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.ended && c.outbox.Crowded()
}

// reply queues the answer to a request.
func (c *conn) reply(t protocol.Type, id uint64, body any) {
	data, err := protocol.Reply(t, id, body)
	if err != nil {
		c.log(slog.LevelError, "reply not sent", "type", t, "error", err)
		return
	}
	if !c.server.hold(data) {
		c.end(protocol.CloseBusy, errHeld)
		return
	}
	c.enqueue(t, data, false)
}

var errHeld = errors.New("too many large replies wait for their clients")

// enqueue queues a frame; one that may be left out is when there is much else to read.
func (c *conn) enqueue(t protocol.Type, data []byte, optional bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ended, optional && c.outbox.Crowded():
	case !protocol.Counted(t):
		c.controlLocked(t, data)
	case c.outbox.Push(data):
		c.server.traffic.sent.count(t)
		c.writeLocked()
	default:
		c.outbox.Clear()
		c.endLocked(protocol.CloseTooSlow, nil)
	}
}

// controlLocked queues a frame about the socket, if there is one.
func (c *conn) controlLocked(t protocol.Type, data []byte) {
	if c.socket != nil && len(c.control) < maxControl {
		c.control = append(c.control, data)
		c.server.traffic.sent.count(t)
		c.writeLocked()
	}
}

// writeLocked makes sure that the write goroutine runs.
func (c *conn) writeLocked() {
	if !c.writing && c.socket != nil {
		c.writing = true
		go c.write()
	}
}

// write empties the queues, and closes the socket if the connection has ended.
func (c *conn) write() {
	for {
		s, data := c.next()
		switch {
		case s == nil:
			return
		case data == nil:
			c.close(s)
			return
		}
		if err := s.writeFrame(data); err != nil {
			c.lose(s, lost, err)
		}
	}
}

// next is the next frame and where it goes; no frame when the socket is to be closed,
// no socket when there is nothing to do.
func (c *conn) next() (*socket, []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.socket != nil {
		if len(c.control) > 0 {
			data := c.control[0]
			c.control = c.control[1:]
			return c.socket, data
		}
		if data, ok := c.outbox.Next(); ok {
			return c.socket, data
		}
		if c.ended {
			return c.socket, nil
		}
	}
	c.writing, c.control = false, nil
	return nil, nil
}

// end lets the connection close after what is queued; the first call says why.
func (c *conn) end(code protocol.CloseCode, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.endLocked(code, cause)
}

func (c *conn) endLocked(code protocol.CloseCode, cause error) {
	if c.ended {
		return
	}
	c.ended, c.ending, c.cause = true, code, cause
	members, s := c.members, c.socket
	c.members, c.left = nil, roomsOf(c.members)
	// A goroutine, because a room may be in the middle of sending to this connection. When
	// the server stops nobody leaves: the calls go on, and the clients come back.
	c.server.open.Go(func() {
		if !c.server.isStopping() {
			leave(members, leaveReason(code))
		}
		if s == nil {
			c.retire()
		}
	})
	if s != nil { // what is queued must not take for ever: a client may read as slowly as it likes
		c.armLocked(c.server.config.WriteTimeout, func() { s.under.Close() })
		c.writeLocked()
	}
}

func leave(members map[protocol.RoomID]*room.Member, reason protocol.DeleteReason) {
	for _, m := range members {
		m.Room().Leave(m, reason)
	}
}

// leaveReason is what the others hear of the streams of a connection that ended so.
func leaveReason(code protocol.CloseCode) protocol.DeleteReason {
	switch code {
	case protocol.CloseBye:
		return protocol.ReasonStopped
	case protocol.CloseSilent:
		return protocol.ReasonHeartbeat
	}
	return protocol.ReasonOffline
}

// close ends the socket of a connection that has ended; the write goroutine calls it, once.
func (c *conn) close(s *socket) {
	c.retire()
	s.close(c.ending)
}

// retire leaves the register, and one line in the log.
func (c *conn) retire() {
	c.logEnd()
	c.mu.Lock()
	key := c.key
	c.timer.Stop()
	c.returnedLocked()
	c.mu.Unlock()
	c.server.unregister(c, key)
}
