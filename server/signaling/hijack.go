package signaling

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// bufferSize of a connection in each direction. net/http's own 4 KiB would be most of
// what an idle connection costs; larger messages pass around the buffer.
const bufferSize = 512

// hijacked is a ResponseWriter whose connection gets small buffers and a pace when it
// becomes a WebSocket, and which remembers that connection.
type hijacked struct {
	http.ResponseWriter
	pace *rate.Limiter // of bytes that are read
	conn net.Conn
}

// Hijack takes the connection over from net/http.
func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, fmt.Errorf("taking the connection over: %w", err)
	}
	h.conn = paced{conn, h.pace}
	if rw.Reader.Buffered() > 0 { // a client in a hurry: keep what it sent
		return h.conn, rw, nil
	}
	return h.conn, bufio.NewReadWriter(
		bufio.NewReaderSize(h.conn, bufferSize), bufio.NewWriterSize(h.conn, bufferSize)), nil
}

// charge counts one of the WebSocket's own pings or pongs as much as a frame of ours: it
// makes as much work. The next read waits.
func charge(pace *rate.Limiter) bool {
	pace.ReserveN(time.Now(), bytesPerFrame)
	return true
}

// paced is a connection that is read no faster than its pace. Whatever a client sends is
// in it, also what never becomes a frame, as empty fragments.
type paced struct {
	net.Conn
	pace *rate.Limiter
}

// maxRead bounds what is read at once, and so the wait after it, which nothing ends early.
const maxRead = 16 << 10

// Read reads, then waits until that was not too much.
func (c paced) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p[:min(len(p), maxRead)])
	if n > 0 {
		time.Sleep(c.pace.ReserveN(time.Now(), n).Delay())
	}
	return n, err
}

// bytesPerFrame is what a frame may have on average when frames come as fast as they may.
const bytesPerFrame = 2 << 10

// newBytePace is the pace at which the bytes of a connection are read: enough for frames
// at their own pace, and for a frame of any size at once.
func (c Config) newBytePace() *rate.Limiter {
	perSecond := max(c.Rate*bytesPerFrame, 64<<10)
	burst := max(c.Burst*bytesPerFrame, int(c.MaxFrame), maxRead)
	return rate.NewLimiter(rate.Limit(perSecond), burst)
}
