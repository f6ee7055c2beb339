package turn

import (
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// private are the networks beyond those that netip knows that nobody on the internet is
// in, or that lead into an IPv4 network by another name.
// https://www.iana.org/assignments/iana-ipv4-special-registry
var private = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2002::/16", "fec0::/10",
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, 0, len(texts))
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// reach decides which addresses relays may reach.
type reach struct {
	allowed []netip.Prefix
	relays  []netip.Addr

	mu   sync.Mutex
	own  []netip.Addr // the machine's
	read time.Time
}

func newReach(c Config) *reach {
	r := &reach{allowed: c.Reachable}
	for _, a := range c.Addresses {
		r.relays = append(r.relays, a.Public)
	}
	return r
}

// permits reports whether relays may reach an address. Those of relays they may reach at
// the ports of relays only, which is for destination to see to.
func (r *reach) permits(addr netip.Addr) bool {
	if slices.Contains(r.relays, addr) || r.allows(addr) {
		return true
	}
	return addr.IsGlobalUnicast() && !addr.IsPrivate() && !inAny(private, addr) && !r.isOwn(addr)
}

// allows reports whether the operator lets an address be reached.
func (r *reach) allows(addr netip.Addr) bool { return inAny(r.allowed, addr) }

func inAny(networks []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(networks, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// isOwn reports whether an address is this machine's. They are read again now and then.
func (r *reach) isOwn(addr netip.Addr) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.own == nil || time.Since(r.read) > time.Minute {
		addrs, err := net.InterfaceAddrs()
		if err == nil {
			r.own, r.read = ownAddrs(addrs), time.Now()
		}
	}
	return slices.Contains(r.own, addr)
}

func ownAddrs(addrs []net.Addr) []netip.Addr {
	own := make([]netip.Addr, 0, len(addrs))
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil {
			own = append(own, p.Addr().Unmap())
		}
	}
	return own
}
