//go:build js && wasm

package bind

import (
	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"
)

// deviceRows list devices and measure.
var deviceRows = []row{
	{"enumDevices", promise, func(c call) (any, error) { return c.engine.EnumDevices(c.ctx) }},
	{"getCameras", promise, func(c call) (any, error) { return c.engine.GetCameras(c.ctx) }},
	{"getMicrophones", promise, func(c call) (any, error) { return c.engine.GetMicrophones(c.ctx) }},
	{"getSpeakers", promise, func(c call) (any, error) { return c.engine.GetSpeakers(c.ctx) }},
	{"useAudioOutputDevice", promise, func(c call) (any, error) {
		return c.engine.UseAudioOutputDevice(c.ctx, media.ElementOf(c.value(0)), c.arg(1))
	}},
	{"setSoundLevelDelegate", queued, func(c call) (any, error) {
		if on, ok := c.boolean(0); ok {
			c.engine.SetSoundLevelDelegate(on, c.soundLevelOptions(1))
		} else {
			c.log.line("error", "setSoundLevelDelegate: the first argument must be true or false")
		}
		return nil, nil
	}},
	{"checkVideoTrackIsActive", promise, func(c call) (any, error) {
		return c.engine.CheckVideoTrackIsActive(c.ctx, c.localID(0)), nil
	}},
	{"checkAudioTrackIsActive", promise, func(c call) (any, error) {
		return c.engine.CheckAudioTrackIsActive(c.ctx, c.localID(0)), nil
	}},
}

// soundLevelOptions are setSoundLevelDelegate's second and third argument.
func (c call) soundLevelOptions(i int) engine.SoundLevelOptions {
	opt := engine.SoundLevelOptions{InBackground: jsx.Bool(c.value(i+1), "enableInBackground")}
	if c.given(i) {
		interval, _ := c.number(i) // 0, which is refused, for what is no number
		opt.Interval = &interval
	}
	return opt
}
