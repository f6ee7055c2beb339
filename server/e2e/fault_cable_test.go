package e2e

import (
	"bytes"
	"net"
	"sync"
	"testing"
)

// cable is the way from pages to a server: what listens at its address passes every
// connection on, until a test breaks it.
type cable struct {
	t        *testing.T
	addr, to string

	mu    sync.Mutex
	ln    net.Listener // nil while the cable is cut
	numb  bool         // new connections come to nothing
	wires map[*wire]struct{}
}

// newCable lays a cable to the server at the address to.
func newCable(t *testing.T, to string) *cable {
	t.Helper()
	l := &cable{t: t, addr: steadyAddr(t), to: to, wires: map[*wire]struct{}{}}
	t.Cleanup(l.cut)
	l.mend()
	return l
}

// mend lets connections through, the first time or again.
func (l *cable) mend() {
	l.t.Helper()
	ln, err := net.Listen("tcp", l.addr)
	if err != nil {
		l.t.Fatal(err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ln, l.numb = ln, false
	go l.accept(ln)
}

// cut ends all connections, as both their ends notice, and refuses new ones.
func (l *cable) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ln != nil {
		l.ln.Close()
		l.ln = nil
	}
	for w := range l.wires {
		w.close()
	}
}

// swallow makes every WebSocket half-open: from now on nothing comes out of it, not even
// its end. Other connections and new ones work.
func (l *cable) swallow() {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for w := range l.wires {
		if w.swallow() {
			n++
		}
	}
	if n == 0 {
		l.t.Error("there is no WebSocket that could be swallowed")
	}
}

// benumb lets nothing through any more, and ends nothing: as when the other end's machine
// has lost its power.
func (l *cable) benumb() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.numb = true
	for w := range l.wires {
		w.kill()
	}
}

func (l *cable) accept(ln net.Listener) {
	for {
		client, err := ln.Accept()
		if err != nil {
			return
		}
		if server, err := net.Dial("tcp", l.to); err != nil {
			client.Close()
		} else if w := l.join(ln, client, server); w != nil {
			go w.pass(client, server)
			go w.pass(server, client)
		}
	}
}

// join keeps a new connection, unless the cable was cut meanwhile.
func (l *cable) join(ln net.Listener, client, server net.Conn) *wire {
	l.mu.Lock()
	defer l.mu.Unlock()
	w := &wire{cable: l, client: client, server: server, dead: l.numb}
	if l.ln != ln {
		w.close()
		return nil
	}
	l.wires[w] = struct{}{}
	return w
}

func (l *cable) forget(w *wire) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.wires, w)
}

// wire is one connection that passes a cable. Its mutex is taken after the cable's.
type wire struct {
	cable          *cable
	client, server net.Conn

	mu        sync.Mutex
	webSocket bool
	dead      bool // everything is swallowed
}

func (w *wire) close() {
	w.client.Close()
	w.server.Close()
}

// swallow reports whether that was a WebSocket.
func (w *wire) swallow() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = w.dead || w.webSocket
	return w.webSocket
}

func (w *wire) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.dead = true
}

// pass takes what comes from one end to the other. The end of one ends the other, too,
// unless everything is swallowed: then the other never hears of it.
func (w *wire) pass(from, to net.Conn) {
	data := make([]byte, 16<<10)
	for {
		n, err := from.Read(data)
		dead := w.look(data[:n])
		if err == nil && !dead {
			_, err = to.Write(data[:n])
		}
		if err == nil {
			continue
		}
		if !dead {
			w.close()
			w.cable.forget(w)
		}
		return
	}
}

// look notes what kind of connection it is; true if nothing may pass.
func (w *wire) look(data []byte) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if bytes.Contains(data, []byte("\r\nUpgrade: websocket\r\n")) {
		w.webSocket = true
	}
	return w.dead
}
