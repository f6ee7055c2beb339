package signaling

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

// memory is a net.Listener within the process, so that synctest's clock rules the wire.
type memory struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.conns:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	close(m.closed)
	return nil
}

func (m *memory) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1)} }

func (m *memory) dial(context.Context, string, string) (net.Conn, error) { return m.dialFrom("pipe") }

// far is a connection whose other end has an address.
type far struct {
	net.Conn
	address string
}

func (f far) RemoteAddr() net.Addr { return f }
func (f far) Network() string      { return "memory" }
func (f far) String() string       { return f.address }

func (m *memory) dialFrom(address string) (net.Conn, error) {
	ours, pipe := net.Pipe()
	theirs := far{pipe, address}
	select {
	case m.conns <- theirs:
		return ours, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

// site is a server on an in-memory listener.
type site struct {
	t      *testing.T
	server *Server
	http   http.Client
	wire   *memory
}

// bubble runs a test against a server, in virtual time.
func bubble(t *testing.T, c Config, test func(*site)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		wire := &memory{conns: make(chan net.Conn), closed: make(chan struct{})}
		s := &site{t: t, server: New(c), wire: wire}
		s.http.Transport = &http.Transport{DialContext: wire.dial, DisableKeepAlives: true}
		web := &http.Server{Handler: s.server}
		go func() {
			if err := web.Serve(wire); !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
		}()
		defer func() { // also when the test ends early
			if err := s.server.Shutdown(context.Background()); err != nil {
				t.Error(err)
			}
			web.Close()
			synctest.Wait()
		}()
		test(s)
	})
}

// client is a WebSocket client that a test drives frame by frame.
type client struct {
	t     *testing.T
	ws    *websocket.Conn
	id    uint64
	pings int // that next answered

	key      string // to resume with
	received uint64 // counted frames
}

func (s *site) dial() *client {
	s.t.Helper()
	ws, _, err := websocket.Dial(s.t.Context(), "ws://site/ws", &websocket.DialOptions{HTTPClient: &s.http})
	if err != nil {
		s.t.Fatal(err)
	}
	ws.SetReadLimit(-1)
	s.t.Cleanup(func() { ws.CloseNow() })
	return &client{t: s.t, ws: ws}
}

// conn finds the server's side of a connection.
func (s *site) conn(match func(*conn) bool) *conn {
	s.t.Helper()
	synctest.Wait()
	for _, c := range s.conns() {
		if match(c) {
			return c
		}
	}
	s.t.Fatal("no such connection")
	return nil
}

func (s *site) conns() []*conn {
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	return slices.Collect(maps.Keys(s.server.conns))
}

// login dials and enters a room.
func (s *site) login(room, user string) *client {
	s.t.Helper()
	c := s.dial()
	c.ok(enter(room, user))
	return c
}

func enter(room, user string) protocol.RoomLogin {
	return protocol.RoomLogin{
		Version: protocol.Version, Room: protocol.RoomID(room),
		User: protocol.User{ID: protocol.UserID(user)},
	}
}

func (c *client) send(text string) {
	c.t.Helper()
	if err := c.ws.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// request sends a request and returns its id.
func (c *client) request(b protocol.Body) uint64 {
	c.t.Helper()
	c.id++
	data, err := protocol.Request(c.id, b)
	if err != nil {
		c.t.Fatal(err)
	}
	c.send(string(data))
	return c.id
}

func (c *client) notify(b protocol.Body) {
	c.t.Helper()
	data, err := protocol.Notice(b)
	if err != nil {
		c.t.Fatal(err)
	}
	c.send(string(data))
}

// next is the next frame that is no ping; pings are answered.
func (c *client) next() protocol.Frame {
	c.t.Helper()
	for {
		f, err := c.read()
		if err != nil {
			c.t.Fatal(err)
		}
		if f.Type != protocol.TypePing {
			return f
		}
		c.pings++
		c.notify(protocol.Pong{})
	}
}

func (c *client) read() (protocol.Frame, error) {
	_, data, err := c.ws.Read(c.t.Context())
	if err != nil {
		return protocol.Frame{}, err
	}
	f, err := protocol.Decode(data)
	if protocol.Counted(f.Type) {
		c.received++
	}
	return f, err
}

// ok sends a request and returns its reply, which must come next and be no error.
func (c *client) ok(b protocol.Body) protocol.Frame {
	c.t.Helper()
	f := c.replyTo(b)
	if f.Error != nil {
		c.t.Fatalf("%s: %v", b.Type(), f.Error)
	}
	return f
}

func (c *client) replyTo(b protocol.Body) protocol.Frame {
	c.t.Helper()
	id := c.request(b)
	f := c.next()
	if f.ID != id || f.Type != b.Type() {
		c.t.Fatalf("got %s %d %s, want the reply to %s %d", f.Type, f.ID, f.Body, b.Type(), id)
	}
	return f
}

// refused sends a request that must be answered with an error of that code.
func (c *client) refused(b protocol.Body, want protocol.Code) {
	c.t.Helper()
	if f := c.replyTo(b); f.Error == nil || f.Error.Code != want {
		c.t.Errorf("%s: error %v, want code %d", b.Type(), f.Error, want)
	}
}

// hears reads the next notice, which must be of type T.
func hears[T protocol.Body](c *client) T {
	c.t.Helper()
	f := c.next()
	var b T
	if f.Type != b.Type() || f.ID != 0 {
		c.t.Fatalf("got %s %d %s, want notice %s", f.Type, f.ID, f.Body, b.Type())
	}
	if err := json.Unmarshal(f.Body, &b); err != nil {
		c.t.Fatal(err)
	}
	return b
}

// closed reads until the connection closes, checks how, and counts what came before.
func (c *client) closed(want protocol.CloseCode) (frames int) {
	c.t.Helper()
	for {
		_, err := c.read()
		if err == nil {
			frames++
			continue
		}
		var status websocket.CloseError
		if !errors.As(err, &status) || protocol.CloseCode(status.Code) != want || status.Reason != want.String() {
			c.t.Errorf("closed with %v, want %d %s", err, want, want)
		}
		return frames
	}
}

// listen reads whatever comes, answering pings, until the connection ends.
func (c *client) listen() {
	for {
		f, err := c.read()
		if err != nil {
			return
		}
		if f.Type == protocol.TypePing {
			if c.ws.Write(context.Background(), websocket.MessageText, []byte(`{"type":"pong"}`)) != nil {
				return
			}
		}
	}
}

func elapsed(t *testing.T, since time.Time, want time.Duration) {
	t.Helper()
	if got := time.Since(since); got != want {
		t.Errorf("after %v, want %v", got, want)
	}
}

func long(n int) string { return strings.Repeat("x", n) }
