package engine

import (
	"errors"
	"fmt"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/signaling"
)

// silent is how long a lost connection is not worth an event.
const silent = 8 * time.Second

// onUp logs in to every room again, or for the first time.
func (e *Engine) onUp(generation int) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if generation != e.generation {
		return
	}
	e.reached = true
	for _, r := range e.rooms {
		if r.login.Version != 0 { // its arguments are checked
			e.requestLoginLocked(r)
		}
	}
}

// onDown keeps everything as it is for a while: media does not need the server.
func (e *Engine) onDown(generation int, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if generation != e.generation {
		return
	}
	e.log("warn", fmt.Sprintf("the connection to the server is gone: %v", err))
	for _, r := range e.rooms {
		if errors.Is(err, signaling.ErrFinal) {
			e.giveUpLocked(r)
		} else if r.loggedIn && !r.lost {
			e.onLostLocked(r)
		}
	}
}

// Wake tries at once to reach a server that was lost: the browser says that the network
// is back. It does not block.
func (e *Engine) Wake() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.client != nil {
		e.client.Wake()
	}
}

func (e *Engine) onLostLocked(r *room) {
	r.lost = true
	e.afterLocked(r, silent, func() {
		e.setRoomLocked(r, roomConnecting, "RECONNECTING", codeNetworkBroken, "")
	})
	e.afterLocked(r, e.settings.roomRetry, func() { e.giveUpLocked(r) })
}

// giveUpLocked ends a room that does not come back.
func (e *Engine) giveUpLocked(r *room) {
	if !r.loggedIn {
		e.failLoginLocked(r, shapeMsg.error(protocol.CodeInternal, "(the server refused this connection)"))
		return
	}
	e.setRoomLocked(r, roomConnecting, "RECONNECTING", codeNetworkBroken, "")
	e.leaveLocked(r, reconnect)
}

// onBackLocked compares the room with what it was and tells the differences.
func (e *Engine) onBackLocked(r *room, s protocol.RoomSnapshot) {
	r.lost = false
	e.setRoomLocked(r, roomConnected, "RECONNECTED", 0, "")
	e.emitLocked(roomOnlineUserCountUpdate(string(r.id), s.Count))
	e.updateUsersLocked(r, s.Users)
	e.updateStreamsLocked(r, s.Streams)
	e.restoreLocked(r)
}

func (e *Engine) updateUsersLocked(r *room, now []protocol.User) {
	old := r.users
	r.users = map[protocol.UserID]protocol.User{}
	var came, went []protocol.User
	for _, u := range now {
		r.users[u.ID] = u
		if _, known := old[u.ID]; !known {
			came = append(came, u)
		}
		delete(old, u.ID)
	}
	for _, u := range old {
		went = append(went, u)
	}
	e.tellUsersLocked(r, protocol.Delete, went)
	e.tellUsersLocked(r, protocol.Add, came)
}

func (e *Engine) updateStreamsLocked(r *room, now []protocol.Stream) {
	old := r.streams
	r.streams = map[protocol.StreamID]protocol.Stream{}
	var came, went []protocol.Stream
	for _, s := range now {
		r.streams[s.ID] = s
		if before, known := old[s.ID]; !known || before.User.ID != s.User.ID {
			came = append(came, s)
			continue
		}
		delete(old, s.ID)
	}
	for _, s := range old {
		went = append(went, s)
	}
	e.tellStreamsLocked(r, protocol.Delete, went, protocol.ReasonUnknown)
	e.tellStreamsLocked(r, protocol.Add, came, 0)
}

// restoreLocked publishes and plays again what the page wants. The server has no
// memory of the sessions, so they are made anew under the same MediaStreams.
func (e *Engine) restoreLocked(r *room) {
	for _, p := range e.publishers {
		if p.room == r {
			e.dropSessionsLocked(p)
			e.announceLocked(p)
		}
	}
	for _, p := range e.players {
		if p.room == r {
			e.requestPlayLocked(p)
		}
	}
}
