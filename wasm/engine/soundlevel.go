package engine

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"expressrtc/wasm/media"
)

// SoundLevel is an item of soundLevelUpdate.
type SoundLevel struct {
	StreamID   string  `json:"streamID"`
	SoundLevel float64 `json:"soundLevel"` // 0 to 100
	Type       string  `json:"type"`       // "push" or "pull"
}

// SoundLevelOptions are what setSoundLevelDelegate takes.
type SoundLevelOptions struct {
	// Interval in ms; nil is the default.
	Interval     *float64
	InBackground bool
}

// The bounds of the interval and, between two events, how often it is listened: an event
// tells the loudest moment, so that no word falls between two of them.
const (
	minSoundInterval = 100
	maxSoundInterval = 3000
	soundInterval    = 1000.0
	soundStep        = 100
)

// SetSoundLevelDelegate begins or ends to tell how loud streams are. What is wrong is
// only logged, and changes nothing.
func (e *Engine) SetSoundLevelDelegate(on bool, opt SoundLevelOptions) {
	interval := soundInterval
	if opt.Interval != nil {
		interval = *opt.Interval
	}
	if interval != math.Trunc(interval) || interval < minSoundInterval || interval > maxSoundInterval {
		e.log("error", fmt.Sprintf("setSoundLevelDelegate: the interval must be a whole number from %d to %d, in ms", minSoundInterval, maxSoundInterval))
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.stopSound != nil {
		close(e.stopSound)
		e.stopSound = nil
	}
	if on && !e.destroyed {
		e.stopSound = make(chan struct{})
		go e.listen(int(interval), opt.InBackground, e.stopSound)
	}
}

// sounds is what is listened to in one interval, and the loudest of it so far.
type sounds struct {
	levels map[soundKey]float64
}

// soundKey names a stream in one of the two lists, or with neither all microphones.
type soundKey struct{ stream, list string }

// listen runs until stop is closed.
func (e *Engine) listen(interval int, inBackground bool, stop <-chan struct{}) {
	meter := media.NewMeter()
	defer meter.Close()
	steps := interval/soundStep + 1 // one more than fits, or what sounds in the same beat is always missed
	step, n := time.Duration(interval)*time.Millisecond/time.Duration(steps), 0
	var heard sounds
	every(step, stop, func() bool {
		if media.Hidden() && !inBackground {
			meter.Levels(nil)
			return true
		}
		now := e.soundSources()
		heard.take(now, meter)
		if n++; n%steps == 0 {
			e.tellSound(now, heard, stop)
			heard = sounds{}
		}
		return true
	})
}

// soundSource is a track that is listened to; nil is a stream without sound.
type soundSource struct {
	soundKey
	track *media.Track
}

// soundSources are the streams and each microphone.
func (e *Engine) soundSources() []soundSource {
	e.mu.Lock()
	defer e.mu.Unlock()
	var list []soundSource
	for _, p := range e.publishers {
		if p.state.State == publishing {
			list = append(list, soundSource{soundKey{string(p.id), "push"}, p.local.outgoing(media.Audio)})
		}
	}
	for _, p := range e.players {
		if p.state.State == playing {
			s := soundSource{soundKey: soundKey{string(p.id), "pull"}}
			if p.mic != "MUTE" {
				s.track = p.incoming[media.Audio]
			}
			list = append(list, s)
		}
	}
	for _, l := range e.locals {
		if t := l.Captured(media.Audio); t != nil && l.From(media.Audio) == media.FromCamera {
			list = append(list, soundSource{track: t})
		}
	}
	return list
}

// take reads all tracks once.
func (s *sounds) take(list []soundSource, meter *media.Meter) {
	tracks := make([]*media.Track, len(list))
	for i, source := range list {
		tracks[i] = source.track
	}
	if s.levels == nil {
		s.levels = map[soundKey]float64{}
	}
	for i, level := range meter.Levels(tracks) {
		s.levels[list[i].soundKey] = max(s.levels[list[i].soundKey], level*100)
	}
}

// tellSound emits one list of the streams, what is pushed first, and the microphones' level.
func (e *Engine) tellSound(now []soundSource, heard sounds, stop <-chan struct{}) {
	list, microphone := []SoundLevel{}, false
	for _, s := range now {
		if s.list == "" {
			microphone = true
		} else {
			list = append(list, SoundLevel{s.stream, heard.levels[s.soundKey], s.list})
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	select {
	case <-stop:
		return
	default:
	}
	slices.SortFunc(list, func(a, b SoundLevel) int {
		return cmp.Or(-cmp.Compare(a.Type, b.Type), cmp.Compare(a.StreamID, b.StreamID))
	})
	if len(list) > 0 {
		e.emitLocked(soundLevelUpdate(list))
	}
	if microphone {
		e.emitLocked(capturedSoundLevelUpdate(heard.levels[soundKey{}]))
	}
}
