//go:build !js

package signaling

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"

	"github.com/coder/websocket"
)

// peer is the server's end of one accepted connection, played by a test.
type peer struct {
	t  *testing.T
	ws *websocket.Conn
}

func (p peer) read() protocol.Frame {
	p.t.Helper()
	_, data, err := p.ws.Read(context.Background())
	if err != nil {
		p.t.Fatalf("the server reads: %v", err)
	}
	f, err := protocol.Decode(data)
	if err != nil {
		p.t.Fatal(err)
	}
	return f
}

func (p peer) write(data []byte, err error) {
	p.t.Helper()
	if err == nil {
		err = p.ws.Write(context.Background(), websocket.MessageText, data)
	}
	if err != nil {
		p.t.Fatalf("the server writes: %v", err)
	}
}

// world is a client and the connections that a scripted server accepted from it, all
// in memory and in virtual time.
type world struct {
	*Client
	accepted chan peer

	mu      sync.Mutex
	log     []string
	notices []protocol.Frame
}

func (w *world) note(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, line)
}

// inWorld runs f with a client that connects by itself.
func inWorld(t *testing.T, f func(w *world)) {
	synctest.Test(t, func(t *testing.T) {
		listener := newPipes()
		w := &world{accepted: make(chan peer, 10)}
		server := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			ws, err := websocket.Accept(rw, r, nil)
			if err != nil {
				t.Error(err)
				return
			}
			w.accepted <- peer{t, ws}
		})}
		go func() { _ = server.Serve(listener) }() // ends with Close below
		transport := &http.Transport{DialContext: listener.dial, DisableKeepAlives: true}
		w.Client = newClient(Config{
			URLs:     []string{"ws://test/ws"},
			OnUp:     func() { w.note("up") },
			OnDown:   func(err error) { w.note("down: " + err.Error()) },
			OnNotice: func(f protocol.Frame) { w.mu.Lock(); w.notices = append(w.notices, f); w.mu.Unlock() },
			Logf:     t.Logf,
		})
		w.dial = func(ctx context.Context, url string) (*websocket.Conn, error) {
			ws, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
			return ws, err
		}
		go w.run()
		defer func() {
			w.Close()
			_ = server.Close()
			// Virtual time, for what Close waits for: the other end's answer.
			time.Sleep(time.Minute)
		}()
		f(w)
	})
}

// pipes is a listener whose connections stay in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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

// answer is what a call came back with.
type answer struct {
	body json.RawMessage
	err  error
}

func (w *world) call(b protocol.Body) <-chan answer {
	result := make(chan answer, 1)
	w.Call(b, func(body json.RawMessage, err error) { result <- answer{body, err} })
	return result
}

// connected waits for the next connection to stand at both ends.
func (w *world) connected() peer {
	p := <-w.accepted
	synctest.Wait()
	return p
}
