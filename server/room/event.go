package room

import (
	"slices"

	"expressrtc/server/protocol"
)

// An event is a change of a room, or a message in it, that every node which has
// members of the room must hear of.
type event interface {
	// applyLocked changes the room.
	applyLocked(r *Room)
	// tellLocked queues what the members here hear of it.
	tellLocked(r *Room)
}

// emitLocked is the only way in which a room changes.
func (r *Room) emitLocked(e event) {
	e.applyLocked(r)
	e.tellLocked(r)
}

// tellLocked queues b, encoded once, for the members that want it.
func (r *Room) tellLocked(b protocol.Body, wants func(*Member) bool) {
	shared := protocol.Share(b)
	for _, m := range r.members {
		if wants(m) {
			m.end.Send(shared)
		}
	}
}

// tellOthersLocked queues b for everyone but m.
func (r *Room) tellOthersLocked(m *Member, b protocol.Body) {
	r.tellLocked(b, func(other *Member) bool { return other != m })
}

type memberJoined struct{ member *Member }

func (e memberJoined) applyLocked(r *Room) {
	e.member.arrival = r.arriveLocked()
	r.members[e.member.user.ID] = e.member
}

func (e memberJoined) tellLocked(r *Room) { r.tellUsersLocked(e.member, protocol.Add) }

type memberLeft struct{ member *Member }

func (e memberLeft) applyLocked(r *Room) { delete(r.members, e.member.user.ID) }

func (e memberLeft) tellLocked(r *Room) { r.tellUsersLocked(e.member, protocol.Delete) }

// tellUsersLocked tells those who asked for users that m came or went.
func (r *Room) tellUsersLocked(m *Member, change protocol.Change) {
	b := protocol.RoomUsers{Room: r.key.room, Change: change, Users: []protocol.User{m.user}}
	r.tellLocked(b, func(other *Member) bool { return other != m && other.wantsUsers })
}

type streamAdded struct{ stream *Stream }

func (e streamAdded) applyLocked(r *Room) {
	s := e.stream
	s.arrival, s.hidden = r.arriveLocked(), false
	r.streams[s.id] = s
	if s.publisher.streams == nil {
		s.publisher.streams = map[protocol.StreamID]*Stream{}
	}
	s.publisher.streams[s.id] = s
}

func (e streamAdded) tellLocked(r *Room) {
	r.tellOthersLocked(e.stream.publisher, protocol.RoomStreams{
		Room: r.key.room, Change: protocol.Add, Streams: []protocol.Stream{e.stream.info},
	})
}

type streamsRemoved struct {
	publisher *Member
	streams   []*Stream
	reason    protocol.DeleteReason
}

func (e streamsRemoved) applyLocked(r *Room) {
	for _, s := range e.streams {
		delete(r.streams, s.id)
		delete(e.publisher.streams, s.id)
	}
}

func (e streamsRemoved) tellLocked(r *Room) {
	b := protocol.RoomStreams{Room: r.key.room, Change: protocol.Delete, Reason: e.reason}
	for _, s := range e.streams {
		if !s.hidden {
			b.Streams = append(b.Streams, s.info)
		}
	}
	if len(b.Streams) > 0 {
		r.tellOthersLocked(e.publisher, b)
	}
}

type streamUpdated struct {
	stream *Stream
	update protocol.StreamUpdate
}

func (e streamUpdated) applyLocked(*Room) { e.update.Apply(&e.stream.info) }

func (e streamUpdated) tellLocked(r *Room) {
	if !e.stream.hidden {
		r.tellOthersLocked(e.stream.publisher, e.update)
	}
}

// messageSent is a message for everyone else in the room.
type messageSent struct {
	from *Member
	body protocol.Body
}

func (e messageSent) applyLocked(*Room) {}

func (e messageSent) tellLocked(r *Room) { r.tellOthersLocked(e.from, e.body) }

// commandSent is a message for the named users, as far as they are here, or for everyone
// else when none is named. Each sender has its pace, but many may send to one: who has
// much to read already is passed over, not lost to the room for what others send.
type commandSent struct {
	from *Member
	to   []protocol.UserID
	body protocol.Body
}

func (e commandSent) applyLocked(*Room) {}

func (e commandSent) tellLocked(r *Room) {
	shared := protocol.Share(e.body)
	for _, m := range e.receiversLocked(r) {
		if !m.end.Crowded() {
			m.end.Send(shared)
		}
	}
}

// isTooMuchLocked reports whether everyone whom it is for would be passed over.
func (e commandSent) isTooMuchLocked(r *Room) bool {
	receivers := e.receiversLocked(r)
	return len(receivers) > 0 && !slices.ContainsFunc(receivers, func(m *Member) bool { return !m.end.Crowded() })
}

// receiversLocked are those whom it is for, each once.
func (e commandSent) receiversLocked(r *Room) (all []*Member) {
	if len(e.to) == 0 {
		for _, m := range r.members {
			if m != e.from {
				all = append(all, m)
			}
		}
	}
	for _, id := range e.to {
		if m := r.members[id]; m != nil && !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}
