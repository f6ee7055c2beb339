//go:build js && wasm

package media

import (
	"context"
	"strings"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Clip is a sound that was loaded whole and decoded.
type Clip struct{ buffer safejs.Value }

// LoadClip downloads and decodes a sound. A server that refuses is a *ClipError, what
// cannot be decoded the browser's own exception, and no answer another error.
func LoadClip(ctx context.Context, url string) (*Clip, error) {
	data, err := download(ctx, url)
	if err != nil {
		return nil, err
	}
	// A context that never runs decodes as well, and costs no device.
	decoder, err := jsx.New("OfflineAudioContext", 2, 1, 48000)
	if err != nil {
		return nil, refusal("", err)
	}
	buffer, err := awaitCall(ctx, decoder, "decodeAudioData", data)
	if err != nil {
		return nil, &DecodeError{err}
	}
	return &Clip{buffer}, nil
}

// notRanged makes caches answer with the whole file: some keep parts of what an element
// has played. It is no range, which some servers refuse, and needs leave elsewhere.
var notRanged = map[string]any{"headers": map[string]any{"Range": "none"}}

func download(ctx context.Context, url string) (response safejs.Value, err error) {
	again := true
	if !strings.HasPrefix(url, "blob:") && !strings.HasPrefix(url, "data:") {
		response, err = awaitCall(ctx, safejs.Global(), "fetch", url, notRanged)
		again = ctx.Err() == nil && (err != nil || jsx.Int(response, "status") == 416)
	}
	if again {
		response, err = awaitCall(ctx, safejs.Global(), "fetch", url)
	}
	if err != nil {
		return response, err
	}
	if status := jsx.Int(response, "status"); status != 200 && status != 304 {
		return response, &ClipError{jsx.String(response, "statusText")}
	}
	return awaitCall(ctx, response, "arrayBuffer")
}

// duration in seconds.
func (c *Clip) duration() float64 { return jsx.Float(c.buffer, "duration") }

// Duration in milliseconds.
func (c *Clip) Duration() float64 { return c.duration() * 1000 }

// EffectPlayer plays clips into a stream and to the user.
type EffectPlayer struct {
	sound   *Mixer
	playing map[string]*Effect
	volumes map[string]float64 // in percent, of the ids that have one
}

// Player is the stream's one player.
func (s *Mixer) Player() *EffectPlayer {
	if s.player == nil {
		s.player = &EffectPlayer{sound: s, playing: map[string]*Effect{}, volumes: map[string]float64{}}
	}
	return s.player
}

// Effect is a clip that plays, is paused, or has yet to be loaded.
type Effect struct {
	player *EffectPlayer
	id     string
	opt    EffectOptions
	clip   *Clip // nil before Play
	volume safejs.Value
	source safejs.Value // undefined while it is paused
	began  float64      // by the context's clock, as if it had begun at the clip's beginning
	at     float64      // seconds into the clip, while it is paused
	stops  []func()
}

// Begin takes an id for a clip that Play will follow; nil if it is taken.
func (p *EffectPlayer) Begin(id string, opt EffectOptions) *Effect {
	if p.playing[id] != nil || p.sound.closed {
		return nil
	}
	e := &Effect{player: p, id: id, opt: opt}
	p.playing[id] = e
	return e
}

// Play begins to play, unless the effect was stopped since Begin.
func (e *Effect) Play(clip *Clip) {
	if e.player.playing[e.id] != e {
		return
	}
	e.clip = clip
	s := e.player.sound
	s.update()
	if s.graph.track == nil { // what is wrong was told
		e.Drop()
		return
	}
	e.volume = audio.gain(1)
	if percent, ok := e.player.volumes[e.id]; ok {
		set(jsx.Get(e.volume, "gain"), "value", percent/unchanged)
	}
	connect(e.volume, s.graph.sum)
	connect(e.volume, jsx.Get(audio.value, "destination"))
	e.from(e.opt.From / 1000)
	e.opt.OnStart()
}

// Drop gives the id back, and tells nobody.
func (e *Effect) Drop() {
	if e.player.playing[e.id] == e {
		delete(e.player.playing, e.id)
	}
	e.halt()
	disconnect(e.volume)
	e.volume = safejs.Undefined()
	e.player.sound.update()
}

// from plays from a place in the clip, in seconds.
func (e *Effect) from(at float64) {
	e.halt()
	e.source = audio.node("BufferSource")
	set(e.source, "buffer", e.clip.buffer)
	set(e.source, "loop", e.opt.Loop)
	connect(e.source, e.volume)
	e.began = audio.now() - at
	e.stops = append(e.stops, jsx.Listen(e.source, "ended", func(safejs.Value) { e.end() }))
	call(e.source, "start", 0, at)
}

// halt takes the source away.
func (e *Effect) halt() {
	stopAll(&e.stops)
	if !e.source.IsUndefined() {
		call(e.source, "stop")
		disconnect(e.source)
		e.source = safejs.Undefined()
	}
}

func (e *Effect) end() {
	e.Drop()
	e.opt.OnEnd()
}

// progress is the place in the clip, in seconds.
func (e *Effect) progress() float64 {
	if e.clip == nil {
		return 0
	}
	at := e.at
	if !e.source.IsUndefined() {
		at = audio.now() - e.began
	}
	whole := e.clip.duration()
	if e.opt.Loop && whole > 0 {
		return at - whole*float64(int(at/whole))
	}
	return min(at, whole)
}

// each does something with one effect, or with all; false if that was none of them.
func (p *EffectPlayer) each(id *string, do func(*Effect) bool) bool {
	if id != nil {
		e := p.playing[*id]
		return e != nil && do(e)
	}
	for _, e := range p.playing {
		do(e)
	}
	return true
}

// Stop ends an effect, or all of them; false if it does not play.
func (p *EffectPlayer) Stop(id *string) bool {
	return p.each(id, func(e *Effect) bool {
		e.end()
		return true
	})
}

// Pause halts an effect, or all of them; false if it does not play.
func (p *EffectPlayer) Pause(id *string) bool {
	return p.each(id, func(e *Effect) bool {
		if e.source.IsUndefined() {
			return false
		}
		e.at = e.progress()
		e.halt()
		return true
	})
}

// Resume plays on; false if it is not paused.
func (p *EffectPlayer) Resume(id *string) bool {
	return p.each(id, func(e *Effect) bool {
		if e.clip == nil || !e.source.IsUndefined() {
			return false
		}
		e.from(e.at)
		return true
	})
}

// SetVolume sets how loud the effect of an id is, in percent, now and later; what plays
// changes within some seconds.
func (p *EffectPlayer) SetVolume(id string, percent, within float64) {
	p.volumes[id] = percent
	e := p.playing[id]
	if e == nil || e.clip == nil {
		return
	}
	gain := jsx.Get(e.volume, "gain")
	call(gain, "cancelScheduledValues", audio.now())
	call(gain, "setValueAtTime", jsx.Float(gain, "value"), audio.now())
	call(gain, "linearRampToValueAtTime", percent/unchanged, audio.now()+max(within, 0.02))
}

// Progress is how far an effect has come, in milliseconds; 0 if it does not play.
func (p *EffectPlayer) Progress(id string) float64 {
	if e := p.playing[id]; e != nil {
		return e.progress() * 1000
	}
	return 0
}

// Total is how long an effect is, in milliseconds; 0 if it does not play.
func (p *EffectPlayer) Total(id string) float64 {
	if e := p.playing[id]; e != nil && e.clip != nil {
		return e.clip.Duration()
	}
	return 0
}

// Seek goes to a place, in milliseconds; false if there is none such.
func (p *EffectPlayer) Seek(id string, ms float64) bool {
	e := p.playing[id]
	if e == nil || e.clip == nil || !(ms >= 0 && ms <= e.clip.Duration()) {
		return false
	}
	if e.source.IsUndefined() {
		e.at = ms / 1000
	} else {
		e.from(ms / 1000)
	}
	return true
}

// sounds reports whether the graph is needed.
func (p *EffectPlayer) sounds() bool {
	if p == nil {
		return false
	}
	for _, e := range p.playing {
		if e.clip != nil {
			return true
		}
	}
	return false
}

// silence ends everything, and tells nobody.
func (p *EffectPlayer) silence() {
	for _, e := range p.playing {
		e.Drop()
	}
}
