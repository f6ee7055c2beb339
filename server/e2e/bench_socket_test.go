package e2e

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// socket is a WebSocket client that costs next to nothing, so that a benchmark measures
// the server: https://www.rfc-editor.org/rfc/rfc6455. It knows what a benchmark needs,
// whole text frames.
type socket struct {
	conn net.Conn
	in   *bufio.Reader
}

// openSocket connects to the path of a server at http://host:port.
func openSocket(b *testing.B, url, path string) *socket {
	b.Helper()
	s, err := dialSocket(url, path)
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func dialSocket(url, path string) (*socket, error) { return dialSocketFrom(&net.Dialer{}, url, path) }

func dialSocketFrom(from *net.Dialer, url, path string) (*socket, error) {
	host := strings.TrimPrefix(url, "http://")
	conn, err := from.Dial("tcp", host)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n", path, host)
	s := &socket{conn: conn, in: bufio.NewReaderSize(conn, 4<<10)}
	s.bound()
	answer, err := http.ReadResponse(s.in, nil)
	if err == nil && answer.StatusCode != http.StatusSwitchingProtocols {
		err = errors.New(answer.Status)
	}
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s%s is no WebSocket: %w", url, path, err)
	}
	return s, nil
}

func (s *socket) close() { s.conn.Close() }

// bound makes whatever takes longer than the patience fail.
func (s *socket) bound() { _ = s.conn.SetDeadline(time.Now().Add(patience)) }

// send writes texts as one frame each, all at once. A mask of zeros leaves them as they are.
func (s *socket) send(texts ...string) error {
	var out []byte
	for _, text := range texts {
		out = append(out, 0x81)
		if len(text) < 126 {
			out = append(out, 0x80|byte(len(text)))
		} else {
			out = append(out, 0x80|126)
			out = binary.BigEndian.AppendUint16(out, uint16(len(text)))
		}
		out = append(out, 0, 0, 0, 0)
		out = append(out, text...)
	}
	_, err := s.conn.Write(out)
	return err
}

// next reads a frame.
func (s *socket) next() (string, error) {
	n, err := s.header()
	if err != nil {
		return "", err
	}
	data := make([]byte, n)
	_, err = io.ReadFull(s.in, data)
	return string(data), err
}

// skip reads past a frame.
func (s *socket) skip() error {
	n, err := s.header()
	if err == nil {
		_, err = s.in.Discard(n)
	}
	return err
}

func (s *socket) header() (size int, err error) {
	var head [8]byte
	if _, err := io.ReadFull(s.in, head[:2]); err != nil {
		return 0, err
	}
	if head[0] != 0x81 {
		return 0, fmt.Errorf("frame begins with %#x: no whole text", head[0])
	}
	switch size := head[1]; size {
	case 126:
		_, err = io.ReadFull(s.in, head[:2])
		return int(binary.BigEndian.Uint16(head[:])), err
	case 127:
		_, err = io.ReadFull(s.in, head[:])
		return int(binary.BigEndian.Uint64(head[:])), err
	default:
		return int(size), nil
	}
}
