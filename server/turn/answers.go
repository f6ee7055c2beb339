package turn

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"expressrtc/server/pace"
)

// How many answers an IPv4 address or an IPv6 /64 network gets without a credential, and
// how many refusals of one. Many users may be behind an address; what a forged address is
// sent stays below what floods it.
const (
	answerRate, answerSeconds   = 100, 10 // a second, and of how many seconds at once
	refusalRate, refusalSeconds = 5, 10
)

// packets is a socket of UDP that does not answer the unknown without a bound.
type packets struct {
	net.PacketConn
	ledger  *ledger
	answers *answers
}

// ReadFrom waits for a packet. Its error is the end.
func (p *packets) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		n, from, err := p.PacketConn.ReadFrom(b)
		if err == nil || errors.Is(err, net.ErrClosed) {
			return n, from, err
		}
		time.Sleep(acceptPause) // the system is short of something
	}
}

// WriteTo sends a packet, or loses it.
func (p *packets) WriteTo(b []byte, to net.Addr) (int, error) {
	if !p.answers.may(b, clientAt(to).addr.Addr()) {
		p.ledger.refuse(causeRate, "client", to)
		return len(b), nil
	}
	return p.PacketConn.WriteTo(b, to)
}

// answers bounds what is sent to who has shown no credential.
type answers struct {
	plain, refusals *pace.Pace
}

func newAnswers() *answers {
	return &answers{pace.New(answerRate, answerSeconds), pace.New(refusalRate, refusalSeconds)}
}

// may reports whether a frame may be sent to an address.
func (a *answers) may(frame []byte, to netip.Addr) bool {
	switch {
	case len(frame) < 20 || frame[0] >= 0x40 || frame[0]&1 == 0:
		return true // data, or an indication
	case isRefusal(frame):
		return a.refusals.Allow(pace.Network(to))
	case frame[1]&0x10 != 0, frame[0] == 1 && frame[1] == 1: // an error, or a binding's success
		return a.plain.Allow(pace.Network(to))
	}
	return true
}

// isRefusal recognizes the error 400 without more, with which pion refuses a credential.
// https://www.rfc-editor.org/rfc/rfc8489#section-14.8
func isRefusal(frame []byte) bool {
	return frame[1]&0x10 != 0 && len(frame) >= 28 && frame[20] == 0 && frame[21] == 9 && frame[26] == 4 && frame[27] == 0
}
