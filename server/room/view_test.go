package room

import (
	"fmt"
	"slices"

	"expressrtc/server/protocol"
)

// view is what one end knows: it believes its messages, and notes those that
// contradict what it was told before.
type view struct {
	rooms  map[protocol.RoomID]*roomView
	wrongs []string
}

type roomView struct {
	users    map[protocol.UserID]bool
	streams  map[protocol.StreamID]protocol.Stream
	sessions map[protocol.SessionID]protocol.SessionOpen
	paused   map[protocol.SessionID]protocol.SessionPause
	extra    []protocol.ExtraInfo
}

func newRoomView(s protocol.RoomSnapshot) *roomView {
	v := &roomView{
		users:    map[protocol.UserID]bool{},
		streams:  map[protocol.StreamID]protocol.Stream{},
		sessions: map[protocol.SessionID]protocol.SessionOpen{},
		paused:   map[protocol.SessionID]protocol.SessionPause{},
		extra:    s.Extra,
	}
	for _, u := range s.Users {
		v.users[u.ID] = true
	}
	for _, stream := range s.Streams {
		v.streams[stream.ID] = stream
	}
	return v
}

func (v *view) expect(ok bool, format string, args ...any) {
	if !ok {
		v.wrongs = append(v.wrongs, fmt.Sprintf(format, args...))
	}
}

func (v *view) Crowded() bool { return false }

// Send takes a message into account at once.
func (v *view) Send(b protocol.Body) {
	if s, ok := b.(*protocol.Shared); ok {
		b = s.Body
	}
	switch b := b.(type) {
	case protocol.RoomUsers:
		room := v.rooms[b.Room]
		for _, u := range b.Users {
			v.expect(room.users[u.ID] == (b.Change == protocol.Delete), "%s of user %s", b.Change, u.ID)
			room.users[u.ID] = b.Change == protocol.Add
		}
	case protocol.RoomStreams:
		v.onStreams(b)
	case protocol.StreamUpdate:
		s, known := v.rooms[b.Room].streams[b.Stream]
		v.expect(known, "update of unknown stream %s", b.Stream)
		b.Apply(&s)
		v.rooms[b.Room].streams[b.Stream] = s
	case protocol.RoomExtra:
		v.rooms[b.Room].extra = b.All
	case protocol.SessionOpen:
		_, known := v.rooms[b.Room].sessions[b.Session]
		v.expect(!known, "session %s opened twice", b.Session)
		v.rooms[b.Room].sessions[b.Session] = b
	case protocol.SessionPause:
		for _, room := range v.rooms {
			room.paused[b.Session] = b
		}
	case protocol.StreamEnd:
		if b.Role == protocol.Send { // its sessions ended with it; a player's are closed
			v.drop(b.Room, b.Stream, protocol.Send)
		}
	case protocol.SessionClose:
		v.expect(v.forget(b.Session), "session %s closed but not open", b.Session)
	case protocol.RoomKickout:
		v.expect(v.rooms[b.Room] != nil, "kicked out of %s, where it is not", b.Room)
		delete(v.rooms, b.Room)
	}
}

func (v *view) onStreams(b protocol.RoomStreams) {
	room := v.rooms[b.Room]
	for _, s := range b.Streams {
		_, known := room.streams[s.ID]
		v.expect(known == (b.Change == protocol.Delete), "%s of stream %s", b.Change, s.ID)
		if b.Change == protocol.Add {
			room.streams[s.ID] = s
		} else {
			delete(room.streams, s.ID)
		}
	}
}

func (v *view) forget(id protocol.SessionID) bool {
	for _, room := range v.rooms {
		if _, ok := room.sessions[id]; ok {
			delete(room.sessions, id)
			return true
		}
	}
	return false
}

// drop forgets the sessions that the end itself ended.
func (v *view) drop(room protocol.RoomID, stream protocol.StreamID, role protocol.Role) {
	for id, s := range v.rooms[room].sessions {
		if s.Stream == stream && s.Role == role {
			delete(v.rooms[room].sessions, id)
		}
	}
}

// known tells what the view holds in the model's words.
func (v *roomView) known() []string {
	var facts []string
	for u, here := range v.users {
		if here {
			facts = append(facts, fmt.Sprintf("user %s", u))
		}
	}
	for _, s := range v.streams {
		t := told{s.ExtraInfo, [5]bool{s.VideoMuted, s.AudioMuted, s.NoVideo, s.NoAudio, s.StandIn}}
		facts = append(facts, fmt.Sprintf("stream %s of %s %v", s.ID, s.User.ID, t))
	}
	for i, x := range v.extra {
		facts = append(facts, fmt.Sprintf("extra %d %v", i, pair{x.Key, x.Value, x.User.ID}))
	}
	for id, s := range v.sessions {
		fact := fmt.Sprintf("session %s %s", s.Role, s.Stream)
		if s.Role == protocol.Send {
			fact += fmt.Sprint(" ", silence{v.paused[id].Video, v.paused[id].Audio})
		}
		facts = append(facts, fact)
	}
	slices.Sort(facts)
	return facts
}
