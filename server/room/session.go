package room

import (
	"crypto/rand"
	"time"

	"expressrtc/server/protocol"
)

// session carries one stream from a sender to a receiver.
type session struct {
	play     *play
	stream   *Stream
	sender   leg
	receiver leg
	told     Quality               // by the sender, last
	wish     protocol.SessionPause // of the receiver, last
	paused   protocol.SessionPause // as the sender was told last
}

// Quality is what the sender of a session tells of it now and then.
type Quality struct {
	// At is when it was told, zero before the first time.
	At time.Time
	// Up and Down are what the network of the sending user is worth for all that it
	// publishes and plays, from 0, excellent, to 4, dead; -1 is unknown.
	Up, Down int
	// Relay says that the media goes through a relay.
	Relay bool
}

// hear keeps what the sender tells, which may be anything.
func (s *session) hear(q protocol.SessionQuality) {
	s.told = Quality{time.Now(), min(max(q.Up, -1), 4), min(max(q.Down, -1), 4), q.Relay}
}

// leg is an end's part in a session. Both legs have the same id, unless one end is
// both sender and receiver: then the id is how it tells its two parts apart.
type leg struct {
	end  End
	id   protocol.SessionID
	user protocol.UserID
}

// nobody is the role of an end that has no part in a session.
const nobody protocol.Role = ""

// play is a member's wish to see a stream. It waits while it has no session.
type play struct {
	member  *Member
	wish    protocol.StreamPlay
	session *session
	half    *half       // of a session whose sender is not back yet
	due     *time.Timer // to look whether its session may open by now
}

// Play opens a session that brings a stream to m, or notes that m waits for it.
// A session that brings it already is closed first.
func (r *Room) Play(m *Member, msg protocol.StreamPlay, reply Reply) error {
	if err := checkStreamID(msg.Stream); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	if r.hub.isBanned(r.key.app, msg.Stream) {
		return playBanned(msg.Stream)
	}
	old := m.plays[msg.Stream]
	if old == nil && len(m.plays) >= r.hub.config.MaxPlays {
		return protocol.Errorf(protocol.CodeTooManyStreams,
			"%d streams are played already: stop one first", len(m.plays))
	}
	if old != nil {
		r.endPlayLocked(old, protocol.CloseReplaced, nobody)
	}
	p := m.addPlayLocked(msg)
	s := r.streams[msg.Stream]
	reply(protocol.StreamPlayReply{Found: s != nil})
	r.openSoonLocked(p)
	return nil
}

// Stop ends playing, or waiting for, a stream. Stopping what is not played is no error.
func (r *Room) Stop(m *Member, msg protocol.StreamStop, reply Reply) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	reply(nil)
	if p := m.plays[msg.Stream]; p != nil {
		r.endPlayLocked(p, protocol.CloseStopped, protocol.Receive)
	}
	return nil
}

// Relay hands a message of a session to its other end. An end that has no part in
// the session is told so.
func (r *Room) Relay(from End, id protocol.SessionID, b protocol.Relayed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if h := r.halves[id]; h != nil && h.end == from {
		r.relayHalfLocked(h, b)
		return
	}
	s := r.sessions[id]
	if s == nil {
		sayUnknown(from, id, b)
		return
	}
	role, to := s.part(from, id)
	if role == nobody {
		sayUnknown(from, id, b)
		return
	}
	if c, ok := b.(protocol.SessionClose); ok {
		r.endPlayLocked(s.play, endReason(c.Reason), role)
		return
	}
	switch b := b.(type) {
	case protocol.SessionQuality:
		if role == protocol.Send {
			s.hear(b)
		}
	case protocol.SessionPause:
		if role == protocol.Receive {
			s.wish = b
			r.pauseLocked(s)
		}
		return
	}
	if to.end.Crowded() { // the session ends, and not what else its end has
		r.endPlayLocked(s.play, protocol.CloseFailed, nobody)
		return
	}
	to.end.Send(b.Under(to.id))
}

// endReason keeps an end from saying what only the server knows: a player that hears
// "gone" would wait for a session that nobody opens.
func endReason(reason protocol.CloseReason) protocol.CloseReason {
	if reason == protocol.CloseStopped {
		return reason
	}
	return protocol.CloseFailed
}

// part is the role that from has under this id, and the leg across from it.
func (s *session) part(from End, id protocol.SessionID) (protocol.Role, leg) {
	switch {
	case s.sender.end == from && s.sender.id == id:
		return protocol.Send, s.receiver
	case s.receiver.end == from && s.receiver.id == id:
		return protocol.Receive, s.sender
	}
	return nobody, leg{}
}

// sayUnknown answers a message of a session that is not from's. A close needs no
// answer: the two ends may close at the same time.
func sayUnknown(from End, id protocol.SessionID, b protocol.Body) {
	if b.Type() != protocol.TypeSessionClose {
		from.Send(protocol.SessionClose{Session: id, Reason: protocol.CloseUnknown})
	}
}

func (m *Member) addPlayLocked(msg protocol.StreamPlay) *play {
	if m.plays == nil {
		m.plays = map[protocol.StreamID]*play{}
	}
	p := &play{member: m, wish: msg}
	m.plays[msg.Stream] = p
	return p
}

// waitLocked puts p on the waiting list of its stream, until that is published or p is due.
func (r *Room) waitLocked(p *play) {
	list := r.waiting[p.wish.Stream]
	if list == nil {
		list = map[*play]struct{}{}
		r.waiting[p.wish.Stream] = list
	}
	list[p] = struct{}{}
}

func (r *Room) unwaitLocked(p *play) {
	if p.due != nil {
		p.due.Stop()
		p.due = nil
	}
	list := r.waiting[p.wish.Stream]
	delete(list, p)
	if len(list) == 0 {
		delete(r.waiting, p.wish.Stream)
	}
}

// Each session that opens makes the publisher's page work, whoever asks for it: of one user
// so many a second are enough, and at once as many as it may play, or this many.
const (
	openRate  = 5
	openBurst = 200
)

// dueLater is how long a play waits that was too much, until it is looked at again.
const dueLater = time.Second

// openSoonLocked opens the session of p as soon as there is a stream, its user has not
// opened too many, and the publisher keeps up with what it is sent.
func (r *Room) openSoonLocked(p *play) {
	s := r.streams[p.wish.Stream]
	switch {
	case s == nil:
		r.waitLocked(p)
	case !s.publisher.end.Crowded() && r.hub.opens.Allow(userKey{r.key.app, p.member.user.ID}):
		r.openLocked(p, s)
	default:
		r.waitLocked(p)
		p.due = time.AfterFunc(dueLater, func() { r.onDue(p) })
	}
}

// onDue looks again, unless p has ended or its stream began once more meanwhile.
func (r *Room) onDue(p *play) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, waits := r.waiting[p.wish.Stream][p]; waits {
		r.openSoonLocked(p)
	}
}

// openLocked makes the session of p and tells both ends, the sender first.
func (r *Room) openLocked(p *play, s *Stream) {
	r.unwaitLocked(p)
	open := r.joinLocked(p, s, newSessionID())
	r.sendOpen(open, open.sender, protocol.Send)
	r.pauseLocked(open)
	r.sendOpen(open, open.receiver, protocol.Receive)
}

// joinLocked makes the session of p.
func (r *Room) joinLocked(p *play, s *Stream, id protocol.SessionID) *session {
	made := r.newSession(p, s, id)
	p.session = made
	s.sessions[made] = struct{}{}
	r.sessions[made.sender.id], r.sessions[made.receiver.id] = made, made
	r.hub.addSession(r, made)
	return made
}

func (r *Room) newSession(p *play, s *Stream, id protocol.SessionID) *session {
	made := &session{
		play:     p,
		stream:   s,
		sender:   leg{end: r.hub.config.Route(r, s, p.member.end), id: id},
		receiver: leg{end: p.member.end, id: id, user: p.member.user.ID},
	}
	if made.sender.end == s.publisher.end {
		made.sender.user = s.publisher.user.ID
	}
	if made.sender.end == made.receiver.end {
		made.receiver.id = newSessionID()
	}
	made.paused.Session = id // nothing is, so far
	return made
}

// newSessionID makes an id that nobody guesses: it has over 128 random bits.
func newSessionID() protocol.SessionID { return protocol.SessionID(rand.Text()) }

func (r *Room) sendOpen(s *session, to leg, role protocol.Role) {
	to.end.Send(protocol.SessionOpen{
		Session:    to.id,
		Room:       r.key.room,
		Stream:     s.stream.id,
		Role:       role,
		NoVideo:    s.play.wish.NoVideo,
		NoAudio:    s.play.wish.NoAudio,
		ICEServers: r.hub.config.ICEServers(r.key.app, to.user),
	})
}

// endPlayLocked makes p neither playing nor waiting.
func (r *Room) endPlayLocked(p *play, reason protocol.CloseReason, cause protocol.Role) {
	delete(p.member.plays, p.wish.Stream)
	switch {
	case p.session != nil:
		r.closeLocked(p.session, reason, cause)
	case p.half != nil:
		r.letGoLocked(p.half)
	default:
		r.unwaitLocked(p)
	}
}

// closeLocked ends a session and tells its ends, but not the side that caused it.
func (r *Room) closeLocked(s *session, reason protocol.CloseReason, cause protocol.Role) {
	s.play.session = nil
	delete(s.stream.sessions, s)
	delete(r.sessions, s.sender.id)
	delete(r.sessions, s.receiver.id)
	r.hub.dropSession(s.sender.id, s.receiver.id)
	if cause != protocol.Send {
		s.sender.end.Send(protocol.SessionClose{Session: s.sender.id, Reason: reason})
	}
	if cause != protocol.Receive {
		s.receiver.end.Send(protocol.SessionClose{Session: s.receiver.id, Reason: reason})
	}
}
