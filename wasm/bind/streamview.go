//go:build js && wasm

package bind

// viewRows are the methods of a ZegoStreamView.
var viewRows = []row{
	missing("takeStreamSnapshot", value),
	missing("play", value),
	missing("stop", value),
	missing("playVideo", value),
	missing("stopVideo", value),
	missing("playAudio", value),
	missing("stopAudio", value),
	missing("resume", value),
	missing("setAudioMuted", value),
	missing("setVideoMuted", value),
	missing("useAudioOutputDevice", promise),
	missing("setVolume", value),
	missing("getVideoHeight", value),
	missing("getVideoWidth", value),
	missing("on", value),
	missing("off", value),
}
