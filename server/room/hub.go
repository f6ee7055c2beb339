// Package room owns who is in which room, what they publish, and which media
// sessions run between them. It moves messages between Ends and knows nothing of
// sockets, tokens or media.
//
// Locking: a Room has one mutex for its members, streams and sessions, the Hub one
// for its indexes over all rooms. A goroutine holds at most one Room's mutex; it may
// take the Hub's mutex under it, never the other way round. Nothing blocks under
// either: ends, replies and the configured functions are called with the Room's
// mutex held, which gives every member the same order, so they must not call back.
package room

import (
	"crypto/rand"
	"errors"
	"sync"
	"time"

	"expressrtc/server/pace"
	"expressrtc/server/protocol"
)

// An End is one end of a media session: a browser's connection, the forwarder,
// a recorder, or a connection that another node holds. Ends are compared with ==.
type End interface {
	// Send queues b for the end and never blocks.
	Send(b protocol.Body)
	// Crowded reports whether much waits for the end already, and never blocks: what can be
	// left out is.
	Crowded() bool
}

// A Route picks the end that sends s to its next receiver.
type Route func(r *Room, s *Stream, receiver End) End

// direct is the Route without a forwarder: the publisher itself sends.
func direct(_ *Room, s *Stream, _ End) End { return s.publisher.end }

// Config sets up a Hub. Its zero value has every default.
type Config struct {
	// Route picks the sender of a session; without one the publisher sends to each player.
	Route Route
	// ICEServers tells what a user may use to connect; without it there are none.
	ICEServers func(protocol.AppID, protocol.UserID) []protocol.ICEServer
	// Observe hears of everything that happens to rooms, members and streams, of one room in
	// the order in which it happens. It is called with the room's mutex held.
	Observe func(Report)
	// MayPublish refuses publishers by an error, beside their pass; without it nobody is
	// refused. It is called with the room's mutex held.
	MayPublish func(Publisher) error

	// Settle is how long a client's end of a session that a server before knew waits for
	// the other end to come back, 10 s unless set.
	Settle time.Duration

	MaxRooms        int // rooms on this server, 10,000 unless set
	MaxAppRooms     int // rooms of an app, as many as on the server unless set
	MaxMembers      int // members a room, 5,000 unless set
	MaxStreams      int // streams that a member publishes in a room, 32 unless set
	MaxRoomStreams  int // streams of a room, 2,000 unless set
	MaxPlays        int // streams that a member plays or waits for in a room, 200 unless set
	MaxExtra        int // pairs of a room's extra info, 20 unless set
	MaxRoomsPerUser int // rooms that a user is in at once, 20 unless set
}

func (c Config) withDefaults() Config {
	if c.Route == nil {
		c.Route = direct
	}
	if c.ICEServers == nil {
		c.ICEServers = func(protocol.AppID, protocol.UserID) []protocol.ICEServer { return nil }
	}
	if c.Observe == nil {
		c.Observe = func(Report) {}
	}
	if c.MayPublish == nil {
		c.MayPublish = func(Publisher) error { return nil }
	}
	if c.Settle <= 0 {
		c.Settle = 10 * time.Second
	}
	for _, bound := range []struct {
		value    *int
		fallback int
	}{
		{&c.MaxRooms, 10_000},
		{&c.MaxMembers, 5_000},
		{&c.MaxStreams, 32},
		{&c.MaxRoomStreams, 2_000},
		{&c.MaxPlays, 200},
		{&c.MaxExtra, 20},
		{&c.MaxRoomsPerUser, 20},
	} {
		if *bound.value <= 0 {
			*bound.value = bound.fallback
		}
	}
	if c.MaxAppRooms <= 0 {
		c.MaxAppRooms = c.MaxRooms
	}
	return c
}

// Hub has all rooms, and what is unique over the rooms of an app: where a user is,
// who publishes a stream id, which room a session belongs to.
type Hub struct {
	config  Config
	life    string // names this run
	started time.Time
	serial  serial
	opens   *pace.Pace // of sessions, by who asks for them

	mu       sync.Mutex
	rooms    map[roomKey]*Room
	appRooms map[protocol.AppID]int // how many of the rooms are the app's
	users    map[userKey]*presence
	streams  map[streamKey]*Stream
	sessions map[protocol.SessionID]*Room
	// What the apps' own servers have forbidden: streams, and parts of streams.
	bans  map[protocol.AppID]map[protocol.StreamID]struct{}
	rules map[protocol.AppID]map[ruleKey]*timedRule
}

type (
	roomKey struct {
		app  protocol.AppID
		room protocol.RoomID
	}
	userKey struct {
		app  protocol.AppID
		user protocol.UserID
	}
	streamKey struct {
		app    protocol.AppID
		stream protocol.StreamID
	}
)

// presence is where a user is: one end, in one or more rooms.
type presence struct {
	end     End
	members map[*Room]*Member
}

// NewHub makes a Hub without rooms.
func NewHub(c Config) *Hub {
	c = c.withDefaults()
	return &Hub{
		config:   c,
		opens:    pace.New(openRate, float64(max(openBurst, c.MaxPlays))/openRate),
		life:     rand.Text(),
		started:  time.Now(),
		rooms:    map[roomKey]*Room{},
		appRooms: map[protocol.AppID]int{},
		users:    map[userKey]*presence{},
		streams:  map[streamKey]*Stream{},
		sessions: map[protocol.SessionID]*Room{},
		bans:     map[protocol.AppID]map[protocol.StreamID]struct{}{},
		rules:    map[protocol.AppID]map[ruleKey]*timedRule{},
	}
}

// Login takes a user into a room. It calls admit with the new member and the room as
// it finds it, before anything that happens in the room afterwards reaches end.
// A user that is here through another end is removed there: the newcomer wins. What the
// member may do is in pass.
func (h *Hub) Login(msg protocol.RoomLogin, pass Pass, end End, admit func(*Member, protocol.RoomSnapshot)) (*Member, error) {
	if err := checkLogin(msg); err != nil {
		return nil, err
	}
	for {
		r, err := h.roomFor(msg)
		if err != nil {
			return nil, err
		}
		m := newMember(r, msg, pass, end)
		displaced, err := r.join(m, msg.Carried, admit)
		if errors.Is(err, errClosed) {
			continue // its last member left in between: make it again
		}
		if err != nil {
			return nil, err
		}
		for _, old := range displaced {
			old.room.kick(old)
		}
		return m, nil
	}
}

// Relay hands a session's message to its other end, whichever room it is in.
func (h *Hub) Relay(from End, id protocol.SessionID, b protocol.Relayed) {
	h.mu.Lock()
	r := h.sessions[id]
	h.mu.Unlock()
	if r == nil {
		sayUnknown(from, id, b)
		return
	}
	r.Relay(from, id, b)
}

// roomFor finds the room that msg names, or makes it with the bound that msg wishes.
func (h *Hub) roomFor(msg protocol.RoomLogin) (*Room, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := roomKey{msg.App, msg.Room}
	if r := h.rooms[key]; r != nil {
		return r, nil
	}
	if len(h.rooms) >= h.config.MaxRooms {
		return nil, protocol.Errorf(protocol.CodeTooManyRooms,
			"the server has %d rooms and takes no more: try later", h.config.MaxRooms)
	}
	if h.appRooms[msg.App] >= h.config.MaxAppRooms {
		return nil, protocol.Errorf(protocol.CodeTooManyRooms,
			"the app has %d rooms and may have no more: try later", h.config.MaxAppRooms)
	}
	r := newRoom(h, msg)
	h.rooms[key] = r
	h.appRooms[msg.App]++
	return r, nil
}

// forget takes an empty room out of the index.
func (h *Hub) forget(r *Room) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.rooms[r.key] != r {
		return
	}
	delete(h.rooms, r.key)
	if h.appRooms[r.key.app]--; h.appRooms[r.key.app] == 0 {
		delete(h.appRooms, r.key.app)
	}
}

// claimUser makes m the user's presence and returns the memberships of the end that
// had it before.
func (h *Hub) claimUser(m *Member) ([]*Member, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := userKey{m.room.key.app, m.user.ID}
	now := h.users[key]
	var displaced []*Member
	if now == nil || now.end != m.end {
		if now != nil {
			for _, old := range now.members {
				displaced = append(displaced, old)
			}
		}
		now = &presence{end: m.end, members: map[*Room]*Member{}}
		h.users[key] = now
	}
	if len(now.members) >= h.config.MaxRoomsPerUser {
		return nil, protocol.Errorf(protocol.CodeTooManyRooms,
			"user %q is in %d rooms already: leave one first", m.user.ID, len(now.members))
	}
	now.members[m.room] = m
	return displaced, nil
}

func (h *Hub) releaseUser(m *Member) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := userKey{m.room.key.app, m.user.ID}
	now := h.users[key]
	if now == nil || now.members[m.room] != m {
		return // a newcomer has taken the user's place
	}
	delete(now.members, m.room)
	if len(now.members) == 0 {
		delete(h.users, key)
	}
}

func (h *Hub) claimStream(s *Stream) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := streamKey{s.publisher.room.key.app, s.id}
	if _, banned := h.bans[key.app][s.id]; banned {
		return protocol.Errorf(protocol.CodePublishBanned, "the app's server has forbidden stream %q", s.id)
	}
	if h.streams[key] != nil {
		return protocol.Errorf(protocol.CodeDuplicateStream,
			"stream %q is published by somebody else: use another id", s.id)
	}
	h.streams[key] = s
	return nil
}

func (h *Hub) releaseStream(s *Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := streamKey{s.publisher.room.key.app, s.id}
	if h.streams[key] == s {
		delete(h.streams, key)
	}
}

func (h *Hub) addSession(r *Room, s *session) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sessions[s.sender.id], h.sessions[s.receiver.id] = r, r
}

// holdSession notes an id that an end brought; false when it is in use.
func (h *Hub) holdSession(r *Room, id protocol.SessionID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sessions[id] != nil {
		return false
	}
	h.sessions[id] = r
	return true
}

func (h *Hub) dropSession(ids ...protocol.SessionID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		delete(h.sessions, id)
	}
}

// Counts is how much a Hub holds.
type Counts struct{ Rooms, Users, Streams, Sessions int }

// Counts tells how much there is of everything.
func (h *Hub) Counts() Counts {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Counts{len(h.rooms), len(h.users), len(h.streams), len(h.sessions)}
}
