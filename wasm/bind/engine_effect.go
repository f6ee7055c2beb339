//go:build js && wasm

package bind

import (
	"strconv"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"
)

// effectRows change picture and voice.
var effectRows = []row{
	missing("setEffectsBeauty", promise),
	missing("setLowlightEnhancement", promise),
	missing("initBackgroundModule", promise),
	missing("enableBackgroundProcess", promise),
	missing("setBackgroundBlurOptions", promise),
	missing("setVirtualBackgroundOptions", promise),
	missing("setTransparentBackgroundOptions", promise),
	missing("setVoiceChangerPreset", promise),
	missing("setVoiceChangerParam", promise),
	{"setReverbPreset", promise, func(c call) (any, error) {
		preset, ok := c.number(1)
		return c.engine.SetReverbPreset(c.localID(0), preset, ok)
	}},
	{"enableVirtualStereo", promise, func(c call) (any, error) {
		on, ok := c.boolean(1)
		angle, isNumber := c.number(2)
		return c.engine.EnableVirtualStereo(c.localID(0), on, angle, ok && (isNumber || !on))
	}},
	missing("enableLiveAudioEffect", promise),
	missing("setAudioChangerParam", promise),
	missing("enableAiDenoise", promise),
	missing("setAiDenoiseMode", promise),
}

// mixRows mix, here and on the server, and make the other objects.
var mixRows = []row{
	{"startMixingAudio", value, func(c call) (any, error) {
		return c.engine.StartMixingAudio(c.streamRef(0), c.elements(1)), nil
	}},
	{"stopMixingAudio", value, func(c call) (any, error) {
		return c.engine.StopMixingAudio(c.streamRef(0), c.elements(1), !c.given(1)), nil
	}},
	{"setMixingAudioVolume", value, func(c call) (any, error) {
		percent, ok := c.number(1)
		return ok && c.engine.SetMixingAudioVolume(c.streamRef(0), percent, media.ElementOf(c.value(2))), nil
	}},
	{"createAudioEffectPlayer", value, func(c call) (any, error) {
		p, err := c.engine.CreateAudioEffectPlayer(c.localID(0), func(p *media.EffectPlayer) { instances.done(p) })
		if err != nil {
			return nil, err
		}
		return c.hand("ZegoAudioEffectPlayer", p), nil
	}},
	{"loadAudioEffect", promise, func(c call) (any, error) {
		id, err := c.engine.LoadAudioEffect(c.ctx, c.arg(0), c.arg(1))
		return id, effectError(err)
	}},
	{"unloadAudioEffect", value, func(c call) (any, error) {
		return c.engine.UnloadAudioEffect(c.str(0)), nil
	}},
	missing("startMixerTask", promise),
	missing("stopMixerTask", promise),
	missing("setMixerTaskConfig", promise),
	missing("startAutoMixerTask", promise),
	missing("stopAutoMixerTask", promise),
	missing("createRangeAudioInstance", value),
	{"createStreamCompositor", value, func(c call) (any, error) {
		made := &media.Compositor{}
		h := c.hand("ZegoStreamCompositor", made)
		instances.done(made) // what it composes goes on without it
		return h, nil
	}},
	missing("createCopyrightedMusic", value),
	{"destroyCopyrightedMusic", queued, func(call) (any, error) { return nil, nil }}, // there never is any
}

// streamRef is a local stream, or the id that one is published as.
func (c call) streamRef(i int) engine.StreamRef {
	return engine.StreamRef{Published: c.str(i), LocalID: c.localID(i)}
}

// elements is argument i if it is a list of audio and video elements, else nil.
func (c call) elements(i int) []*media.Element {
	list := make([]*media.Element, min(max(jsx.Int(c.value(i), "length"), 0), maxList))
	for j := range list {
		if list[j] = media.ElementOf(jsx.Get(c.value(i), strconv.Itoa(j))); list[j] == nil {
			return nil
		}
	}
	return list
}
