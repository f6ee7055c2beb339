package signaling

import (
	"golang.org/x/time/rate"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

func (c *conn) onMessageBroadcast(msg protocol.MessageBroadcast, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	if !c.mayBroadcast() {
		return protocol.Errorf(protocol.CodeTooOften,
			"more than %d broadcasts in a second: send fewer, or barrage messages", c.server.config.BroadcastRate)
	}
	return m.Room().Broadcast(m, msg, reply)
}

// mayBroadcast counts a broadcast, and reports whether it is within the rate.
func (c *conn) mayBroadcast() bool {
	if c.broadcasts == nil {
		n := c.server.config.BroadcastRate
		c.broadcasts = rate.NewLimiter(rate.Limit(n), n)
	}
	return c.broadcasts.Allow()
}

func (c *conn) onMessageBarrage(msg protocol.MessageBarrage, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Barrage(m, msg, reply)
}

func (c *conn) onMessageCommand(msg protocol.MessageCommand, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Command(m, msg, reply)
}

func (c *conn) onMessageTransparent(msg protocol.MessageTransparent, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Transparent(m, msg, reply)
}

func (c *conn) onMessageChannel(msg protocol.MessageChannel, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	if !c.mayBroadcast() {
		return protocol.Errorf(protocol.CodeTooOften, "more than %d messages in a second: send fewer", c.server.config.BroadcastRate)
	}
	return m.Room().Channel(m, msg, reply)
}
