package room

import (
	"time"

	"expressrtc/server/protocol"
)

// Stream is what a member publishes.
type Stream struct {
	id        protocol.StreamID
	publisher *Member

	number uint64 // names it among all streams that ever were
	since  time.Time

	// Guarded by the room's mu.
	arrival  uint64
	info     protocol.Stream
	hidden   bool                  // an app's own server has taken it from the list
	sessions map[*session]struct{} // that carry it
}

// ID is the stream's name in its app.
func (s *Stream) ID() protocol.StreamID { return s.id }

// Publisher is the member that publishes the stream.
func (s *Stream) Publisher() *Member { return s.publisher }

// Publish announces a stream of m and opens sessions to those who wait for it.
// Publishing it once more succeeds and changes nothing.
func (r *Room) Publish(m *Member, msg protocol.StreamPublish, reply Reply) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	if m.streams[msg.Stream] != nil {
		reply(nil)
		return nil
	}
	s, err := r.claimLocked(m, msg, len(m.streams))
	if err != nil {
		return err
	}
	reply(nil)
	r.addStreamLocked(s)
	r.startLocked(s)
	return nil
}

// addStreamLocked lists a stream; of the same id nothing else is any more.
func (r *Room) addStreamLocked(s *Stream) {
	if a := r.announced[s.id]; a != nil {
		r.withdrawLocked(a, Departure{Reason: protocol.ReasonUnknown})
	}
	r.emitLocked(streamAdded{s})
	r.reportLocked(Report{Kind: StreamUp, User: s.publisher.infoLocked(), Stream: s.infoLocked()})
}

// claimLocked makes a stream of m, which has so many, and takes its id.
func (r *Room) claimLocked(m *Member, msg protocol.StreamPublish, has int) (*Stream, error) {
	if err := checkPublish(msg); err != nil {
		return nil, err
	}
	if err := m.pass.mayPublish(msg.Stream, time.Now()); err != nil {
		return nil, err
	}
	if err := r.hub.config.MayPublish(m.publisherLocked()); err != nil {
		return nil, err
	}
	if has >= r.hub.config.MaxStreams {
		return nil, protocol.Errorf(protocol.CodeTooManyStreams,
			"%d streams are published already: stop one first", has)
	}
	if len(r.streams) >= r.hub.config.MaxRoomStreams {
		return nil, protocol.Errorf(protocol.CodeTooManyStreams,
			"room %q has %d streams and takes no more", r.key.room, len(r.streams))
	}
	s := newStream(m, msg)
	if err := r.hub.claimStream(s); err != nil {
		return nil, err
	}
	return s, nil
}

func newStream(m *Member, msg protocol.StreamPublish) *Stream {
	return &Stream{
		id:        msg.Stream,
		publisher: m,
		number:    m.room.hub.serial.next(),
		since:     time.Now(),
		info: protocol.Stream{
			ID:         msg.Stream,
			User:       m.user,
			ExtraInfo:  msg.ExtraInfo,
			VideoMuted: msg.VideoMuted,
			AudioMuted: msg.AudioMuted,
			NoVideo:    msg.NoVideo,
			NoAudio:    msg.NoAudio,
			StandIn:    msg.StandIn,
		},
		sessions: map[*session]struct{}{},
	}
}

// Unpublish takes a stream of m back. Its players wait for it to come back.
func (r *Room) Unpublish(m *Member, msg protocol.StreamUnpublish, reply Reply) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.publishedLocked(m, msg.Stream)
	if err != nil {
		return err
	}
	reply(nil)
	r.removeStreamsLocked(m, []*Stream{s}, Departure{Reason: protocol.ReasonStopped})
	return nil
}

// Update changes what the others are told of a stream of m.
func (r *Room) Update(m *Member, msg protocol.StreamUpdate, reply Reply) error {
	if msg.ExtraInfo != nil {
		if err := checkExtraInfo(*msg.ExtraInfo); err != nil {
			return err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	s, err := r.publishedLocked(m, msg.Stream)
	if err != nil {
		return err
	}
	reply(nil)
	r.emitLocked(streamUpdated{s, msg})
	return nil
}

// publishedLocked finds a stream that m publishes.
func (r *Room) publishedLocked(m *Member, id protocol.StreamID) (*Stream, error) {
	if err := r.requireLocked(m); err != nil {
		return nil, err
	}
	s := m.streams[id]
	if s == nil {
		return nil, protocol.Errorf(protocol.CodeNotPublishing,
			"stream %.256q is not published by this user: publish it first", id)
	}
	return s, nil
}

// removeStreamsLocked takes streams of m away; who plays one waits for it from then on.
func (r *Room) removeStreamsLocked(m *Member, streams []*Stream, out Departure) {
	if len(streams) == 0 {
		return
	}
	r.emitLocked(streamsRemoved{m, streams, out.Reason})
	for _, s := range streams {
		r.hub.releaseStream(s)
		if !s.hidden {
			r.reportLocked(Report{Kind: StreamDown, User: m.infoLocked(), Stream: s.infoLocked(), Departure: out})
		}
		r.dropHalvesLocked(s)
		for carried := range s.sessions {
			cause := protocol.Send
			if carried.sender.end != m.end {
				cause = nobody // a forwarder sends, and has to hear of it
			}
			r.closeLocked(carried, protocol.CloseGone, cause)
			r.waitLocked(carried.play)
		}
	}
}

func (m *Member) streamsLocked() []*Stream {
	var all []*Stream
	for _, s := range m.streams {
		all = append(all, s)
	}
	return all
}
