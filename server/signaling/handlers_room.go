package signaling

import (
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// loginCost is what a login counts for beside other frames: its reply may list a room of
// thousands, and everyone there hears of it.
const loginCost = 20

func (c *conn) onRoomLogin(msg protocol.RoomLogin, reply room.Reply) error {
	c.pace.ReserveN(time.Now(), min(loginCost, c.server.config.Burst)-1) // the next frame waits
	if err := c.checkLogin(msg); err != nil {
		return err
	}
	kept := false
	m, err := c.server.hub.Login(msg, c, func(m *room.Member, s protocol.RoomSnapshot) {
		kept = c.keep(m, msg.Resume)
		s.Heartbeat = c.server.config.Heartbeat.Milliseconds()
		if s.Key = c.resumeKey(); s.Key != "" {
			s.Grace = c.server.config.Grace.Milliseconds()
		}
		reply(s)
	})
	if err != nil {
		return err
	}
	if !kept {
		m.Room().Leave(m, protocol.ReasonOffline)
	}
	c.app, c.user = msg.App, msg.User.ID
	return nil
}

// checkLogin checks what the connection decides; ids and bounds are the room's business.
func (c *conn) checkLogin(msg protocol.RoomLogin) error {
	if err := checkVersion(msg.Version); err != nil {
		return err
	}
	c.mu.Lock()
	kicked, rooms := c.kicked, len(c.members)
	c.mu.Unlock()
	if kicked {
		return protocol.Errorf(protocol.CodeKickedByLogin, "this connection was kicked out: open another one")
	}
	if rooms > 0 && (msg.App != c.app || msg.User.ID != c.user) {
		return protocol.Errorf(protocol.CodeDifferentUser,
			"this connection is logged in as user %q: leave its rooms first", c.user)
	}
	if authorize := c.server.config.Authorize; authorize != nil {
		return authorize(msg)
	}
	return nil
}

func checkVersion(version int) error {
	if version == protocol.Version {
		return nil
	}
	return final{protocol.Errorf(protocol.CodeInput,
		"protocol version %d is not supported, this server speaks version %d: load the SDK from it",
		version, protocol.Version), protocol.CloseVersion}
}

func (c *conn) onRoomLogout(msg protocol.RoomLogout, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	m.Room().Leave(m, protocol.ReasonStopped)
	c.forget(msg.Room)
	reply(nil)
	return nil
}

// onRoomToken takes a token that renews the one of the login. Whoever decides about
// logins decides about it as if it came with one.
func (c *conn) onRoomToken(msg protocol.RoomToken, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	if authorize := c.server.config.Authorize; authorize != nil {
		login := protocol.RoomLogin{Version: protocol.Version, App: c.app, Room: msg.Room, User: m.User(), Token: msg.Token}
		if err := authorize(login); err != nil {
			return err
		}
	}
	if err := m.RenewToken(msg.Token); err != nil {
		return err
	}
	reply(nil)
	return nil
}
