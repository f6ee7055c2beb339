package engine

import (
	"context"
	"fmt"

	"expressrtc/server/protocol/json"

	"expressrtc/server/protocol"
)

// EnableMultiRoom allows several rooms at once. It counts once, before the first login.
func (e *Engine) EnableMultiRoom(enable, isBool bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.entered || e.roomsChosen || !isBool {
		e.log("error", fmt.Sprintf("enableMultiRoom: %s (%d)", text(codeMultiRoom), codeMultiRoom))
		return false
	}
	e.roomsChosen, e.multiRoom = true, enable
	return true
}

// mayEnterLocked checks what needs no look at the other arguments of a login.
func (e *Engine) mayEnterLocked(id protocol.RoomID, user string) error {
	switch {
	case e.destroyed:
		return plain("ZegoExpressEngine has been destroyed.")
	case len(e.rooms) == 0:
	case !e.multiRoom:
		return shapeMsg.error(codeRoomCount, "")
	case e.rooms[id] != nil:
		return shapeMsg.error(protocol.CodeAlreadyInRoom, "")
	case e.firstRoomLocked().user != user:
		return shapeMsg.error(protocol.CodeDifferentUser, "")
	}
	return nil
}

// firstRoomLocked is the oldest room, nil without any.
func (e *Engine) firstRoomLocked() (first *room) {
	for _, r := range e.rooms {
		if first == nil || r.arrival < first.arrival {
			first = r
		}
	}
	return first
}

// publishRoomLocked is the room that a stream is published in.
func (e *Engine) publishRoomLocked(option PublishOption) *room {
	if option.RoomID.S != "" {
		return e.rooms[protocol.RoomID(option.RoomID.S)]
	}
	return e.firstRoomLocked()
}

// playRoomLocked is the room that a stream is played in: the one that has it, or the
// first until one has.
func (e *Engine) playRoomLocked(id protocol.StreamID) *room {
	if own := e.publishers[id]; own != nil {
		return own.room
	}
	for _, r := range e.rooms {
		if _, here := r.streams.here[id]; here {
			return r
		}
	}
	return e.firstRoomLocked()
}

// followLocked takes a player that waits in another room to the one where its stream came.
func (e *Engine) followLocked(r *room, id protocol.StreamID) {
	p := e.players[id]
	if p == nil || p.room == r || p.session != nil || p.hidden() {
		return
	}
	if _, there := p.room.streams.here[id]; there {
		return
	}
	e.tellLocked(protocol.StreamStop{Room: p.room.id, Stream: id})
	p.moveTo(r)
	if r.state == roomConnected { // else the login under way asks
		e.requestPlayLocked(p)
	}
}

// moveTo leaves the data behind: that is the business of the other room's manager.
func (p *player) moveTo(r *room) { p.room, p.carried, p.data = r, false, nil }

// SwitchConfig is the contract's ZegoSwitchRoomConfig; Given is false for no object.
type SwitchConfig struct {
	Given          bool            `json:"-"`
	Token          Text            `json:"token"`
	Users          Truth           `json:"isUserStatusNotify"`
	MaxMemberCount json.RawMessage `json:"maxMemberCount"`
}

// SwitchRoom leaves a room and enters another as the same user, over the same
// connection. It blocks until that succeeded or failed.
func (e *Engine) SwitchRoom(ctx context.Context, from, to Text, cfg SwitchConfig) (bool, error) {
	config := RoomConfig{cfg.Users, cfg.MaxMemberCount}
	if err := checkSwitch(from, to, cfg, config); err != nil {
		return false, err
	}
	r, user, err := e.changeRooms(protocol.RoomID(from.S), protocol.RoomID(to.S))
	if err != nil {
		return false, err
	}
	if err := e.login(ctx, r, cfg.Token.S, user, config); err != nil {
		return false, err
	}
	return true, nil
}

func checkSwitch(from, to Text, cfg SwitchConfig, config RoomConfig) error {
	for _, id := range []Text{from, to} {
		if err := roomIDRule.checkRequired(id); err != nil {
			return err
		}
	}
	if !cfg.Given || !cfg.Token.OK {
		return shapeMsg.error(protocol.CodeInput, "the configuration must be an object, its token a string")
	}
	if _, ok := config.maxMembers(); !ok {
		return shapeMsg.error(protocol.CodeInput, "maxMemberCount must be an integer")
	}
	return nil
}

// changeRooms makes the new room before the old one goes, so that the connection stays.
func (e *Engine) changeRooms(from, to protocol.RoomID) (*room, LoginUser, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	old := e.rooms[from]
	switch {
	case old == nil || !old.loggedIn:
		return nil, LoginUser{}, shapeMsg.error(codeRoomUnknown, "")
	case e.rooms[to] != nil:
		return nil, LoginUser{}, shapeMsg.error(codeSwitchSame, "")
	}
	user := LoginUser{Given: true, UserID: Text{string(old.login.User.ID), true}, UserName: json.RawMessage(marshal(old.login.User.Name))}
	r := e.addRoomLocked(to, old.user)
	if e.settings.keepPlaying {
		e.takeAlongLocked(old, r)
	}
	e.leaveLocked(old, logout)
	e.setRoomLocked(r, roomConnecting, "LOGINING", 0, "")
	return r, user, nil
}

// takeAlongLocked keeps players of a room that is left: they wait in the next one for
// their streams to be published there.
func (e *Engine) takeAlongLocked(from, to *room) {
	for _, p := range e.players {
		if p.room != from || p.hidden() {
			continue
		}
		if p.session != nil {
			e.forgetSessionLocked(p.session)
		}
		p.moveTo(to)
		e.setPlayerLocked(p, playRequesting, codePublisherGone)
	}
}
