package room

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

func TestBan(t *testing.T) {
	var w witness
	h := NewHub(Config{Observe: w.observe})
	a, b, c := join(t, h, login("r", "a")), join(t, h, login("r", "b")), join(t, h, login("r", "c"))
	succeed(t, a.publish("cam"), b.play("cam"))
	for _, p := range []*page{a, b, c} {
		p.take()
	}
	w.lines = nil
	succeed(t, h.Ban(0, "cam", "unknown"))
	a.heard(`stream.end {"room":"r","stream":"cam","role":"send","code":1003025,"message":"the app's server has forbidden this stream"}`)
	b.heard("streams delete cam(a) reason 6", "close gone",
		`stream.end {"room":"r","stream":"cam","role":"receive","code":1004025,"message":"the app's server has forbidden stream \"cam\""}`)
	c.heard("streams delete cam(a) reason 6")
	w.saw(t, "down a cam 6/1003025")

	wantCode(t, a.publish("cam"), protocol.CodePublishBanned)
	wantCode(t, c.publish("unknown"), protocol.CodePublishBanned)
	wantCode(t, b.play("cam"), protocol.CodePlayBanned)
	h.Unban(0, "cam")
	succeed(t, a.publish("cam"))
	b.heard("streams add cam(a)") // it asks again, or not
	succeed(t, b.play("cam"))
	if _, ok := h.Published(0, "cam"); !ok {
		t.Error("not published")
	}
	succeed(t, h.Ban(1, "cam")) // another app's
	if _, ok := h.Published(0, "cam"); !ok {
		t.Error("another app's ban ended it")
	}
	ids := make([]protocol.StreamID, maxBans)
	for i := range ids {
		ids[i] = protocol.StreamID(fmt.Sprint(i))
	}
	wantCode(t, h.Ban(0, ids...), protocol.CodeTooManyStreams)
}

// What a client brings back is refused as what it begins.
func TestBanHoldsForCarried(t *testing.T) {
	h := NewHub(Config{})
	succeed(t, h.Ban(0, "cam"))
	msg := login("r", "a")
	msg.Carried = &protocol.Carried{Life: "before", Streams: []protocol.StreamPublish{{Stream: "cam"}}, Plays: []protocol.StreamPlay{{Stream: "cam"}}}
	p := &page{recorder: &recorder{}, t: t, hub: h}
	_, err := h.Login(msg, Pass{}, p.recorder, func(_ *Member, s protocol.RoomSnapshot) { p.snapshot = s })
	if err != nil || len(p.snapshot.Refused) != 1 || p.snapshot.Refused[0].Error.Code != protocol.CodePublishBanned {
		t.Errorf("%v, refused %+v", err, p.snapshot.Refused)
	}
	if got := p.take(); len(got) != 1 || got[0] != `stream.end {"room":"r","stream":"cam","role":"receive","code":1004025,"message":"the app's server has forbidden stream \"cam\""}` {
		t.Errorf("heard %q", got)
	}
}

func pause(id protocol.SessionID, video, audio bool) string {
	return fmt.Sprintf(`session.pause {"session":"%s","video":%t,"audio":%t}`, id, video, audio)
}

// TestStreamRule: the sender is told what not to send, beside what its receivers do not
// want; also of a session that is opened later; and that it is over.
func TestStreamRule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
		succeed(t, a.publish("cam"), b.play("cam"))
		one := b.session()
		a.take()
		rule := StreamRule{NoVideo: true, Lasts: time.Minute}
		succeed(t, h.SetStreamRule(0, "r", "cam", rule))
		a.heard(pause(one, true, false))
		b.Relay(one, false, true) // b does not want to hear
		a.heard(pause(one, true, true))
		b.Relay(one, true, true)
		a.heard()

		c := join(t, h, login("r", "c"))
		a.take()
		succeed(t, c.play("cam"))
		two := c.session()
		a.heard("open send cam", pause(two, true, false))
		c.Relay(two, false, false) // does not lift the rule
		a.heard()

		succeed(t, h.SetStreamRule(0, "r", "cam", StreamRule{NoAudio: true, Lasts: time.Minute})) // the last one counts
		if n := len(a.take()); n != 1 {                                                           // of two's; b wants neither
			t.Errorf("%d notices", n)
		}
		time.Sleep(59 * time.Second)
		synctest.Wait()
		a.heard()
		time.Sleep(time.Second)
		synctest.Wait()
		a.heard(pause(two, false, false))
		if _, ok := h.StreamRule(0, "r", "cam"); ok {
			t.Error("the rule is still there")
		}
		b.Relay(one, false, false)
		a.heard(pause(one, false, false))

		succeed(t, h.SetStreamRule(0, "r", "cam", rule), h.SetStreamRule(0, "other", "cam", rule), h.SetStreamRule(1, "r", "cam", rule))
		a.take()
		h.DeleteStreamRule(0, "r", "cam")
		h.DeleteStreamRule(0, "r", "none")
		if n := len(a.take()); n != 2 {
			t.Errorf("%d notices of the end", n)
		}
		for i := range maxStreamRules - 1 {
			succeed(t, h.SetStreamRule(0, "r", protocol.StreamID(fmt.Sprint(i)), rule))
		}
		wantCode(t, h.SetStreamRule(0, "r", "one more", rule), protocol.CodeTooManyStreams)
		time.Sleep(time.Hour)
		synctest.Wait()
		succeed(t, h.SetStreamRule(0, "r", "one more", rule))
	})
}

// Relay says that p does not want something of a session.
func (p *page) Relay(id protocol.SessionID, video, audio bool) {
	p.hub.Relay(p.recorder, id, protocol.SessionPause{Session: id, Video: video, Audio: audio})
}

// TestStreamRuleAndCarried: a session that goes on after a restart is held to the rule,
// whoever comes back first, with what its receiver says meanwhile.
func TestStreamRuleAndCarried(t *testing.T) {
	for _, first := range []string{"publisher", "player"} {
		h := NewHub(Config{})
		succeed(t, h.SetStreamRule(0, "r", "cam", StreamRule{NoAudio: true, Lasts: time.Minute}))
		come := func(user string, c protocol.Carried) *page {
			msg := login("r", user)
			c.Life = "before"
			msg.Carried = &c
			p := &page{recorder: &recorder{}, t: t, hub: h}
			m, err := h.Login(msg, Pass{}, p.recorder, func(*Member, protocol.RoomSnapshot) {})
			succeed(t, err)
			p.Member = m
			return p
		}
		publisher := func() *page {
			return come("a", protocol.Carried{
				Streams:  []protocol.StreamPublish{{Stream: "cam"}},
				Sessions: []protocol.CarriedSession{{Session: "s", Stream: "cam", Role: protocol.Send}},
			})
		}
		player := func() *page {
			p := come("b", protocol.Carried{
				Plays:    []protocol.StreamPlay{{Stream: "cam"}},
				Sessions: []protocol.CarriedSession{{Session: "s", Stream: "cam", Role: protocol.Receive}},
			})
			p.Relay("s", true, false)
			return p
		}
		var a *page
		if first == "publisher" {
			a = publisher()
			player()
			a.heard("users add b", pause("s", false, true), pause("s", true, true))
		} else {
			player()
			a = publisher()
			a.heard(pause("s", true, true))
		}
	}
}
