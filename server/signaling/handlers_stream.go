package signaling

import (
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

func (c *conn) onStreamPublish(msg protocol.StreamPublish, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Publish(m, msg, reply)
}

func (c *conn) onStreamUnpublish(msg protocol.StreamUnpublish, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Unpublish(m, msg, reply)
}

func (c *conn) onStreamUpdate(msg protocol.StreamUpdate, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Update(m, msg, reply)
}

func (c *conn) onStreamPlay(msg protocol.StreamPlay, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Play(m, msg, reply)
}

func (c *conn) onStreamStop(msg protocol.StreamStop, reply room.Reply) error {
	m, err := c.member(msg.Room)
	if err != nil {
		return err
	}
	return m.Room().Stop(m, msg, reply)
}
