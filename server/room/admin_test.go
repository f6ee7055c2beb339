package room

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

// witness keeps what a hub reports, a line each.
type witness struct{ lines []string }

func (w *witness) observe(r Report) {
	kinds := []string{"", "opened", "closed", "in", "out", "up", "down"}
	line := kinds[r.Kind]
	if r.User.ID != "" {
		line += " " + string(r.User.ID)
	}
	if r.Stream.ID != "" {
		line += " " + string(r.Stream.ID)
	}
	if out := r.Departure; out != (Departure{}) {
		line += fmt.Sprintf(" %d/%d", out.Reason, out.Code)
		for word, is := range map[string]bool{" cleared": out.Cleared && !out.Quiet, " cleared quietly": out.Quiet, " deleted": out.Deleted} {
			if is {
				line += word
			}
		}
	}
	w.lines = append(w.lines, line)
}

func (w *witness) saw(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(w.lines, want) {
		t.Errorf("reported\n\t%q, want\n\t%q", w.lines, want)
	}
	w.lines = nil
}

func TestEverythingIsReportedInOrder(t *testing.T) {
	var w witness
	h := NewHub(Config{Observe: w.observe})
	a := join(t, h, login("r", "a"))
	w.saw(t, "opened a", "in a")
	b := join(t, h, login("r", "b"))
	if err := b.publish("cam"); err != nil {
		t.Fatal(err)
	}
	w.saw(t, "in b", "up b cam")
	join(t, h, login("r", "b")) // elsewhere
	w.saw(t, "down b cam 3/1002050", "out b 3/1002050", "in b")
	a.room.Leave(a.Member, protocol.ReasonHeartbeat)
	w.saw(t, "out a 2/0")
	a.room.Remove("go", "b", "nobody")
	w.saw(t, "out b 4/1002055", "closed 4/1002055")
}

// A room, a membership and a stream have numbers that do not come again.
func TestNumbersDoNotComeAgain(t *testing.T) {
	var seen []uint64
	h := NewHub(Config{Observe: func(r Report) {
		if r.Kind == RoomOpened {
			seen = append(seen, r.Room.Life, r.User.Number)
		}
	}})
	for range 3 {
		a := join(t, h, login("r", "a"))
		a.room.Leave(a.Member, protocol.ReasonStopped)
	}
	if slices.Sort(seen); len(slices.Compact(seen)) != 6 {
		t.Errorf("numbers %d", seen)
	}
}

func TestOperatorSeesRooms(t *testing.T) {
	h := NewHub(Config{})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	other := login("r", "c")
	other.App = 7
	join(t, h, other)
	if err := a.publish("cam"); err != nil {
		t.Fatal(err)
	}
	if err := b.play("cam"); err != nil {
		t.Fatal(err)
	}
	if all, one := len(h.Rooms(nil)), len(h.Rooms(new(protocol.AppID(7)))); all != 2 || one != 1 {
		t.Errorf("%d rooms, %d of app 7", all, one)
	}
	r := h.Find(0, "r")
	if info := r.Info(); info.Members != 2 || info.Streams != 1 || info.App != 0 || info.Created.IsZero() {
		t.Errorf("room %+v", info)
	}
	if users := r.Users(); len(users) != 2 || users[0].ID != "a" || users[1].ID != "b" {
		t.Errorf("users %+v", users)
	}
	if streams := r.Streams(); len(streams) != 1 || streams[0].ID != "cam" || streams[0].User.ID != "a" {
		t.Errorf("streams %+v", streams)
	}
	if s := r.Sessions(); len(s) != 1 || s[0].Stream != "cam" || s[0].From != "a" || s[0].To != "b" {
		t.Errorf("sessions %+v", s)
	}
	if h.Find(0, "elsewhere") != nil {
		t.Error("found what is not there")
	}
}

func TestOperatorRemovesAndCloses(t *testing.T) {
	h := NewHub(Config{})
	a, b, c := join(t, h, login("r", "a")), join(t, h, login("r", "b")), join(t, h, login("r", "c"))
	_ = b.publish("cam")
	for _, p := range []*page{a, b, c} {
		p.take()
	}
	if n := a.room.Remove("be kind", "b", "nobody"); n != 1 {
		t.Errorf("%d removed", n)
	}
	b.heard("kickout r 1002055 reason 2")
	a.heard("streams delete cam(b) reason 4", "users delete b")
	c.take()
	if _, err := a.room.Say(protocol.User{ID: "a", Name: "the host"}, "bye"); err != nil {
		t.Fatal(err)
	}
	c.heard(fmt.Sprintf("broadcast %d a: bye", a.room.messages))
	a.heard() // its own
	a.room.Close("over")
	a.heard("kickout r 1002055 reason 2")
	if h.Counts() != (Counts{}) {
		t.Errorf("left: %+v", h.Counts())
	}
}

// joinWith logs in with a pass.
func joinWith(t *testing.T, h *Hub, user string, pass Pass) *page {
	t.Helper()
	p := &page{recorder: &recorder{}, t: t, hub: h}
	m, err := h.Login(login("r", user), pass, p.recorder, func(*Member, protocol.RoomSnapshot) {})
	if err != nil {
		t.Fatal(err)
	}
	p.Member = m
	return p
}

func TestPassSaysWhatMayBePublished(t *testing.T) {
	h := NewHub(Config{})
	for _, c := range []struct {
		pass Pass
		want protocol.Code
	}{
		{Pass{}, 0},
		{Pass{NoPublish: true}, protocol.CodeNoPublish},
		{Pass{Streams: []protocol.StreamID{"other"}}, protocol.CodeNoPublish},
		{Pass{Streams: []protocol.StreamID{"cam"}}, 0},
		{Pass{Expires: time.Now().Add(time.Hour)}, 0},
		{Pass{Expires: time.Now()}, protocol.CodeTokenExpired},
	} {
		p := joinWith(t, h, "a", c.pass)
		if got := codeOf(p.publish("cam")); got != c.want {
			t.Errorf("%+v: code %d, want %d", c.pass, got, c.want)
		}
		p.room.Leave(p.Member, protocol.ReasonStopped)
	}
}

// What a client carries from a server's life before is published under the same rules.
func TestPassHoldsForCarriedStreams(t *testing.T) {
	h := NewHub(Config{})
	msg := login("r", "a")
	msg.Carried = &protocol.Carried{Life: "before", Streams: []protocol.StreamPublish{{Room: "r", Stream: "cam"}}}
	var snapshot protocol.RoomSnapshot
	_, err := h.Login(msg, Pass{NoPublish: true}, &recorder{}, func(_ *Member, s protocol.RoomSnapshot) { snapshot = s })
	if err != nil || len(snapshot.Refused) != 1 || snapshot.Refused[0].Error.Code != protocol.CodeNoPublish {
		t.Errorf("%v, refused %+v", err, snapshot.Refused)
	}
}

func TestWhatHappensAtExpiry(t *testing.T) {
	for policy, want := range map[AtExpiry][]string{
		Stay:           nil,
		StopPublishing: {`stream.end {"room":"r","stream":"cam","role":"send","code":1102018,"message":"the token has expired"}`},
		KickOut:        {"kickout r 1102018 reason 4"},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := NewHub(Config{})
			b := join(t, h, login("r", "b"))
			a := joinWith(t, h, "a", Pass{Expires: time.Now().Add(time.Minute), AtExpiry: policy})
			if err := a.publish("cam"); err != nil {
				t.Fatal(err)
			}
			a.take()
			b.take()
			time.Sleep(59 * time.Second)
			synctest.Wait()
			a.heard()
			time.Sleep(2 * time.Second)
			synctest.Wait()
			a.heard(want...)
			if got, gone := len(b.take()), policy != Stay; got > 0 != gone {
				t.Errorf("policy %d: the other one heard %d notices", policy, got)
			}
		})
	}
}

// A token that is renewed in time is as if it had always been the new one.
func TestRenewedInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		a := joinWith(t, h, "a", Pass{Expires: time.Now().Add(time.Minute), AtExpiry: KickOut})
		_ = a.publish("cam")
		a.take()
		time.Sleep(50 * time.Second)
		if err := a.RenewToken("new", Pass{Expires: time.Now().Add(time.Minute), AtExpiry: KickOut}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Second)
		synctest.Wait()
		a.heard()
		if err := a.RenewToken("less", Pass{NoPublish: true}); err != nil {
			t.Fatal(err)
		}
		a.heard(`stream.end {"room":"r","stream":"cam","role":"send","code":1002082,"message":"the token does not allow this user to publish"}`)
		a.room.Leave(a.Member, protocol.ReasonStopped)
		if codeOf(a.RenewToken("late", Pass{})) != protocol.CodeNotLoggedIn {
			t.Error("renewed after it left")
		}
	})
}
