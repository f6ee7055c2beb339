package turn

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many answers an IPv4 address or an IPv6 /64 network gets without a credential, and
// how many refusals of one. Many users may be behind an address; what a forged address is
// sent stays below what floods it.
const (
	answerRate, answerBurst   = 100, 1_000
	refusalRate, refusalBurst = 5, 50
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
	plain, refusals *pace
}

func newAnswers() *answers {
	return &answers{newPace(answerRate, answerBurst), newPace(refusalRate, refusalBurst)}
}

// may reports whether a frame may be sent to an address.
func (a *answers) may(frame []byte, to netip.Addr) bool {
	switch {
	case len(frame) < 20 || frame[0] >= 0x40 || frame[0]&1 == 0:
		return true // data, or an indication
	case isRefusal(frame):
		return a.refusals.allows(to)
	case frame[1]&0x10 != 0, frame[0] == 1 && frame[1] == 1: // an error, or a binding's success
		return a.plain.allows(to)
	}
	return true
}

// isRefusal recognizes the error 400 without more, with which pion refuses a credential.
// https://www.rfc-editor.org/rfc/rfc8489#section-14.8
func isRefusal(frame []byte) bool {
	return frame[1]&0x10 != 0 && len(frame) >= 28 && frame[20] == 0 && frame[21] == 9 && frame[26] == 4 && frame[27] == 0
}

// paceSize bounds the networks that a pace remembers, twice.
const paceSize = 10_000

// pace gives each network so many a second.
type pace struct {
	rate  rate.Limit
	burst int

	mu         sync.Mutex
	young, old map[netip.Prefix]*rate.Limiter // old ones are forgotten when there are too many young ones
}

func newPace(perSecond rate.Limit, burst int) *pace {
	return &pace{rate: perSecond, burst: burst, young: map[netip.Prefix]*rate.Limiter{}}
}

func (p *pace) allows(addr netip.Addr) bool {
	where := network(addr)
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.young[where]
	if l == nil {
		if l = p.old[where]; l == nil {
			l = rate.NewLimiter(p.rate, p.burst)
		}
		if len(p.young) >= paceSize {
			p.old, p.young = p.young, map[netip.Prefix]*rate.Limiter{}
		}
		p.young[where] = l
	}
	return l.Allow()
}

// network is the IPv4 address, or the IPv6 network that one customer has.
func network(addr netip.Addr) netip.Prefix {
	bits := 64
	if addr.Is4() {
		bits = 32
	}
	p, _ := addr.WithZone("").Prefix(bits) // the zero Prefix for no address
	return p
}
