package signaling

import (
	"errors"
	"net/netip"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// loginCost is what a login counts for beside other frames: its reply may list a room of
// thousands, and everyone there hears of it.
const loginCost = 20

func (c *conn) onRoomLogin(msg protocol.RoomLogin, reply room.Reply) error {
	c.pace.ReserveN(time.Now(), min(loginCost, c.server.config.Burst)-1) // the next frame waits
	err := c.login(msg, reply)
	ended := c.loginEnded(msg, err)
	c.server.config.OnLogin(ended)
	c.logLogin(ended)
	return err
}

func (c *conn) login(msg protocol.RoomLogin, reply room.Reply) error {
	if err := c.checkLogin(msg); err != nil {
		return err
	}
	pass, err := c.authorize(msg)
	if err != nil {
		return err
	}
	if err := c.server.paces.mayLogIn(msg); err != nil {
		return err
	}
	kept := false
	m, err := c.server.hub.Login(msg, pass, c, func(m *room.Member, s protocol.RoomSnapshot) {
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
	return nil
}

// loginEnded is what is told of a login besides its reply.
func (c *conn) loginEnded(msg protocol.RoomLogin, err error) Login {
	ended := Login{Time: time.Now(), App: msg.App, Room: msg.Room, User: msg.User.ID, From: c.from(), Connection: c.name()}
	var coded *protocol.Error
	switch {
	case errors.As(err, &coded):
		ended.Code, ended.Message = coded.Code, coded.Message
	case err != nil:
		ended.Code, ended.Message = protocol.CodeInternal, err.Error()
	}
	return ended
}

// authorize asks who decides about logins, unless too much was refused from there already.
func (c *conn) authorize(msg protocol.RoomLogin) (room.Pass, error) {
	c.mu.Lock()
	network := c.network
	c.mu.Unlock()
	if err := c.server.paces.mayTryLogin(network, msg.Token); err != nil {
		return room.Pass{}, err
	}
	pass, err := c.server.config.Authorize(msg, c.from())
	if err != nil {
		c.server.paces.failed(network, err)
	}
	return pass, err
}

// from is where the client connects from. One whose socket is gone by now comes from where
// that came: rules about addresses hold for it, too.
func (c *conn) from() netip.Addr {
	c.mu.Lock()
	defer c.mu.Unlock()
	return address(c.address)
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
	login := protocol.RoomLogin{Version: protocol.Version, App: c.app, Room: msg.Room, User: m.User(), Token: msg.Token}
	pass, err := c.authorize(login)
	if err != nil {
		return err
	}
	if err := m.RenewToken(msg.Token, pass); err != nil {
		return err
	}
	reply(nil)
	return nil
}
