//go:build js && wasm

package bind

// captureRows make local streams and change what they capture.
var captureRows = []row{
	missing("createStream", promise),
	missing("createZegoStream", promise),
	missing("destroyStream", value),
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
	missing("startPublishingStream", value),
	missing("stopPublishingStream", value),
	missing("updatePublishingStream", promise),
	missing("mutePublishStreamVideo", value),
	missing("mutePublishStreamAudio", value),
	missing("muteMicrophone", value),
	missing("isMicrophoneMuted", value),
	missing("getPublishingStreamQuality", value),
	missing("sendSEI", value),
	missing("setSEIConfig", value),
	missing("setStreamAlignmentProperty", promise),
	missing("addPublishCdnUrl", promise),
	missing("removePublishCdnUrl", promise),
}
