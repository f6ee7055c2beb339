package room

import (
	"net/netip"

	"expressrtc/server/protocol"
)

// Publisher is who wants to publish.
type Publisher struct {
	App     protocol.AppID
	Room    protocol.RoomID
	User    protocol.UserID
	Address netip.Addr
}

func (m *Member) publisherLocked() Publisher {
	return Publisher{m.room.key.app, m.room.key.room, m.user.ID, m.pass.Address}
}
