package engine

import (
	"strconv"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
)

// roomState is the contract's three-way state.
type roomState string

const (
	roomDisconnected roomState = "DISCONNECTED"
	roomConnecting   roomState = "CONNECTING"
	roomConnected    roomState = "CONNECTED"
)

// room is one room that the page logged into, or is about to.
type room struct {
	id       protocol.RoomID
	login    protocol.RoomLogin
	state    roomState
	loggedIn bool   // the server took us once; from then on a loss leads back
	out      bool   // of the server's memory, until we are logged in again
	asking   bool   // a login request is under way
	life     string // of the server
	settle   func(error)
	timers   []*time.Timer // of the login or the reconnecting under way
	tries    int

	users    *roster[protocol.UserID, protocol.User]
	streams  *roster[protocol.StreamID, protocol.Stream]
	settling *time.Timer // until those who are not back are gone

	data *DataManager // nil while there is none

	lastBroadcast int64 // the second of it

	user    string // that logs in, as the page wrote it
	arrival int    // its place among the rooms
	expiry  *time.Timer
	warned  bool    // the page was told that the newest token expires
	renewed *string // the token that the server was not heard of yet; login has the last one that it took

	retelling *time.Timer // of that one

	extra        []protocol.ExtraInfo // as the page knows it; never changed in place
	settingExtra bool                 // under way

	sequence  int64                     // of the last transparent message that has one
	sequences map[protocol.UserID]int64 // of the others'
}

// addRoomLocked makes a room that is about to be logged into.
func (e *Engine) addRoomLocked(id protocol.RoomID, user string) *room {
	r := newRoom(id)
	e.entered = true
	e.arrivals++
	r.user, r.arrival = user, e.arrivals
	e.rooms[id] = r
	return r
}

func newRoom(id protocol.RoomID) *room {
	return &room{
		id:      id,
		state:   roomDisconnected,
		settle:  func(error) {},
		users:   newRoster(func(u protocol.User) protocol.UserID { return u.ID }),
		streams: newRoster(func(s protocol.Stream) protocol.StreamID { return s.ID }),
	}
}

func (r *room) stopTimers() {
	stopTimers(r.timers...)
	r.timers = nil
}

// setRoomLocked tells the older and the newer event, if the three-way state changes.
func (e *Engine) setRoomLocked(r *room, state roomState, reason string, code Code, data string) {
	if r.state == state {
		return
	}
	r.state = state
	e.emitLocked(roomStateUpdate(string(r.id), string(state), code, data))
	e.emitLocked(roomStateChanged(string(r.id), reason, code, data))
}

// leaving says how a room ends: what the page is told, and what becomes of its streams.
type leaving struct {
	reason        string
	code          Code
	data          string
	publish, play Code
	tell          bool // the server does not know yet
}

var (
	logout    = leaving{reason: "LOGOUT", tell: true}
	reconnect = leaving{reason: "RECONNECT_FAILED", code: codeLoginTimeout, data: text(codeLoginTimeout), publish: codePublishRetry, play: codePlayRetry, tell: true}
)

// leaveLocked takes the room out of the engine. Local streams and their views stay.
func (e *Engine) leaveLocked(r *room, how leaving) {
	delete(e.rooms, r.id)
	r.stopTimers()
	stopTimers(r.settling, r.expiry, r.retelling)
	if how.tell {
		e.tellLocked(protocol.RoomLogout{Room: r.id})
	}
	if r.data != nil {
		r.data.endLocked()
	}
	r.settle(shapeMsg.error(codeCancelLogin, ""))
	e.setRoomLocked(r, roomDisconnected, how.reason, how.code, how.data)
	for _, p := range e.publishers {
		if p.room == r {
			e.endPublisherLocked(p, how.publish, "")
		}
	}
	for _, p := range e.players {
		if p.room == r {
			e.endPlayerLocked(p, how.play, "")
		}
	}
	e.disconnectLocked()
}

// leaveAllLocked logs out of every room.
func (e *Engine) leaveAllLocked() {
	for r := e.firstRoomLocked(); r != nil; r = e.firstRoomLocked() {
		e.leaveLocked(r, logout)
	}
}

// LogoutRoom leaves a room, or with nil every room. A room that is not one of ours is
// an error only while there is another one.
func (e *Engine) LogoutRoom(id *Text) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.rooms) == 0 {
		name := ""
		if id != nil {
			name = id.S
		}
		e.emitLocked(roomStateChanged(name, "LOGOUT", 0, "no room login"))
		return nil
	}
	if id == nil {
		e.leaveAllLocked()
		return nil
	}
	r := e.rooms[protocol.RoomID(id.S)]
	if r == nil || !id.OK || id.S == "" {
		return shapeMsg.error(codeRoomUnknown, "")
	}
	e.leaveLocked(r, logout)
	return nil
}

// marshal writes plain data as JSON.
func marshal(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return "" // cannot be: strings and numbers only
	}
	return string(data)
}

func (e *Engine) onRoomKickoutLocked(m protocol.RoomKickout) {
	r := e.rooms[m.Room]
	if r == nil {
		return
	}
	message := m.Message
	if message == "" {
		message = text(m.Code) + "; kickout reason: " + strconv.Itoa(m.Reason)
	}
	e.leaveLocked(r, leaving{
		reason: "KICKOUT", code: m.Code,
		data:    marshal(map[string]string{"custom_kickout_message": message}),
		publish: m.Code, play: m.Code,
	})
}

func (e *Engine) onPingLocked(m protocol.Ping) {
	e.clock.heard(m.Time)
	for _, r := range e.rooms {
		e.rearmTokenLocked(r)
	}
	for _, c := range m.Rooms {
		if r := e.rooms[c.Room]; r != nil && r.loggedIn && r.settling == nil && c.Count > 0 {
			e.emitLocked(roomOnlineUserCountUpdate(string(r.id), c.Count))
		}
	}
}
