package room

import (
	"testing"

	"expressrtc/server/protocol"
)

func announce(r *Room, user, id string) error {
	return r.Announce(protocol.Stream{ID: protocol.StreamID(id), User: protocol.User{ID: protocol.UserID(user)}, ExtraInfo: "x"})
}

// listed are the streams that a newcomer finds.
func listed(t *testing.T, h *Hub, user string) (ids []protocol.StreamID) {
	t.Helper()
	p := join(t, h, login("r", user))
	for _, s := range p.snapshot.Streams {
		ids = append(ids, s.ID)
	}
	p.room.Leave(p.Member, protocol.ReasonStopped)
	return ids
}

func TestAnnounced(t *testing.T) {
	var w witness
	h := NewHub(Config{Observe: w.observe})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	a.take()
	w.lines = nil
	succeed(t, announce(a.room, "host", "show"), announce(a.room, "host", "show"))
	a.heard("streams add show(host)")
	b.heard("streams add show(host)")
	w.saw(t, "up host show")
	wantCode(t, announce(a.room, "another", "show"), protocol.CodeDuplicateStream)
	wantCode(t, announce(a.room, "host", ""), protocol.CodeStreamIDEmpty)
	wantCode(t, a.room.Withdraw("another", "show"), protocol.CodeDuplicateStream)
	wantCode(t, a.room.Withdraw("host", "none"), protocol.CodeNotPublishing)
	if ids := listed(t, h, "c"); len(ids) != 1 || ids[0] != "show" {
		t.Errorf("a newcomer finds %v", ids)
	}
	a.take()
	b.take()
	w.lines = nil
	succeed(t, a.room.Withdraw("host", "show"))
	a.heard("streams delete show(host) reason 6")
	b.heard("streams delete show(host) reason 6")
	w.saw(t, "down host show 6/0 deleted")
	if ids := listed(t, h, "c"); len(ids) != 0 {
		t.Errorf("a newcomer finds %v", ids)
	}
}

// What is announced of a member is not told to it, and goes when it goes; somebody else
// who publishes under the id takes its place.
func TestAnnouncedOfMember(t *testing.T) {
	var w witness
	h := NewHub(Config{Observe: w.observe})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	a.take()
	w.lines = nil
	succeed(t, announce(a.room, "b", "show"))
	a.heard("streams add show(b)")
	b.heard()
	if ids := listed(t, h, "c"); len(ids) != 1 {
		t.Errorf("a newcomer finds %v", ids)
	}
	a.take()
	b.take()
	w.lines = nil
	succeed(t, a.publish("show"))
	a.heard("ok", "streams delete show(b) reason 0")
	b.heard("streams add show(a)")
	w.saw(t, "down b show", "up a show")

	succeed(t, announce(a.room, "b", "more"))
	b.take()
	w.lines = nil
	b.room.Leave(b.Member, protocol.ReasonStopped)
	a.heard("streams add more(b)", "streams delete more(b) reason 1", "users delete b")
	w.saw(t, "down b more 1/0", "out b 1/0")

	succeed(t, announce(a.room, "host", "late"))
	w.lines = nil
	a.room.CloseQuietly("over")
	w.saw(t, "down a show 4/1002055 cleared quietly", "out a 4/1002055 cleared quietly", "down host late 4/1002055 cleared quietly", "closed 4/1002055 cleared quietly")
	wantCode(t, announce(a.room, "host", "later"), protocol.CodeNotLoggedIn)
}

// A published stream that is withdrawn goes on for those who play it, and for those who
// ask for it by name; its publisher hears nothing.
func TestWithdrawnIsStillPublished(t *testing.T) {
	var w witness
	h := NewHub(Config{Observe: w.observe})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	succeed(t, a.publish("cam"), b.play("cam"))
	a.take()
	b.take()
	w.lines = nil
	succeed(t, a.room.Withdraw("a", "cam"))
	a.heard()
	b.heard("streams delete cam(a) reason 6")
	w.saw(t, "down a cam 6/0 deleted")
	if ids := listed(t, h, "c"); len(ids) != 0 || len(a.room.Streams()) != 0 {
		t.Errorf("listed: %v, %v", ids, a.room.Streams())
	}
	wantCode(t, a.room.Withdraw("a", "cam"), protocol.CodeNotPublishing)
	h.Relay(b.recorder, b.session(), protocol.SessionDesc{Session: b.session(), Kind: "answer"})
	a.take()
	b.take()

	succeed(t, announce(a.room, "a", "cam"))
	a.heard()
	b.heard("streams add cam(a)")
	succeed(t, a.room.Withdraw("a", "cam"))
	b.take()
	w.lines = nil
	succeed(t, a.unpublish("cam"))
	b.heard("close gone") // it was told of the end already
	w.saw(t)
}
