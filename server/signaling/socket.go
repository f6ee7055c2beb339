package signaling

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"sync"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

// socket is one WebSocket: a read goroutine for its whole life. It serves one connection,
// or with its first frame goes over to one that was away.
type socket struct {
	server  *Server
	ws      *websocket.Conn
	under   net.Conn // carries ws
	address string
	network netip.Prefix

	conn *conn // owned by the read goroutine
}

func newSocket(s *Server, ws *websocket.Conn, under net.Conn, address string, network netip.Prefix) *socket {
	ws.SetReadLimit(s.config.MaxFrame + 1) // readFrame stops before that, with our own code
	return &socket{server: s, ws: ws, under: under, address: address, network: network}
}

// read handles frames in the order in which they come, until the socket ends.
func (s *socket) read() {
	defer s.survive()
	for {
		frame, err := s.readFrame()
		if err != nil {
			s.onReadError(err)
			return
		}
		if !s.conn.hear(s) {
			return
		}
		if err := s.conn.pace.Wait(s.server.ctx); err != nil {
			return // the server stops, and has ended this connection
		}
		s.conn.dispatch(s, frame.Bytes())
		recycle(frame)
	}
}

// survive keeps a bug that one client's frame triggers from ending everyone's calls.
func (s *socket) survive() {
	if p := recover(); p != nil {
		s.server.ledger.note(slog.LevelError, subject{"panic", "bug"},
			append(s.conn.who(), "panic", p, "stack", string(debug.Stack()))...)
		s.conn.end(lost, fmt.Errorf("panic: %v", p))
	}
}

var (
	errBinary    = errors.New("frame is not text")
	errOversized = errors.New("frame is too large")
)

// readFrame reads a text frame; recycle takes the buffer back.
func (s *socket) readFrame() (*bytes.Buffer, error) {
	kind, r, err := s.ws.Reader(context.Background())
	if err != nil {
		return nil, err
	}
	if kind != websocket.MessageText {
		return nil, errBinary
	}
	frame := buffers.Get().(*bytes.Buffer)
	frame.Reset()
	n, err := frame.ReadFrom(io.LimitReader(r, s.server.config.MaxFrame+1))
	if err == nil && n > s.server.config.MaxFrame {
		err = errOversized
	}
	s.server.traffic.receivedBytes.Add(uint64(n))
	return frame, err
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// recycle keeps frame for the next reader unless it is unusually large.
func recycle(frame *bytes.Buffer) {
	if frame.Cap() <= 16<<10 {
		buffers.Put(frame)
	}
}

// onReadError: a page that goes says goodbye in a message, so that of the close codes
// only the one of our own SDK means that it left for good.
func (s *socket) onReadError(err error) {
	switch status := websocket.CloseStatus(err); {
	case errors.Is(err, errBinary), errors.Is(err, errOversized):
		s.conn.finish(s, protocol.CloseMalformed, err)
	case status == websocket.StatusNormalClosure:
		s.conn.finish(s, protocol.CloseBye, nil)
	case status == websocket.StatusGoingAway:
		s.conn.lose(s, protocol.CloseBye, nil)
	default:
		s.conn.lose(s, lost, err)
	}
}

func (s *socket) writeFrame(data []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), s.server.config.WriteTimeout)
	defer cancel()
	s.server.traffic.sentBytes.Add(uint64(len(data)))
	return s.ws.Write(ctx, websocket.MessageText, data)
}

// close ends the socket, and is called once: by whoever took it from its connection.
func (s *socket) close(code protocol.CloseCode) {
	defer s.server.release(s.network)
	if code != lost && code != protocol.CloseBye {
		s.server.closeSoon(s.ws, s.under, code)
	} else if err := s.ws.CloseNow(); err != nil {
		s.server.config.Log.Debug("closing", "address", s.address, "error", err)
	}
}
