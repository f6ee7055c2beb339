//go:build js && wasm

package bind

import (
	"errors"

	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

// effectPlayerRows are the methods of a ZegoAudioEffectPlayer.
var effectPlayerRows = []row{
	{"start", value, func(c call) (any, error) {
		e := c.owner.engine
		e.StartAudioEffect(c.owner.ctx, self[*media.EffectPlayer](c), c.arg(0), jsx.String(c.value(1), "path"), media.EffectOptions{
			From:    jsx.Float(c.value(1), "playTime"),
			Loop:    jsx.Bool(c.value(1), "loop"),
			OnStart: c.callback(2),
			OnEnd:   c.callback(3),
		})
		return nil, nil
	}},
	{"stop", value, func(c call) (any, error) { return self[*media.EffectPlayer](c).Stop(c.optStr(0)), nil }},
	{"pause", value, func(c call) (any, error) { return self[*media.EffectPlayer](c).Pause(c.optStr(0)), nil }},
	{"resume", value, func(c call) (any, error) { return self[*media.EffectPlayer](c).Resume(c.optStr(0)), nil }},
	{"setVolume", value, func(c call) (any, error) {
		percent, ok := c.number(1)
		within, _ := c.number(2)
		ok = ok && percent >= 0 && percent <= 100 && c.str(0) != ""
		if ok {
			self[*media.EffectPlayer](c).SetVolume(c.str(0), percent, within)
		}
		return ok, nil
	}},
	{"getTotalDuration", value, func(c call) (any, error) {
		if ms := self[*media.EffectPlayer](c).Total(c.str(0)); ms > 0 {
			return ms, nil
		}
		return c.owner.engine.AudioEffectDuration(c.str(0)), nil
	}},
	{"getCurrentProgress", value, func(c call) (any, error) {
		return self[*media.EffectPlayer](c).Progress(c.str(0)), nil
	}},
	{"seekTo", value, func(c call) (any, error) {
		ms, ok := c.number(1)
		return ok && self[*media.EffectPlayer](c).Seek(c.str(0), ms), nil
	}},
}

// callback calls the function that argument i is, in the order of the engine's events; it
// does nothing if that is no function.
func (c call) callback(i int) func() {
	fn, events, name := c.value(i), c.owner.events, c.class+"."+c.method
	if fn.Type() != safejs.TypeFunction {
		return func() {}
	}
	s := &subscription{fn: fn}
	return func() { events.call(s, name) }
}

// effectError is what loadAudioEffect rejects with: the server's words, or the very
// exception of the decoder.
func effectError(err error) error {
	var refused *media.ClipError
	if errors.As(err, &refused) {
		return plain{refused.StatusText}
	}
	var exception *jsx.Error
	if errors.As(err, &exception) {
		return thrown{exception}
	}
	return err
}
