package signaling

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"expressrtc/server/protocol"

	"github.com/coder/websocket"
)

// Bounds and times of a connection.
const (
	requestTimeout = 6 * time.Second
	dialTimeout    = 10 * time.Second
	maxQueue       = 1024
	maxFrame       = 4 << 20
)

// The reasons for which a request has no reply.
var (
	ErrLost    = errors.New("the connection to the server was lost")
	ErrTimeout = errors.New("the server did not answer in time")
	ErrDown    = errors.New("there is no connection to the server")
	ErrClosed  = errors.New("the connection to the server was closed")
	ErrFull    = errors.New("too many messages wait to be sent")
	// ErrFinal is wrapped by what OnDown gets when the client does not come back.
	ErrFinal = errors.New("the server does not want this client back")
)

// Config says where to connect and who is told.
type Config struct {
	// URLs are tried in order, again and again, until one answers.
	URLs []string
	// OnUp is called when a connection stands, OnDown when it is gone: on the run
	// goroutine. After an ErrFinal there is no other try.
	OnUp   func()
	OnDown func(error)
	// OnNotice gets every frame that is no reply, on the run goroutine.
	OnNotice func(protocol.Frame)
	// Logf gets one line for each thing worth knowing.
	Logf func(format string, args ...any)
}

// Client is one connection to the server that comes back by itself until Close.
type Client struct {
	cfg    Config
	dial   func(ctx context.Context, url string) (*websocket.Conn, error)
	ctx    context.Context
	cancel context.CancelFunc
	wake   chan struct{}

	mu        sync.Mutex
	link      *link // nil while down
	nextID    uint64
	pending   map[uint64]*pending
	heartbeat time.Duration
}

type pending struct {
	done  func(json.RawMessage, error)
	timer *time.Timer
}

// New starts to connect.
func New(cfg Config) *Client {
	c := newClient(cfg)
	c.dial = dial
	go c.run()
	return c
}

func newClient(cfg Config) *Client {
	ctx, cancel := context.WithCancel(context.Background())
	return &Client{cfg: cfg, ctx: ctx, cancel: cancel, wake: make(chan struct{}, 1), pending: map[uint64]*pending{}}
}

// Close ends the connection for good: what was queued is sent, what waits for a
// reply fails with ErrClosed. It does not wait for the server.
func (c *Client) Close() {
	c.mu.Lock()
	l := c.link
	c.mu.Unlock()
	if l != nil {
		l.finish()
	}
	c.cancel()
	go c.failPending(ErrClosed) // not here: the caller may hold a lock that they need
}

// Wake makes a client that waits before its next try do so now, for when the
// browser says that the network is back.
func (c *Client) Wake() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// Up reports whether a connection stands.
func (c *Client) Up() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.link != nil
}

// Heartbeat tells the interval of the server's pings; silence of two and a half of
// them counts as a lost connection.
func (c *Client) Heartbeat(interval time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heartbeat = interval
	if c.link != nil {
		c.link.expectWithin(interval)
	}
}

// Notify queues b and does not block. What is queued is sent in the order of the calls.
func (c *Client) Notify(b protocol.Body) error {
	data, err := protocol.Notice(b)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.queueLocked(data)
}

// Call queues a request and does not block. done is called exactly once: with the
// reply's body on the run goroutine, or with a *protocol.Error, or with the reason
// why there is no reply. It is never called before Call returns.
func (c *Client) Call(b protocol.Body, done func(json.RawMessage, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nextID++
	id := c.nextID
	data, err := protocol.Request(id, b)
	if err == nil {
		err = c.queueLocked(data)
	}
	if err != nil {
		go done(nil, err)
		return
	}
	timer := time.AfterFunc(requestTimeout, func() { c.settle(id, nil, ErrTimeout) })
	c.pending[id] = &pending{done: done, timer: timer}
}

func (c *Client) queueLocked(data []byte) error {
	if c.link == nil {
		return ErrDown
	}
	return c.link.send(data)
}

func (c *Client) settle(id uint64, body json.RawMessage, err error) {
	c.mu.Lock()
	p := c.pending[id]
	delete(c.pending, id)
	c.mu.Unlock()
	if p == nil {
		return // late: it timed out before
	}
	p.timer.Stop()
	p.done(body, err)
}

func (c *Client) failPending(err error) {
	c.mu.Lock()
	all := c.pending
	c.pending = map[uint64]*pending{}
	c.mu.Unlock()
	for _, p := range all {
		p.timer.Stop()
		p.done(nil, err)
	}
}

// run dials, reads until the connection is gone, and begins again.
func (c *Client) run() {
	for try := 0; c.ctx.Err() == nil; try++ {
		ws := c.dialAny()
		if ws == nil {
			c.pause(delay(try))
			continue
		}
		began := time.Now()
		err := c.serve(ws)
		if c.ctx.Err() != nil {
			return
		}
		if !comeBack(err) {
			c.cfg.OnDown(fmt.Errorf("%w: %w", ErrFinal, err))
			return
		}
		c.cfg.OnDown(err)
		if time.Since(began) > stable {
			try = -1
		}
		c.pause(delay(try))
	}
}

func (c *Client) dialAny() *websocket.Conn {
	for _, url := range c.cfg.URLs {
		ctx, cancel := context.WithTimeout(c.ctx, dialTimeout)
		ws, err := c.dial(ctx, url)
		cancel()
		if err == nil {
			return ws
		}
		if c.ctx.Err() == nil {
			c.cfg.Logf("cannot reach %s: %v", url, err)
		}
	}
	return nil
}

// serve reads ws until it ends.
func (c *Client) serve(ws *websocket.Conn) error {
	l := newLink(c.ctx, ws)
	c.mu.Lock()
	if c.ctx.Err() != nil { // Close did not see this link
		l.finish()
	}
	c.link = l
	if c.heartbeat > 0 {
		l.expectWithin(c.heartbeat)
	}
	c.mu.Unlock()
	c.cfg.OnUp()
	err := l.read(c.onFrame)
	c.mu.Lock()
	c.link = nil
	c.mu.Unlock()
	l.stop()
	c.failPending(ErrLost)
	return err
}

func (c *Client) onFrame(f protocol.Frame) {
	if c.ctx.Err() != nil {
		return
	}
	if f.ID != 0 {
		if f.Error != nil {
			c.settle(f.ID, nil, f.Error)
			return
		}
		c.settle(f.ID, f.Body, nil)
		return
	}
	if f.Type == protocol.TypePing {
		if err := c.Notify(protocol.Pong{}); err != nil {
			c.cfg.Logf("answering the server's ping: %v", err)
		}
	}
	c.cfg.OnNotice(f)
}

// pause waits, or less when woken.
func (c *Client) pause(d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.wake:
	case <-c.ctx.Done():
	}
}
