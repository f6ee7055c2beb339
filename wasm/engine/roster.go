package engine

import (
	"time"

	"expressrtc/server/protocol"
)

// roster is a list of a room as the page was told it.
type roster[K comparable, V any] struct {
	key  func(V) K
	here map[K]V
	// unsure are those of whom a server that was started anew has not heard yet.
	unsure map[K]V
}

func newRoster[K comparable, V any](key func(V) K) *roster[K, V] {
	return &roster[K, V]{key: key, here: map[K]V{}, unsure: map[K]V{}}
}

// add takes v in, and gives what the page was told of it before.
func (l *roster[K, V]) add(v V) (before V, known bool) {
	k := l.key(v)
	if before, known = l.here[k]; !known {
		before, known = l.unsure[k]
		delete(l.unsure, k)
	}
	l.here[k] = v
	return before, known
}

// remove takes out those of all that the page was told of.
func (l *roster[K, V]) remove(all []V) (known []V) {
	for _, v := range all {
		k := l.key(v)
		_, here := l.here[k]
		_, unsure := l.unsure[k]
		if here || unsure {
			known = append(known, v)
		}
		delete(l.here, k)
		delete(l.unsure, k)
	}
	return known
}

// doubt makes unsure who is not among all, which is everybody.
func (l *roster[K, V]) doubt(all []V) {
	now := map[K]bool{}
	for _, v := range all {
		now[l.key(v)] = true
	}
	for k, v := range l.here {
		if !now[k] {
			delete(l.here, k)
			l.unsure[k] = v
		}
	}
}

// settle takes out the unsure.
func (l *roster[K, V]) settle() (gone []V) {
	for k, v := range l.unsure {
		gone = append(gone, v)
		delete(l.unsure, k)
	}
	return gone
}

func (e *Engine) onRoomUsersLocked(m protocol.RoomUsers) {
	switch r := e.rooms[m.Room]; {
	case r == nil || !r.loggedIn || r.out: // the answer to the login tells all
	case m.Change == protocol.Add:
		e.addUsersLocked(r, m.Users)
	default:
		e.tellUsersLocked(r, protocol.Delete, r.users.remove(m.Users))
	}
}

func (e *Engine) addUsersLocked(r *room, users []protocol.User) {
	var came []protocol.User
	for _, u := range users {
		if _, known := r.users.add(u); !known {
			came = append(came, u)
		}
	}
	e.tellUsersLocked(r, protocol.Add, came)
}

func (e *Engine) onRoomStreamsLocked(m protocol.RoomStreams) {
	switch r := e.rooms[m.Room]; {
	case r == nil || !r.loggedIn || r.out:
	case m.Change == protocol.Add:
		e.addStreamsLocked(r, m.Streams)
	default:
		e.tellStreamsLocked(r, protocol.Delete, r.streams.remove(m.Streams), m.Reason)
	}
}

// addStreamsLocked tells what came. Of a stream that came back only the changes are told;
// under another user it is another stream.
func (e *Engine) addStreamsLocked(r *room, streams []protocol.Stream) {
	var came []protocol.Stream
	for _, s := range streams {
		before, known := r.streams.add(s)
		switch {
		case !known:
			came = append(came, s)
		case before.User.ID != s.User.ID:
			e.tellStreamsLocked(r, protocol.Delete, []protocol.Stream{before}, protocol.ReasonUnknown)
			came = append(came, s)
		default:
			e.tellUpdateLocked(r, before, s)
		}
	}
	e.tellStreamsLocked(r, protocol.Add, came, 0)
	for _, s := range came {
		e.followLocked(r, s.ID)
	}
}

// doubtLocked compares with what the server knows now. After a restart it does not know
// everybody yet: who does not come back is told of as gone when everybody had time to.
func (e *Engine) doubtLocked(r *room, s protocol.RoomSnapshot, restarted bool) {
	if r.login.Users {
		r.users.doubt(s.Users)
	}
	r.streams.doubt(s.Streams)
	if restarted || r.settling != nil {
		e.settleLaterLocked(r)
	} else {
		e.settleLocked(r)
	}
}

// settleLaterLocked gives the others their time to come back, from now on. While we are
// away ourselves it does not run; a page that was frozen hears first what came meanwhile.
func (e *Engine) settleLaterLocked(r *room) {
	settle := e.settings.settle
	due := time.Now().Add(settle)
	stopTimers(r.settling)
	r.settling = e.roomTimerLocked(r, settle, func() {
		if time.Since(due) > settle/5 {
			e.settleLaterLocked(r)
			return
		}
		r.settling = nil
		e.settleLocked(r)
	})
}

func (e *Engine) settleLocked(r *room) {
	e.tellStreamsLocked(r, protocol.Delete, r.streams.settle(), protocol.ReasonOffline)
	e.tellUsersLocked(r, protocol.Delete, r.users.settle())
}

// publicChange is how the contract writes a change.
var publicChange = map[protocol.Change]string{protocol.Add: "ADD", protocol.Delete: "DELETE"}

func (e *Engine) tellUsersLocked(r *room, c protocol.Change, users []protocol.User) {
	if r.login.Users && len(users) > 0 {
		e.emitLocked(roomUserUpdate(string(r.id), publicChange[c], publicUsers(users)))
	}
}

func (e *Engine) tellStreamsLocked(r *room, c protocol.Change, streams []protocol.Stream, why protocol.DeleteReason) {
	if len(streams) == 0 {
		return
	}
	list := make([]StreamInfo, len(streams))
	var extra []StreamExtraInfo
	for i, s := range streams {
		list[i] = publicStream(s)
		if s.ExtraInfo != "" {
			extra = append(extra, StreamExtraInfo{list[i].StreamID, list[i].User, s.ExtraInfo})
		}
	}
	if c == protocol.Delete {
		e.emitLocked(roomStreamUpdate(string(r.id), "DELETE", list, deleteReasons(streams, why)))
		return
	}
	e.emitLocked(roomStreamUpdate(string(r.id), "ADD", list, ""))
	if len(extra) > 0 {
		e.emitLocked(streamExtraInfoUpdate(string(r.id), extra))
	}
}

var reasonTexts = map[protocol.DeleteReason]string{
	protocol.ReasonUnknown:   "unknown",
	protocol.ReasonStopped:   "user_stop_publishing_stream_normal",
	protocol.ReasonHeartbeat: "user_heart_beat_timeout",
	protocol.ReasonRelogin:   "user_repeat_login",
	protocol.ReasonKicked:    "user_kicked_out",
	protocol.ReasonOffline:   "user_offline",
	protocol.ReasonServer:    "remove_by_server",
}

// deleteReasons is the extendedData of a DELETE.
func deleteReasons(streams []protocol.Stream, why protocol.DeleteReason) string {
	type reason struct {
		StreamID    protocol.StreamID     `json:"stream_id"`
		Code        protocol.DeleteReason `json:"code"`
		Description string                `json:"description"`
	}
	list := make([]reason, len(streams))
	for i, s := range streams {
		list[i] = reason{s.ID, why, reasonTexts[why]}
	}
	return marshal(map[string]any{"stream_delete_reason": list})
}
