import type { ZegoPlayAudioStats } from "./play";
import type { ZegoPublishAudioStats } from "./publish";
import type { ZegoStreamView } from "./streamview";
import type { AiDenoiseMode, ZegoVoiceChangerPreset } from "./voice";

/** Whether the microphone is on. */
export declare enum ZegoRangeAudioMicrophoneState {
	Off = 0,
	TurningOn = 1,
	On = 2,
}

/** Who hears whom. */
export declare enum ZegoRangeAudioMode {
	/** Everybody in range. */
	World = 0,
	/** Everybody in range, and the team. */
	Team = 1,
	/** The team hears all, but is heard by the team alone. */
	SecretTeam = 2,
}

/** Whom I am heard by. */
export declare enum ZegoRangeAudioSpeakMode {
	All = 0,
	World = 1,
	Team = 2,
}

/** Whom I hear. */
export declare enum ZegoRangeAudioListenMode {
	All = 0,
	World = 1,
	Team = 2,
}

/** How often `audioSourceWithinRangeUpdate` is told. */
export interface ZegoRangeAudioUserUpdateCheckConfig {
	/** ms. */
	frequency: number;
}

/** My sound, measured. */
export interface RangeAudioPublishStats extends ZegoPublishAudioStats {}

/** The sound of another user, measured. */
export interface RangeAudioPlayStats extends ZegoPlayAudioStats {
	/** ms. */
	peerToPeerDelay: number;
	/** 0 to 1. */
	peerToPeerPacketLostRate: number;
}

/** What range audio tells. */
export interface ZegoRangeAudioEvent {
	microphoneStateUpdate: (state: ZegoRangeAudioMicrophoneState, errorCode: number, extendedData?: string) => void;
	publishQualityUpdate: (userID: string, stats: RangeAudioPublishStats) => void;
	playQualityUpdate: (userID: string, stats: RangeAudioPlayStats) => void;
	aiDenoiseError: (errorCode: number, extendedData: string) => void;
	/** Who is in range. Really called with one list of `{userID, position}`. */
	audioSourceWithinRangeUpdate: (userID: string, position: number[]) => void;
}

/** Sound that comes from places; `createRangeAudioInstance` makes it. Positions are three numbers. */
export declare class ZegoExpressRangeAudio {
	private constructor();
	enableAiDenoise(enable: boolean): boolean;
	setAiDenoiseMode(mode: AiDenoiseMode): boolean;
	/** Switches `audioSourceWithinRangeUpdate` on or off; each 1000 ms unless set. */
	enableAudioSourceUpdateChecker(update: boolean, config?: ZegoRangeAudioUserUpdateCheckConfig): void;
	/** Adds a listener. */
	on<K extends keyof ZegoRangeAudioEvent>(event: K, callBack: ZegoRangeAudioEvent[K]): boolean;
	/** Removes a listener, or all of the event. */
	off<K extends keyof ZegoRangeAudioEvent>(event: K, callBack?: ZegoRangeAudioEvent[K]): boolean;
	/** How far others are heard; everywhere unless set. */
	setAudioReceiveRange(range: number): void;
	/** Where I am and where I look: forward, right, up. */
	updateSelfPosition(position: number[], axisForward: number[], axisRight: number[], axisUp: number[]): void;
	/** Where another user is. */
	updateAudioSource(userID: string, position: number[]): void;
	/** Whether sound comes from its place; not unless set. */
	enableSpatializer(enable: boolean): void;
	/** Begins or ends to speak. Throws an `Error` before the login. */
	enableMicrophone(enable: boolean): void;
	selectMicrophone(deviceID: string): Promise<boolean>;
	selectSpeaker(deviceID: string): void;
	/** Begins or ends to hear. Throws an `Error` before the login. */
	enableSpeaker(enable: boolean): void;
	/** Who hears whom, in both directions apart; not beside `setRangeAudioMode`. */
	setRangeAudioCustomMode(speakMode: ZegoRangeAudioSpeakMode, listenMode: ZegoRangeAudioListenMode): void;
	/** Who hears whom. */
	setRangeAudioMode(mode: ZegoRangeAudioMode): void;
	/** Enters a team, or leaves it. */
	setTeamID(teamID?: string): void;
	/** How often positions count, in ms; 100 unless set. */
	setPositionUpdateFrequency(frequency: number): void;
	/** How loud all is, 0 to 200. */
	setRangeAudioVolume(volume: number): void;
	setVoiceChangerPreset(preset: ZegoVoiceChangerPreset): boolean;
	setVoiceChangerParam(voiceParam: number): boolean;
	/** Whether the browser lets it sound. */
	isAudioContextRunning(): boolean;
	/** Makes it sound; call it when the user clicks. */
	resumeAudioContext(): Promise<boolean>;
	/** How far a played stream is heard. */
	setStreamVocalRange(view: ZegoStreamView, range: number): void;
	/** Where a played stream is. */
	updateStreamPosition(view: ZegoStreamView, position: number[]): void;
	/** How far an element is heard. */
	setCustomSourceVocalRange(media: HTMLMediaElement, range: number): void;
	/** Where an element is. */
	updateCustomSourcePosition(media: HTMLMediaElement, position: number[]): void;
}
