//go:build !js

package rtc

import (
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"expressrtc/server/protocol"
)

// wire is between two peers: it passes their messages on, and their packets, which a
// test may cut. Each candidate that it passes on is a door of its own.
type wire struct {
	t *testing.T

	mu     sync.Mutex
	sent   []protocol.Body
	doors  []*door
	loses  bool // answers
	closed bool
}

// door leads to one candidate.
type door struct {
	wire *wire
	to   netip.AddrPort
	conn *net.UDPConn

	// Guarded by wire.mu.
	cut   bool
	exits map[netip.AddrPort]*net.UDPConn // by whom packets come from
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{t: t}
	t.Cleanup(w.close)
	return w
}

// relay passes on all that the two ends tell each other until the test ends.
func (w *wire) relay(p *pair) {
	done := make(chan struct{})
	var ended sync.WaitGroup
	w.t.Cleanup(func() { close(done); ended.Wait() })
	ended.Go(func() {
		for {
			select {
			case b := <-p.toReceiver:
				pass(p.receiver, w.through(b))
			case b := <-p.toSender:
				if b = w.through(b); !w.lost(b) {
					pass(p.sender, b)
				}
			case <-done:
				return
			}
		}
	})
}

// loseAnswers passes on none from now on.
func (w *wire) loseAnswers() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.loses = true
}

func (w *wire) lost(b protocol.Body) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, description := b.(protocol.SessionDesc)
	return w.loses && description
}

// through notes b; a candidate becomes a door.
func (w *wire) through(b protocol.Body) protocol.Body {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sent = append(w.sent, b)
	c, ok := b.(protocol.SessionCandidate)
	if !ok {
		return b
	}
	var fields map[string]any
	if err := json.Unmarshal(c.Candidate, &fields); err != nil {
		w.t.Error(err)
		return b
	}
	words := strings.Fields(fields["candidate"].(string))
	words[5] = strconv.Itoa(int(w.doorLocked(netip.MustParseAddrPort(words[4] + ":" + words[5]))))
	fields["candidate"] = strings.Join(words, " ")
	c.Candidate, _ = json.Marshal(fields)
	return c
}

func (w *wire) doorLocked(to netip.AddrPort) (port uint16) {
	conn, err := listen(to.Addr())
	if err != nil || w.closed {
		w.t.Errorf("no door to %v: %v", to, err)
		return 1
	}
	d := &door{wire: w, to: to, conn: conn, exits: map[netip.AddrPort]*net.UDPConn{}}
	w.doors = append(w.doors, d)
	go carry(conn, func(from netip.AddrPort) (*net.UDPConn, netip.AddrPort) { return d.exit(from), to })
	return netip.MustParseAddrPort(conn.LocalAddr().String()).Port()
}

func listen(ip netip.Addr) (*net.UDPConn, error) {
	return net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(ip, 0)))
}

// carry passes on what comes to conn, from the socket and to the address that way tells;
// without a socket it is lost.
func carry(conn *net.UDPConn, way func(from netip.AddrPort) (*net.UDPConn, netip.AddrPort)) {
	buffer := make([]byte, 2048)
	for {
		size, from, err := conn.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if by, to := way(from); err == nil && by != nil {
			_, _ = by.WriteToUDPAddrPort(buffer[:size], to) // lost, as packets may be
		}
	}
}

// exit is the socket that stands for from in front of the candidate, nil when it is cut.
func (d *door) exit(from netip.AddrPort) *net.UDPConn {
	d.wire.mu.Lock()
	defer d.wire.mu.Unlock()
	if d.cut || d.wire.closed {
		return nil
	}
	if exit := d.exits[from]; exit != nil {
		return exit
	}
	exit, err := listen(d.to.Addr())
	if err != nil {
		return nil // lost, as packets may be
	}
	d.exits[from] = exit
	go carry(exit, func(netip.AddrPort) (*net.UDPConn, netip.AddrPort) { return d.entrance(), from })
	return exit
}

func (d *door) entrance() *net.UDPConn {
	d.wire.mu.Lock()
	defer d.wire.mu.Unlock()
	if d.cut {
		return nil
	}
	return d.conn
}

// cutOld loses all packets of the candidates so far.
func (w *wire) cutOld() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, d := range w.doors {
		d.cut = true
	}
}

// count is how many messages of a type were passed on.
func (w *wire) count(t protocol.Type) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, b := range w.sent {
		if b.Type() == t {
			n++
		}
	}
	return n
}

// awaitOffers waits for so many offers.
func (w *wire) awaitOffers(n int) (offers []string) {
	w.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		offers = nil
		w.mu.Lock()
		for _, b := range w.sent {
			if d, ok := b.(protocol.SessionDesc); ok && d.Kind == "offer" {
				offers = append(offers, d.SDP)
			}
		}
		w.mu.Unlock()
		if len(offers) >= n {
			return offers
		}
	}
	w.t.Fatalf("%d offers, want %d", len(offers), n)
	return nil
}

func (w *wire) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, d := range w.doors {
		_ = d.conn.Close() // nothing is left to do about a failure
		for _, exit := range d.exits {
			_ = exit.Close()
		}
	}
}
