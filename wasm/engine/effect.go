package engine

import (
	"context"
	"errors"
	"fmt"

	"expressrtc/wasm/media"
)

// maxClips bounds the sounds that are kept decoded: a minute of one takes 23 MB.
const maxClips = 200

// LoadAudioEffect loads a sound under an id and waits for it; one that is loaded stays as
// it is. What the server or the decoder says is the error; without an answer, or with
// arguments that are none, the promise is left alone.
func (e *Engine) LoadAudioEffect(ctx context.Context, id, path Text) (string, error) {
	if !id.OK || id.S == "" || !path.OK || path.S == "" {
		e.log("error", "loadAudioEffect: both arguments must be texts: the id, and the URL of the sound")
		return "", ErrNeverSettles
	}
	_, err := e.loadClip(ctx, id.S, path.S)
	var refused *media.ClipError
	var unreadable *media.DecodeError
	if err != nil && !errors.As(err, &refused) && !errors.As(err, &unreadable) && ctx.Err() == nil {
		e.log("error", fmt.Sprintf("loadAudioEffect %q: %s: %v", id.S, path.S, err))
		return "", ErrNeverSettles
	}
	return id.S, err
}

func (e *Engine) loadClip(ctx context.Context, id, path string) (*media.Clip, error) {
	if clip := e.clip(id); clip != nil {
		return clip, nil
	}
	clip, err := media.LoadClip(ctx, path)
	if err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.clips) >= maxClips {
		return nil, plain(fmt.Sprintf("%d sounds are loaded: call unloadAudioEffect", maxClips))
	}
	if e.clips == nil {
		e.clips = map[string]*media.Clip{}
	}
	e.clips[id] = clip
	return clip, nil
}

func (e *Engine) clip(id string) *media.Clip {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.clips[id]
}

// UnloadAudioEffect forgets a sound; what plays it plays on. False: it was not loaded.
func (e *Engine) UnloadAudioEffect(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, there := e.clips[id]
	delete(e.clips, id)
	return there
}

// AudioEffectDuration in milliseconds, 0 for a sound that is not loaded.
func (e *Engine) AudioEffectDuration(id string) float64 {
	if clip := e.clip(id); clip != nil {
		return clip.Duration()
	}
	return 0
}

// CreateAudioEffectPlayer gives the one player of a local stream. ended is told, under the
// engine's lock, that the stream is no more.
func (e *Engine) CreateAudioEffectPlayer(localID string, ended func(*media.EffectPlayer)) (*media.EffectPlayer, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[localID]
	if l == nil {
		return nil, plain("Param localStream is not instance of MediaStream or ZegoLocalStream.")
	}
	p := e.soundLocked(l).Player()
	l.playerEnded = func() { ended(p) }
	return p, nil
}

// StartAudioEffect plays a sound that is loaded, or that path names. What goes wrong is
// only logged. It does not block.
func (e *Engine) StartAudioEffect(ctx context.Context, p *media.EffectPlayer, id Text, path string, opt media.EffectOptions) {
	if !id.OK || id.S == "" {
		e.log("error", "ZegoAudioEffectPlayer.start: the id must be a text")
		return
	}
	effect := p.Begin(id.S, opt)
	if effect == nil {
		e.log("error", fmt.Sprintf("ZegoAudioEffectPlayer.start %q: it plays already, or its stream is destroyed", id.S))
		return
	}
	if clip := e.clip(id.S); clip != nil {
		effect.Play(clip)
		return
	}
	if path == "" {
		effect.Drop()
		e.log("error", fmt.Sprintf("ZegoAudioEffectPlayer.start %q: it is not loaded, and no path is given", id.S))
		return
	}
	go func() {
		clip, err := e.loadClip(ctx, id.S, path)
		if err != nil {
			effect.Drop()
			e.log("error", fmt.Sprintf("ZegoAudioEffectPlayer.start %q: %v", id.S, err))
			return
		}
		effect.Play(clip)
	}()
}
