package room

import (
	"fmt"
	"maps"
	"slices"

	"expressrtc/server/protocol"
)

// model is the simplest description of what the rooms of one app hold: flat sets.
type model struct {
	config  Config
	limits  map[protocol.RoomID]int
	members map[seat]int // which of the user's ends is in the room
	streams map[protocol.StreamID]published
	plays   map[wish]bool
	extra   map[protocol.RoomID][]pair
	// What the apps' own servers have done.
	announced map[ruleKey]announced
	banned    map[protocol.StreamID]bool
	silent    map[ruleKey]silence
}

type (
	seat struct {
		room protocol.RoomID
		user protocol.UserID
	}
	published struct {
		by     seat
		told   told
		hidden bool
	}
	announced struct {
		user  protocol.UserID
		extra string
	}
	silence struct{ video, audio bool }
	// told is what the others know of a stream: its extra info, and whether its picture and
	// its sound are muted, whether it has none of them, and has something instead.
	told struct {
		extra string
		flags [5]bool
	}
	pair struct {
		key, value string
		by         protocol.UserID
	}
	wish struct {
		seat
		stream protocol.StreamID
	}
)

func newModel(c Config) *model {
	return &model{
		config: c, limits: map[protocol.RoomID]int{}, members: map[seat]int{},
		streams: map[protocol.StreamID]published{}, plays: map[wish]bool{}, extra: map[protocol.RoomID][]pair{},
		announced: map[ruleKey]announced{}, banned: map[protocol.StreamID]bool{}, silent: map[ruleKey]silence{},
	}
}

func (m *model) count(match func(seat) bool) int {
	n := 0
	for s := range m.members {
		if match(s) {
			n++
		}
	}
	return n
}

func (m *model) login(s seat, end, limit int) protocol.Code {
	inRoom := m.count(func(o seat) bool { return o.room == s.room })
	if inRoom == 0 && len(m.limits) >= m.config.MaxRooms {
		return protocol.CodeTooManyRooms
	}
	if inRoom == 0 {
		if limit == 0 || limit > m.config.MaxMembers {
			limit = m.config.MaxMembers
		}
		m.limits[s.room] = limit
		defer m.forget(s.room)
	}
	old, present := m.members[s]
	if present && old == end {
		return protocol.CodeAlreadyInRoom
	}
	if !present && inRoom >= m.limits[s.room] {
		return protocol.CodeRoomFull
	}
	mine := func(o seat) bool { return o.user == s.user && m.members[o] == end }
	if m.count(mine) >= m.config.MaxRoomsPerUser {
		return protocol.CodeTooManyRooms
	}
	others := slices.Collect(maps.Keys(m.members))
	m.members[s] = end
	for _, o := range others {
		if o.user == s.user && (o == s || m.members[o] != end) {
			m.drop(o)
			defer m.forget(o.room)
		}
	}
	m.members[s] = end // once more: its own older seat was dropped
	return protocol.CodeOK
}

// drop takes a member out, with all that it has.
func (m *model) drop(s seat) {
	delete(m.members, s)
	maps.DeleteFunc(m.streams, func(_ protocol.StreamID, p published) bool { return p.by == s })
	maps.DeleteFunc(m.plays, func(w wish, _ bool) bool { return w.seat == s })
	maps.DeleteFunc(m.announced, func(k ruleKey, a announced) bool { return k.room == s.room && a.user == s.user })
}

func (m *model) leave(s seat) {
	m.drop(s)
	m.forget(s.room)
}

func (m *model) forget(r protocol.RoomID) {
	if m.count(func(o seat) bool { return o.room == r }) == 0 {
		delete(m.limits, r)
		delete(m.extra, r)
		maps.DeleteFunc(m.announced, func(k ruleKey, _ announced) bool { return k.room == r })
	}
}

func (m *model) publish(s seat, id protocol.StreamID, t told) protocol.Code {
	p, taken := m.streams[id]
	own := 0
	for _, other := range m.streams {
		if other.by == s {
			own++
		}
	}
	switch {
	case taken && p.by == s:
		return protocol.CodeOK
	case own >= m.config.MaxStreams:
		return protocol.CodeTooManyStreams
	case m.banned[id]:
		return protocol.CodePublishBanned
	case taken:
		return protocol.CodeDuplicateStream
	}
	m.streams[id] = published{by: s, told: t}
	delete(m.announced, ruleKey{s.room, id})
	return protocol.CodeOK
}

func (m *model) announce(in protocol.RoomID, user protocol.UserID, id protocol.StreamID, extra string) protocol.Code {
	p, live := m.streams[id]
	a, known := m.announced[ruleKey{in, id}]
	live = live && p.by.room == in
	switch {
	case live && p.by.user != user, known && a.user != user:
		return protocol.CodeDuplicateStream
	case live:
		p.hidden = false
		m.streams[id] = p
	case !known:
		m.announced[ruleKey{in, id}] = announced{user, extra}
	}
	return protocol.CodeOK
}

func (m *model) withdraw(in protocol.RoomID, user protocol.UserID, id protocol.StreamID) protocol.Code {
	p, live := m.streams[id]
	a, known := m.announced[ruleKey{in, id}]
	live = live && p.by.room == in && !p.hidden
	switch {
	case !live && !known:
		return protocol.CodeNotPublishing
	case live && p.by.user != user, known && a.user != user:
		return protocol.CodeDuplicateStream
	case known:
		delete(m.announced, ruleKey{in, id})
	default:
		p.hidden = true
		m.streams[id] = p
	}
	return protocol.CodeOK
}

// ban ends a stream and what is played of it.
func (m *model) ban(id protocol.StreamID) protocol.Code {
	m.banned[id] = true
	if p, live := m.streams[id]; live {
		delete(m.streams, id)
		maps.DeleteFunc(m.plays, func(w wish, _ bool) bool { return w.stream == id && w.room == p.by.room })
	}
	return protocol.CodeOK
}

func (m *model) unpublish(s seat, id protocol.StreamID) protocol.Code {
	if p, ok := m.streams[id]; !ok || p.by != s {
		return protocol.CodeNotPublishing
	}
	delete(m.streams, id)
	return protocol.CodeOK
}

// update changes what is not nil.
func (m *model) update(s seat, id protocol.StreamID, extra *string, flags [5]*bool) protocol.Code {
	p, ok := m.streams[id]
	if !ok || p.by != s {
		return protocol.CodeNotPublishing
	}
	if extra != nil {
		p.told.extra = *extra
	}
	for i, flag := range flags {
		if flag != nil {
			p.told.flags[i] = *flag
		}
	}
	m.streams[id] = p
	return protocol.CodeOK
}

func (m *model) setExtra(s seat, key, value string) protocol.Code {
	all := slices.Clone(m.extra[s.room])
	i := slices.IndexFunc(all, func(p pair) bool { return p.key == key })
	switch {
	case i >= 0:
		all[i] = pair{key, value, s.user}
	case len(all) >= m.config.MaxExtra:
		return protocol.CodeTooManyExtra
	default:
		all = append(all, pair{key, value, s.user})
	}
	m.extra[s.room] = all
	return protocol.CodeOK
}

func (m *model) play(s seat, id protocol.StreamID) protocol.Code {
	if m.banned[id] {
		return protocol.CodePlayBanned
	}
	own := 0
	for w := range m.plays {
		if w.seat == s {
			own++
		}
	}
	if !m.plays[wish{s, id}] && own >= m.config.MaxPlays {
		return protocol.CodeTooManyStreams
	}
	m.plays[wish{s, id}] = true
	return protocol.CodeOK
}

// seen is what the member at s must know when it has read everything: one line a fact.
func (m *model) seen(s seat) []string {
	var facts []string
	for o := range m.members {
		if o.room == s.room && o != s {
			facts = append(facts, fmt.Sprintf("user %s", o.user))
		}
	}
	for id, p := range m.streams {
		if p.by.room == s.room && p.by != s && !p.hidden {
			facts = append(facts, fmt.Sprintf("stream %s of %s %v", id, p.by.user, p.told))
		}
	}
	for k, a := range m.announced {
		if k.room == s.room && a.user != s.user {
			facts = append(facts, fmt.Sprintf("stream %s of %s %v", k.stream, a.user, told{extra: a.extra}))
		}
	}
	for i, p := range m.extra[s.room] {
		facts = append(facts, fmt.Sprintf("extra %d %v", i, p))
	}
	for w := range m.plays {
		p, ok := m.streams[w.stream]
		if !ok || p.by.room != w.room || w.room != s.room {
			continue
		}
		if w.seat == s {
			facts = append(facts, fmt.Sprintf("session receive %s", w.stream))
		}
		if p.by == s {
			facts = append(facts, fmt.Sprintf("session send %s %v", w.stream, m.silent[ruleKey{w.room, w.stream}]))
		}
	}
	slices.Sort(facts)
	return facts
}
