package engine

import (
	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// takeSessionLocked puts a new session in the place of an older one. The page's
// MediaStream stays; its tracks change with the first new one.
func (e *Engine) takeSessionLocked(p *player, s *session) {
	e.tellGoneLocked(p)
	if p.session != nil {
		e.forgetSessionLocked(p.session)
	}
	p.session, p.fresh, p.why = s, true, 0
}

func (e *Engine) addPlayedTrackLocked(p *player, t *media.Track) {
	if p.fresh {
		p.fresh, p.incoming = false, map[media.Kind]*media.Track{}
	}
	p.incoming[t.Kind()] = t
	e.showTracksLocked(p)
}

// showTracksLocked puts into the page's stream what comes and is of a kind that the
// publisher has: sessions carry both kinds from the beginning.
func (e *Engine) showTracksLocked(p *player) {
	info := e.playedLocked(p)
	// A page that shows the stream by itself would see the last picture for ever.
	dark := info.VideoMuted && !info.StandIn && p.view == nil && p.began
	for kind, lacks := range map[media.Kind]bool{media.Video: info.NoVideo || dark, media.Audio: info.NoAudio} {
		t := p.incoming[kind]
		if lacks {
			t = nil
		}
		if t.Same(p.stream.Track(kind)) {
			continue
		}
		p.stream.Replace(kind, t)
		if t != nil && p.began {
			e.emitLocked(playerTrackUpdate(kind, string(p.id), t))
		}
	}
	p.frames.follow(p.stream.Track(media.Audio))
}

// playedLocked is what is known of the stream that p plays, which may be an own one: the
// room's list is of the others'.
func (e *Engine) playedLocked(p *player) protocol.Stream {
	if own := e.publishers[p.id]; own != nil {
		now := own.local.toTell()
		return protocol.Stream{VideoMuted: now.videoMuted, AudioMuted: now.audioMuted, NoVideo: now.noVideo, NoAudio: now.noAudio, StandIn: now.standIn}
	}
	return p.room.streams.here[p.id]
}

// onPlayingLocked: media can flow. The promise resolves before the event is delivered.
func (e *Engine) onPlayingLocked(p *player) {
	stopTimers(p.giveUp)
	p.giveUp = nil
	p.settle(nil)
	e.setPlayerLocked(p, playing, 0)
	e.tellRemoteLocked(p, e.playedLocked(p))
	if !p.began {
		p.began = true
		go e.measurePlayer(p, e.settings.playInterval)
		e.watchNetworkLocked()
	}
}

// tellRemoteLocked tells the publisher's camera and microphone, when they changed. To those
// who play it is all the same whether a picture is muted or there is none.
func (e *Engine) tellRemoteLocked(p *player, s protocol.Stream) {
	if blank := s.VideoMuted && !s.StandIn && e.settings.clearPlayed; blank != p.blank {
		p.blank = blank
		if p.view != nil {
			p.view.Blank(blank)
		}
	}
	if camera := openOrMute(s.VideoMuted || s.NoVideo); camera != p.camera {
		p.camera = camera
		e.showTracksLocked(p)
		e.emitLocked(remoteCameraStatusUpdate(string(p.id), camera))
	}
	if mic := openOrMute(s.AudioMuted || s.NoAudio); mic != p.mic {
		p.mic = mic
		e.emitLocked(remoteMicStatusUpdate(string(p.id), mic))
	}
}

func openOrMute(muted bool) string {
	if muted {
		return "MUTE"
	}
	return "OPEN"
}

func (e *Engine) onStreamUpdateLocked(m protocol.StreamUpdate) {
	r := e.rooms[m.Room]
	if r == nil {
		return
	}
	s, known := r.streams.here[m.Stream]
	if !known {
		return
	}
	m.Apply(&s)
	if m.ExtraInfo != nil {
		e.tellExtraInfoLocked(r, s)
	}
	r.streams.here[m.Stream] = s
	e.tellPlayedLocked(s)
}

// tellUpdateLocked tells what became different of a stream while we were away.
func (e *Engine) tellUpdateLocked(r *room, before, now protocol.Stream) {
	if before.ExtraInfo != now.ExtraInfo {
		e.tellExtraInfoLocked(r, now)
	}
	e.tellPlayedLocked(now)
}

func (e *Engine) tellExtraInfoLocked(r *room, s protocol.Stream) {
	e.emitLocked(streamExtraInfoUpdate(string(r.id), []StreamExtraInfo{{string(s.ID), publicUser(s.User), s.ExtraInfo}}))
}

func (e *Engine) tellPlayedLocked(s protocol.Stream) {
	p := e.players[s.ID]
	if p == nil {
		return
	}
	e.showTracksLocked(p)
	if p.state.State == playing {
		e.tellRemoteLocked(p, s)
	}
}
