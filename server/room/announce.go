package room

import (
	"maps"
	"slices"
	"time"

	"expressrtc/server/protocol"
)

// announcement is a stream that members are told of though nobody publishes it in the
// room: an app's own server has said so.
type announcement struct {
	info    protocol.Stream
	number  uint64
	since   time.Time
	arrival uint64
}

func (a *announcement) infoLocked() StreamInfo {
	return StreamInfo{Stream: a.info, Number: a.number, Since: a.since, Announced: true}
}

// Announce tells the members of a stream of somebody who need not be in the room, and
// newcomers as well, until it is withdrawn, that user leaves, somebody publishes under its
// id, or the room ends. A stream that was withdrawn and is still published is listed again.
// Who has the user's id is told nothing. Announcing twice succeeds and changes nothing.
func (r *Room) Announce(s protocol.Stream) error {
	if err := checkPublish(protocol.StreamPublish{Stream: s.ID, ExtraInfo: s.ExtraInfo}); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s.User = r.namedLocked(s.User)
	published, announced := r.streams[s.ID], r.announced[s.ID]
	switch {
	case len(r.members) == 0:
		return protocol.Errorf(protocol.CodeNotLoggedIn, "room %q is not there any more", r.key.room)
	case published != nil && published.publisher.user.ID != s.User.ID, announced != nil && announced.info.User.ID != s.User.ID:
		return protocol.Errorf(protocol.CodeDuplicateStream, "stream %q is somebody else's in room %q: use another id", s.ID, r.key.room)
	case published != nil && published.hidden:
		r.addStreamLocked(published)
	case published != nil || announced != nil:
	case len(r.streams)+len(r.announced) >= r.hub.config.MaxRoomStreams:
		return protocol.Errorf(protocol.CodeTooManyStreams, "room %q has %d streams and takes no more", r.key.room, r.hub.config.MaxRoomStreams)
	default:
		r.announceLocked(&announcement{info: s, number: r.hub.serial.next(), since: time.Now()})
	}
	return nil
}

func (r *Room) announceLocked(a *announcement) {
	r.emitLocked(streamAnnounced{a})
	r.reportLocked(Report{Kind: StreamUp, User: UserInfo{User: a.info.User}, Stream: a.infoLocked()})
}

// Withdraw takes a user's stream from the list of the room. Its publisher is told nothing,
// and who plays it goes on playing.
func (r *Room) Withdraw(user protocol.UserID, id protocol.StreamID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := Departure{Reason: protocol.ReasonServer, Deleted: true}
	a, s := r.announced[id], r.streams[id]
	switch {
	case a == nil && (s == nil || s.hidden):
		return protocol.Errorf(protocol.CodeNotPublishing, "room %q has no stream %.256q", r.key.room, id)
	case a != nil && a.info.User.ID == user:
		r.withdrawLocked(a, out)
	case s != nil && s.publisher.user.ID == user:
		r.emitLocked(streamHidden{s})
		r.reportLocked(Report{Kind: StreamDown, User: s.publisher.infoLocked(), Stream: s.infoLocked(), Departure: out})
	default:
		return protocol.Errorf(protocol.CodeDuplicateStream, "stream %.256q is another user's", id)
	}
	return nil
}

func (r *Room) withdrawLocked(a *announcement, out Departure) {
	r.emitLocked(announcementWithdrawn{a, out.Reason})
	r.reportLocked(Report{Kind: StreamDown, User: UserInfo{User: a.info.User}, Stream: a.infoLocked(), Departure: out})
}

// withdrawAllLocked withdraws what was announced of those users who are meant.
func (r *Room) withdrawAllLocked(out Departure, of func(protocol.UserID) bool) {
	for _, a := range slices.SortedFunc(maps.Values(r.announced), byArrival) {
		if of(a.info.User.ID) {
			r.withdrawLocked(a, out)
		}
	}
}

func byArrival(a, b *announcement) int { return int(int64(a.arrival) - int64(b.arrival)) }

// listedLocked are the streams that m is told of when it comes, in the order of arrival.
func (r *Room) listedLocked(m *Member) []protocol.Stream {
	var listed []protocol.Stream
	for _, s := range r.streamsLocked() {
		if !s.Announced || s.User.ID != m.user.ID {
			listed = append(listed, s.Stream)
		}
	}
	return listed
}

type streamAnnounced struct{ *announcement }

func (e streamAnnounced) applyLocked(r *Room) {
	if r.announced == nil {
		r.announced = map[protocol.StreamID]*announcement{}
	}
	e.arrival = r.arriveLocked()
	r.announced[e.info.ID] = e.announcement
}

func (e streamAnnounced) tellLocked(r *Room) {
	b := protocol.RoomStreams{Room: r.key.room, Change: protocol.Add, Streams: []protocol.Stream{e.info}}
	r.tellLocked(b, func(m *Member) bool { return m.user.ID != e.info.User.ID })
}

type announcementWithdrawn struct {
	*announcement
	reason protocol.DeleteReason
}

func (e announcementWithdrawn) applyLocked(r *Room) { delete(r.announced, e.info.ID) }

func (e announcementWithdrawn) tellLocked(r *Room) {
	b := protocol.RoomStreams{Room: r.key.room, Change: protocol.Delete, Reason: e.reason, Streams: []protocol.Stream{e.info}}
	r.tellLocked(b, func(m *Member) bool { return m.user.ID != e.info.User.ID })
}

// streamHidden takes a published stream from the list.
type streamHidden struct{ stream *Stream }

func (e streamHidden) applyLocked(*Room) { e.stream.hidden = true }

func (e streamHidden) tellLocked(r *Room) {
	r.tellOthersLocked(e.stream.publisher, protocol.RoomStreams{
		Room: r.key.room, Change: protocol.Delete, Reason: protocol.ReasonServer, Streams: []protocol.Stream{e.stream.info},
	})
}
