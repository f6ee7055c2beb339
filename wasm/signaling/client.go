package signaling

import (
	"context"
	"errors"
	"sync"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"

	"github.com/coder/websocket"
)

// Bounds and times of a connection.
const (
	requestTimeout = 6 * time.Second
	doubtAfter     = 2 * time.Second // without a reply, the socket may be dead
	dialTimeout    = 10 * time.Second
	closeTimeout   = 10 * time.Second // to get through what was queued at Close
	maxQueue       = 1024             // frames that wait, or are not acknowledged
	maxQueueBytes  = 4 << 20
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
	// OnUp is called on the run goroutine when a connection stands. resumed: the same one
	// as before, nothing was lost. Otherwise it is a new one: whatever waited for a reply
	// has failed with ErrLost, what was not sent yet is dropped, and a login must follow.
	OnUp func(resumed bool)
	// OnDown is called on the run goroutine when the socket of a connection that stood is
	// gone. After an ErrFinal there is no other try.
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
	after  func(time.Duration, func()) *time.Timer
	ctx    context.Context
	cancel context.CancelFunc
	wake   chan struct{}

	mu        sync.Mutex
	closed    bool
	link      *link // nil while down
	url       string
	key       string // resumes the connection; empty when the server cannot
	heartbeat time.Duration
	out       protocol.Outbox
	received  uint64 // counted frames that came
	nextID    uint64
	pending   map[uint64]*pending
}

// pending is a request that has no reply yet.
type pending struct {
	done  func(json.RawMessage, error)
	frame []byte
	due   time.Time
	late  bool // its timer was, and was set again
	timer *time.Timer
}

// New starts to connect.
func New(cfg Config) *Client {
	c := newClient(cfg)
	go c.run()
	return c
}

func newClient(cfg Config) *Client {
	ctx, cancel := context.WithCancel(context.Background())
	return &Client{
		cfg: cfg, dial: dial, after: time.AfterFunc, ctx: ctx, cancel: cancel,
		wake:    make(chan struct{}, 1),
		out:     protocol.Outbox{MaxMessages: maxQueue, MaxBytes: maxQueueBytes, Keep: true},
		pending: map[uint64]*pending{},
	}
}

// Close ends the connection for good: what was queued is sent, what waits for a reply
// fails with ErrClosed, and no function of Config is called any more. It does not wait
// for the server. Without a socket the client comes back once more for what was queued,
// but not for long.
func (c *Client) Close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	switch {
	case c.link != nil:
		c.link.poke()
		c.after(closeTimeout, c.cancel)
	case c.key != "":
		c.after(closeTimeout, c.cancel)
		c.wakeLocked()
	default:
		c.cancel()
	}
	go c.failPending(ErrClosed) // not here: the caller may hold a lock that they need
}

// Wake is for when the browser says that the network is back or the page is seen again.
// A client that waits before its next try makes it now; one whose socket stands asks the
// server for a sign of life, and takes another socket when none comes soon.
func (c *Client) Wake() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wakeLocked()
}

func (c *Client) wakeLocked() {
	if c.link != nil {
		c.link.probe()
		return
	}
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

// Resumable reports whether Call and Notify take what they are given: a connection
// stands, or it is down and may still be resumed, and then they queue.
func (c *Client) Resumable() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.readyLocked() == nil
}

// Key is what resumes the connection; empty when nothing does.
func (c *Client) Key() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.key
}

// URL is the address of the socket that stands or stood last.
func (c *Client) URL() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.url
}

// Established takes what the reply to a login tells: the interval of the server's pings,
// of which a silence of two and a half makes the client doubt its socket, and the key
// that resumes the connection. With an empty key nothing does, unless another login of
// the same connection brought one.
func (c *Client) Established(heartbeat time.Duration, key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heartbeat = heartbeat
	if key != "" {
		c.key = key
	}
	c.out.Keep = c.key != ""
	if c.link != nil {
		c.link.expectWithin(heartbeat)
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
	return c.queueLocked(b.Type(), data)
}

// Call queues a request and does not block. done is called exactly once: with the
// reply's body on the run goroutine, or with a *protocol.Error, or with the reason
// why there is no reply. It is never called before Call returns. A request that was
// queued while the connection was down and times out there is not sent any more.
func (c *Client) Call(b protocol.Body, done func(json.RawMessage, error)) {
	c.CallWithin(requestTimeout, b, done)
}

// CallWithin is Call with another time-out than the usual 6 s.
func (c *Client) CallWithin(limit time.Duration, b protocol.Body, done func(json.RawMessage, error)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.nextID++
	id := c.nextID
	data, err := protocol.Request(id, b)
	if err == nil {
		err = c.queueLocked(b.Type(), data)
	}
	if err != nil {
		go done(nil, err)
		return
	}
	p := &pending{done: done, frame: data, due: time.Now().Add(limit)}
	p.timer = c.after(min(limit, doubtAfter), func() { c.onTimeout(id) })
	c.pending[id] = p
}

// readyLocked says why nothing can be queued, if nothing can.
func (c *Client) readyLocked() error {
	switch {
	case c.closed:
		return ErrClosed
	case c.link == nil && c.key == "":
		return ErrDown
	}
	return nil
}

// queueLocked refuses what the server would end the connection for.
func (c *Client) queueLocked(t protocol.Type, data []byte) error {
	if err := c.readyLocked(); err != nil {
		return err
	}
	if len(data) > protocol.MaxFrame {
		return protocol.Errorf(protocol.CodeInput, "the %s has %d bytes: at most %d are taken", t, len(data), protocol.MaxFrame)
	}
	if !c.out.Push(data) {
		return ErrFull
	}
	if c.link != nil {
		c.link.poke()
	}
	return nil
}

// onTimeout doubts the socket that brought no reply, and at last gives the request up.
func (c *Client) onTimeout(id uint64) {
	if c.expire(id) {
		c.settle(id, nil, ErrTimeout)
	}
}

// expire takes a request back if it was never sent. A timer that is late tells of a page
// that was frozen: its reply may be there, unread, so it gets a last chance.
func (c *Client) expire(id uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pending[id]
	if p == nil {
		return false
	}
	if left := time.Until(p.due); left > 0 {
		if c.link != nil {
			c.link.probe()
		}
		p.timer = c.after(left, func() { c.onTimeout(id) })
		return false
	}
	if !p.late && time.Since(p.due) > lastChance {
		p.late = true
		p.timer = c.after(lastChance, func() { c.onTimeout(id) })
		return false
	}
	c.out.Cancel(p.frame)
	if c.link != nil {
		c.link.probe()
	}
	return true
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
