package signaling

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// onlyGood is what decides about logins where nobody comes without the token "good".
func onlyGood(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
	if msg.Token != "good" {
		return room.Pass{}, protocol.Errorf(protocol.CodeToken, "no")
	}
	return room.Pass{}, nil
}

// with is a login with a token.
func with(token, room, user string) protocol.RoomLogin {
	msg := enter(room, user)
	msg.Token = token
	return msg
}

// TestLoginRates: what is too much is refused with a code after which the SDK tries again,
// and is right again in time; it is not too much for others.
func TestLoginRates(t *testing.T) {
	for name, c := range map[string]struct {
		rates Rates
		many  func(i int) protocol.RoomLogin // too many of those
		other protocol.RoomLogin             // are no harm to this
	}{
		"of a user": {Rates{User: 1}, func(int) protocol.RoomLogin { return with("good", "r", "a") }, with("good", "r", "b")},
		"into a room": {
			Rates{Room: 1},
			func(i int) protocol.RoomLogin { return with("good", "r", fmt.Sprint("a", i)) },
			with("good", "other", "a0"),
		},
		"into an app": {
			Rates{App: 1},
			func(i int) protocol.RoomLogin { return with("good", fmt.Sprint("r", i), fmt.Sprint("a", i)) },
			func() protocol.RoomLogin { msg := with("good", "r0", "a0"); msg.App = 2; return msg }(),
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, Config{Authorize: onlyGood, Rates: c.rates}, func(s *site) {
				client := s.dial()
				for i := range 5 {
					client.ok(c.many(i))
					client.ok(protocol.RoomLogout{Room: c.many(i).Room})
				}
				client.refused(c.many(5), protocol.CodeTooOften)
				client.refused(with("bad", "r", "a"), protocol.CodeToken) // what is wrong anyway is told first
				s.dial().ok(c.other)
				time.Sleep(time.Second) // virtual
				client.ok(c.many(5))
			})
		})
	}
}

// TestFailuresSlowDown: who has shown many wrong tokens is not even looked at for a while,
// and others are.
func TestFailuresSlowDown(t *testing.T) {
	looked := 0
	authorize := func(msg protocol.RoomLogin, from netip.Addr) (room.Pass, error) {
		looked++
		return onlyGood(msg, from)
	}
	bubble(t, Config{Authorize: authorize, Rates: Rates{Failures: 0.1}, LoginTimeout: time.Hour}, func(s *site) {
		guesser, other := s.from("203.0.113.1:1").dial(), s.from("203.0.113.2:1").dial()
		for i := range 6 { // a minute's worth
			guesser.refused(with(fmt.Sprint("guess", i), "r", "a"), protocol.CodeToken)
		}
		for range 10 {
			guesser.refused(with("good", "r", "a"), protocol.CodeTooOften)
		}
		if looked != 6 {
			t.Errorf("%d tokens were looked at, want 6", looked)
		}
		other.ok(with("good", "r", "a")) // of the user and the room nothing is used up
		time.Sleep(10 * time.Second)     // virtual
		guesser.refused(with("guess", "r", "a"), protocol.CodeToken)
		guesser.refused(with("guess", "r", "a"), protocol.CodeTooOften)
		here := s.from("127.0.0.1:1").dial() // maybe a proxy, and then it is everybody
		for range 20 {
			here.refused(with("guess", "r", "a"), protocol.CodeToken)
		}
		here.ok(with("good", "r", "b"))
	})
}

// A token that renews another one is a guess like that of a login.
func TestRenewalsAreCounted(t *testing.T) {
	bubble(t, Config{Authorize: onlyGood, Rates: Rates{Failures: 0.1}}, func(s *site) {
		c := s.from("203.0.113.1:1").dial()
		c.ok(with("good", "r", "a"))
		for range 6 {
			c.refused(protocol.RoomToken{Room: "r", Token: "bad"}, protocol.CodeToken)
		}
		c.refused(protocol.RoomToken{Room: "r", Token: "good"}, protocol.CodeTooOften)
	})
}

// TestFailuresLockNobodyOut: whoever has a token that nobody guesses comes in, and renews it,
// from where somebody else has failed; a token that has expired is no guess.
func TestFailuresLockNobodyOut(t *testing.T) {
	app := auth.App{ID: 7, Secret: long(32)}
	authorize := func(msg protocol.RoomLogin, from netip.Addr) (room.Pass, error) {
		_, err := readToken(app, msg)
		return room.Pass{Address: from}, err
	}
	signed := func(sign func(auth.App, auth.Claims) (string, error), user string, age time.Duration) protocol.RoomLogin {
		issued := time.Now().Add(-age)
		token, err := sign(app, auth.Claims{User: user, Issued: issued, Expires: issued.Add(time.Hour)})
		if err != nil {
			t.Fatal(err)
		}
		return with(token, "r", user)
	}
	bubble(t, Config{Authorize: authorize, Rates: Rates{Failures: 0.01}, LoginTimeout: time.Hour}, func(s *site) {
		household := s.from("203.0.113.1:1")
		bad := household.dial()
		for range 70 {
			bad.refused(signed(auth.Sign, "late", 2*time.Hour), protocol.CodeTokenExpired)
		}
		household.dial().ok(signed(auth.SignCBC, "old", 0))
		for range 200 {
			if f := bad.replyTo(with("bad", "r", "a")); f.Error == nil {
				t.Fatal("a bad token was taken")
			}
		}
		bad.refused(signed(auth.SignCBC, "old", 0), protocol.CodeTooOften)
		good := household.dial()
		good.ok(signed(auth.Sign, "a", 0))
		good.ok(protocol.RoomToken{Room: "r", Token: signed(auth.Sign, "a", time.Minute).Token})
		bad.refused(signed(auth.Sign, "late", 2*time.Hour), protocol.CodeTokenExpired)
	})
}

// TestStrangersUseUpNothing: without a token nobody keeps a user out, or closes a room.
func TestStrangersUseUpNothing(t *testing.T) {
	bubble(t, Config{Authorize: onlyGood, Rates: Rates{User: 1, Room: 1, App: 1, Failures: 1000}}, func(s *site) {
		stranger := s.from("203.0.113.1:1").dial()
		for range 50 {
			stranger.refused(with("bad", "r", "a"), protocol.CodeToken)
		}
		s.from("192.0.2.1:1").dial().ok(with("good", "r", "a"))
	})
}

func TestLoginsOfAnAddress(t *testing.T) {
	bubble(t, Config{Rates: Rates{Logins: 2}}, func(s *site) {
		for i := range 13 {
			c := s.from(fmt.Sprintf("[2001:db8::%x]:1", i)).dial() // one /64 network
			if msg := enter("r", fmt.Sprint("a", i)); i < 10 {
				c.ok(msg)
			} else {
				c.refused(msg, protocol.CodeTooOften)
			}
		}
		s.from("[2001:db8:0:1::1]:1").dial().ok(enter("r", "b"))
	})
}

func TestConnectionRate(t *testing.T) {
	bubble(t, Config{Rates: Rates{Connections: 2}}, func(s *site) {
		dial := func(address string) int {
			ws, response, err := websocket.Dial(s.t.Context(), "ws://site/ws", &websocket.DialOptions{HTTPClient: &s.from(address).http})
			if err == nil {
				ws.CloseNow()
				return http.StatusSwitchingProtocols
			}
			if response == nil || response.Header.Get("Retry-After") == "" {
				t.Fatalf("%v, %+v", err, response)
			}
			return response.StatusCode
		}
		for i := range 12 {
			want := http.StatusSwitchingProtocols
			if i >= 10 {
				want = http.StatusTooManyRequests
			}
			if got := dial("203.0.113.1:1"); got != want {
				t.Errorf("connection %d: status %d, want %d", i, got, want)
			}
			if got := dial("127.0.0.1:1"); got != http.StatusSwitchingProtocols {
				t.Errorf("of this machine: status %d", got)
			}
		}
		dial("203.0.113.2:1")
		time.Sleep(500 * time.Millisecond) // virtual
		if got := dial("203.0.113.1:1"); got != http.StatusSwitchingProtocols {
			t.Errorf("later: status %d", got)
		}
	})
}

func TestFarewellRate(t *testing.T) {
	bubble(t, Config{Rates: Rates{Farewells: 1}}, func(s *site) {
		guesser := s.from("203.0.113.1:1")
		for i := range 8 {
			if got := guesser.post(`{"key":"GUESS"}`); (got == http.StatusTooManyRequests) != (i >= 5) {
				t.Errorf("farewell %d: status %d", i, got)
			}
		}
		if got := s.from("203.0.113.2:1").post(`{"key":"GUESS"}`); got != http.StatusNoContent {
			t.Errorf("of another address: status %d", got)
		}
	})
}

// TestAddressOfAnAwayConnection: whose socket breaks while its login is looked at is held
// to the rules about its address all the same.
func TestAddressOfAnAwayConnection(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		s.from("203.0.113.1:1").stay("r", "a").drop()
		away := s.conn(func(c *conn) bool { return c.away })
		if from := away.from(); from.String() != "203.0.113.1" {
			t.Errorf("from %v", from)
		}
	})
}
