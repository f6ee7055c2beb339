package room

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

// call is a room in which b plays what a publishes.
func call(t *testing.T, c Config) (a, b *page) {
	t.Helper()
	h := NewHub(c)
	a, b = join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	succeed(t, a.publish("cam"), b.play("cam"))
	a.take()
	b.take()
	return a, b
}

func TestPlayOpensBothEnds(t *testing.T) {
	h := NewHub(Config{ICEServers: func(_ protocol.AppID, id protocol.UserID) []protocol.ICEServer {
		return []protocol.ICEServer{{URLs: []string{"turn:x"}, Username: string(id)}}
	}})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	succeed(t, a.publish("cam"))
	a.take()
	b.take()
	wish := protocol.StreamPlay{Room: "r", Stream: "cam", NoVideo: true}
	succeed(t, b.room.Play(b.Member, wish, b.replied))
	a.heard("open send cam")
	b.heard("ok {Found:true}", "open receive cam")
	sent, received := a.open[0], b.open[0]
	if sent.Session != received.Session || len(sent.Session) < 26 || !sent.NoVideo || sent.NoAudio || sent.Room != "r" {
		t.Errorf("opened %+v and %+v", sent, received)
	}
	if sent.ICEServers[0].Username != "a" || received.ICEServers[0].Username != "b" {
		t.Errorf("servers of somebody else: %+v and %+v", sent, received)
	}
}

func TestPlayBeforePublish(t *testing.T) {
	h := NewHub(Config{})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	a.take()
	succeed(t, b.play("cam"), b.play("cam"))
	b.heard("ok {Found:false}", "ok {Found:false}")
	succeed(t, a.publish("cam"))
	a.heard("ok", "open send cam")
	b.heard("streams add cam(a)", "open receive cam")

	succeed(t, a.unpublish("cam"))
	a.heard("ok")
	b.heard("streams delete cam(a) reason 1", "close gone")
	succeed(t, a.publish("cam"))
	b.heard("streams add cam(a)", "open receive cam")

	succeed(t, b.stop("cam"), b.stop("cam"), a.unpublish("cam"), a.publish("cam"))
	a.heard("ok", "open send cam", "close stopped", "ok", "ok")
	b.heard("ok", "ok", "streams delete cam(a) reason 1", "streams add cam(a)")
}

func TestAskingAgainReplaces(t *testing.T) {
	a, b := call(t, Config{})
	first := b.session()
	succeed(t, b.play("cam"))
	a.heard("close replaced", "open send cam")
	b.heard("close replaced", "ok {Found:true}", "open receive cam")
	if b.session() == first {
		t.Error("the newer session has the old id")
	}
}

func TestRelay(t *testing.T) {
	a, b := call(t, Config{})
	c := join(t, a.hub, login("r", "c"))
	a.take()
	b.take()
	id := a.session()
	offer := protocol.SessionDesc{Session: id, Kind: "offer"}
	a.hub.Relay(a.recorder, id, offer)
	b.hub.Relay(b.recorder, id, protocol.SessionCandidate{Session: id, Candidate: json.RawMessage("null")})
	c.hub.Relay(c.recorder, id, offer)
	c.hub.Relay(c.recorder, "guess", offer)
	c.hub.Relay(c.recorder, id, protocol.SessionClose{Session: id})
	a.heard(`session.candidate {"session":"` + string(id) + `","candidate":null}`)
	b.heard("desc offer")
	c.heard("close unknown", "close unknown")
}

func TestFailedSessionIsAskedForAgain(t *testing.T) {
	a, b := call(t, Config{})
	id := a.session()
	a.hub.Relay(a.recorder, id, protocol.SessionClose{Session: id, Reason: protocol.CloseGone})
	a.heard()
	b.heard("close failed") // and not "gone", which would make it wait
	b.hub.Relay(b.recorder, id, protocol.SessionClose{Session: id, Reason: protocol.CloseFailed})
	b.heard()
	succeed(t, a.unpublish("cam"), a.publish("cam"))
	b.heard("streams delete cam(a) reason 1", "streams add cam(a)")
	succeed(t, b.play("cam"))
	b.heard("ok {Found:true}", "open receive cam")
}

func TestLeavingEndsSessions(t *testing.T) {
	a, b := call(t, Config{})
	b.room.Leave(b.Member, protocol.ReasonOffline)
	a.heard("close stopped", "users delete b")
	b.heard()

	a, b = call(t, Config{})
	a.room.Leave(a.Member, protocol.ReasonHeartbeat)
	b.heard("streams delete cam(a) reason 2", "close gone", "users delete a")
	a.heard()
	b.room.Leave(b.Member, protocol.ReasonStopped)
	wantEmpty(t, b.hub)
}

func TestPlayBound(t *testing.T) {
	h := NewHub(Config{MaxPlays: 2})
	a := join(t, h, login("r", "a"))
	succeed(t, a.play("s1"), a.play("s2"), a.play("s2"))
	wantCode(t, a.play("s3"), protocol.CodeTooManyStreams)
	succeed(t, a.stop("s1"), a.play("s3"))
}

func TestOwnStream(t *testing.T) {
	h := NewHub(Config{})
	a := join(t, h, login("r", "a"))
	succeed(t, a.publish("cam"), a.play("cam"))
	a.heard("ok", "ok {Found:true}", "open send cam", "open receive cam")
	sends, receives := a.open[0].Session, a.open[1].Session
	if sends == receives {
		t.Fatal("the two parts have the same id")
	}
	h.Relay(a.recorder, sends, protocol.SessionDesc{Session: sends, Kind: "offer"})
	h.Relay(a.recorder, receives, protocol.SessionCandidate{Session: receives, Candidate: json.RawMessage(`1`)})
	a.heard("desc offer", `session.candidate {"session":"`+string(sends)+`","candidate":1}`)
	succeed(t, a.unpublish("cam"), a.publish("cam"), a.stop("cam"))
	a.heard("ok", "close gone", "ok", "open send cam", "open receive cam", "ok", "close stopped")
	a.room.Leave(a.Member, protocol.ReasonStopped)
	wantEmpty(t, h)
}

func TestRoutePicksTheSender(t *testing.T) {
	forwarder := &recorder{}
	a, b := call(t, Config{Route: func(r *Room, s *Stream, receiver End) End {
		if r.ID() != "r" || s.ID() != "cam" || s.Publisher().User().ID != "a" || receiver == nil {
			t.Errorf("asked for %v %v %v", r.ID(), s.ID(), receiver)
		}
		return forwarder
	}})
	if len(a.open) != 0 || len(b.open) != 1 || len(forwarder.open) != 1 {
		t.Fatalf("opened %v, %v, %v", a.open, b.open, forwarder.open)
	}
	succeed(t, a.unpublish("cam"))
	a.heard("ok")
	b.heard("streams delete cam(a) reason 1", "close gone")
	if got := forwarder.take(); len(got) != 2 || got[1] != "close gone" {
		t.Errorf("the forwarder heard %q", got)
	}
}

// TestSessionQuality: the room knows what the sender told last, whatever it is.
func TestSessionQuality(t *testing.T) {
	a, b := call(t, Config{})
	id := b.room.Sessions()[0].Session
	if got := b.room.Sessions()[0].Quality; got != (Quality{}) {
		t.Errorf("told before it was: %+v", got)
	}
	a.room.Relay(a.recorder, id, protocol.SessionQuality{Session: id, Up: 99, Down: -7, Relay: true})
	b.room.Relay(b.recorder, id, protocol.SessionQuality{Session: id, Up: 3})
	got := b.room.Sessions()[0].Quality
	if got.Up != 4 || got.Down != -1 || !got.Relay || time.Since(got.At) > time.Minute {
		t.Errorf("%+v", got)
	}
}

// TestSessionsHaveAPace: who asks again and again is served, but so often that a publisher
// does not suffer; also who comes anew each time. Nobody is refused.
func TestSessionsHaveAPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := call(t, Config{})
		for range 500 {
			succeed(t, b.play("cam"))
		}
		b.room.Leave(b.Member, protocol.ReasonStopped)
		b = back(t, a.hub, carry("b", protocol.Carried{Plays: plays("cam")}))
		opened := func(want int) {
			t.Helper()
			if got := a.opened(); got != want {
				t.Errorf("%d sessions were opened at the publisher, want %d", got, want)
			}
		}
		opened(openBurst)
		c := join(t, a.hub, login("r", "c"))
		succeed(t, c.play("cam"))
		opened(openBurst + 1)
		b.take()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		opened(openBurst + 2)
		b.heard("open receive cam")
		for range 100 { // of what the two seconds gave there is a rest
			succeed(t, b.play("cam"))
		}
		succeed(t, b.stop("cam"))
		time.Sleep(time.Minute)
		synctest.Wait()
		opened(openBurst + 2*openRate + 1)
		a.room.Leave(a.Member, protocol.ReasonStopped)
		b.room.Leave(b.Member, protocol.ReasonStopped)
		c.room.Leave(c.Member, protocol.ReasonStopped)
		wantEmpty(t, a.hub)
	})
}

// TestCrowdedPublisherIsLeftAlone: a session opens when its publisher has read enough of
// what it was sent.
func TestCrowdedPublisherIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := call(t, Config{})
		c := join(t, a.hub, login("r", "c"))
		a.take()
		b.take()
		a.crowded.Store(true)
		succeed(t, c.play("cam"))
		time.Sleep(10 * time.Second)
		c.heard("ok {Found:true}")
		a.heard()
		a.crowded.Store(false)
		time.Sleep(dueLater)
		synctest.Wait()
		c.heard("open receive cam")
		a.heard("open send cam")
	})
}

// TestCrowdedEndLosesTheSession: what one end of a session sends does not throw the other
// out of its rooms.
func TestCrowdedEndLosesTheSession(t *testing.T) {
	a, b := call(t, Config{})
	id := a.session()
	a.crowded.Store(true)
	for range 3 {
		b.hub.Relay(b.recorder, id, protocol.SessionRestart{Session: id})
	}
	a.heard("close failed")
	b.heard("close failed", "close unknown", "close unknown")
}
