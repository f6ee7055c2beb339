//go:build !js

package signaling

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
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
		p.t.Errorf("the server writes: %v", err)
	}
}

// expect reads a frame that must be text(want).
func (p peer) expect(want string) {
	p.t.Helper()
	if f := p.read(); f.Type != protocol.TypeMessageBroadcast || body[protocol.MessageBroadcast](p.t, f).Text != want {
		p.t.Errorf("the server read %s %s, want %q", f.Type, f.Body, want)
	}
}

// unheard fails when the client has written anything; the socket ends with it.
func (p peer) unheard() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Nanosecond) // virtual: when all else waits
	defer cancel()
	if _, data, err := p.ws.Read(ctx); err == nil {
		p.t.Errorf("the server read %s, want nothing", data)
	}
}

// closing reads until the socket ends and tells the close code.
func (p peer) closing() protocol.CloseCode {
	for {
		if _, _, err := p.ws.Read(context.Background()); err != nil {
			return protocol.CloseCode(websocket.CloseStatus(err))
		}
	}
}

// finished is closing for a client that asks whether all that it sent has come: so many
// frames have.
func (p peer) finished(received uint64) protocol.CloseCode {
	p.t.Helper()
	for {
		_, data, err := p.ws.Read(context.Background())
		if err != nil {
			return protocol.CloseCode(websocket.CloseStatus(err))
		}
		if f, err := protocol.Decode(data); err == nil && f.Type == protocol.TypePing {
			p.write(protocol.Notice(protocol.Pong{Received: received}))
		}
	}
}

// pinged reads a ping and answers it.
func (p peer) pinged() {
	p.t.Helper()
	if f := p.read(); f.Type != protocol.TypePing {
		p.t.Errorf("the server read %s, want a ping", f.Type)
	}
	p.write(protocol.Notice(protocol.Pong{}))
}

// greeting reads the resume that a socket must begin with.
func (p peer) greeting() (protocol.Resume, uint64) {
	p.t.Helper()
	f := p.read()
	if f.Type != protocol.TypeResume || f.ID == 0 {
		p.t.Fatalf("the socket began with %s, id %d, want a resume", f.Type, f.ID)
	}
	return body[protocol.Resume](p.t, f), f.ID
}

// resume lets the client go on; the counts are those of frames received at each end.
func (p peer) resume(client, server uint64) {
	p.t.Helper()
	got, id := p.greeting()
	if want := (protocol.Resume{Version: protocol.Version, Key: testKey, Received: client}); got != want {
		p.t.Errorf("the client resumes %+v, want %+v", got, want)
	}
	p.write(protocol.Reply(protocol.TypeResume, id, protocol.Resumed{Received: server}))
}

// refuse does not let the client go on.
func (p peer) refuse() {
	p.t.Helper()
	_, id := p.greeting()
	p.write(protocol.ErrorReply(protocol.TypeResume, id, protocol.Errorf(protocol.CodeSessionLost, "log in again")))
}

func body[T any](t *testing.T, f protocol.Frame) (b T) {
	t.Helper()
	if err := json.Unmarshal(f.Body, &b); err != nil {
		t.Fatalf("%s %s: %v", f.Type, f.Body, err)
	}
	return b
}

func text(s string) protocol.MessageBroadcast { return protocol.MessageBroadcast{Room: "r", Text: s} }

const testKey = "key"

// world is a client and the connections that a scripted server accepted from it, all
// in memory and in virtual time.
type world struct {
	*Client
	t        *testing.T
	wire     *pipes
	accepted chan peer

	mu      sync.Mutex
	log     []string // "up", "resumed", "down", "final"
	notices []protocol.Frame
}

func (w *world) note(line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, line)
}

func (w *world) onUp(resumed bool) {
	if resumed {
		w.note("resumed")
	} else {
		w.note("up")
	}
}

func (w *world) onDown(err error) {
	w.t.Logf("down: %v", err)
	if errors.Is(err, ErrFinal) {
		w.note("final")
	} else {
		w.note("down")
	}
}

func (w *world) onNotice(f protocol.Frame) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notices = append(w.notices, f)
}

func (w *world) expectLog(want ...string) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Equal(w.log, want) {
		w.t.Errorf("the client told %q, want %q", w.log, want)
	}
}

// expectNotices wants the texts of all notices that came.
func (w *world) expectNotices(want ...string) {
	w.t.Helper()
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	got := []string{}
	for _, f := range w.notices {
		got = append(got, body[protocol.MessageBroadcast](w.t, f).Text)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("the client was told %q, want %q", got, want)
	}
}

// notifyAll queues a notice for each text.
func (w *world) notifyAll(texts ...string) {
	w.t.Helper()
	for _, s := range texts {
		if err := w.Notify(text(s)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// unplug breaks the socket, and no other can be made.
func (w *world) unplug() {
	w.wire.unplug()
	synctest.Wait()
}

func (w *world) plug() { w.wire.plug() }

// serve accepts sockets for the test to play the server of.
func (w *world) serve(rw http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(rw, r, nil)
	if err != nil {
		w.t.Logf("no websocket: %v", err) // the client gave up meanwhile
		return
	}
	w.accepted <- peer{w.t, ws}
}

// inWorld runs f with a client that connects by itself.
func inWorld(t *testing.T, f func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.connect(http.HandlerFunc(w.serve))()
		f(w)
	})
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, wire: newPipes(), accepted: make(chan peer, 100)}
	w.Client = newClient(Config{
		URLs: []string{"ws://test/ws"}, OnUp: w.onUp, OnDown: w.onDown, OnNotice: w.onNotice, Logf: t.Logf,
	})
	w.Client.dial, w.Client.after = w.wire.websocket, w.wire.after
	return w
}

// connect lets the client reach a server until stop.
func (w *world) connect(handler http.Handler) (stop func()) {
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(w.wire) }() // ends with Close below
	go w.run()
	return func() {
		w.Close()
		_ = server.Close()
		// Virtual time, for what Close waits for: the other end's answer.
		time.Sleep(time.Minute)
	}
}

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

// loggedIn is connected, with a connection that can be resumed.
func (w *world) loggedIn() peer {
	p := w.connected()
	w.Established(time.Minute, testKey)
	return p
}
