package engine

import (
	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
	"expressrtc/wasm/rtc"
)

// local is one stream that the page may publish.
type local struct {
	*media.Local
	view                   *media.View
	videoMuted, audioMuted bool
	// processed is sent instead of the stream's own track of that kind: mixed, changed,
	// or a picture of the page's. Previews show the own one.
	processed map[media.Kind]*media.Track
}

func (l *local) muteVideo(mute bool) {
	l.videoMuted = mute
	l.enable(media.Video, !mute)
}

func (l *local) muteAudio(mute bool) {
	l.audioMuted = mute
	l.enable(media.Audio, !mute)
}

// enable lets all of a kind be heard or seen, or not: what is mixed in, too.
func (l *local) enable(kind media.Kind, on bool) {
	for _, t := range append(l.Tracks(), l.processed[kind]) {
		if t != nil && t.Kind() == kind && !t.Same(l.Filler) {
			t.SetEnabled(on)
		}
	}
}

// sending is what those who play the stream are sent. Of a muted picture nothing is; of
// muted sound silence is, which keeps the way of the media known to be good.
func (l *local) sending() rtc.Sending {
	s := rtc.Sending{Stream: l.Stream, Encoding: l.Encoding, Audio: l.outgoing(media.Audio)}
	if !l.videoMuted {
		s.Video = l.outgoing(media.Video)
	}
	return s
}

func (l *local) outgoing(kind media.Kind) *media.Track {
	if t := l.processed[kind]; t != nil {
		return t
	}
	return l.Track(kind)
}

// setTrackLocked puts t in the place of l's track of that kind, for the preview and for
// all who play it; nil leaves the place empty. The old track goes on: see media's End.
func (e *Engine) setTrackLocked(l *local, kind media.Kind, t *media.Track) {
	if t != nil && !t.Same(l.Filler) {
		muted := l.audioMuted
		if kind == media.Video {
			muted = l.videoMuted
		}
		t.SetEnabled(!muted)
	}
	l.Replace(kind, t)
	e.resendLocked(l)
}

// processLocked sends t instead of l's track of that kind from now on, until nil.
func (e *Engine) processLocked(l *local, kind media.Kind, t *media.Track) {
	if l.processed == nil {
		l.processed = map[media.Kind]*media.Track{}
	}
	l.processed[kind] = t
	e.resendLocked(l)
}

// resendLocked brings the sessions of all who play l up to what is to be sent now, and
// tells the others which kinds there are.
func (e *Engine) resendLocked(l *local) {
	for _, p := range e.publishers {
		if p.local != l {
			continue
		}
		for _, s := range p.sessions {
			s.peer.Update(l.sending())
		}
		e.tellKindsLocked(p)
	}
}

// lacks tells which kinds the stream has not got.
func (l *local) lacks() (video, audio bool) {
	return l.outgoing(media.Video) == nil, l.outgoing(media.Audio) == nil
}

func (e *Engine) tellKindsLocked(p *publisher) {
	video, audio := p.local.lacks()
	if !p.announced() || video == p.noVideo && audio == p.noAudio {
		return
	}
	p.noVideo, p.noAudio = video, audio
	e.tellLocked(protocol.StreamUpdate{Room: p.room.id, Stream: p.id, NoVideo: &video, NoAudio: &audio})
	if own := e.players[p.id]; own != nil {
		e.showTracksLocked(own)
	}
}
