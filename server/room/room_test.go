package room

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"expressrtc/server/protocol"
)

func TestNewcomerGetsSnapshotAndOthersHearOfIt(t *testing.T) {
	h := NewHub(Config{})
	a := join(t, h, login("r", "a"))
	succeed(t, a.publish("cam"))
	a.take()
	quiet := login("r", "q")
	quiet.Users = false
	q := join(t, h, quiet)
	a.heard("users add q")

	b := join(t, h, login("r", "b"))
	a.heard("users add b")
	q.heard()
	if b.snapshot.Count != 3 || len(b.snapshot.Users) != 2 || len(q.snapshot.Users) != 0 {
		t.Errorf("snapshots %+v and %+v", b.snapshot, q.snapshot)
	}
	if s := q.snapshot.Streams; len(s) != 1 || s[0].ID != "cam" || s[0].User.ID != "a" {
		t.Errorf("streams in the snapshot: %+v", s)
	}

	a.room.Leave(a.Member, protocol.ReasonOffline)
	a.heard()
	b.heard("streams delete cam(a) reason 5", "users delete a")
	q.heard("streams delete cam(a) reason 5")
	if n := b.room.Count(); n != 2 {
		t.Errorf("%d members, want 2", n)
	}
}

func TestSnapshotComesBeforeWhatFollows(t *testing.T) {
	h := NewHub(Config{})
	a := join(t, h, login("r", "a"))
	end := &recorder{}
	_, err := h.Login(login("r", "b"), Pass{}, end, func(m *Member, _ protocol.RoomSnapshot) {
		if m.End() != End(end) || m.User().ID != "b" {
			t.Errorf("admitted %+v", m)
		}
		end.replied("snapshot")
	})
	succeed(t, err, a.publish("cam"))
	if got, want := end.take(), []string{"ok snapshot", "streams add cam(a)"}; !slices.Equal(got, want) {
		t.Errorf("heard %q, want %q", got, want)
	}
}

func TestSnapshotIsInOrderOfArrival(t *testing.T) {
	h := NewHub(Config{})
	var users, streams []string
	for i := range 20 {
		name := fmt.Sprintf("u%d", (i*7)%20)
		succeed(t, join(t, h, login("r", name)).publish("of-"+name))
		users, streams = append(users, name), append(streams, "of-"+name)
	}
	snapshot := join(t, h, login("r", "last")).snapshot
	for i := range users {
		if got := snapshot.Users[i].ID; string(got) != users[i] {
			t.Errorf("user %d is %s, want %s", i, got, users[i])
		}
		if got := snapshot.Streams[i].ID; string(got) != streams[i] {
			t.Errorf("stream %d is %s, want %s", i, got, streams[i])
		}
	}
}

func TestNewcomerWins(t *testing.T) {
	h := NewHub(Config{})
	b := join(t, h, login("r", "b"))
	old := join(t, h, login("r", "a"))
	elsewhere, err := h.Login(login("r2", "a"), Pass{}, old.recorder, func(*Member, protocol.RoomSnapshot) {})
	succeed(t, err, old.publish("cam"))
	old.take()
	b.take()

	a := join(t, h, login("r", "a"))
	b.heard("streams delete cam(a) reason 3", "users delete a", "users add a")
	old.heard("kickout r 1002050 reason 1", "kickout r2 1002050 reason 1")
	if len(a.snapshot.Users) != 1 || len(a.snapshot.Streams) != 0 || a.snapshot.Count != 2 {
		t.Errorf("snapshot %+v", a.snapshot)
	}
	wantCode(t, old.publish("cam"), protocol.CodeNotLoggedIn)
	if elsewhere.room.Count() != 0 {
		t.Error("the old end is still in the other room")
	}
	succeed(t, a.publish("cam"))

	old.room.Leave(old.Member, protocol.ReasonOffline) // its socket ends later: nothing to do
	b.heard("streams add cam(a)")
}

func TestSameEndTwice(t *testing.T) {
	h := NewHub(Config{})
	a := join(t, h, login("r", "a"))
	if got := refused(h, login("r", "a"), a.recorder); got != protocol.CodeAlreadyInRoom {
		t.Errorf("code %d", got)
	}
	a.heard()
}

func TestRoomBounds(t *testing.T) {
	h := NewHub(Config{MaxRooms: 3, MaxMembers: 3, MaxRoomsPerUser: 2})
	small := login("small", "a")
	small.MaxMembers = 1
	join(t, h, small)
	wider := login("small", "b")
	wider.MaxMembers = 9
	if got := refused(h, wider, &recorder{}); got != protocol.CodeRoomFull {
		t.Errorf("second in a room for one: code %d", got)
	}
	a := join(t, h, small) // takes its own old place
	for _, user := range []string{"b", "c", "d"} {
		join(t, h, login("big", user))
	}
	if got := refused(h, login("big", "e"), &recorder{}); got != protocol.CodeRoomFull {
		t.Errorf("fourth in a room for three: code %d", got)
	}
	_, err := h.Login(login("third", "a"), Pass{}, a.recorder, func(*Member, protocol.RoomSnapshot) {})
	succeed(t, err)
	if got := refused(h, login("fourth", "x"), &recorder{}); got != protocol.CodeTooManyRooms {
		t.Errorf("fourth of three rooms: code %d", got)
	}
	if got := refused(h, login("big", "a"), a.recorder); got != protocol.CodeRoomFull {
		t.Errorf("full room: code %d", got)
	}
	a.room.Leave(a.Member, protocol.ReasonStopped)
	join(t, h, login("fourth", "x")) // the empty room made place
}

// A login may find a room just before its last member leaves.
func TestClosedRoomIsNotJoined(t *testing.T) {
	h := NewHub(Config{})
	a := join(t, h, login("r", "a"))
	a.room.Leave(a.Member, protocol.ReasonStopped)
	late := newMember(a.room, login("r", "b"), Pass{}, &recorder{})
	_, err := a.room.join(late, nil, func(*Member, protocol.RoomSnapshot) {})
	if !errors.Is(err, errClosed) {
		t.Errorf("error %v", err)
	}
	if b := join(t, h, login("r", "b")); b.room == a.room {
		t.Error("the closed room was found again")
	}
}

func TestRoomsOfAUser(t *testing.T) {
	h := NewHub(Config{MaxRoomsPerUser: 1})
	a := join(t, h, login("r", "a"))
	if got := refused(h, login("r2", "a"), a.recorder); got != protocol.CodeTooManyRooms {
		t.Errorf("code %d", got)
	}
	if len(h.rooms) != 1 {
		t.Errorf("%d rooms: the refused login left one behind", len(h.rooms))
	}
}

// One app's rooms leave place for those of the others.
func TestRoomsOfAnApp(t *testing.T) {
	h := NewHub(Config{MaxRooms: 4, MaxAppRooms: 2})
	of := func(app protocol.AppID, room, user string) protocol.RoomLogin {
		msg := login(room, user)
		msg.App = app
		return msg
	}
	a := join(t, h, of(1, "r1", "a"))
	join(t, h, of(1, "r2", "b"))
	if got := refused(h, of(1, "r3", "c"), &recorder{}); got != protocol.CodeTooManyRooms {
		t.Errorf("third of two rooms: code %d", got)
	}
	join(t, h, of(1, "r2", "c"))
	join(t, h, of(2, "r1", "a"))
	a.room.Leave(a.Member, protocol.ReasonStopped)
	d := join(t, h, of(1, "r3", "d"))
	d.room.Leave(d.Member, protocol.ReasonStopped)
	if len(h.appRooms) != 2 || h.appRooms[1] != 1 {
		t.Errorf("rooms by app: %v", h.appRooms)
	}
}

func TestAppsAreApart(t *testing.T) {
	h := NewHub(Config{})
	a := join(t, h, login("r", "a"))
	other := login("r", "a")
	other.App = 7
	b := join(t, h, other)
	succeed(t, a.publish("cam"), b.publish("cam"))
	a.heard("ok")
	b.heard("ok")
}

func TestIDs(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	h := NewHub(Config{})
	for _, c := range []struct {
		room, user, name string
		max              int
		want             protocol.Code
	}{
		{"", "u", "", 0, protocol.CodeRoomIDEmpty},
		{"a b", "u", "", 0, protocol.CodeRoomIDInvalid},
		{long(129), "u", "", 0, protocol.CodeRoomIDTooLong},
		{"r", "", "", 0, protocol.CodeUserIDEmpty},
		{"r", "a/b", "", 0, protocol.CodeUserIDInvalid},
		{"r", long(65), "", 0, protocol.CodeUserIDTooLong},
		{"r", "u", long(257), 0, protocol.CodeUserNameTooLong},
		{"r", "u", strings.Repeat("𝄞", 129), 0, protocol.CodeUserNameTooLong},
		{"r", "u", "n", -1, protocol.CodeInput},
		{long(128), long(64), strings.Repeat("语", 256), 5, protocol.CodeOK},
	} {
		msg := login(c.room, c.user)
		msg.User.Name, msg.MaxMembers = c.name, c.max
		if got := refused(h, msg, &recorder{}); got != c.want {
			t.Errorf("room %.9q user %.9q name %.9q: code %d, want %d", c.room, c.user, c.name, got, c.want)
		}
	}
	a := join(t, h, login("r", "a"))
	wantCode(t, a.publish(""), protocol.CodeStreamIDEmpty)
	wantCode(t, a.publish("a:b"), protocol.CodeStreamIDInvalid)
	wantCode(t, a.play(long(257)), protocol.CodeStreamIDTooLong)
}

func TestNameDefaultsToID(t *testing.T) {
	msg := login("r", "a")
	msg.User.Name = ""
	if got := join(t, NewHub(Config{}), msg).User().Name; got != "a" {
		t.Errorf("name %q", got)
	}
}

// TestManyAtOnce lets the race detector and the bookkeeping see logins, kick-outs and
// departures of few users in few rooms at the same time.
func TestManyAtOnce(t *testing.T) {
	h := NewHub(Config{MaxRoomsPerUser: 2})
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 300 {
				end := &recorder{}
				msg := login(fmt.Sprint("r", (worker+i)%3), fmt.Sprint("u", i%4))
				m, err := h.Login(msg, Pass{}, end, func(*Member, protocol.RoomSnapshot) {})
				if err != nil {
					t.Errorf("login: %v", err)
					return
				}
				stream := protocol.StreamID(fmt.Sprint("s", i%5))
				_ = m.room.Publish(m, protocol.StreamPublish{Stream: stream}, end.replied) // refused when taken
				_ = m.room.Play(m, protocol.StreamPlay{Stream: stream}, end.replied)       // or when kicked out
				m.room.Leave(m, protocol.ReasonStopped)
			}
		})
	}
	all.Wait()
	wantEmpty(t, h)
}

func wantEmpty(t *testing.T, h *Hub) {
	t.Helper()
	if n := len(h.rooms) + len(h.users) + len(h.streams) + len(h.sessions); n != 0 {
		t.Errorf("left behind: rooms %v, users %v, streams %v, sessions %v", h.rooms, h.users, h.streams, h.sessions)
	}
}
