//go:build js && wasm

package bind

// playRows receive the streams of others and show any.
var playRows = []row{
	missing("startPlayingStream", promise),
	missing("stopPlayingStream", value),
	missing("setPlayStreamVideoType", promise),
	missing("mutePlayStreamVideo", promise),
	missing("mutePlayStreamAudio", promise),
	missing("muteAllPlayAudioStreams", promise),
	missing("muteAllPlayVideoStreams", promise),
	missing("getPlayingStreamQuality", value),
	missing("setAudioFrameCallback", promise),
	missing("setCaptureAudioFrameCallback", promise),
	missing("createLocalStreamView", value),
	missing("createRemoteStreamView", value),
}

// deviceRows list devices and measure.
var deviceRows = []row{
	missing("enumDevices", promise),
	missing("getCameras", promise),
	missing("getMicrophones", promise),
	missing("getSpeakers", promise),
	missing("useAudioOutputDevice", promise),
	missing("setSoundLevelDelegate", value),
	missing("checkVideoTrackIsActive", promise),
	missing("checkAudioTrackIsActive", promise),
}
