package room

import (
	"net/netip"
	"slices"
	"time"

	"expressrtc/server/protocol"
)

// Pass is what a member may do, as whoever decided about its login says. The zero Pass
// allows everything for ever.
type Pass struct {
	// Address is where the member connects from.
	Address netip.Addr
	// NoPublish forbids publishing; Streams, unless nil, are the only ids that it allows.
	NoPublish bool
	Streams   []protocol.StreamID
	// Expires is when the member may begin nothing new any more, unless zero; AtExpiry is
	// what happens then to what it has begun.
	Expires  time.Time
	AtExpiry AtExpiry
	// Level is the kind of token that was shown, for callbacks: 0 is none.
	Level int
}

// AtExpiry says what happens when a member's token expires.
type AtExpiry int

// What may happen: nothing, its streams end, or it is removed.
const (
	Stay AtExpiry = iota
	StopPublishing
	KickOut
)

func (p Pass) hasExpired(now time.Time) bool { return !p.Expires.IsZero() && !now.Before(p.Expires) }

func (p Pass) mayPublish(id protocol.StreamID, now time.Time) error {
	switch {
	case p.hasExpired(now):
		return protocol.Errorf(protocol.CodeTokenExpired, "the token has expired: renew it with renewToken, then publish again")
	case p.NoPublish:
		return protocol.Errorf(protocol.CodeNoPublish, "the token does not allow this user to publish")
	case len(p.Streams) > 0 && !slices.Contains(p.Streams, id):
		return protocol.Errorf(protocol.CodeNoPublish, "the token does not allow this user to publish stream %.256q", id)
	}
	return nil
}

// RenewToken notes a token, and what it allows, in the place of the one that m came with.
// Streams that it does not allow end.
func (m *Member) RenewToken(token string, pass Pass) error {
	if err := checkToken(token); err != nil {
		return err
	}
	r := m.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	m.token, m.pass = token, pass
	for _, s := range m.streamsLocked() {
		if err := pass.mayPublish(s.id, time.Now()); err != nil {
			r.endStreamLocked(s, Departure{Reason: protocol.ReasonServer, Code: protocol.CodeNoPublishAuth}, asError(err).Message)
		}
	}
	r.watchExpiryLocked(m)
	return nil
}

// endStreamLocked takes a stream from its publisher and tells it why.
func (r *Room) endStreamLocked(s *Stream, out Departure, message string) {
	m := s.publisher
	r.removeStreamsLocked(m, []*Stream{s}, out)
	m.end.Send(protocol.StreamEnd{Room: r.key.room, Stream: s.id, Role: protocol.Send, Code: out.Code, Message: message})
}

// watchExpiryLocked sets the timer of what is to happen when the pass of m expires.
func (r *Room) watchExpiryLocked(m *Member) {
	if m.expiry != nil {
		m.expiry.Stop()
		m.expiry = nil
	}
	if m.pass.Expires.IsZero() || m.pass.AtExpiry == Stay {
		return
	}
	expires := m.pass.Expires
	m.expiry = time.AfterFunc(time.Until(expires), func() { r.onExpiry(m, expires) })
}

// onExpiry does what the app wants when a pass was not renewed in time.
func (r *Room) onExpiry(m *Member, expires time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.hasLocked(m) || !m.pass.Expires.Equal(expires) {
		return
	}
	out := Departure{Reason: protocol.ReasonKicked, Code: protocol.CodeTokenExpired}
	if m.pass.AtExpiry == KickOut {
		r.removeLocked(m, out, "the token has expired")
		r.closeIfEmptyLocked()
		return
	}
	out.Reason = protocol.ReasonServer
	for _, s := range m.streamsLocked() {
		r.endStreamLocked(s, out, "the token has expired")
	}
}
