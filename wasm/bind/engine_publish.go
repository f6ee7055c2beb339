//go:build js && wasm

package bind

import (
	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"
)

// captureRows make local streams and change what they capture.
var captureRows = []row{
	{"createStream", checked, func(c call) (any, error) {
		src, err := media.SourceOf(c.value(0))
		if err != nil {
			return later(func() (any, error) { return nil, engine.SourceError(err) }), nil
		}
		if err := engine.CheckSource(src); err != nil {
			return nil, err
		}
		return later(func() (any, error) { return c.engine.CreateStream(c.ctx, src) }), nil
	}},
	{"createZegoStream", promise, func(c call) (any, error) { return c.createZegoStream() }},
	{"destroyStream", queued, func(c call) (any, error) {
		c.engine.DestroyStream(c.localID(0))
		if z := c.zegoAt(0); z != nil {
			instances.done(z)
		}
		return nil, nil
	}},
	missing("getElectronScreenSources", promise),
	{"setVideoConfig", promise, func(c call) (any, error) {
		return c.engine.SetVideoConfig(c.ctx, c.localID(0), object[media.VideoConfig](c, 1))
	}},
	{"setAudioConfig", promise, setAudioConfig},
	{"replaceTrack", promise, func(c call) (any, error) {
		return c.engine.ReplaceTrack(c.ctx, c.localID(0), c.track(1))
	}},
	{"addTrack", promise, func(c call) (any, error) {
		return c.engine.AddTrack(c.ctx, c.localID(0), c.track(1))
	}},
	{"removeTrack", promise, func(c call) (any, error) {
		return c.engine.RemoveTrack(c.ctx, c.localID(0), c.track(1))
	}},
	{"setCaptureVolume", promise, func(c call) (any, error) {
		percent, ok := c.number(1)
		return c.engine.SetCaptureVolume(c.localID(0), percent, ok), nil
	}},
	{"setDummyCaptureImagePath", promise, func(c call) (any, error) {
		return c.engine.SetDummyCaptureImagePath(c.ctx, c.str(0), c.localID(1)), nil
	}},
	{"enableVideoCaptureDevice", promise, func(c call) (any, error) {
		on, ok := c.boolean(1)
		if !ok && !c.value(1).IsUndefined() {
			return false, nil
		}
		return c.engine.EnableVideoCaptureDevice(c.ctx, c.localID(0), on || !ok)
	}},
	{"useVideoDevice", promise, func(c call) (any, error) {
		return c.engine.UseVideoDevice(c.ctx, c.localID(0), c.arg(1))
	}},
	{"useAudioDevice", promise, func(c call) (any, error) {
		return c.engine.UseAudioDevice(c.ctx, c.localID(0), c.arg(1))
	}},
	{"useFrontCamera", promise, func(c call) (any, error) {
		front, ok := c.boolean(1)
		return c.engine.UseFrontCamera(c.ctx, c.localID(0), front, ok)
	}},
	{"enableAutoSwitchDevice", queued, func(c call) (any, error) {
		if on, given := members[engine.AutoSwitch](c, 0, "camera", "microphone"); given {
			c.engine.EnableAutoSwitchDevice(on)
		}
		return nil, nil
	}},
	ignored("enableDualStream", queued),
	ignored("setLowStreamParameter", queued),
	ignored("enableHardwareEncoder", queued),
}

// publishRows send local streams.
var publishRows = []row{
	{"startPublishingStream", value, func(c call) (any, error) {
		return c.engine.StartPublishingStream(c.arg(0), c.localID(1), c.publishOption(2))
	}},
	{"stopPublishingStream", accepted, func(c call) (any, error) {
		return c.engine.StopPublishingStream(c.arg(0)), nil
	}},
	{"updatePublishingStream", promise, func(c call) (any, error) {
		kinds, ok := c.number(1)
		if !ok {
			kinds = -1
		}
		return c.engine.UpdatePublishingStream(c.ctx, c.zegoAt(0), int(kinds)), nil
	}},
	{"mutePublishStreamVideo", value, func(c call) (any, error) {
		mute, ok := c.boolean(1)
		retain, _ := c.boolean(2)
		return ok && c.engine.MutePublishStreamVideo(c.localID(0), mute, retain), nil
	}},
	{"mutePublishStreamAudio", value, func(c call) (any, error) {
		mute, ok := c.boolean(1)
		return ok && c.engine.MutePublishStreamAudio(c.localID(0), mute), nil
	}},
	{"muteMicrophone", accepted, func(c call) (any, error) {
		mute, ok := c.boolean(0)
		return ok && c.engine.MuteMicrophone(mute), nil
	}},
	{"isMicrophoneMuted", value, func(c call) (any, error) { return c.engine.IsMicrophoneMuted(), nil }},
	{"getPublishingStreamQuality", value, func(c call) (any, error) {
		return c.engine.GetPublishingStreamQuality(c.str(0), c.localID(0)), nil
	}},
	missing("sendSEI", value),
	missing("setSEIConfig", queued),
	missing("setStreamAlignmentProperty", promise),
	missing("addPublishCdnUrl", promise),
	missing("removePublishCdnUrl", promise),
}

// setAudioConfig resolves with what is wrong with its arguments, too.
func setAudioConfig(c call) (any, error) {
	var cfg media.AudioConfig
	if !c.isObject(1) || jsx.Decode(c.value(1), &cfg) != nil {
		return engine.Result{ErrorCode: codeInput, ExtendedData: "argument 2 must be an object with ANS, AGC and AEC, true or false"}, nil
	}
	return c.engine.SetAudioConfig(c.ctx, c.localID(0), cfg)
}

// publishOption is startPublishingStream's third argument.
func (c call) publishOption(i int) engine.PublishOption {
	if !c.given(i) {
		return engine.PublishOption{}
	}
	if !c.isObject(i) {
		return engine.PublishOption{NotObject: true}
	}
	return pick[engine.PublishOption](c, i, "streamParams", "extraInfo", "videoCodec", "roomID", "inspectFlag",
		"trafficControlFocusOnMode", "trafficControlMinVideoBitrate", "trafficControlMinVideoMode")
}
