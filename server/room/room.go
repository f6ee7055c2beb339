package room

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"expressrtc/server/protocol"
)

// errClosed says that a room became empty, and so ceased to be, before somebody came in.
var errClosed = errors.New("room is closed")

// Reply queues the answer to a request; body is nil when there is nothing to tell.
// It is called once, when the request succeeds, together with the notices that the
// request caused and in front of them.
type Reply func(body any)

// Room is one room of an app. Its methods are safe for concurrent use.
type Room struct {
	hub     *Hub
	key     roomKey
	max     int    // members, as the first one wished
	life    uint64 // names it among all rooms that ever were
	created time.Time

	mu      sync.Mutex
	closed  bool      // empty and out of the Hub: nobody joins any more
	last    Departure // of who left last
	members map[protocol.UserID]*Member
	streams map[protocol.StreamID]*Stream
	// announced is nil in most rooms.
	announced map[protocol.StreamID]*announcement
	sessions  map[protocol.SessionID]*session
	halves    map[protocol.SessionID]*half
	waiting   map[protocol.StreamID]map[*play]struct{} // plays without a session, by stream
	arrivals  uint64                                   // members and streams so far, for their order
	messages  int64                                    // the last one's number
	extra     []protocol.ExtraInfo                     // never changed in place: notices share it
	extraSeq  int64
	// extraPace counts the bytes of extra.
	extraPace *rate.Limiter
	barrages  int64
}

// Member is a user in a room.
type Member struct {
	room       *Room
	user       protocol.User
	end        End
	wantsUsers bool
	number     uint64 // names it among all members that ever were
	since      time.Time
	returned   bool // it brought what it had in a connection before

	// Guarded by the room's mu.
	arrival uint64
	token   string // the newest
	pass    Pass   // that token's
	expiry  *time.Timer
	streams map[protocol.StreamID]*Stream // that it publishes
	plays   map[protocol.StreamID]*play   // that it plays or waits for
}

func newRoom(h *Hub, msg protocol.RoomLogin) *Room {
	limit := h.config.MaxMembers
	if 0 < msg.MaxMembers && msg.MaxMembers < limit {
		limit = msg.MaxMembers
	}
	return &Room{
		hub:       h,
		key:       roomKey{msg.App, msg.Room},
		max:       limit,
		life:      h.serial.next(),
		created:   time.Now(),
		members:   map[protocol.UserID]*Member{},
		streams:   map[protocol.StreamID]*Stream{},
		sessions:  map[protocol.SessionID]*session{},
		halves:    map[protocol.SessionID]*half{},
		waiting:   map[protocol.StreamID]map[*play]struct{}{},
		extraPace: rate.NewLimiter(extraByteRate, extraByteBurst),
		// From the clock, so that numbers do not come again in a server's next life.
		messages: time.Now().UnixMilli(),
		barrages: time.Now().UnixMilli(),
	}
}

// newMember leaves the maps nil: most members of a large room only watch.
func newMember(r *Room, msg protocol.RoomLogin, pass Pass, end End) *Member {
	user := msg.User
	if user.Name == "" {
		user.Name = string(user.ID)
	}
	return &Member{
		room: r, user: user, end: end, wantsUsers: msg.Users,
		number: r.hub.serial.next(), since: time.Now(), returned: msg.Carried != nil,
		token: msg.Token, pass: pass,
	}
}

// Room is the room that m is, or was, in.
func (m *Member) Room() *Room { return m.room }

// User is the member as the others see it.
func (m *Member) User() protocol.User { return m.user }

// End is the member's connection.
func (m *Member) End() End { return m.end }

// Token is the newest that m has shown; nothing here looks into it.
func (m *Member) Token() string {
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	return m.token
}

// App is the app that the room belongs to.
func (r *Room) App() protocol.AppID { return r.key.app }

// ID is the room's name in its app.
func (r *Room) ID() protocol.RoomID { return r.key.room }

// Count is the number of members.
func (r *Room) Count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.members)
}

// Leave takes m out of the room; reason is what the others hear of its streams.
// A member that is out already is left alone.
func (r *Room) Leave(m *Member, reason protocol.DeleteReason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.leaveLocked(m, Departure{Reason: reason})
	r.closeIfEmptyLocked()
}

// join takes m in and returns the user's memberships elsewhere, which the caller ends.
func (r *Room) join(m *Member, brought *protocol.Carried, admit func(*Member, protocol.RoomSnapshot)) ([]*Member, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errClosed
	}
	defer r.closeIfEmptyLocked() // made for m, and m is refused
	old := r.members[m.user.ID]
	if err := r.admissibleLocked(m, old); err != nil {
		return nil, err
	}
	displaced, err := r.hub.claimUser(m)
	if err != nil {
		return nil, err
	}
	r.kickLocked(old)
	r.bringExtraLocked(brought)
	snapshot := r.snapshotLocked(m)
	streams, refused := r.claimCarriedLocked(m, brought)
	snapshot.Refused = refused
	admit(m, snapshot)
	r.openedLocked(m)
	r.emitLocked(memberJoined{m})
	r.reportLocked(Report{Kind: UserIn, User: m.infoLocked()})
	r.watchExpiryLocked(m)
	r.takeUpLocked(m, brought, streams)
	return displaced, nil
}

// admissibleLocked checks that there is room for m; it may take the place of old.
func (r *Room) admissibleLocked(m, old *Member) error {
	if old != nil && old.end == m.end {
		return protocol.Errorf(protocol.CodeAlreadyInRoom,
			"user %q is in room %q already, through this connection", m.user.ID, r.key.room)
	}
	if old == nil && len(r.members) >= r.max {
		return protocol.Errorf(protocol.CodeRoomFull,
			"room %q has %d members and takes no more", r.key.room, len(r.members))
	}
	return nil
}

// snapshotLocked is the room as m finds it when it comes in, each list in the order of
// arrival.
func (r *Room) snapshotLocked(m *Member) protocol.RoomSnapshot {
	s := protocol.RoomSnapshot{Time: time.Now().UnixMilli(), Count: len(r.members) + 1, Life: r.hub.life, Extra: r.extra}
	if m.wantsUsers {
		others := slices.SortedFunc(maps.Values(r.members), func(a, b *Member) int { return cmp.Compare(a.arrival, b.arrival) })
		for _, other := range others {
			s.Users = append(s.Users, other.user)
		}
	}
	s.Streams = r.listedLocked(m)
	return s
}

// arriveLocked numbers members and streams in the order in which they come.
func (r *Room) arriveLocked() uint64 {
	r.arrivals++
	return r.arrivals
}

// kick ends a membership because its user logged in through another end.
func (r *Room) kick(m *Member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.kickLocked(m)
	r.closeIfEmptyLocked()
}

func (r *Room) kickLocked(m *Member) {
	r.removeLocked(m, Departure{Reason: protocol.ReasonRelogin, Code: protocol.CodeKickedByLogin}, "the same user logged in elsewhere")
}

// removeLocked takes m out and tells it why.
func (r *Room) removeLocked(m *Member, out Departure, message string) {
	if !r.hasLocked(m) {
		return
	}
	r.leaveLocked(m, out)
	m.end.Send(protocol.RoomKickout{Room: r.key.room, Code: out.Code, Reason: out.kickReason(), Message: message})
}

func (r *Room) leaveLocked(m *Member, out Departure) {
	if !r.hasLocked(m) {
		return
	}
	if m.expiry != nil {
		m.expiry.Stop()
	}
	for _, p := range m.plays {
		r.endPlayLocked(p, protocol.CloseStopped, protocol.Receive)
	}
	r.removeStreamsLocked(m, m.streamsLocked(), out)
	r.withdrawAllLocked(out, func(of protocol.UserID) bool { return of == m.user.ID })
	r.emitLocked(memberLeft{m})
	r.last = out
	r.reportLocked(Report{Kind: UserOut, User: m.infoLocked(), Departure: out})
	r.hub.releaseUser(m)
}

// closeIfEmptyLocked ends a room that nobody is in.
func (r *Room) closeIfEmptyLocked() {
	if len(r.members) == 0 && !r.closed {
		r.closed = true
		r.hub.forget(r)
		r.withdrawAllLocked(r.last, func(protocol.UserID) bool { return true })
		if r.arrivals > 0 { // somebody was in
			r.reportLocked(Report{Kind: RoomClosed, Departure: r.last})
		}
	}
}

func (r *Room) hasLocked(m *Member) bool {
	return m != nil && r.members[m.user.ID] == m
}

// requireLocked checks that m is still in the room.
func (r *Room) requireLocked(m *Member) error {
	if !r.hasLocked(m) {
		return protocol.Errorf(protocol.CodeNotLoggedIn,
			"not in room %q any more: log in again", r.key.room)
	}
	return nil
}
