package signaling

import (
	"errors"
	"net/http"
	"net/netip"

	"expressrtc/server/auth"
	"expressrtc/server/pace"
	"expressrtc/server/protocol"
)

// Rates bound how often something may begin, each in a second, and five times as many at
// once. Those of an address are of an IPv4 address or an IPv6 /64 network; this machine's
// own are exempt, as they are from MaxPerAddress.
type Rates struct {
	Connections float64 // sockets from an address, 100 unless set
	Farewells   float64 // posts of pages that go, from an address, 20 unless set
	Logins      float64 // from an address, whatever becomes of them, 100 unless set
	// Failures are logins from an address whose tokens may be guesses, and a minute's worth of
	// them at once: 1 unless set. Who has more is refused unseen, so that guessing is slow;
	// but what AES-GCM sealed nobody guesses, and it is looked at.
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
	connections, farewells, logins, failures *pace.Pace // by network
	users, rooms, apps                       *pace.Pace
}

func newPaces(r Rates) paces {
	return paces{
		connections: pace.New(r.Connections, rateBurst),
		farewells:   pace.New(r.Farewells, rateBurst),
		logins:      pace.New(r.Logins, rateBurst),
		failures:    pace.New(r.Failures, failureBurst),
		users:       pace.New(r.User, rateBurst),
		rooms:       pace.New(r.Room, rateBurst),
		apps:        pace.New(r.App, rateBurst),
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

// mayTryLogin counts an attempt from a network with a token.
func (p paces) mayTryLogin(from netip.Prefix, token string) error {
	switch {
	case isOwn(from):
	case !p.logins.Allow(from):
		return tooOften("from this address")
	case p.failures.IsSpent(from) && !isSealed(token):
		return tooOften("that failed from this address")
	}
	return nil
}

// isSealed reports whether a token looks like one that cannot be altered or guessed, so that
// the failures of one do not lock out everybody behind the same address.
func isSealed(token string) bool {
	if len(token) > protocol.MaxToken {
		return false
	}
	_, gcm, err := auth.Clear(token)
	return err == nil && gcm
}

// failed counts an attempt that was not authorized, unless no guess ends so.
func (p paces) failed(from netip.Prefix, err error) {
	var coded *protocol.Error
	if errors.As(err, &coded) && (coded.Code == protocol.CodeTokenExpired || coded.Code == protocol.CodeUserForbidden) {
		return
	}
	if !isOwn(from) {
		p.failures.Allow(from)
	}
}

// mayLogIn counts a login that was authorized.
func (p paces) mayLogIn(msg protocol.RoomLogin) error {
	switch {
	case !p.users.Allow(userKey{msg.App, msg.User.ID}):
		return tooOften("of this user")
	case !p.rooms.Allow(roomKey{msg.App, msg.Room}):
		return tooOften("into this room")
	case !p.apps.Allow(msg.App):
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
