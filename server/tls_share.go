package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/acme"

	"expressrtc/server/signaling"
)

// handshakeTimeout bounds what a connection may take until it says what it is.
const handshakeTimeout = 10 * time.Second

// The bounds on connections that are not that far yet, in all and of an address.
const (
	maxHandshakes     = 2_000
	maxHandshakesEach = 200
)

// sharedListener is the listener of HTTPS. Those of its connections that turn out to carry
// TURN are passed to a listener of their own, so that one port is enough, and the one that
// every firewall lets through.
type sharedListener struct {
	net.Listener // of plain TCP
	config       *tls.Config
	log          *slog.Logger

	web   chan net.Conn
	busy  *crowd // of handshakes that go on
	ended chan struct{}

	mu   sync.Mutex
	turn *passedOn // or nil
	err  error     // why it ended
}

func newSharedListener(ln net.Listener, config *tls.Config, log *slog.Logger) *sharedListener {
	s := &sharedListener{
		Listener: ln, config: config, log: log,
		web: make(chan net.Conn), busy: newCrowd(maxHandshakes, maxHandshakesEach), ended: make(chan struct{}),
	}
	go s.run()
	return s
}

// run accepts connections until the listener is closed.
func (s *sharedListener) run() {
	for {
		conn, err := s.Listener.Accept()
		if err != nil {
			s.mu.Lock()
			s.err = err
			turn := s.turn
			s.mu.Unlock()
			close(s.ended)
			if turn != nil {
				turn.close()
			}
			return
		}
		from := signaling.Network(conn.RemoteAddr().String())
		if !s.busy.enter(from) {
			conn.Close() // too many at once: they come again
			continue
		}
		go func() {
			defer s.busy.leave(from)
			s.sort(conn)
		}()
	}
}

// sort finds out what a connection carries. Browsers say "http/1.1" or "h2" in the
// handshake for pages and sockets, and nothing for TURN.
func (s *sharedListener) sort(raw net.Conn) {
	conn := tls.Server(raw, s.config)
	ctx, cancel := context.WithTimeout(context.Background(), handshakeTimeout)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		s.log.Debug("no TLS", "address", raw.RemoteAddr(), "error", err)
		conn.Close()
		return
	}
	switch conn.ConnectionState().NegotiatedProtocol {
	case acme.ALPNProto: // an authority, which has seen what it wanted to
		conn.Close()
	case "":
		s.sortSilent(conn)
	default:
		pass(conn, s.web, s.ended)
	}
}

// sortSilent sorts a connection that did not say what it carries by its first byte.
func (s *sharedListener) sortSilent(conn *tls.Conn) {
	peeked := &peekedConn{Conn: conn, buffer: bufio.NewReaderSize(conn, 16)}
	if conn.SetReadDeadline(time.Now().Add(handshakeTimeout)) != nil {
		conn.Close()
		return
	}
	first, err := peeked.buffer.Peek(1)
	if err != nil || conn.SetReadDeadline(time.Time{}) != nil {
		conn.Close()
		return
	}
	if first[0] >= 0x40 { // a letter; STUN has two zero bits there: RFC 7983
		pass(peeked, s.web, s.ended)
		return
	}
	s.mu.Lock()
	turn := s.turn
	s.mu.Unlock()
	if turn == nil {
		conn.Close()
		return
	}
	pass(peeked, turn.queue, turn.closed)
}

// pass waits until a connection is taken or nobody will.
func pass(conn net.Conn, to chan<- net.Conn, ended <-chan struct{}) {
	select {
	case to <- conn:
	case <-ended:
		conn.Close()
	}
}

// Accept waits for a connection that carries HTTP.
func (s *sharedListener) Accept() (net.Conn, error) {
	select {
	case conn := <-s.web:
		return conn, nil
	case <-s.ended:
		s.mu.Lock()
		defer s.mu.Unlock()
		return nil, s.err
	}
}

// relays is the listener of the connections that carry TURN. It is to be called once.
func (s *sharedListener) relays() net.Listener {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn = &passedOn{from: s, queue: make(chan net.Conn), closed: make(chan struct{})}
	s.turn.close = sync.OnceFunc(func() { close(s.turn.closed) })
	return s.turn
}

// passedOn is a listener of what another one passes on.
type passedOn struct {
	from   *sharedListener
	queue  chan net.Conn
	closed chan struct{}
	close  func()
}

// Accept waits for a connection.
func (p *passedOn) Accept() (net.Conn, error) {
	select {
	case conn := <-p.queue:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close ends this listener, and not the one that it gets connections from.
func (p *passedOn) Close() error {
	p.close()
	return nil
}

// Addr is where clients connect to.
func (p *passedOn) Addr() net.Addr { return p.from.Addr() }

// peekedConn is a connection of which something is read already.
type peekedConn struct {
	net.Conn
	buffer *bufio.Reader
}

// Read reads what was peeked at, then the rest.
func (p *peekedConn) Read(b []byte) (int, error) { return p.buffer.Read(b) }
