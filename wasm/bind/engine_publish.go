//go:build js && wasm

package bind

import (
	"expressrtc/wasm/engine"
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
	missing("createZegoStream", promise),
	{"destroyStream", queued, func(c call) (any, error) {
		c.engine.DestroyStream(c.localID(0))
		return nil, nil
	}},
	missing("getElectronScreenSources", promise),
	missing("setVideoConfig", promise),
	missing("setAudioConfig", promise),
	missing("replaceTrack", promise),
	missing("addTrack", promise),
	missing("removeTrack", promise),
	missing("setCaptureVolume", promise),
	missing("setDummyCaptureImagePath", promise),
	missing("enableVideoCaptureDevice", promise),
	missing("useVideoDevice", promise),
	missing("useAudioDevice", promise),
	missing("useFrontCamera", promise),
	missing("enableAutoSwitchDevice", value),
	missing("enableDualStream", value),
	missing("setLowStreamParameter", value),
	missing("enableHardwareEncoder", value),
}

// publishRows send local streams.
var publishRows = []row{
	{"startPublishingStream", value, func(c call) (any, error) {
		return c.engine.StartPublishingStream(c.arg(0), c.localID(1), c.publishOption(2))
	}},
	{"stopPublishingStream", accepted, func(c call) (any, error) {
		return c.engine.StopPublishingStream(c.arg(0)), nil
	}},
	missing("updatePublishingStream", promise),
	{"mutePublishStreamVideo", value, func(c call) (any, error) {
		mute, ok := c.boolean(1)
		return ok && c.engine.MutePublishStreamVideo(c.localID(0), mute), nil
	}},
	{"mutePublishStreamAudio", value, func(c call) (any, error) {
		mute, ok := c.boolean(1)
		return ok && c.engine.MutePublishStreamAudio(c.localID(0), mute), nil
	}},
	missing("muteMicrophone", value),
	missing("isMicrophoneMuted", value),
	missing("getPublishingStreamQuality", value),
	missing("sendSEI", value),
	missing("setSEIConfig", value),
	missing("setStreamAlignmentProperty", promise),
	missing("addPublishCdnUrl", promise),
	missing("removePublishCdnUrl", promise),
}

// publishOption is startPublishingStream's third argument.
func (c call) publishOption(i int) engine.PublishOption {
	if !c.given(i) {
		return engine.PublishOption{}
	}
	if !c.isObject(i) {
		return engine.PublishOption{NotObject: true}
	}
	return pick[engine.PublishOption](c, i, "streamParams", "extraInfo", "videoCodec", "roomID", "inspectFlag")
}
