package signaling

import (
	"golang.org/x/time/rate"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// inRoom makes a handler of the room's method for a request of one who is in it. Each of
// its paces counts the request, and may refuse it.
func inRoom[T protocol.InRoom](do func(*room.Room, *room.Member, T, room.Reply) error, paces ...func(*conn) error) handler {
	return request(func(c *conn, msg T, reply room.Reply) error {
		m, err := c.member(msg.In())
		if err != nil {
			return err
		}
		for _, count := range paces {
			if err := count(c); err != nil {
				return err
			}
		}
		return do(m.Room(), m, msg, reply)
	})
}

// countBroadcast keeps what goes to everyone within the rate.
func (c *conn) countBroadcast() error {
	n := c.server.config.BroadcastRate
	if c.broadcasts == nil {
		c.broadcasts = rate.NewLimiter(rate.Limit(n), n)
	}
	if !c.broadcasts.Allow() {
		return protocol.Errorf(protocol.CodeTooOften, "more than %d messages to the room in a second: send fewer, or barrage messages", n)
	}
	return nil
}

// Everyone in the room hears of each change of its extra info, with all of it: so many a
// second are enough, and so many at once.
const (
	extraRate  = 2
	extraBurst = 40
)

func (c *conn) countExtra() error {
	if c.extras == nil {
		c.extras = rate.NewLimiter(extraRate, extraBurst)
	}
	if !c.extras.Allow() {
		return protocol.Errorf(protocol.CodeTooOften, "more than %d changes of extra info in a second: set fewer", extraRate)
	}
	return nil
}
