package engine

import (
	"context"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// Flag is an argument that should be true or false: OK tells whether it was.
type Flag struct{ On, OK bool }

// MutePlayStreamVideo stops, or resumes, receiving the picture of a played stream, which
// stays PLAYING. It waits at most half a second, while calls come in bursts: the last one
// counts for all. It resolves true, or fails with the bare value false: for a stream that
// is not played, or was begun without that kind, or arguments of another type.
func (e *Engine) MutePlayStreamVideo(ctx context.Context, id Text, mute Flag) (bool, error) {
	return e.mutePlay(ctx, media.Video, id, mute)
}

// MutePlayStreamAudio is for the sound what MutePlayStreamVideo is for the picture.
func (e *Engine) MutePlayStreamAudio(ctx context.Context, id Text, mute Flag) (bool, error) {
	return e.mutePlay(ctx, media.Audio, id, mute)
}

// errNotMuted is the rejection of all calls that mute what is played.
var errNotMuted = &Error{Code: codePlayParam, shape: shapeFalse}

func (e *Engine) mutePlay(ctx context.Context, kind media.Kind, id Text, mute Flag) (bool, error) {
	result, err := e.askMute(kind, id, mute)
	if err != nil {
		return false, err
	}
	ok, err := gathered(ctx, result)
	if err == nil && !ok {
		err = errNotMuted
	}
	return ok, err
}

func (e *Engine) askMute(kind media.Kind, id Text, mute Flag) (<-chan bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.players[protocol.StreamID(id.S)]
	if p == nil || !id.OK || !mute.OK || !p.option.wants(kind) {
		return nil, errNotMuted
	}
	return e.gatherLocked(p.paces[kind], func(done func(bool)) { done(e.mutePlayLocked(p, kind, mute.On)) }), nil
}

// mutePlayLocked does it, unless playing was stopped meanwhile.
func (e *Engine) mutePlayLocked(p *player, kind media.Kind, mute bool) bool {
	if e.players[p.id] != p {
		return false
	}
	p.muted[kind] = mute
	e.tellPausedLocked(p)
	return true
}

// tellPausedLocked makes the sender of p's session pause what the page does not want. A
// new session begins with nothing paused.
func (e *Engine) tellPausedLocked(p *player) {
	if p.session == nil {
		return // the next one is told
	}
	video, audio := p.muted[media.Video], p.muted[media.Audio]
	if video || audio || p.session.paused {
		p.session.paused = true
		e.notifyLocked(protocol.SessionPause{Session: p.session.open.Session, Video: video, Audio: audio})
	}
}

// MuteAllPlayVideoStreams does it for all played streams, and for those played later. It
// resolves true, or fails with the bare value false.
func (e *Engine) MuteAllPlayVideoStreams(mute Flag) (bool, error) {
	return e.muteAllPlay(media.Video, mute)
}

// MuteAllPlayAudioStreams does it for all played streams, and for those played later. It
// resolves true, or fails with the bare value false.
func (e *Engine) MuteAllPlayAudioStreams(mute Flag) (bool, error) {
	return e.muteAllPlay(media.Audio, mute)
}

func (e *Engine) muteAllPlay(kind media.Kind, mute Flag) (bool, error) {
	if !mute.OK {
		return false, errNotMuted
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings.playMuted[kind] = mute.On
	for _, p := range e.players {
		p.muted[kind] = mute.On
		e.tellPausedLocked(p)
	}
	return true, nil
}
