package signaling

import (
	"hash/maphash"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"expressrtc/server/protocol"
)

// Rates bound how often something may begin, each in a second, and five times as many at
// once. Those of an address are of an IPv4 address or an IPv6 /64 network; this machine's
// own are exempt, as they are from MaxPerAddress.
type Rates struct {
	Connections float64 // sockets from an address, 100 unless set
	Farewells   float64 // posts of pages that go, from an address, 20 unless set
	Logins      float64 // from an address, whatever becomes of them, 100 unless set
	// Failures are logins from an address that were not authorized, and a minute's worth of
	// them at once: 1 unless set. Who has more is refused unseen, so that guessing is slow.
	Failures float64
	// Logins that were authorized, so that nobody uses up what is somebody else's:
	User float64 // of a user, 5 unless set
	Room float64 // into a room, 200 unless set
	App  float64 // into all rooms of an app, 2,000 unless set
}

func (r Rates) withDefaults() Rates {
	fallback(&r.Connections, 100)
	fallback(&r.Farewells, 20)
	fallback(&r.Logins, 100)
	fallback(&r.Failures, 1)
	fallback(&r.User, 5)
	fallback(&r.Room, 200)
	fallback(&r.App, 2_000)
	return r
}

// How many seconds' worth may come at once.
const (
	rateBurst    = 5
	failureBurst = 60
)

// paces are the Rates at work.
type paces struct {
	connections, farewells, logins, failures *pace // by network
	users, rooms, apps                       *pace
}

func newPaces(r Rates) paces {
	return paces{
		connections: newPace(r.Connections, rateBurst),
		farewells:   newPace(r.Farewells, rateBurst),
		logins:      newPace(r.Logins, rateBurst),
		failures:    newPace(r.Failures, failureBurst),
		users:       newPace(r.User, rateBurst),
		rooms:       newPace(r.Room, rateBurst),
		apps:        newPace(r.App, rateBurst),
	}
}

func tooOften(what string) error {
	return protocol.Errorf(protocol.CodeTooOften, "too many logins %s in a short time: try again in some seconds", what)
}

type (
	userKey struct {
		app  protocol.AppID
		user protocol.UserID
	}
	roomKey struct {
		app  protocol.AppID
		room protocol.RoomID
	}
)

// mayTryLogin counts an attempt from a network.
func (p paces) mayTryLogin(from netip.Prefix) error {
	switch {
	case isOwn(from):
	case !p.logins.allow(from):
		return tooOften("from this address")
	case p.failures.isSpent(from):
		return tooOften("that failed from this address")
	}
	return nil
}

// failed counts an attempt that was not authorized.
func (p paces) failed(from netip.Prefix) {
	if !isOwn(from) {
		p.failures.allow(from)
	}
}

// mayLogIn counts a login that was authorized.
func (p paces) mayLogIn(msg protocol.RoomLogin) error {
	switch {
	case !p.users.allow(userKey{msg.App, msg.User.ID}):
		return tooOften("of this user")
	case !p.rooms.allow(roomKey{msg.App, msg.Room}):
		return tooOften("into this room")
	case !p.apps.allow(msg.App):
		return tooOften("into this app")
	}
	return nil
}

// isOwn reports whether a network is this machine itself.
func isOwn(from netip.Prefix) bool { return from.Addr().IsLoopback() }

// tooMany answers a request above the rate, as cheaply as can be.
func tooMany(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "5")
	http.Error(w, "too many requests from this address: try again in some seconds", http.StatusTooManyRequests)
}

// maxPaced bounds the keys that one generation of a pace remembers.
const maxPaced = 1 << 15

// pace is a rate for each of many keys. It forgets a key that has been quiet for so long
// that it may do all at once again: there are two generations of keys, and when the older
// one is that old, or the younger one full, the younger takes its place.
type pace struct {
	limit rate.Limit
	burst int
	quiet time.Duration // after which nothing is left to remember

	mu          sync.Mutex
	turned      time.Time
	young, aged map[uint64]*rate.Limiter // by hash: what clients call themselves takes no room
}

var paceSeed = maphash.MakeSeed()

func newPace(perSecond, seconds float64) *pace {
	burst := max(1, int(perSecond*seconds))
	return &pace{
		limit: rate.Limit(perSecond),
		burst: burst,
		quiet: time.Duration(float64(burst) / perSecond * float64(time.Second)),
		young: map[uint64]*rate.Limiter{},
	}
}

// allow counts one of key's, and reports whether that was not too much.
func (p *pace) allow(key any) bool { return p.limiter(key).Allow() }

// isSpent reports whether there is nothing left for key.
func (p *pace) isSpent(key any) bool { return p.limiter(key).Tokens() < 1 }

func (p *pace) limiter(key any) *rate.Limiter {
	hash := maphash.Comparable(paceSeed, key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if now := time.Now(); now.Sub(p.turned) >= p.quiet || len(p.young) >= maxPaced {
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
