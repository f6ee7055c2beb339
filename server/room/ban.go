package room

import (
	"time"

	"expressrtc/server/protocol"
)

// maxBans bounds the streams of an app that are forbidden, and maxStreamRules those that
// are forbidden in part.
const (
	maxBans        = 20_000
	maxStreamRules = 2_000
)

// Ban forbids streams of an app, also those that there are none of yet: who publishes one,
// or plays it, is stopped, and refused from then on. It answers an error when there are too
// many to remember.
func (h *Hub) Ban(app protocol.AppID, ids ...protocol.StreamID) error {
	live, err := h.noteBans(app, ids)
	for _, s := range live {
		s.publisher.room.onBan(s)
	}
	return err
}

// noteBans gives those that are published.
func (h *Hub) noteBans(app protocol.AppID, ids []protocol.StreamID) (live []*Stream, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	bans := h.bans[app]
	if bans == nil {
		bans = map[protocol.StreamID]struct{}{}
		h.bans[app] = bans
	}
	if len(bans)+len(ids) > maxBans {
		return nil, protocol.Errorf(protocol.CodeTooManyStreams, "%d streams are forbidden: resume some that are no longer needed", len(bans))
	}
	for _, id := range ids {
		bans[id] = struct{}{}
		if s := h.streams[streamKey{app, id}]; s != nil {
			live = append(live, s)
		}
	}
	return live, nil
}

// Unban allows streams again. Who published or played one asks again.
func (h *Hub) Unban(app protocol.AppID, ids ...protocol.StreamID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range ids {
		delete(h.bans[app], id)
	}
}

func (h *Hub) isBanned(app protocol.AppID, id protocol.StreamID) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, banned := h.bans[app][id]
	return banned
}

// Published reports whether a stream of an app is published, in any of its rooms, and
// since when.
func (h *Hub) Published(app protocol.AppID, id protocol.StreamID) (since time.Time, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s := h.streams[streamKey{app, id}]; s != nil {
		return s.since, true
	}
	return time.Time{}, false
}

// onBan ends a stream and what is played of it.
func (r *Room) onBan(s *Stream) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.streams[s.id] != s {
		return // it ended meanwhile
	}
	r.endStreamLocked(s, Departure{Reason: protocol.ReasonServer, Code: protocol.CodePublishBanned}, "the app's server has forbidden this stream")
	for _, m := range r.members {
		if p := m.plays[s.id]; p != nil {
			r.endPlayLocked(p, protocol.CloseStopped, protocol.Receive)
			r.sendPlayBannedLocked(m, s.id)
		}
	}
}

func (r *Room) sendPlayBannedLocked(m *Member, id protocol.StreamID) {
	err := playBanned(id)
	m.end.Send(protocol.StreamEnd{Room: r.key.room, Stream: id, Role: protocol.Receive, Code: err.Code, Message: err.Message})
}

func playBanned(id protocol.StreamID) *protocol.Error {
	return protocol.Errorf(protocol.CodePlayBanned, "the app's server has forbidden stream %.256q", id)
}

// StreamRule forbids a stream in part, in one room.
type StreamRule struct {
	NoAudio, NoVideo bool
	Created          time.Time
	Lasts            time.Duration
}

type ruleKey struct {
	room   protocol.RoomID
	stream protocol.StreamID
}

// timedRule ends by itself.
type timedRule struct {
	StreamRule
	end *time.Timer
}

// SetStreamRule makes the senders of a stream send nothing of a kind in a room, whoever
// plays it, for so long. It takes the place of the rule before, and needs neither the room
// nor the stream to be there.
func (h *Hub) SetStreamRule(app protocol.AppID, in protocol.RoomID, id protocol.StreamID, rule StreamRule) error {
	key := ruleKey{in, id}
	h.mu.Lock()
	rules := h.rules[app]
	if rules == nil {
		rules = map[ruleKey]*timedRule{}
		h.rules[app] = rules
	}
	old := rules[key]
	if old == nil && len(rules) >= maxStreamRules {
		h.mu.Unlock()
		return protocol.Errorf(protocol.CodeTooManyStreams, "there are %d rules about streams: delete some first", maxStreamRules)
	}
	if old != nil {
		old.end.Stop()
	}
	made := &timedRule{StreamRule: rule}
	made.end = time.AfterFunc(rule.Lasts, func() { h.endStreamRule(app, key, made) })
	rules[key] = made
	h.mu.Unlock()
	h.applyStreamRule(app, key)
	return nil
}

// StreamRule is the rule about a stream in a room, if there is one.
func (h *Hub) StreamRule(app protocol.AppID, in protocol.RoomID, id protocol.StreamID) (StreamRule, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if rule := h.rules[app][ruleKey{in, id}]; rule != nil {
		return rule.StreamRule, true
	}
	return StreamRule{}, false
}

// DeleteStreamRule ends a rule; none is no error.
func (h *Hub) DeleteStreamRule(app protocol.AppID, in protocol.RoomID, id protocol.StreamID) {
	key := ruleKey{in, id}
	h.mu.Lock()
	rule := h.rules[app][key]
	h.mu.Unlock()
	if rule != nil {
		h.endStreamRule(app, key, rule)
	}
}

// endStreamRule ends a rule, unless another took its place.
func (h *Hub) endStreamRule(app protocol.AppID, key ruleKey, rule *timedRule) {
	h.mu.Lock()
	is := h.rules[app][key] == rule
	if is {
		rule.end.Stop()
		delete(h.rules[app], key)
	}
	h.mu.Unlock()
	if is {
		h.applyStreamRule(app, key)
	}
}

// applyStreamRule tells the senders of a stream what is forbidden by now.
func (h *Hub) applyStreamRule(app protocol.AppID, key ruleKey) {
	r := h.Find(app, key.room)
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.streams[key.stream]; s != nil {
		for carried := range s.sessions {
			r.pauseLocked(carried)
		}
	}
}

// pauseLocked tells the sender what it is not to send, if that has changed.
func (r *Room) pauseLocked(s *session) {
	if now := r.pauseOfLocked(s); now != s.paused {
		s.paused = now
		s.sender.end.Send(now)
	}
}

// pauseOfLocked is what the receiver does not want, and what is forbidden.
func (r *Room) pauseOfLocked(s *session) protocol.SessionPause {
	rule, _ := r.hub.StreamRule(r.key.app, r.key.room, s.stream.id)
	return protocol.SessionPause{Session: s.sender.id, Video: s.wish.Video || rule.NoVideo, Audio: s.wish.Audio || rule.NoAudio}
}
