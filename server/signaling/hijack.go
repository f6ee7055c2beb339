package signaling

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
)

// bufferSize of a connection in each direction. net/http's own 4 KiB would be most of
// what an idle connection costs; larger messages pass around the buffer.
const bufferSize = 512

// hijacked is a ResponseWriter whose connection gets small buffers when it becomes a
// WebSocket, and which remembers that connection.
type hijacked struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack takes the connection over from net/http.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("taking the connection over: %w", err)
	}
	h.conn = conn
	if rw.Reader.Buffered() > 0 { // a client in a hurry: keep what it sent
		return conn, rw, nil
	}
	return conn, bufio.NewReadWriter(
		bufio.NewReaderSize(conn, bufferSize), bufio.NewWriterSize(conn, bufferSize)), nil
}
