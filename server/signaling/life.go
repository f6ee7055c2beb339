package signaling

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// kickGrace is how long a client that was kicked out may take to read so and close.
const kickGrace = 5 * time.Second

// hear notes a sign of life; false when s serves this connection no more.
func (c *conn) hear(s *socket) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.socket != s || c.ended {
		return false
	}
	c.heard = time.Now()
	return true
}

// count numbers a frame that came over s; false when it is not to be handled any more:
// the client sends it again over the socket that took the place of s.
func (c *conn) count(s *socket, t protocol.Type) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.socket != s || c.ended {
		return false
	}
	if !protocol.Counted(t) {
		return true
	}
	c.received++
	if c.key != "" && c.received%protocol.AckEvery == 0 {
		c.acknowledgeLocked()
	}
	return true
}

func (c *conn) acknowledgeLocked() {
	data, err := protocol.Notice(protocol.Ack{Received: c.received})
	if err != nil {
		c.server.config.Log.Error("notice not sent", "type", protocol.TypeAck, "error", err)
		return
	}
	c.controlLocked(protocol.TypeAck, data)
}

// keep notes a membership, and the first time starts the heartbeat, somewhere within
// the interval, so that clients which came together do not beat together. When the
// connection has ended meanwhile nobody would end the membership: the answer is false.
func (c *conn) keep(m *room.Member, resumable bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended {
		return false
	}
	if c.members == nil {
		c.members = map[protocol.RoomID]*room.Member{}
	}
	c.members[m.Room().ID()] = m
	c.app, c.user = m.Room().App(), m.User().ID
	if resumable && c.key == "" {
		c.key, c.outbox.Keep = rand.Text(), true
		c.server.admit(c, c.key)
	}
	if !c.loggedIn {
		c.loggedIn = true
		first := mathrand.N(c.server.config.Heartbeat)
		c.nextPing = time.Now().Add(first)
		c.armLocked(first, c.onBeat)
	}
	return true
}

// forget drops a membership that the client itself ended.
func (c *conn) forget(id protocol.RoomID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.members, id)
}

// member finds the membership that a request is about.
func (c *conn) member(id protocol.RoomID) (*room.Member, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if m := c.members[id]; m != nil {
		return m, nil
	}
	return nil, protocol.Errorf(protocol.CodeNotLoggedIn, "not in room %.128q: log in first", id)
}

// armLocked makes do the next thing that time brings.
func (c *conn) armLocked(after time.Duration, do func()) {
	c.timer.Stop()
	c.due = time.Now().Add(after)
	c.timer = time.AfterFunc(after, do)
}

// isEarlyLocked reports whether a timer fired that was stopped too late: another one is
// set, and not due yet.
func (c *conn) isEarlyLocked() bool { return time.Now().Before(c.due) }

func (c *conn) onLoginDeadline() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.loggedIn {
		c.endLocked(protocol.CloseNoLogin, nil)
	}
}

// onBeat sends a ping when one is due, and gives a silent client up.
func (c *conn) onBeat() {
	rooms, received, due := c.beat(time.Now())
	if !due {
		return
	}
	ping := protocol.Ping{Time: time.Now().UnixMilli(), Received: received}
	for _, r := range rooms { // without c.mu: a room has its own lock
		ping.Rooms = append(ping.Rooms, protocol.RoomCount{Room: r.ID(), Count: r.Count()})
	}
	c.Send(ping)
}

// beat sets the timer to whatever comes first: the next ping or the end of patience.
func (c *conn) beat(now time.Time) (rooms []*room.Room, received uint64, due bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended || c.kicked || c.socket == nil {
		return nil, 0, false
	}
	interval := c.server.config.Heartbeat
	patience := interval*5/2 - now.Sub(c.heard)
	if patience <= 0 {
		c.loseLocked(protocol.CloseSilent, nil)
		return nil, 0, false
	}
	if due = !now.Before(c.nextPing); due {
		c.nextPing = now.Add(interval)
	}
	c.timer.Reset(min(c.nextPing.Sub(now), patience))
	for _, m := range c.members {
		rooms = append(rooms, m.Room())
	}
	return rooms, c.received, due
}

// onKickout notes that a room put the client out. From its last one it is expected to go.
func (c *conn) onKickout(id protocol.RoomID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.members, id)
	if len(c.members) > 0 || c.ended || c.kicked {
		return
	}
	c.kicked = true
	if !c.away { // else it hears of it when it comes back
		c.armLocked(kickGrace, c.onKickGrace)
	}
}

func (c *conn) onKickGrace() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.isEarlyLocked() {
		c.endLocked(protocol.CloseKicked, nil)
	}
}
