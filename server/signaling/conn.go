package signaling

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"
	"time"

	"github.com/coder/websocket"
	"golang.org/x/time/rate"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// conn is one WebSocket: a read goroutine for its whole life, a write goroutine while
// there is something to write, and one timer.
type conn struct {
	server  *Server
	ws      *websocket.Conn
	under   net.Conn // carries ws
	address string
	network netip.Prefix

	// Owned by the read goroutine.
	pace       *rate.Limiter
	broadcasts *rate.Limiter // made with the first one
	app        protocol.AppID
	user       protocol.UserID

	mu       sync.Mutex
	queue    queue
	writing  bool // the write goroutine runs
	members  map[protocol.RoomID]*room.Member
	timer    *time.Timer // login deadline, then heartbeat, at last the kick-out's grace
	loggedIn bool        // once
	kicked   bool        // out of its last room
	heard    time.Time   // of the last frame
	nextPing time.Time
	ended    bool
	ending   protocol.CloseCode // how it ended, lost when the socket broke
	cause    error              // of the ending, for the log
}

// lost stands for the close code that a broken socket has not got.
const lost protocol.CloseCode = 0

var _ room.End = (*conn)(nil)

func newConn(s *Server, ws *websocket.Conn, under net.Conn, address string, network netip.Prefix) *conn {
	ws.SetReadLimit(s.config.MaxFrame + 1) // readFrame stops before that, with our own code
	c := &conn{
		server:  s,
		ws:      ws,
		under:   under,
		address: address,
		network: network,
		pace:    rate.NewLimiter(rate.Limit(s.config.Rate), s.config.Burst),
		queue:   queue{maxMessages: s.config.QueueMessages, maxBytes: s.config.QueueBytes},
	}
	c.mu.Lock() // the timer may fire at once
	defer c.mu.Unlock()
	c.timer = time.AfterFunc(s.config.LoginTimeout, c.onLoginDeadline)
	return c
}

// read handles frames in the order in which they come, until the connection ends.
func (c *conn) read() {
	defer c.survive()
	for {
		frame, err := c.readFrame()
		if err != nil {
			c.onReadError(err)
			return
		}
		if !c.hear() {
			return
		}
		if err := c.pace.Wait(c.server.ctx); err != nil {
			return // the server stops, and has ended this connection
		}
		c.dispatch(frame.Bytes())
		recycle(frame)
	}
}

// survive keeps a bug that one client's frame triggers from ending everyone's calls.
func (c *conn) survive() {
	if p := recover(); p != nil {
		c.server.config.Log.Error("panic", "address", c.address, "panic", p, "stack", string(debug.Stack()))
		c.end(lost, fmt.Errorf("panic: %v", p))
	}
}

var (
	errBinary    = errors.New("frame is not text")
	errOversized = errors.New("frame is too large")
)

// readFrame reads a text frame; recycle takes the buffer back.
func (c *conn) readFrame() (*bytes.Buffer, error) {
	kind, r, err := c.ws.Reader(context.Background())
	if err != nil {
		return nil, err
	}
	if kind != websocket.MessageText {
		return nil, errBinary
	}
	frame := buffers.Get().(*bytes.Buffer)
	frame.Reset()
	n, err := frame.ReadFrom(io.LimitReader(r, c.server.config.MaxFrame+1))
	if err == nil && n > c.server.config.MaxFrame {
		err = errOversized
	}
	return frame, err
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// recycle keeps frame for the next reader unless it is unusually large.
func recycle(frame *bytes.Buffer) {
	if frame.Cap() <= 16<<10 {
		buffers.Put(frame)
	}
}

func (c *conn) onReadError(err error) {
	switch status := websocket.CloseStatus(err); {
	case errors.Is(err, errBinary), errors.Is(err, errOversized):
		c.end(protocol.CloseMalformed, err)
	case status == websocket.StatusNormalClosure, status == websocket.StatusGoingAway:
		c.end(protocol.CloseBye, nil)
	default:
		c.end(lost, err)
	}
}

// Send queues a notice. A client that does not read what it is sent is closed.
func (c *conn) Send(b protocol.Body) {
	data, err := protocol.Notice(b)
	if err != nil {
		c.server.config.Log.Error("notice not sent", "type", b.Type(), "error", err)
		return
	}
	c.enqueue(data, b.Type() == protocol.TypeMessageBarrage)
	if out, ok := b.(protocol.RoomKickout); ok {
		c.onKickout(out.Room)
	}
}

// reply queues the answer to a request.
func (c *conn) reply(t protocol.Type, id uint64, body any) {
	data, err := protocol.Reply(t, id, body)
	if err != nil {
		c.server.config.Log.Error("reply not sent", "type", t, "error", err)
		return
	}
	c.enqueue(data, false)
}

func (c *conn) enqueue(data []byte, droppable bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ended, droppable && c.queue.crowded():
	case c.queue.push(data):
		c.writeLocked()
	default:
		c.queue.clear()
		c.endLocked(protocol.CloseTooSlow, nil)
	}
}

// writeLocked makes sure that the write goroutine runs.
func (c *conn) writeLocked() {
	if !c.writing {
		c.writing = true
		go c.write()
	}
}

// write empties the queue, and closes the socket if the connection has ended.
func (c *conn) write() {
	for {
		data, more := c.next()
		if !more {
			return
		}
		if data == nil {
			c.close()
			return
		}
		if err := c.writeFrame(data); err != nil {
			c.onWriteError(err)
		}
	}
}

// next is the next message to write; nil when the socket is to be closed.
func (c *conn) next() (data []byte, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	data, more = c.queue.pop()
	if !more && !c.ended {
		c.writing = false
		return nil, false
	}
	return data, true
}

func (c *conn) writeFrame(data []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), c.server.config.WriteTimeout)
	defer cancel()
	return c.ws.Write(ctx, websocket.MessageText, data)
}

func (c *conn) onWriteError(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue.clear()
	c.endLocked(lost, err)
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
	c.timer.Stop()
	members := c.members
	c.members = nil
	if len(members) > 0 && code != protocol.CloseStopping {
		// A goroutine, because a room may be in the middle of sending to this connection.
		c.server.open.Go(func() { leave(members, leaveReason(code)) })
	}
	c.writeLocked()
}

func leave(members map[protocol.RoomID]*room.Member, reason protocol.DeleteReason) {
	for _, m := range members {
		m.Room().Leave(m, reason)
	}
}

// leaveReason is what the others hear of the streams of a connection that ended so.
// When the server stops they hear nothing: their calls go on, and the clients come back.
func leaveReason(code protocol.CloseCode) protocol.DeleteReason {
	switch code {
	case protocol.CloseBye:
		return protocol.ReasonStopped
	case protocol.CloseSilent:
		return protocol.ReasonHeartbeat
	}
	return protocol.ReasonOffline
}

// closeTimeout bounds the closing handshake.
const closeTimeout = 5 * time.Second

// close ends the socket; the write goroutine calls it, once.
func (c *conn) close() {
	c.logEnd()
	var err error
	if c.ending == lost || c.ending == protocol.CloseBye {
		err = c.ws.CloseNow()
	} else {
		// The library waits for the rest of a frame without a bound.
		force := time.AfterFunc(closeTimeout, func() { c.under.Close() })
		err = c.ws.Close(websocket.StatusCode(c.ending), c.ending.String())
		force.Stop()
	}
	if err != nil {
		c.server.config.Log.Debug("closing", "address", c.address, "error", err)
	}
	c.server.unregister(c)
}
