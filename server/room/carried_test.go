package room

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

// carry is a page that comes back from another life of the server.
func carry(user string, c protocol.Carried) protocol.RoomLogin {
	msg := login("r", user)
	c.Life = "before"
	msg.Carried = &c
	return msg
}

func streams(ids ...protocol.StreamID) (list []protocol.StreamPublish) {
	for _, id := range ids {
		list = append(list, protocol.StreamPublish{Room: "r", Stream: id})
	}
	return list
}

func plays(ids ...protocol.StreamID) (list []protocol.StreamPlay) {
	for _, id := range ids {
		list = append(list, protocol.StreamPlay{Room: "r", Stream: id})
	}
	return list
}

func end(role protocol.Role, id protocol.SessionID, stream protocol.StreamID) []protocol.CarriedSession {
	return []protocol.CarriedSession{{Session: id, Stream: stream, Role: role}}
}

// The two ends of a session that ran when the server died.
var (
	publishing = carry("a", protocol.Carried{Streams: streams("cam"), Sessions: end(protocol.Send, "s1", "cam")})
	playing    = carry("b", protocol.Carried{Plays: plays("cam"), Sessions: end(protocol.Receive, "s1", "cam")})
)

// back logs in and keeps what was sent.
func back(t *testing.T, h *Hub, msg protocol.RoomLogin) *page {
	t.Helper()
	p := &page{recorder: &recorder{}, t: t, hub: h}
	m, err := h.Login(msg, Pass{}, p.recorder, func(_ *Member, s protocol.RoomSnapshot) { p.snapshot = s })
	if err != nil {
		t.Fatal(err)
	}
	p.Member = m
	return p
}

func TestSessionGoesOnWhenBothEndsAreBack(t *testing.T) {
	for name, order := range map[string][]protocol.RoomLogin{
		"sender first":   {publishing, playing},
		"receiver first": {playing, publishing},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := NewHub(Config{})
				first := back(t, h, order[0])
				first.room.Relay(first.end, "s1", protocol.SessionCandidate{Session: "s1"}) // too early, and no error
				first.heard()
				second := back(t, h, order[1])
				first.take() // who came, and what is published
				second.heard()
				time.Sleep(time.Minute) // virtual
				second.room.Relay(second.end, "s1", protocol.SessionDesc{Session: "s1", Kind: "offer"})
				first.heard("desc offer")
				first.room.Relay(first.end, "s1", protocol.SessionClose{Session: "s1", Reason: protocol.CloseStopped})
				second.heard("close stopped")
			})
		})
	}
}

func TestSessionWhoseOtherEndIsGone(t *testing.T) {
	for name, c := range map[string]struct {
		msg  protocol.RoomLogin
		want string
	}{
		"sender":   {publishing, "close stopped"},
		"receiver": {playing, "close gone"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := NewHub(Config{})
				p := back(t, h, c.msg)
				time.Sleep(10*time.Second - 1) // virtual
				synctest.Wait()
				p.heard()
				time.Sleep(time.Nanosecond)
				synctest.Wait()
				p.heard(c.want)
				if len(p.room.halves)+len(h.sessions) != 0 {
					t.Errorf("%d halves, %d sessions are left", len(p.room.halves), len(h.sessions))
				}
			})
		})
	}
}

// An offer is made once. One that comes before the receiver is back ends the session, whose
// place another takes.
func TestOfferToNobody(t *testing.T) {
	h := NewHub(Config{})
	a := back(t, h, publishing)
	a.room.Relay(a.end, "s1", protocol.SessionDesc{Session: "s1", Kind: "offer"})
	a.heard("close stopped")
	if len(a.room.halves)+len(h.sessions) != 0 {
		t.Errorf("%d halves, %d sessions are left", len(a.room.halves), len(h.sessions))
	}
	b := back(t, h, playing)
	b.heard("close replaced", "open receive cam")
}

func TestSessionThatTheOtherEndDidNotBring(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		b := back(t, h, playing)
		a := back(t, h, carry("a", protocol.Carried{Streams: streams("cam")}))
		a.heard("open send cam")
		b.heard("users add a", "streams add cam(a)", "close replaced", "open receive cam")

		c := back(t, h, carry("c", protocol.Carried{Plays: plays("cam"), Sessions: end(protocol.Receive, "s2", "cam")}))
		c.heard("close replaced", "open receive cam")
		d := back(t, h, carry("d", protocol.Carried{Plays: plays("cam", "none")}))
		d.heard("open receive cam")
	})
}

func TestCarriedIsNotTrusted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{MaxStreams: 2, MaxPlays: 1})
		a := join(t, h, login("r", "a"))
		succeed(t, a.publish("taken"))
		long := protocol.SessionID(fmt.Sprintf("%65d", 0))
		msg := carry("b", protocol.Carried{
			Streams: streams("taken", "", "one", "two", "three"),
			Plays:   plays("", "taken", "taken", "one"),
			Sessions: append(append(end(protocol.Send, "x", "taken"), end(protocol.Receive, long, "taken")...),
				protocol.CarriedSession{Session: "y", Stream: "one", Role: "king"}),
		})
		b := back(t, h, msg)
		var codes []protocol.Code
		for _, r := range b.snapshot.Refused {
			codes = append(codes, r.Error.Code)
		}
		want := []protocol.Code{protocol.CodeDuplicateStream, protocol.CodeStreamIDEmpty, protocol.CodeTooManyStreams}
		if fmt.Sprint(codes) != fmt.Sprint(want) {
			t.Errorf("refused with %v, want %v", codes, want)
		}
		if len(b.plays) != 1 {
			t.Errorf("%d plays, want 1", len(b.plays))
		}
		// The id of a session that runs, in the hands of somebody else.
		running := b.session()
		thief := back(t, h, carry("thief", protocol.Carried{Streams: streams("s"), Sessions: end(protocol.Send, running, "s")}))
		thief.heard("close stopped")
		a.take()
		h.Relay(thief.end, running, protocol.SessionDesc{Session: running})
		a.heard()
	})
}

// Within its own life the server knows which sessions there are.
func TestCarriedWithinALife(t *testing.T) {
	h := NewHub(Config{})
	msg := publishing
	within := *msg.Carried
	within.Life = h.life
	msg.Carried = &within
	a := back(t, h, msg)
	a.heard("close unknown")
	if a.streams["cam"] == nil || len(a.room.halves) != 0 {
		t.Errorf("streams %v, halves %v", a.streams, a.room.halves)
	}
}

// A forwarder's sessions ended with it.
func TestCarriedSessionOfAForwarder(t *testing.T) {
	forwarder := &recorder{}
	h := NewHub(Config{Route: func(*Room, *Stream, End) End { return forwarder }})
	back(t, h, publishing)
	b := back(t, h, playing)
	b.heard("close replaced", "open receive cam")
	forwarder.take()
}

func TestHalvesEndWithTheirOwners(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		a := back(t, h, publishing)
		succeed(t, a.unpublish("cam"))
		b := back(t, h, playing)
		succeed(t, b.stop("cam"))
		c := back(t, h, carry("c", protocol.Carried{Plays: plays("cam"), Sessions: end(protocol.Receive, "s3", "cam")}))
		c.room.Relay(c.end, "s3", protocol.SessionClose{Session: "s3", Reason: protocol.CloseFailed})
		d := back(t, h, carry("d", protocol.Carried{Plays: plays("cam"), Sessions: end(protocol.Receive, "s4", "cam")}))
		succeed(t, d.play("cam"))
		if n := len(a.room.halves); n != 0 {
			t.Errorf("%d halves are left", n)
		}
		back(t, h, carry("e", protocol.Carried{Plays: plays("x"), Sessions: end(protocol.Receive, "s5", "x")}))
		for _, m := range a.room.members {
			a.room.Leave(m, protocol.ReasonStopped)
		}
		wantEmpty(t, h)
	})
}

// An end that gives a session up does not wait for the other end any more.
func TestHalfIsClosedByItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		a := back(t, h, publishing)
		h.Relay(a.end, "s1", protocol.SessionClose{Session: "s1", Reason: protocol.CloseFailed})
		if len(a.room.halves)+len(h.sessions) != 0 {
			t.Errorf("%d halves, %d sessions are left", len(a.room.halves), len(h.sessions))
		}
		b := back(t, h, playing)
		a.heard("users add b", "open send cam")
		b.heard("close replaced", "open receive cam")
		time.Sleep(time.Minute) // virtual
		synctest.Wait()
		a.heard()
		b.heard()
	})
}

// Somebody else's half is a session of others like any other.
func TestHalfOfSomebodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		a := back(t, h, publishing)
		thief := back(t, h, login("r", "thief"))
		h.Relay(thief.end, "s1", protocol.SessionDesc{Session: "s1", Kind: "offer"})
		thief.heard("close unknown")
		h.Relay(thief.end, "s1", protocol.SessionClose{Session: "s1", Reason: protocol.CloseFailed})
		thief.heard()
		b := back(t, h, playing)
		a.take()
		b.heard()
		h.Relay(b.end, "s1", protocol.SessionDesc{Session: "s1", Kind: "answer"})
		a.heard("desc answer")
	})
}

// TestRestartsAtRandom kills servers: some of the clients come back, in any order, with
// some of their sessions. After the settling time every wish has what it should.
func TestRestartsAtRandom(t *testing.T) {
	for range 200 {
		seed := rand.Uint64()
		synctest.Test(t, func(t *testing.T) { restartAtRandom(t, seed) })
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func restartAtRandom(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 0))
	ends := make([]*carrier, 6)
	for i := range ends {
		ends[i] = newCarrier(i, r, len(ends))
	}
	for range 4 { // lives
		h := NewHub(Config{})
		r.Shuffle(len(ends), func(i, j int) { ends[i], ends[j] = ends[j], ends[i] })
		here := ends[:r.IntN(len(ends)+1)]
		for _, e := range here {
			if r.IntN(5) == 0 {
				time.Sleep(time.Duration(r.IntN(12)) * time.Second) // virtual
			}
			e.login(t, h)
		}
		if r.IntN(4) > 0 { // else killed again before it settled
			time.Sleep(11 * time.Second) // virtual
			synctest.Wait()
			for _, e := range here {
				e.check(t, here)
			}
		}
		for _, e := range ends {
			e.cut(r)
		}
	}
}

// However many sessions somebody claims to have had, few are kept.
func TestCarriedSessionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		msg := carry("a", protocol.Carried{Streams: streams("cam")})
		for i := range 3 * maxCarriedSessions {
			msg.Carried.Sessions = append(msg.Carried.Sessions, end(protocol.Send, protocol.SessionID(fmt.Sprint(i)), "cam")...)
		}
		a := back(t, h, msg)
		if n := len(a.room.halves); n != maxCarriedSessions {
			t.Errorf("%d halves, want %d", n, maxCarriedSessions)
		}
		a.room.Leave(a.Member, protocol.ReasonStopped)
		wantEmpty(t, h)
	})
}

// What a player says before the publisher is back counts, the last of it.
func TestPauseWaitsForTheSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		b := back(t, h, playing)
		for _, video := range []bool{false, true} {
			b.room.Relay(b.end, "s1", protocol.SessionPause{Session: "s1", Video: video})
		}
		a := back(t, h, publishing)
		a.heard(`session.pause {"session":"s1","video":true,"audio":false}`)
	})
}
