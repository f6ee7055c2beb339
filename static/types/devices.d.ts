import type { ZegoLocalStream } from "./localstream";

/** A camera, microphone or loudspeaker. */
export interface ZegoDeviceInfo {
	deviceName: string;
	deviceID: string;
}

/** All devices. */
export interface ZegoDeviceInfos {
	microphones: ZegoDeviceInfo[];
	speakers: ZegoDeviceInfo[];
	cameras: ZegoDeviceInfo[];
}

/** How loud a stream is. */
export interface ZegoSoundLevelInfo {
	streamID: string;
	/** 0 to 100; speech is above 10. */
	soundLevel: number;
	/** `push` is one that I publish, `pull` one that I play. */
	type: "push" | "pull";
}

/** How sound levels are told. */
export interface SoundLevelDelegateOptions {
	/** Whether also while the page is hidden; false unless set. */
	enableInBackground?: boolean;
}

/** Devices and measuring. */
export interface ZegoExpressEngineDevices {
	/** All devices. Names and ids are empty until the user allowed one; nobody is asked. */
	enumDevices(): Promise<ZegoDeviceInfos>;
	/** The cameras. The user is asked if the names are not known yet. Rejects with 1103011. */
	getCameras(): Promise<ZegoDeviceInfo[]>;
	/** The microphones. The user is asked if the names are not known yet. Rejects with 1103011. */
	getMicrophones(): Promise<ZegoDeviceInfo[]>;
	/** The loudspeakers. The user is asked if the names are not known yet. Rejects with 1103011. */
	getSpeakers(): Promise<ZegoDeviceInfo[]>;
	/**
	 * Plays an element on another loudspeaker.
	 *
	 * @throws rejects with `{errorCode}`: 1104001 the id, 1103076 the element, 1103093 the
	 * browser refused
	 */
	useAudioOutputDevice(media: HTMLMediaElement, deviceID: string): Promise<boolean>;
	/**
	 * Switches `soundLevelUpdate` and `capturedSoundLevelUpdate` on or off.
	 *
	 * @param interval whole ms, 100 to 3000; 1000 unless given
	 */
	setSoundLevelDelegate(bool: boolean, interval?: number, options?: SoundLevelDelegateOptions): void;
	/** Whether the picture of a stream is live and not black; takes up to a second. */
	checkVideoTrackIsActive(stream: MediaStream | ZegoLocalStream): Promise<boolean>;
	/** Whether the sound of a stream is live and not silent; takes up to a second. */
	checkAudioTrackIsActive(stream: MediaStream | ZegoLocalStream): Promise<boolean>;
}
