//go:build js && wasm

package bind

import (
	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// playRows receive the streams of others and show any.
var playRows = []row{
	{"startPlayingStream", promise, func(c call) (any, error) {
		return c.engine.StartPlayingStream(c.ctx, c.arg(0), c.playOption(1))
	}},
	{"stopPlayingStream", queued, func(c call) (any, error) {
		c.engine.StopPlayingStream(c.arg(0))
		return nil, nil
	}},
	missing("setPlayStreamVideoType", promise),
	{"mutePlayStreamVideo", promise, func(c call) (any, error) {
		return c.engine.MutePlayStreamVideo(c.ctx, c.arg(0), c.flag(1))
	}},
	{"mutePlayStreamAudio", promise, func(c call) (any, error) {
		return c.engine.MutePlayStreamAudio(c.ctx, c.arg(0), c.flag(1))
	}},
	{"muteAllPlayAudioStreams", promise, func(c call) (any, error) {
		return c.engine.MuteAllPlayAudioStreams(c.flag(0))
	}},
	{"muteAllPlayVideoStreams", promise, func(c call) (any, error) {
		return c.engine.MuteAllPlayVideoStreams(c.flag(0))
	}},
	{"getPlayingStreamQuality", value, func(c call) (any, error) {
		return c.engine.GetPlayingStreamQuality(c.str(0)), nil
	}},
	{"setAudioFrameCallback", promise, setAudioFrameCallback},
	{"setCaptureAudioFrameCallback", promise, setCaptureAudioFrameCallback},
	{"createLocalStreamView", value, func(c call) (any, error) {
		return c.handView(c.engine.CreateLocalStreamView(c.localID(0)))
	}},
	{"createRemoteStreamView", value, func(c call) (any, error) {
		return c.handView(c.engine.CreateRemoteStreamView(c.streamID(0)))
	}},
}

// playOption is startPlayingStream's second argument.
func (c call) playOption(i int) engine.PlayOption {
	if !c.given(i) {
		return engine.PlayOption{}
	}
	if !c.isObject(i) {
		return engine.PlayOption{NotObject: true}
	}
	return pick[engine.PlayOption](c, i, "video", "audio", "streamParams", "playoutDelayHint", "jitterBufferTarget", "enableLowLatency")
}

// handView gives the page a wrapper of its own over the stream's one viewer.
func (c call) handView(v *media.View, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	in := newInstance("ZegoStreamView")
	in.view = v
	return instances.hand(in), nil
}
