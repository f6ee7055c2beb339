//go:build !js

package signaling

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// pipes is a listener whose connections stay in memory. The client's end can be
// unplugged, and frozen as a page is: nothing is read and no timer fires until it thaws,
// and then the timers are first.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once

	lag time.Duration // at most, of every read and write; set before the first dial

	mu        sync.Mutex
	unplugged bool
	here      []net.Conn
	thawed    chan struct{}
}

func newPipes() *pipes {
	p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{}), thawed: make(chan struct{})}
	close(p.thawed)
	return p
}

func (p *pipes) websocket(ctx context.Context, url string) (*websocket.Conn, error) {
	transport := &http.Transport{DialContext: p.dial, DisableKeepAlives: true}
	ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
	return ws, err
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	p.mu.Lock()
	unplugged := p.unplugged
	p.here = append(p.here, here)
	p.mu.Unlock()
	if unplugged {
		return nil, errors.New("no network")
	}
	select {
	case p.conns <- there:
		return &frosty{Conn: here, wire: p, closed: make(chan struct{})}, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) gone(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !slices.Contains(p.here, c)
}

func (p *pipes) someLag() time.Duration {
	if p.lag == 0 {
		return 0
	}
	return rand.N(p.lag)
}

// cut breaks every connection that there is.
func (p *pipes) cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.here {
		_ = c.Close()
	}
	p.here = nil
}

func (p *pipes) unplug() {
	p.mu.Lock()
	p.unplugged = true
	p.mu.Unlock()
	p.cut()
}

func (p *pipes) plug() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unplugged = false
}

func (p *pipes) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.thawed = make(chan struct{})
}

func (p *pipes) thaw() { close(p.frost()) }

func (p *pipes) frost() chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.thawed
}

// after is time.AfterFunc in a page that may be frozen.
func (p *pipes) after(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		<-p.frost()
		f()
	})
}

// frosty is the client's end of a connection. Closing it ends every wait: the library
// closes under a mutex, and virtual time stands still while another waits for that.
type frosty struct {
	net.Conn
	wire   *pipes
	closed chan struct{}
	once   sync.Once
}

func (f *frosty) Close() error {
	f.once.Do(func() { close(f.closed) })
	return f.Conn.Close()
}

// late lets what is on its way be lost when the connection is cut meanwhile.
func (f *frosty) late(d time.Duration) {
	if d > 0 {
		select {
		case <-time.After(d):
		case <-f.closed:
		}
	}
}

func (f *frosty) Write(b []byte) (int, error) {
	f.late(f.wire.someLag())
	return f.Conn.Write(b)
}

func (f *frosty) Read(b []byte) (int, error) {
	n, err := f.Conn.Read(b)
	if f.late(f.wire.someLag()); f.wire.gone(f.Conn) {
		return 0, net.ErrClosed
	}
	select {
	case <-f.wire.frost():
	default:
		select {
		case <-f.wire.frost():
			f.late(time.Millisecond) // the timers are first
		case <-f.closed:
		}
	}
	return n, err
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }
