// Package pace owns how often each of many may do something: clients by network, users,
// rooms, apps; and how many of a network there are. What it remembers is bounded, whoever
// comes.
//
// Locking: a Pace has one mutex for its keys, and calls nobody under it. A Census has none:
// whoever bounds by it guards it.
package pace

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxKeys bounds the keys that one generation of a pace remembers.
const maxKeys = 1 << 15

// Pace is a rate for each of many keys. It forgets a key that has been quiet for so long
// that it may do all at once again: there are two generations of keys, and when the older
// one is that old, or the younger one full, the younger takes its place.
type Pace struct {
	limit rate.Limit
	burst int
	quiet time.Duration // after which nothing is left to remember

	mu          sync.Mutex
	turned      time.Time
	young, aged map[uint64]*rate.Limiter // by hash: what clients call themselves takes no room
}

var seed = maphash.MakeSeed()

// New makes a Pace of so many a second, of which so many seconds' worth may come at once.
func New(perSecond, seconds float64) *Pace {
	burst := max(1, int(perSecond*seconds))
	return &Pace{
		limit: rate.Limit(perSecond),
		burst: burst,
		quiet: time.Duration(float64(burst) / perSecond * float64(time.Second)),
		young: map[uint64]*rate.Limiter{},
	}
}

// Allow counts one of key's, and reports whether that was not too much.
func (p *Pace) Allow(key any) bool { return p.limiter(key).Allow() }

// IsSpent reports whether there is nothing left for key.
func (p *Pace) IsSpent(key any) bool { return p.limiter(key).Tokens() < 1 }

func (p *Pace) limiter(key any) *rate.Limiter {
	hash := maphash.Comparable(seed, key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.turned) >= p.quiet || len(p.young) >= maxKeys {
		p.turned, p.young, p.aged = now, map[uint64]*rate.Limiter{}, p.young
	}
	l := p.young[hash]
	if l == nil {
		if l = p.aged[hash]; l == nil {
			l = rate.NewLimiter(p.limit, p.burst)
		}
		p.young[hash] = l
	}
	return l
}

// Network is what counts as one address: an IPv4 address, or the IPv6 /64 that one household
// or machine has. What is no address counts as one, too.
func Network(addr netip.Addr) netip.Prefix {
	if !addr.IsValid() {
		return netip.Prefix{}
	}
	addr = addr.Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() && !addr.IsLoopback() {
		bits = 64
	}
	return netip.PrefixFrom(addr, bits).Masked()
}

// Census counts those who are there, by network. Its zero value is empty.
type Census struct {
	all  int
	from map[netip.Prefix]int
}

// Add counts one more from a network.
func (c *Census) Add(from netip.Prefix) {
	if c.from == nil {
		c.from = map[netip.Prefix]int{}
	}
	c.all++
	c.from[from]++
}

// Remove takes back what Add counted.
func (c *Census) Remove(from netip.Prefix) {
	c.all--
	if c.from[from]--; c.from[from] == 0 {
		delete(c.from, from)
	}
}

// All is how many there are.
func (c *Census) All() int { return c.all }

// From is how many there are from a network.
func (c *Census) From(from netip.Prefix) int { return c.from[from] }

// Networks is how many networks they are from.
func (c *Census) Networks() int { return len(c.from) }
