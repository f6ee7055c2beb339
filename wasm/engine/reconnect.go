package engine

import (
	"errors"
	"fmt"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/signaling"
)

const (
	// silent is how long a lost connection is not worth an event.
	silent = 8 * time.Second
	// maxCarried bounds the sessions that we bring back, for the server reads no longer
	// message; those of a larger audience are made anew.
	maxCarried = 1000
)

// onUp goes on where the connection was lost. A connection that could not be resumed has
// to log in to every room, again or for the first time.
func (e *Engine) onUp(generation int, resumed bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if generation != e.generation {
		return
	}
	e.reached = true
	for _, r := range e.rooms {
		switch {
		case !resumed && r.loggedIn:
			e.loginAgainLocked(r)
		case !resumed && r.login.Version != 0: // its arguments are checked
			e.requestLoginLocked(r)
		case resumed && r.loggedIn && !r.out:
			r.stopTimers()
			if r.settling != nil {
				e.settleLaterLocked(r)
			}
			e.setRoomLocked(r, roomConnected, "RECONNECTED", 0, "")
		case resumed && r.login.Version != 0: // among others; its request may have timed out meanwhile
			e.askAgainLocked(r)
		}
	}
	for _, p := range e.publishers {
		if resumed {
			e.tellChangesLocked(p) // what timed out meanwhile
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
		} else if r.loggedIn && len(r.timers) == 0 {
			e.onLostLocked(r)
		}
	}
}

// Wake makes sure of the connection at once, and does not block: the browser says that
// the network has changed, or that the page runs again.
func (e *Engine) Wake() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.client != nil {
		e.client.Wake()
	}
}

// Farewell is what a page that goes posts to the server, since what it writes to its
// socket may come too late.
type Farewell struct {
	URL  string // of the socket
	Body string
}

// Leave is for a page that goes, and does not block. For good, it logs out of every room.
// A page that the browser may keep and show again is out of its rooms too, as the others
// see it, but comes back to them by itself with the next Wake. The farewell is nil when
// there is nobody to tell.
func (e *Engine) Leave(forGood bool) *Farewell {
	e.mu.Lock()
	defer e.mu.Unlock()
	var f *Farewell
	if e.client != nil && e.client.Key() != "" {
		f = &Farewell{e.client.URL(), marshal(protocol.Farewell{Key: e.client.Key()})}
	}
	if forGood {
		e.leaveAllLocked()
	}
	return f
}

func (e *Engine) onLostLocked(r *room) {
	stopTimers(r.settling) // and it is armed again when we are back
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

// loginAgainLocked asks a server that has forgotten us to take us back as we are.
func (e *Engine) loginAgainLocked(r *room) {
	r.out = true
	e.setRoomLocked(r, roomConnecting, "RECONNECTING", protocol.CodeSessionLost, "")
	e.requestLoginLocked(r)
}

// carriedLocked is what we bring back. Sessions that do not carry media yet, or are just
// being changed, are made anew: what was under way of their negotiation is lost.
func (e *Engine) carriedLocked(r *room) *protocol.Carried {
	c := &protocol.Carried{Life: r.life, Extra: r.extra}
	for _, s := range e.sessions {
		switch {
		case s.room() != r:
		case s.connected && !s.peer.Negotiating() && len(c.Sessions) < maxCarried:
			c.Sessions = append(c.Sessions, protocol.CarriedSession{Session: s.open.Session, Stream: s.open.Stream, Role: s.open.Role})
		default:
			e.forgetSessionLocked(s)
		}
	}
	for _, p := range e.publishers {
		if p.room == r {
			p.carried = true
			if !p.announced() {
				e.setPublisherLocked(p, publishRequesting, 0, "")
			}
			c.Streams = append(c.Streams, p.announcement())
		}
	}
	for _, p := range e.players {
		if p.room == r {
			p.carried = true
			c.Plays = append(c.Plays, p.wish())
		}
	}
	return c
}

// onBackLocked compares the room with what it was and tells the differences.
func (e *Engine) onBackLocked(r *room, s protocol.RoomSnapshot) {
	restarted := s.Life != r.life
	r.out, r.life = false, s.Life
	e.setRoomLocked(r, roomConnected, "RECONNECTED", 0, "")
	e.doubtLocked(r, s, restarted)
	if !restarted {
		e.emitLocked(roomOnlineUserCountUpdate(string(r.id), s.Count))
	}
	e.addUsersLocked(r, s.Users)
	e.addStreamsLocked(r, s.Streams)
	e.tellExtraLocked(r, s.Extra)
	e.restoreLocked(r, s.Refused)
}

func (s *session) room() *room {
	if s.publisher != nil {
		return s.publisher.room
	}
	return s.player.room
}

// restoreLocked learns what became of the streams and plays that we brought, and asks
// for those that were begun since.
func (e *Engine) restoreLocked(r *room, refused []protocol.Refusal) {
	for _, no := range refused {
		if p := e.publishers[no.Stream]; p != nil && p.carried && no.Error != nil {
			e.onAnnouncedLocked(p, no.Error)
		}
	}
	for _, p := range e.publishers {
		if p.carried && p.room == r {
			e.onAnnouncedLocked(p, nil)
		}
	}
	for _, p := range e.players {
		switch {
		case !p.carried || p.room != r:
		case p.session == nil:
			e.onPlayWaitsLocked(p)
		default:
			e.tellPausedLocked(p) // what was said meanwhile is lost
		}
	}
	e.startWaitingLocked(r)
	for _, p := range e.publishers {
		p.carried = p.carried && p.room != r // of another room that is coming back
	}
	for _, p := range e.players {
		p.carried = p.carried && p.room != r
	}
}
