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

// Transparent sends bytes of m to the users that it names, or to everyone else. What is
// for the app's own server alone goes to no user.
func (r *Room) Transparent(m *Member, msg protocol.MessageTransparent, reply Reply) error {
	if err := checkTransparent(msg); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	to := msg.To
	msg.To, msg.From = nil, &m.user
	reply(nil)
	if msg.Mode != serverAlone {
		r.emitLocked(messageTo(m, to, msg))
	}
	return nil
}

// serverAlone is the mode of a transparent message that no user gets.
const serverAlone = 1

// Channel sends a text of a kind that the app knows to the users that m names, or to
// everyone else.
func (r *Room) Channel(m *Member, msg protocol.MessageChannel, reply Reply) error {
	if err := checkText(msg.Text); err != nil {
		return err
	}
	if err := checkRecipients(msg.To); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	to := msg.To
	msg.To, msg.From, msg.Time = nil, &m.user, time.Now().UnixMilli()
	reply(nil)
	r.emitLocked(messageTo(m, to, msg))
	return nil
}

// messageTo is a message of m for the named, or for everyone else when none is.
func messageTo(m *Member, to []protocol.UserID, b protocol.Body) event {
	if len(to) == 0 {
		return messageSent{m, b}
	}
	return commandSent{to, b}
}

// Command sends a command of m to the users that it names, as far as they are here.
func (r *Room) Command(m *Member, msg protocol.MessageCommand, reply Reply) error {
	if err := checkCommand(msg); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	to := msg.To
	msg.To, msg.From = nil, &m.user
	reply(nil)
	r.emitLocked(commandSent{to, msg})
	return nil
}
