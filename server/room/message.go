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
