package room

import (
	"sync/atomic"
	"time"

	"expressrtc/server/protocol"
)

// Report is something that happened, for callbacks, metrics and the console.
type Report struct {
	Kind Kind
	Time time.Time
	Room Info
	// User is set unless the room itself is meant, but for RoomOpened: who opened it.
	User UserInfo
	// Stream is set when it is about one.
	Stream StreamInfo
	// Departure says why something ended.
	Departure Departure
}

// Kind is what a Report is about.
type Kind int

// The kinds of reports.
const (
	RoomOpened Kind = iota + 1
	RoomClosed
	UserIn
	UserOut
	StreamUp
	StreamDown
)

// Info describes a room.
type Info struct {
	App     protocol.AppID
	ID      protocol.RoomID
	Life    uint64 // names it among all rooms that ever were
	Created time.Time
	Members int
	Streams int
}

// UserInfo describes a member.
type UserInfo struct {
	protocol.User
	Number   uint64 // names the membership among all that ever were
	Since    time.Time
	Returned bool // it brought what it had in a connection before
	Pass     Pass
}

// StreamInfo describes a stream.
type StreamInfo struct {
	protocol.Stream
	Number uint64 // names it among all streams that ever were
	Since  time.Time
	// Announced says that nobody publishes it in the room: an app's own server has said
	// that it is there.
	Announced bool
}

// Departure says why a member, a stream or a room is gone.
type Departure struct {
	Reason protocol.DeleteReason
	// Code is what the client was told, if it was told.
	Code protocol.Code
	// Cleared says that the whole room was closed from outside, and Quiet that its end is
	// not to be called back about.
	Cleared, Quiet bool
	// Deleted says that an app's own server has taken the stream from the list.
	Deleted bool
}

// kickReason is the contract's number.
func (d Departure) kickReason() int {
	switch d.Code {
	case protocol.CodeKickedByLogin:
		return 1
	case protocol.CodeKicked:
		return 2
	case protocol.CodeTokenExpired:
		return 4
	}
	return 0
}

// serial gives numbers that do not come again, also not in a server's next life: they
// begin with the clock's.
type serial struct{ last atomic.Uint64 }

func (s *serial) next() uint64 {
	if s.last.Load() == 0 {
		s.last.CompareAndSwap(0, uint64(time.Now().UnixMicro()))
	}
	return s.last.Add(1)
}

// reportLocked completes a report and hands it on.
func (r *Room) reportLocked(what Report) {
	what.Time, what.Room = time.Now(), r.infoLocked()
	r.hub.config.Observe(what)
}

// openedLocked reports a room when its first member comes in.
func (r *Room) openedLocked(m *Member) {
	if r.arrivals == 0 {
		r.reportLocked(Report{Kind: RoomOpened, User: m.infoLocked()})
	}
}

func (r *Room) infoLocked() Info {
	return Info{r.key.app, r.key.room, r.life, r.created, len(r.members), len(r.streams)}
}

func (m *Member) infoLocked() UserInfo {
	return UserInfo{m.user, m.number, m.since, m.returned, m.pass}
}

func (s *Stream) infoLocked() StreamInfo {
	return StreamInfo{Stream: s.info, Number: s.number, Since: s.since}
}
