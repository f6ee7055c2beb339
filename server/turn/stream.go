package turn

import (
	"bufio"
	"container/list"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"

	"expressrtc/server/pace"
)

// Bounds of connections.
const (
	maxFrame     = 1_500            // bytes; larger ones fit into no packet of a relay
	greetTimeout = 30 * time.Second // until a connection has a relay
	idleTimeout  = 11 * time.Minute // of one that has: permissions last five minutes
	writeTimeout = 10 * time.Second
	acceptPause  = 100 * time.Millisecond // when the system has no more sockets

	maxStrangers = 1_000            // connections without a relay
	maxOfNetwork = maxStrangers / 4 // of one network
)

var (
	errFrame  = errors.New("what came is no frame of TURN, or too large")
	errAnswer = errors.New("too many requests without a good credential")
)

// listener bounds the connections of a stream's listener, and closes them with it. Those that
// have not made a relay take no place from those that have: of too many the oldest goes,
// which has had the most time.
type listener struct {
	net.Listener
	server  *Server
	kind    string
	answers *answers

	mu     sync.Mutex
	closed bool
	open   map[*stream]struct{}
	where  pace.Census

	strangers list.List // of *stream, that never had a relay, the oldest in front
	strange   pace.Census
}

func newListener(s *Server, from Stream) *listener {
	return &listener{
		Listener: from.Listener, server: s, kind: from.Kind, answers: newAnswers(),
		open: map[*stream]struct{}{},
	}
}

// Accept waits for a connection that is within the bounds. Its error is the end.
func (l *listener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) || l.isClosed() {
			return nil, net.ErrClosed
		}
		if err != nil {
			select {
			case <-time.After(acceptPause):
			case <-l.server.stopped:
			}
			continue
		}
		s, tooMany := l.add(conn)
		if tooMany != nil {
			l.server.ledger.refuse(causeConnections, "client", tooMany.RemoteAddr())
			tooMany.Close()
		}
		if s != nil {
			return s, nil
		}
	}
}

func (l *listener) isClosed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// add makes a stream of a connection, if there may be another one, and tells which
// connection is to be closed because there are too many.
func (l *listener) add(conn net.Conn) (s *stream, tooMany net.Conn) {
	most := l.server.config.MaxRelays + maxStrangers
	s = &stream{
		Conn: conn, from: l, reader: bufio.NewReaderSize(conn, 2<<10), client: clientAt(conn.RemoteAddr()),
		greeted: time.Now().Add(greetTimeout),
	}
	s.network = pace.Network(s.client.addr.Addr())
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.open) >= most || l.where.From(s.network) >= most/4 {
		return nil, conn
	}
	if oldest := l.oldestLocked(s.network); oldest != nil {
		l.knowLocked(oldest) // counts no more
		tooMany = oldest
	}
	l.open[s] = struct{}{}
	l.where.Add(s.network)
	s.stranger = l.strangers.PushBack(s)
	l.strange.Add(s.network)
	l.server.open.Add(1)
	return s, tooMany
}

// oldestLocked is the stranger that makes room for one of a network, or nil where there is
// room.
func (l *listener) oldestLocked(network netip.Prefix) *stream {
	ofNetwork := l.strange.From(network) >= maxOfNetwork
	if !ofNetwork && l.strange.All() < maxStrangers {
		return nil
	}
	for e := l.strangers.Front(); e != nil; e = e.Next() {
		if s := e.Value.(*stream); !ofNetwork || s.network == network {
			return s
		}
	}
	return nil
}

// know counts a connection that has a relay among the strangers no more.
func (l *listener) know(s *stream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.knowLocked(s)
}

func (l *listener) knowLocked(s *stream) {
	if s.stranger != nil {
		l.strangers.Remove(s.stranger)
		l.strange.Remove(s.network)
		s.stranger = nil
	}
}

func (l *listener) remove(s *stream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.knowLocked(s)
	delete(l.open, s)
	l.where.Remove(s.network)
	l.server.open.Done()
}

// Close ends the listener and its connections.
func (l *listener) Close() error {
	l.mu.Lock()
	l.closed = true
	open := make([]*stream, 0, len(l.open))
	for s := range l.open {
		open = append(open, s)
	}
	l.mu.Unlock()
	err := l.Listener.Close()
	for _, s := range open {
		s.Close()
	}
	return err
}

// stream is a client's connection, which is read frame by frame: pion would turn round for
// ever on some lengths.
type stream struct {
	net.Conn
	from    *listener
	reader  *bufio.Reader
	client  client
	network netip.Prefix
	greeted time.Time // must have a relay by then
	until   time.Time // deadline of reading; owned by the reader
	closing sync.Once

	stranger *list.Element // in from.strangers, whose mutex guards it; nil once it had a relay
}

// Read reads one frame.
func (s *stream) Read(b []byte) (int, error) {
	if err := s.setDeadline(time.Now()); err != nil {
		return 0, err
	}
	head, err := s.reader.Peek(4)
	if err != nil {
		return 0, err
	}
	size := frameSize(head)
	if size == 0 || size > len(b) {
		return 0, errFrame
	}
	return io.ReadFull(s.reader, b[:size])
}

func (s *stream) setDeadline(now time.Time) error {
	if s.until.After(now.Add(idleTimeout / 2)) {
		return nil
	}
	s.until = s.greeted
	if s.from.server.holds(s.client) {
		s.from.know(s)
		s.until = now.Add(idleTimeout)
	}
	return s.SetReadDeadline(s.until)
}

// frameSize is that of a frame by its first four bytes, or 0.
// https://www.rfc-editor.org/rfc/rfc8656#section-12.5
func frameSize(head []byte) int {
	kind, length := binary.BigEndian.Uint16(head), int(binary.BigEndian.Uint16(head[2:]))
	size := 0
	switch {
	case kind < 0x4000 && length%4 == 0:
		size = 20 + length
	case kind >= 0x4000 && kind < 0x8000: // more than today's 0x4FFF: there are clients of RFC 5766
		size = 4 + (length+3)/4*4
	}
	if size > maxFrame {
		return 0
	}
	return size
}

// Write sends a frame, but no more answers than the unknown get.
func (s *stream) Write(b []byte) (int, error) {
	if !s.from.answers.may(b, s.client.addr.Addr()) {
		s.from.server.ledger.refuse(causeRate, "client", s.RemoteAddr())
		return 0, errors.Join(errAnswer, s.Close())
	}
	err := s.SetWriteDeadline(time.Now().Add(writeTimeout))
	n := 0
	if err == nil {
		n, err = s.Conn.Write(b)
	}
	if err != nil {
		return n, fmt.Errorf("to a client: %w", errors.Join(err, s.Close()))
	}
	return n, nil
}

// Close ends the connection.
func (s *stream) Close() error {
	err := net.ErrClosed
	s.closing.Do(func() {
		err = s.Conn.Close()
		s.from.remove(s)
	})
	return err
}
