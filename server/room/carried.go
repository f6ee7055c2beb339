package room

import (
	"time"

	"expressrtc/server/protocol"
)

// half is one end of a session that it brought from a server's life before: whoever
// knows the id was there. The other end may still come.
type half struct {
	id     protocol.SessionID
	role   protocol.Role
	stream protocol.StreamID
	end    End
	play   *play // a receiver's
	timer  *time.Timer
	// pause is what a receiver has said meanwhile; nil is nothing.
	pause *protocol.SessionPause
}

const (
	// maxSessionID bounds the ids that are brought; ours are shorter.
	maxSessionID = 64
	// maxCarriedSessions bounds how many are looked at: the rest is made anew.
	maxCarriedSessions = 1000
)

// claimCarriedLocked reserves the ids of the streams that m brings, and says which are
// somebody else's by now.
func (r *Room) claimCarriedLocked(m *Member, c *protocol.Carried) (taken []*Stream, refused []protocol.Refusal) {
	if c == nil {
		return nil, nil
	}
	for _, msg := range c.Streams {
		s, err := r.claimLocked(m, msg, len(taken)) // the room's bound is held, if not exactly
		if err != nil {
			refused = append(refused, protocol.Refusal{Stream: msg.Stream, Error: asError(err)})
			continue
		}
		taken = append(taken, s)
	}
	return taken, refused
}

// takeUpLocked goes on with what m brings. Sessions of this life are not among it: of
// them the server knows all that there are.
func (r *Room) takeUpLocked(m *Member, c *protocol.Carried, streams []*Stream) {
	if c == nil {
		return
	}
	for _, s := range streams {
		r.addStreamLocked(s)
	}
	received := map[protocol.StreamID]protocol.SessionID{}
	for _, brought := range c.Sessions[:min(len(c.Sessions), maxCarriedSessions)] {
		switch s := m.streams[brought.Stream]; {
		case c.Life == r.hub.life, len(brought.Session) > maxSessionID:
			m.end.Send(protocol.SessionClose{Session: brought.Session, Reason: protocol.CloseUnknown})
		case brought.Role == protocol.Receive:
			received[brought.Stream] = brought.Session
		case s != nil:
			r.bringSenderLocked(s, brought.Session)
		}
	}
	for _, s := range streams {
		r.startLocked(s)
	}
	for _, wish := range c.Plays {
		if r.hub.isBanned(r.key.app, wish.Stream) {
			r.sendPlayBannedLocked(m, wish.Stream)
			continue
		}
		if checkStreamID(wish.Stream) == nil && m.plays[wish.Stream] == nil && len(m.plays) < r.hub.config.MaxPlays {
			r.bringPlayLocked(m.addPlayLocked(wish), received[wish.Stream])
		}
	}
}

// bringSenderLocked joins a session with its receiver, or waits for that.
func (r *Room) bringSenderLocked(s *Stream, id protocol.SessionID) {
	if h := r.halves[id]; h != nil && h.role == protocol.Receive && h.stream == s.id && r.isDirect(s, h.end) {
		r.letGoLocked(h)
		joined := r.joinLocked(h.play, s, id)
		if h.pause != nil {
			joined.wish = *h.pause
		}
		r.pauseLocked(joined)
		return
	}
	r.waitForOtherLocked(&half{id: id, role: protocol.Send, stream: s.id, end: s.publisher.end})
}

// bringPlayLocked joins a session with its sender, waits for that, or, where no session
// can go on, plays as anybody does.
func (r *Room) bringPlayLocked(p *play, id protocol.SessionID) {
	s, h := r.streams[p.wish.Stream], r.halves[id]
	switch {
	case s == nil && id != "":
		r.waitForOtherLocked(&half{id: id, role: protocol.Receive, stream: p.wish.Stream, end: p.member.end, play: p})
	case s == nil:
		r.waitLocked(p)
	case h != nil && h.role == protocol.Send && h.end == s.publisher.end && h.stream == s.id && r.isDirect(s, p.member.end):
		r.letGoLocked(h)
		r.pauseLocked(r.joinLocked(p, s, id))
	default:
		if id != "" {
			p.member.end.Send(protocol.SessionClose{Session: id, Reason: protocol.CloseReplaced})
		}
		r.openSoonLocked(p)
	}
}

// isDirect reports whether the publisher itself sends to the receiver: a session with a
// forwarder ended with the forwarder.
func (r *Room) isDirect(s *Stream, receiver End) bool {
	return r.hub.config.Route(r, s, receiver) == s.publisher.end
}

// waitForOtherLocked keeps a half until the others have had time to come back.
func (r *Room) waitForOtherLocked(h *half) {
	if !r.hub.holdSession(r, h.id) {
		r.refuseLocked(h)
		return
	}
	r.halves[h.id] = h
	if h.play != nil {
		h.play.half = h
	}
	h.timer = time.AfterFunc(r.hub.config.Settle, func() { r.onSettled(h) })
}

func (r *Room) onSettled(h *half) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.halves[h.id] == h {
		r.letGoLocked(h)
		r.refuseLocked(h)
	}
}

// letGoLocked ends the waiting for the other end.
func (r *Room) letGoLocked(h *half) {
	h.timer.Stop()
	delete(r.halves, h.id)
	r.hub.dropSession(h.id)
	if h.play != nil {
		h.play.half = nil
	}
}

// refuseLocked tells an end that its session is over. A player is served anew as soon as
// there is something to play.
func (r *Room) refuseLocked(h *half) {
	if h.play == nil {
		h.end.Send(protocol.SessionClose{Session: h.id, Reason: protocol.CloseStopped})
		return
	}
	s := r.streams[h.stream]
	if s == nil {
		h.end.Send(protocol.SessionClose{Session: h.id, Reason: protocol.CloseGone})
		r.waitLocked(h.play)
		return
	}
	h.end.Send(protocol.SessionClose{Session: h.id, Reason: protocol.CloseReplaced})
	r.openLocked(h.play, s)
}

// startLocked brings a stream that has come to those who wait for it. Who brought a
// session with it that the publisher did not bring gets another.
func (r *Room) startLocked(s *Stream) {
	for p := range r.waiting[s.id] {
		r.openLocked(p, s)
	}
	for _, h := range r.halves {
		if h.play != nil && h.stream == s.id {
			r.letGoLocked(h)
			r.refuseLocked(h)
		}
	}
}

// dropHalvesLocked forgets the sessions of a stream that its publisher brought.
func (r *Room) dropHalvesLocked(s *Stream) {
	for _, h := range r.halves {
		if h.play == nil && h.stream == s.id {
			r.letGoLocked(h)
		}
	}
}

// relayHalfLocked takes what an end says to one that is not there yet.
func (r *Room) relayHalfLocked(h *half, b protocol.Body) {
	switch b := b.(type) {
	case protocol.SessionPause:
		h.pause = &b // it is said once
	case protocol.SessionClose:
		if h.play != nil {
			r.endPlayLocked(h.play, protocol.CloseStopped, protocol.Receive)
		} else {
			r.letGoLocked(h)
		}
	case protocol.SessionDesc:
		if h.role == protocol.Send { // offers are made once: another session will have what this one brings
			r.letGoLocked(h)
			r.refuseLocked(h)
		}
	default: // it will ask again, or give up
	}
}
