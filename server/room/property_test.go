package room

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

// world drives a Hub and the model with the same operations.
type world struct {
	hub     *Hub
	model   *model
	views   map[protocol.UserID][2]*view
	members map[seat]*Member
	random  *rand.Rand
}

func newWorld(seed uint64) *world {
	c := Config{MaxRooms: 3, MaxMembers: 4, MaxStreams: 2, MaxPlays: 3, MaxExtra: 2, MaxRoomsPerUser: 2}
	w := &world{
		hub: NewHub(c), model: newModel(c),
		views: map[protocol.UserID][2]*view{}, members: map[seat]*Member{},
		random: rand.New(rand.NewPCG(seed, 0)),
	}
	for i := range 6 {
		var ends [2]*view
		for j := range ends {
			ends[j] = &view{rooms: map[protocol.RoomID]*roomView{}}
		}
		w.views[protocol.UserID(fmt.Sprint("u", i))] = ends
	}
	return w
}

func (w *world) pick(prefix string, n int) string { return fmt.Sprint(prefix, w.random.IntN(n)) }

// step does one random operation and says what it was, and what it and the model answered.
func (w *world) step() (what string, got, want protocol.Code) {
	s := seat{protocol.RoomID(w.pick("r", 4)), protocol.UserID(w.pick("u", 6))}
	if w.random.IntN(6) == 0 {
		return w.operate(s.room)
	}
	m := w.members[s]
	if m == nil || w.random.IntN(8) == 0 {
		return w.login(s)
	}
	id := protocol.StreamID(w.pick("s", 5))
	end := m.end.(*view)
	what = fmt.Sprintf("%v %s", s, id)
	reply := func(any) {}
	switch w.random.IntN(9) {
	case 0, 1:
		t := told{extra: w.pick("x", 3)}
		for i := range t.flags {
			t.flags[i] = w.coin()
		}
		err := m.room.Publish(m, protocol.StreamPublish{
			Room: s.room, Stream: id, ExtraInfo: t.extra, VideoMuted: t.flags[0], AudioMuted: t.flags[1],
			NoVideo: t.flags[2], NoAudio: t.flags[3], StandIn: t.flags[4],
		}, reply)
		return fmt.Sprintf("publish %s %v", what, t), codeOf(err), w.model.publish(s, id, t)
	case 2:
		err := m.room.Unpublish(m, protocol.StreamUnpublish{Room: s.room, Stream: id}, reply)
		if err == nil {
			end.drop(s.room, id, protocol.Send)
		}
		return "unpublish " + what, codeOf(err), w.model.unpublish(s, id)
	case 3, 4:
		time.Sleep(50 * time.Millisecond) // virtual: sessions have a pace
		err := m.room.Play(m, protocol.StreamPlay{Room: s.room, Stream: id}, reply)
		return "play " + what, codeOf(err), w.model.play(s, id)
	case 5:
		end.drop(s.room, id, protocol.Receive)
		err := m.room.Stop(m, protocol.StreamStop{Room: s.room, Stream: id}, reply)
		delete(w.model.plays, wish{s, id})
		return "stop " + what, codeOf(err), protocol.CodeOK
	case 6:
		return w.update(s, m, id)
	case 7:
		return w.setExtra(s, m)
	}
	return w.end(s, m, end), 0, 0
}

// operate does something that an app's own server may do, to a room.
func (w *world) operate(in protocol.RoomID) (what string, got, want protocol.Code) {
	user, id := protocol.UserID(w.pick("u", 6)), protocol.StreamID(w.pick("s", 5))
	what = fmt.Sprintf("%s of %s in %s", id, user, in)
	r := w.hub.Find(0, in)
	switch w.random.IntN(8) {
	case 0, 1:
		if r == nil {
			return "nothing", 0, 0
		}
		extra := w.pick("x", 3)
		err := r.Announce(protocol.Stream{ID: id, User: protocol.User{ID: user}, ExtraInfo: extra})
		return "announce " + what, codeOf(err), w.model.announce(in, user, id, extra)
	case 2, 3:
		if r == nil {
			return "nothing", 0, 0
		}
		return "withdraw " + what, codeOf(r.Withdraw(user, id)), w.model.withdraw(in, user, id)
	case 4:
		return "ban " + what, codeOf(w.hub.Ban(0, id)), w.model.ban(id)
	case 5:
		w.hub.Unban(0, id)
		delete(w.model.banned, id)
		return "unban " + what, 0, 0
	case 6:
		rule := silence{w.coin(), w.coin()}
		w.model.silent[ruleKey{in, id}] = rule
		err := w.hub.SetStreamRule(0, in, id, StreamRule{NoVideo: rule.video, NoAudio: rule.audio, Lasts: 24 * time.Hour})
		return fmt.Sprintf("rule %v for %s", rule, what), codeOf(err), 0
	}
	w.hub.DeleteStreamRule(0, in, id)
	delete(w.model.silent, ruleKey{in, id})
	return "no rule for " + what, 0, 0
}

func (w *world) coin() bool { return w.random.IntN(2) == 0 }

// update changes some of what is told of a stream.
func (w *world) update(s seat, m *Member, id protocol.StreamID) (what string, got, want protocol.Code) {
	var extra *string
	var flags [5]*bool
	if w.coin() {
		extra = new(w.pick("x", 3))
	}
	for i := range flags {
		if w.coin() {
			flags[i] = new(w.coin())
		}
	}
	err := m.room.Update(m, protocol.StreamUpdate{
		Room: s.room, Stream: id, ExtraInfo: extra, VideoMuted: flags[0], AudioMuted: flags[1],
		NoVideo: flags[2], NoAudio: flags[3], StandIn: flags[4],
	}, func(any) {})
	return fmt.Sprintf("update %v %s", s, id), codeOf(err), w.model.update(s, id, extra, flags)
}

// setExtra sets a pair of the room; who does so notes it without being told.
func (w *world) setExtra(s seat, m *Member) (what string, got, want protocol.Code) {
	time.Sleep(5 * time.Millisecond) // virtual
	key, value := w.pick("k", 3), w.pick("v", 3)
	err := m.room.SetExtra(m, protocol.RoomExtra{Room: s.room, Key: key, Value: value}, func(any) {
		view := m.end.(*view).rooms[s.room]
		own := protocol.ExtraInfo{Key: key, Value: value, User: m.user}
		if i := findExtra(view.extra, key); i >= 0 {
			view.extra = slices.Clone(view.extra) // others have the same list
			view.extra[i] = own
		} else {
			view.extra = append(slices.Clone(view.extra), own)
		}
	})
	return fmt.Sprintf("set %s to %s in %v", key, value, s), codeOf(err), w.model.setExtra(s, key, value)
}

func (w *world) login(s seat) (what string, got, want protocol.Code) {
	which, limit := w.random.IntN(2), w.random.IntN(6)
	end := w.views[s.user][which]
	msg := login(string(s.room), string(s.user))
	msg.MaxMembers = limit
	m, err := w.hub.Login(msg, Pass{}, end, func(_ *Member, snap protocol.RoomSnapshot) {
		end.rooms[s.room] = newRoomView(snap)
	})
	want = w.model.login(s, which, limit)
	if err == nil {
		w.members[s] = m
	}
	for o := range w.members {
		if _, here := w.model.members[o]; !here {
			delete(w.members, o)
		}
	}
	return fmt.Sprintf("login %v at end %d for %d", s, which, limit), codeOf(err), want
}

// end closes one of the sessions at an end, or takes its member out of the room.
func (w *world) end(s seat, m *Member, end *view) string {
	for id, open := range end.rooms[s.room].sessions {
		player := wish{s, open.Stream}
		if open.Role == protocol.Send {
			player = w.playerOf(id, open)
		}
		delete(end.rooms[s.room].sessions, id)
		w.hub.Relay(end, id, protocol.SessionClose{Session: id, Reason: protocol.CloseFailed})
		delete(w.model.plays, player)
		return fmt.Sprintf("close %s of %v", id, s)
	}
	m.room.Leave(m, protocol.ReasonStopped)
	delete(end.rooms, s.room)
	delete(w.members, s)
	w.model.leave(s)
	return fmt.Sprintf("leave %v", s)
}

// playerOf finds who receives in a session; the publisher itself has another id for that.
func (w *world) playerOf(id protocol.SessionID, open protocol.SessionOpen) wish {
	for s, m := range w.members {
		if s.room != open.Room {
			continue
		}
		if o, ok := m.end.(*view).rooms[s.room].sessions[id]; ok && o.Role == protocol.Receive {
			return wish{s, open.Stream}
		}
	}
	return wish{w.model.streams[open.Stream].by, open.Stream}
}

// differences compares every member's view with the model.
func (w *world) differences() []string {
	var all []string
	for user, ends := range w.views {
		for i, end := range ends {
			all = append(all, end.wrongs...)
			for id, room := range end.rooms {
				s := seat{id, user}
				at, here := w.model.members[s]
				if want, got := w.model.seen(s), room.known(); !here || at != i || !slices.Equal(got, want) {
					all = append(all, fmt.Sprintf("%v end %d knows\n\t%q, should\n\t%q (in the room: %t)", s, i, got, want, here))
				}
			}
		}
	}
	for s, at := range w.model.members {
		if w.views[s.user][at].rooms[s.room] == nil {
			all = append(all, fmt.Sprintf("%v is in the room and does not know", s))
		}
	}
	if len(w.hub.rooms) != len(w.model.limits) || len(w.hub.streams) != len(w.model.streams) {
		all = append(all, fmt.Sprintf("hub has rooms %v, streams %v; should %v, %v",
			w.hub.rooms, w.hub.streams, w.model.limits, w.model.streams))
	}
	return all
}

// TestRandomOperations compares the answers of the Hub and of the model over many
// random operations, and after every few what the members know. EXPRESSRTC_OPS says how
// many operations, 20,000 otherwise.
func TestRandomOperations(t *testing.T) {
	ops := 20_000
	if s := os.Getenv("EXPRESSRTC_OPS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("EXPRESSRTC_OPS: %v", err)
		}
		ops = n
	}
	synctest.Test(t, func(t *testing.T) { operate(t, ops) }) // extra info has a pace
}

// operate does so many operations.
func operate(t *testing.T, ops int) {
	seed := rand.Uint64()
	w := newWorld(seed)
	answers := map[protocol.Code]int{}
	for i := range ops {
		what, got, want := w.step()
		answers[got]++
		if got != want {
			t.Fatalf("seed %d, operation %d, %s: code %d, want %d", seed, i, what, got, want)
		}
		if i%4 != 0 { // the comparison is what takes the time
			continue
		}
		if wrong := w.differences(); len(wrong) > 0 {
			t.Fatalf("seed %d, operation %d, %s:\n%s", seed, i, what, wrong[0])
		}
	}
	if len(answers) < 8 && ops >= 20_000 {
		t.Errorf("only these answers came up: %v", answers)
	}
	for s, m := range w.members {
		m.room.Leave(m, protocol.ReasonStopped)
		delete(m.end.(*view).rooms, s.room)
	}
	wantEmpty(t, w.hub)
}
