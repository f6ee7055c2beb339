package e2e

import (
	"net"
	"sync"
	"testing"
	"time"
)

// gate is one client's way to the server, which the fault bench closes and opens. It
// always listens: while it is shut, a connection ends as soon as it is made.
type gate struct {
	ln net.Listener
	to string

	mu       sync.Mutex
	shut     int // reasons for it
	passages map[*passage]struct{}
}

// passage is a connection of a client and the one to the server that belongs to it.
type passage struct {
	client, server net.Conn

	mu    sync.Mutex
	thaw  chan struct{} // closed when it may go on; nil unless it stands still
	ended bool
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{ln: ln, to: to, passages: map[*passage]struct{}{}}
	t.Cleanup(g.close)
	go g.accept()
	return g
}

func (g *gate) addr() string { return g.ln.Addr().String() }

func (g *gate) close() {
	g.ln.Close()
	g.cut()
}

func (g *gate) accept() {
	for {
		client, err := g.ln.Accept()
		if err != nil {
			return
		}
		go g.connect(client)
	}
}

func (g *gate) connect(client net.Conn) {
	server, err := net.Dial("tcp", g.to)
	if err != nil {
		client.Close()
		return
	}
	p := &passage{client: client, server: server}
	g.mu.Lock()
	open := g.shut == 0
	if open {
		g.passages[p] = struct{}{}
	}
	g.mu.Unlock()
	if !open {
		p.end()
		return
	}
	go g.pass(p, client, server)
	g.pass(p, server, client)
}

// pass copies one way until either end has ended.
func (g *gate) pass(p *passage, from, to net.Conn) {
	data := make([]byte, 16<<10)
	for {
		n, err := from.Read(data)
		p.wait()
		if err == nil {
			_, err = to.Write(data[:n])
		}
		if err != nil {
			p.end()
			g.mu.Lock()
			delete(g.passages, p)
			g.mu.Unlock()
			return
		}
	}
}

// now is all connections that there are.
func (g *gate) now() []*passage {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := make([]*passage, 0, len(g.passages))
	for p := range g.passages {
		all = append(all, p)
	}
	return all
}

// cut ends all connections.
func (g *gate) cut() {
	for _, p := range g.now() {
		p.end()
	}
}

// cutFor ends all connections, and those that are made meanwhile.
func (g *gate) cutFor(d time.Duration) {
	g.cutForGood()
	time.AfterFunc(d, func() { g.bar(-1) })
}

// cutForGood lets nothing through any more.
func (g *gate) cutForGood() {
	g.bar(1)
	g.cut()
}

func (g *gate) bar(reasons int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut += reasons
}

// freezeFor lets all connections stand still; new ones are not concerned. Then they go
// on, or end if they are lost.
func (g *gate) freezeFor(d time.Duration, lost bool) {
	for _, p := range g.now() {
		p.freeze()
		time.AfterFunc(d, func() {
			if lost {
				p.end()
			} else {
				p.unfreeze()
			}
		})
	}
}

func (p *passage) freeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.thaw == nil && !p.ended {
		p.thaw = make(chan struct{})
	}
}

func (p *passage) unfreeze() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.thaw != nil {
		close(p.thaw)
		p.thaw = nil
	}
}

// wait returns when the connection may go on.
func (p *passage) wait() {
	p.mu.Lock()
	thaw := p.thaw
	p.mu.Unlock()
	if thaw != nil {
		<-thaw
	}
}

func (p *passage) end() {
	p.mu.Lock()
	p.ended = true
	p.mu.Unlock()
	p.client.Close()
	p.server.Close()
	p.unfreeze()
}
