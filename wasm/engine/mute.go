package engine

import (
	"time"

	"expressrtc/wasm/media"
)

// MutePublishStreamVideo stops or resumes sending the picture, and tells those who play;
// retain leaves the preview as it is. Of calls that come faster than the mute rate the
// last one counts, a moment later. False: not a stream of this engine.
func (e *Engine) MutePublishStreamVideo(localID string, mute, retain bool) bool {
	return e.mute(localID, media.Video, func(l *local) { l.videoMuted, l.retain = mute, retain })
}

// MutePublishStreamAudio stops or resumes sending sound, mixed-in music included, and
// tells those who play. Of calls that come faster than the mute rate the last one counts,
// a moment later. False: not a stream of this engine.
func (e *Engine) MutePublishStreamAudio(localID string, mute bool) bool {
	return e.mute(localID, media.Audio, func(l *local) { l.audioMuted = mute })
}

func (e *Engine) mute(localID string, kind media.Kind, apply func(*local)) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[localID]
	if l == nil {
		return false
	}
	p := &l.audioPace
	if kind == media.Video {
		p = &l.videoPace
	}
	e.paceMuteLocked(p, func() {
		apply(l)
		l.enable(kind)
		e.resendLocked(l)
	})
	return true
}

// paceMuteLocked runs f at the rate of setEngineOptions' apiMuteStreamQPS.
func (e *Engine) paceMuteLocked(p *pace, f func()) {
	p.gap = time.Second / time.Duration(e.settings.muteRate)
	p.wait = p.gap
	e.paceLocked(p, f)
}

// MuteMicrophone mutes the microphone of every local stream, also of those to come.
// Others are not told, and music that is mixed in goes on. Of calls that come faster than
// the mute rate the last one counts, a moment later.
func (e *Engine) MuteMicrophone(mute bool) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings.microphoneMuted = mute
	e.paceMuteLocked(&e.microphonePace, func() {
		for _, l := range e.locals {
			if l.microphoneMuted != mute {
				l.microphoneMuted = mute
				l.enable(media.Audio)
			}
		}
	})
	return true
}

// IsMicrophoneMuted tells what MuteMicrophone was called with last.
func (e *Engine) IsMicrophoneMuted() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.settings.microphoneMuted
}
