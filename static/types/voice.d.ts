import type { ZegoServerResponse } from "./engine";
import type { ZegoLocalStream } from "./localstream";

/** A voice; 0 is one's own. */
export declare enum ZegoVoiceChangerPreset {
	NONE = 0,
	MEN_TO_CHILD = 1,
	MEN_TO_WOMEN = 2,
	WOMEN_TO_CHILD = 3,
	WOMEN_TO_MEN = 4,
	FOREIGNER = 5,
	OPTIMUS_PRIME = 6,
	ANDROID = 7,
	ETHEREAL = 8,
	MALE_MAGNETIC = 9,
	FEMALE_FRESH = 10,
	MAJOR_C = 11,
	MINOR_A = 12,
	HARMONIC_MINOR = 13,
	FEMALE_ENERGETIC = 14,
	RICHNESS = 15,
	MUFFLED = 16,
	ROUNDNESS = 17,
	FALSETTO = 18,
	FULLNESS = 19,
	CLEAR = 20,
	HIGHLY_RESONANT = 21,
	LOUD_CLEAR = 22,
}

/** A place to sound like; 0 is none. */
export declare enum ZegoReverbPreset {
	None = 0,
	SoftRoom = 1,
	LargeRoom = 2,
	ConcertHall = 3,
	Valley = 4,
	RecordingStudio = 5,
	Basement = 6,
	KTV = 7,
	Popular = 8,
	Rock = 9,
	VocalConcert = 10,
	GramoPhone = 11,
	EnhancedKTV = 12,
}

/** Where an effect is heard. */
export declare enum ZegoLiveAudioEffectMode {
	None = 0,
	Local = 1,
	Publish = 2,
	All = 3,
}

/** How much noise suppression may cost. */
export declare enum AiDenoiseMode {
	AI = 0,
	AIBalanced = 1,
	AIAggressive = 2,
}

/**
 * Effects on sound. They resolve with `errorCode` 0 and reject with
 * `{errorCode, extendedData}`: 1100001 a bad argument, 1103044 a stream that is not of this
 * engine, 1103181 the browser cannot.
 */
export interface ZegoExpressEngineVoice {
	/** Changes the voice of a local stream. Mind the order of the arguments. */
	setVoiceChangerPreset(preset: ZegoVoiceChangerPreset, localstream: MediaStream | ZegoLocalStream): Promise<ZegoServerResponse>;
	/** Changes its pitch by -12 to 12 half tones; 0 is off. */
	setVoiceChangerParam(localstream: MediaStream | ZegoLocalStream, voiceParam: number): Promise<ZegoServerResponse>;
	/** Makes it sound as in another place. */
	setReverbPreset(localStream: MediaStream | ZegoLocalStream, preset: ZegoReverbPreset): Promise<ZegoServerResponse>;
	/**
	 * Makes it come from a direction.
	 *
	 * @param angle 0 to 360, 90 is the front; -1 is all round. The stream needs two channels
	 */
	enableVirtualStereo(localStream: MediaStream | ZegoLocalStream, enable: boolean, angle: number): Promise<ZegoServerResponse>;
	/** Makes an element sound like a concert. */
	enableLiveAudioEffect(player: HTMLMediaElement, enable: boolean, mode: ZegoLiveAudioEffectMode): Promise<ZegoServerResponse>;
	/** Changes the pitch of an element by -12 to 12 half tones. */
	setAudioChangerParam(player: HTMLMediaElement, pitch: number, mode: ZegoLiveAudioEffectMode): Promise<ZegoServerResponse>;
	/** Suppresses noise in a local stream, beyond what the browser does. */
	enableAiDenoise(localStream: MediaStream | ZegoLocalStream, enable: boolean): Promise<ZegoServerResponse>;
	/** Sets how much that may cost. */
	setAiDenoiseMode(localStream: MediaStream | ZegoLocalStream, mode: AiDenoiseMode): Promise<ZegoServerResponse>;
}
