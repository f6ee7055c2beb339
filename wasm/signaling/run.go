package signaling

import (
	"context"
	"errors"
	"fmt"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"

	"github.com/coder/websocket"
)

// errCounts ends a link whose other end counts frames that never were.
var errCounts = errors.New("the server has not counted as this client has")

// run makes one link after the other.
func (c *Client) run() {
	for try := 0; c.ctx.Err() == nil; try++ {
		stood, final := c.connect()
		if final {
			return
		}
		if stood > stable {
			try = 0
		}
		if c.pause(Delay(try)) {
			try = -1
		}
	}
}

// pause waits, or less when woken.
func (c *Client) pause(d time.Duration) (woken bool) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.wake:
		return true
	case <-c.ctx.Done():
	}
	return false
}

// connect takes one socket and stays with it until it ends. It tells how long it stood,
// and whether there shall be no other.
func (c *Client) connect() (stood time.Duration, final bool) {
	ws, url := c.dialAny()
	if ws == nil {
		return 0, false
	}
	l := newLink(ws, c.after)
	defer l.end()
	resumed, err := c.greet(l)
	if err != nil {
		return 0, c.onLoss(err, false)
	}
	began := time.Now()
	c.stand(l, url, resumed)
	err = c.handle(l)
	return time.Since(began), c.onLoss(err, true)
}

func (c *Client) dialAny() (ws *websocket.Conn, url string) {
	for _, url := range c.cfg.URLs {
		ctx, cancel := context.WithTimeout(c.ctx, dialTimeout)
		ws, err := c.dial(ctx, url)
		cancel()
		if err == nil {
			return ws, url
		}
		if c.ctx.Err() == nil {
			c.cfg.Logf("cannot reach %s: %v", url, err)
		}
	}
	return nil, ""
}

// greet goes on with the connection over l, if there is one to go on with; false when l
// carries a new one.
func (c *Client) greet(l *link) (resumed bool, err error) {
	c.mu.Lock()
	c.nextID++
	id, key, received := c.nextID, c.key, c.received
	c.mu.Unlock()
	if key == "" {
		return false, nil
	}
	data, err := protocol.Request(id, protocol.Resume{Version: protocol.Version, Key: key, Received: received})
	if err == nil {
		err = l.write(data)
	}
	if err != nil {
		return false, err
	}
	f, err := c.greeting(l, id)
	if err != nil {
		return false, err
	}
	return c.onGreeting(f)
}

// greeting waits for the reply to a resume. Whatever has a number comes after it.
func (c *Client) greeting(l *link, id uint64) (protocol.Frame, error) {
	timer := time.NewTimer(requestTimeout)
	defer timer.Stop()
	for {
		select {
		case f := <-l.frames:
			if f.Type == protocol.TypeResume && f.ID == id {
				return f, nil
			}
			if protocol.Counted(f.Type) {
				return f, errCounts
			}
		case <-timer.C:
			return protocol.Frame{}, ErrTimeout
		case <-l.ctx.Done():
			return protocol.Frame{}, context.Cause(l.ctx)
		case <-c.ctx.Done():
			return protocol.Frame{}, ErrClosed
		}
	}
}

// onGreeting begins again where the server's count ends, or anew when it has none.
func (c *Client) onGreeting(f protocol.Frame) (resumed bool, err error) {
	if f.Error != nil {
		c.cfg.Logf("the server cannot resume: %v", f.Error)
		c.forget()
		return false, nil
	}
	var reply protocol.Resumed
	if err := json.Unmarshal(f.Body, &reply); err != nil {
		return false, fmt.Errorf("reading the reply to resume: %w", err)
	}
	c.mu.Lock()
	sound := c.out.Rewind(reply.Received)
	c.mu.Unlock()
	if !sound {
		c.forget()
		return false, errCounts
	}
	return true, nil
}

// forget lets the connection go: what is dialed next, or stands already, carries a new one.
func (c *Client) forget() {
	c.mu.Lock()
	c.key, c.received = "", 0
	c.out.Clear()
	c.out.Keep = true // until the login tells that it is in vain
	c.mu.Unlock()
	c.failPending(ErrLost)
}

// stand makes l what the connection goes on over.
func (c *Client) stand(l *link, url string, resumed bool) {
	c.mu.Lock()
	c.link, c.url = l, url
	select {
	case <-c.wake: // it was meant for this try
	default:
	}
	if c.heartbeat > 0 {
		l.expectWithin(c.heartbeat)
	}
	closed := c.closed
	c.mu.Unlock()
	go c.write(l)
	if !closed {
		c.cfg.OnUp(resumed)
	}
}

// handle hands over frames until l is given up; the error says why it was.
func (c *Client) handle(l *link) error {
	for {
		select {
		case f := <-l.frames:
			c.onFrame(l, f)
		case <-l.ctx.Done():
			return context.Cause(l.ctx)
		case <-c.ctx.Done():
			return ErrClosed
		}
	}
}

func (c *Client) onFrame(l *link, f protocol.Frame) {
	closed := c.count(l, f)
	switch {
	case closed, f.Type == protocol.TypeAck, f.Type == protocol.TypePong:
	case f.ID != 0 && f.Error != nil:
		c.settle(f.ID, nil, f.Error)
	case f.ID != 0:
		c.settle(f.ID, f.Body, nil)
	default:
		c.cfg.OnNotice(f)
	}
}

// count counts f if it has a number, and otherwise reads how many the server has had.
func (c *Client) count(l *link, f protocol.Frame) (closed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if protocol.Counted(f.Type) {
		c.received++
		l.bytes += len(f.Body)
		if c.key != "" && (c.received%protocol.AckEvery == 0 || l.bytes >= protocol.AckBytes) {
			l.bytes = 0
			l.owe(protocol.TypeAck)
		}
		return c.closed
	}
	if f.Type == protocol.TypePing {
		l.owe(protocol.TypePong)
	}
	var had protocol.Ack // ping and pong have the same field
	if err := json.Unmarshal(f.Body, &had); len(f.Body) > 0 && err != nil {
		c.cfg.Logf("a %s of the server cannot be read: %v", f.Type, err)
	}
	if !c.out.Ack(had.Received) {
		l.giveUp(errCounts)
	}
	if c.closed {
		l.poke() // it may be done now
	}
	return c.closed
}

// write sends what waits until l is given up. After Close it gives l up itself.
func (c *Client) write(l *link) {
	for l.ctx.Err() == nil {
		data, err := c.next(l)
		if err == nil && data != nil {
			err = l.write(data)
		}
		if err != nil {
			l.giveUp(err)
		} else if data == nil {
			l.wait()
		}
	}
}

// next is what to send next: nothing when nothing waits, ErrClosed when nothing will.
func (c *Client) next(l *link) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.link != l {
		return nil, ErrLost // or it would take what another link must send
	}
	if b := l.due(c.received); b != nil {
		return protocol.Notice(b)
	}
	if data, ok := c.out.Next(); ok {
		return data, nil
	}
	switch {
	case !c.closed:
	case c.out.Empty():
		return nil, ErrClosed
	case !l.asked: // written is not received: the socket may be dead
		l.asked = true
		l.probe()
		if b := l.due(c.received); b != nil {
			return protocol.Notice(b)
		}
	}
	return nil, nil
}

// onLoss tells of a link that is gone, if it stood, and whether the client stays away.
func (c *Client) onLoss(err error, stood bool) (final bool) {
	final = !comeBack(err)
	c.mu.Lock()
	c.link = nil
	closed, over := c.closed, final || c.key == ""
	c.mu.Unlock()
	if closed {
		if over || errors.Is(err, ErrClosed) {
			c.cancel()
		}
		return final
	}
	if over {
		c.forget()
	}
	switch {
	case final:
		c.cfg.OnDown(fmt.Errorf("%w: %w", ErrFinal, err))
	case stood:
		c.cfg.OnDown(err)
	default:
		c.cfg.Logf("the connection is not back yet: %v", err)
	}
	return final
}
