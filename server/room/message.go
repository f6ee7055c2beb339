package room

import (
	"strconv"
	"time"

	"expressrtc/server/protocol"
)

// Broadcast sends a text of m to everyone else in the room.
func (r *Room) Broadcast(m *Member, msg protocol.MessageBroadcast, reply Reply) error {
	if err := checkText(msg.Text); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	r.messages++
	msg.ID, msg.From, msg.Time = r.messages, &m.user, time.Now().UnixMilli()
	reply(protocol.MessageBroadcastReply{ID: msg.ID})
	r.emitLocked(messageSent{m, msg})
	return nil
}

// Barrage sends a text of m to everyone else who keeps up.
func (r *Room) Barrage(m *Member, msg protocol.MessageBarrage, reply Reply) error {
	if err := checkText(msg.Text); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	r.barrages++
	msg.ID = strconv.FormatInt(r.barrages, 10)
	msg.From, msg.Time = &m.user, time.Now().UnixMilli()
	reply(protocol.MessageBarrageReply{ID: msg.ID})
	r.emitLocked(messageSent{m, msg})
	return nil
}

// serverAlone is the mode of a transparent message that no user gets.
const serverAlone = 1

// Transparent sends bytes of m to the users that it names, or to everyone else. What is
// for the app's own server alone goes to no user.
func (r *Room) Transparent(m *Member, msg protocol.MessageTransparent, reply Reply) error {
	if err := checkTransparent(msg); err != nil {
		return err
	}
	return r.messageTo(m, msg.To, reply, func(from *protocol.User, _ int64) protocol.Body {
		if msg.Mode == serverAlone {
			return nil
		}
		msg.To, msg.From = nil, from
		return msg
	})
}

// Channel sends a text of a kind that the app knows to the users that m names, or to
// everyone else.
func (r *Room) Channel(m *Member, msg protocol.MessageChannel, reply Reply) error {
	if err := checkText(msg.Text); err != nil {
		return err
	}
	if err := checkRecipients(msg.To); err != nil {
		return err
	}
	return r.messageTo(m, msg.To, reply, func(from *protocol.User, now int64) protocol.Body {
		msg.To, msg.From, msg.Time = nil, from, now
		return msg
	})
}

// Command sends a command of m to the users that it names, as far as they are here.
func (r *Room) Command(m *Member, msg protocol.MessageCommand, reply Reply) error {
	if err := checkCommand(msg); err != nil {
		return err
	}
	return r.messageTo(m, msg.To, reply, func(from *protocol.User, _ int64) protocol.Body {
		msg.To, msg.From = nil, from
		return msg
	})
}

// messageTo sends what m says to the users that it names, as far as they are here, or to
// everyone else when it names none. stamp makes the notice; nil is for nobody. An error
// means that nobody got it.
func (r *Room) messageTo(m *Member, to []protocol.UserID, reply Reply, stamp func(from *protocol.User, now int64) protocol.Body) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	e := commandSent{m, to, stamp(&m.user, time.Now().UnixMilli())}
	switch {
	case e.body == nil:
		reply(nil)
	case e.isTooMuchLocked(r):
		return protocol.Errorf(protocol.CodeTooOften, "nobody whom the message is for keeps up with what they are sent: send fewer")
	default:
		reply(nil)
		r.emitLocked(e)
	}
	return nil
}
