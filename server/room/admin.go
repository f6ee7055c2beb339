package room

import (
	"cmp"
	"maps"
	"slices"

	"expressrtc/server/protocol"
)

// What the operator and an app's own server see and do: callers that are no members.

// Rooms are all rooms there are, in no order; those of one app unless app is nil.
func (h *Hub) Rooms(app *protocol.AppID) []*Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*Room, 0, len(h.rooms))
	for key, r := range h.rooms {
		if app == nil || key.app == *app {
			all = append(all, r)
		}
	}
	return all
}

// Find is a room, or nil.
func (h *Hub) Find(app protocol.AppID, id protocol.RoomID) *Room {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rooms[roomKey{app, id}]
}

// Info describes the room.
func (r *Room) Info() Info {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.infoLocked()
}

// Users are the members in the order in which they came.
func (r *Room) Users() []UserInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]UserInfo, 0, len(r.members))
	for _, m := range slices.SortedFunc(maps.Values(r.members), func(a, b *Member) int { return cmp.Compare(a.arrival, b.arrival) }) {
		all = append(all, m.infoLocked())
	}
	return all
}

// Streams are what the members are told of, in the order in which it came.
func (r *Room) Streams() []StreamInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.streamsLocked()
}

func (r *Room) streamsLocked() []StreamInfo {
	type listed struct {
		StreamInfo
		arrival uint64
	}
	all := make([]listed, 0, len(r.streams)+len(r.announced))
	for _, s := range r.streams {
		if !s.hidden {
			all = append(all, listed{s.infoLocked(), s.arrival})
		}
	}
	for _, a := range r.announced {
		all = append(all, listed{a.infoLocked(), a.arrival})
	}
	slices.SortFunc(all, func(a, b listed) int { return cmp.Compare(a.arrival, b.arrival) })
	infos := make([]StreamInfo, len(all))
	for i, s := range all {
		infos[i] = s.StreamInfo
	}
	return infos
}

// SessionInfo describes a session.
type SessionInfo struct {
	Session protocol.SessionID
	Stream  protocol.StreamID
	// From is empty when no user sends, but a forwarder.
	From, To protocol.UserID
	Quality  Quality
}

// Sessions are those through which streams go from one to another.
func (r *Room) Sessions() []SessionInfo {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]SessionInfo, 0, len(r.sessions))
	for id, s := range r.sessions {
		if id == s.sender.id { // once, where an end has both parts
			all = append(all, SessionInfo{id, s.stream.id, s.sender.user, s.receiver.user, s.told})
		}
	}
	slices.SortFunc(all, func(a, b SessionInfo) int { return cmp.Compare(a.Session, b.Session) })
	return all
}

// Remove takes users out of the room and tells them why; message may be empty. It answers
// how many were there.
func (r *Room) Remove(message string, users ...protocol.UserID) (removed int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range users {
		if m := r.members[id]; m != nil {
			r.removeLocked(m, Departure{Reason: protocol.ReasonKicked, Code: protocol.CodeKicked}, message)
			removed++
		}
	}
	r.closeIfEmptyLocked()
	return removed
}

// Close takes everyone out of the room and tells them why; message may be empty.
func (r *Room) Close(message string) { r.clear(message, false) }

// CloseQuietly is Close without a callback about the room's end.
func (r *Room) CloseQuietly(message string) { r.clear(message, true) }

func (r *Room) clear(message string, quiet bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := Departure{Reason: protocol.ReasonKicked, Code: protocol.CodeKicked, Cleared: true, Quiet: quiet}
	for _, m := range slices.SortedFunc(maps.Values(r.members), func(a, b *Member) int { return cmp.Compare(a.arrival, b.arrival) }) {
		r.removeLocked(m, out, message)
	}
	r.closeIfEmptyLocked()
}

// Routes counts sessions by the way that their media takes, as their senders told last.
type Routes struct {
	Direct  int // from one user to the other
	Relayed int // through a relay, as TURN is one
	Unknown int // not told yet
}

// Routes looks at each room for a moment.
func (h *Hub) Routes() Routes {
	var n Routes
	for _, r := range h.Rooms(nil) {
		r.mu.Lock()
		for id, s := range r.sessions {
			switch {
			case id != s.sender.id: // counted under its other id
			case s.told.At.IsZero():
				n.Unknown++
			case s.told.Relay:
				n.Relayed++
			default:
				n.Direct++
			}
		}
		r.mu.Unlock()
	}
	return n
}
