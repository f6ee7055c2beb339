//go:build js && wasm

package bind

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
	missing("setReverbPreset", promise),
	missing("enableVirtualStereo", promise),
	missing("enableLiveAudioEffect", promise),
	missing("setAudioChangerParam", promise),
	missing("enableAiDenoise", promise),
	missing("setAiDenoiseMode", promise),
}

// mixRows mix, here and on the server, and make the other objects.
var mixRows = []row{
	missing("startMixingAudio", value),
	missing("stopMixingAudio", value),
	missing("setMixingAudioVolume", value),
	missing("createAudioEffectPlayer", value),
	missing("loadAudioEffect", promise),
	missing("unloadAudioEffect", value),
	missing("startMixerTask", promise),
	missing("stopMixerTask", promise),
	missing("setMixerTaskConfig", promise),
	missing("startAutoMixerTask", promise),
	missing("stopAutoMixerTask", promise),
	missing("createRangeAudioInstance", value),
	missing("createStreamCompositor", value),
	missing("createCopyrightedMusic", value),
	missing("destroyCopyrightedMusic", value),
}
