import type { ZegoServerResponse } from "./engine";
import type { ZegoLocalStream, ZegoStreamOptions } from "./localstream";

/** A wish for a number: as in the browser's own `ConstrainULong`, positive integers. */
export interface ConstraintExtend {
	exact?: number;
	ideal?: number;
	max?: number;
	min?: number;
}

/** What `createStream` captures: one of the three. */
export interface ZegoLocalStreamConfig {
	/** The camera and the microphone; the default. */
	camera?: ZegoCamera;
	/** The screen, a window or a tab, which the user picks. */
	screen?: boolean | ZegoScreen;
	/** Any stream or media element of the page. */
	custom?: ZegoCustom;
}

/** How to capture camera and microphone. */
export interface ZegoCamera {
	/** Whether there is sound; true unless set. */
	audio?: boolean;
	/** The id of a microphone. */
	audioInput?: string;
	/** Bitrate of the sound, 6 to 510; 48 unless set. */
	audioBitrate?: number;
	/** Whether there is a picture; true unless set. */
	video?: boolean;
	/** The id of a camera. */
	videoInput?: string;
	/**
	 * 1: 320x240 at 15 frames a second, 300 kbit/s; 2, the default: 640x480 at 15, 800;
	 * 3: 1280x720 at 20, 1500; 4: what `width`, `height`, `frameRate` and `bitrate` say.
	 */
	videoQuality?: 1 | 2 | 3 | 4;
	/** The camera at the front or at the back of a phone; goes before `videoInput`. */
	facingMode?: "user" | "environment";
	/** Channels of sound; 1 unless set. */
	channelCount?: 1 | 2;
	/** Noise suppression; true unless set. */
	ANS?: boolean;
	/** Automatic gain; true unless set. */
	AGC?: boolean;
	/** Echo cancellation; true unless set. */
	AEC?: boolean;
	/** With `videoQuality` 4: 1 to 7680. */
	width?: number | ConstraintExtend;
	/** With `videoQuality` 4: 1 to 4320. */
	height?: number | ConstraintExtend;
	/** With `videoQuality` 4: 1 to 10240 kbit/s. */
	bitrate?: number;
	/** With `videoQuality` 4: frames a second. */
	frameRate?: number | ConstraintExtend;
	/** Whether the first pictures are sent at the whole bitrate; `default` works up to it. */
	startBitrate?: "default" | "target";
	/** Whether motion or detail matters more when the line is slow. */
	videoOptimizationMode?: "default" | "motion" | "detail";
	/** The least bitrate of the picture. */
	minBitrate?: number;
	/** Seconds between key frames, 2 to 6; 2 unless set. */
	keyFrameInterval?: number;
}

/** How to capture the screen. */
export interface ZegoScreen {
	/** Whether the sound of what is shown comes along, where the browser can; false unless set. */
	audio?: boolean;
	/** 1: 20 frames a second, 800 kbit/s; 2, the default: 15, 1500; 3: 5, 2000; 4: what `frameRate` and `bitrate` say. */
	videoQuality?: 1 | 2 | 3 | 4;
	/** With `videoQuality` 4. */
	width?: number | ConstraintExtend;
	/** With `videoQuality` 4. */
	height?: number | ConstraintExtend;
	/** With `videoQuality` 4: 1 to 10240 kbit/s. */
	bitrate?: number;
	/** With `videoQuality` 4: frames a second. */
	frameRate?: number | ConstraintExtend;
	/** An older spelling of `bitrate`. */
	bitRate?: number;
	/** As in `ZegoCamera`. */
	startBitrate?: "default" | "target";
	/** As in `ZegoCamera`. */
	videoOptimizationMode?: "default" | "motion" | "detail";
	/** The id of a source, in Electron. */
	sourceID?: string;
	/** The least bitrate of the picture. */
	minBitrate?: number;
	/** Seconds between key frames. */
	keyFrameInterval?: number;
	/** Noise suppression; false unless set. */
	ANS?: boolean;
	/** Automatic gain; false unless set. */
	AGC?: boolean;
	/** Echo cancellation; true unless set. */
	AEC?: boolean;
	/** The element of this page that is captured instead of the whole tab, where the browser can. */
	captureElement?: HTMLElement;
}

/** How to make a local stream of what the page has. */
export interface ZegoCustom {
	/** A playing element, or a stream. The local stream is another object with the same tracks. */
	source: HTMLMediaElement | MediaStream;
	/** Bitrate of the picture; the browser decides unless set. */
	bitrate?: number;
	/** Bitrate of the sound; 48 unless set. */
	audioBitrate?: number;
	/** Channels of sound; 1 unless set. */
	channelCount?: number;
	/** As in `ZegoCamera`. */
	startBitrate?: "default" | "target";
	/** As in `ZegoCamera`. */
	videoOptimizationMode?: "default" | "motion" | "detail";
	/** The least bitrate of the picture. */
	minBitrate?: number;
	/** Seconds between key frames. */
	keyFrameInterval?: number;
}

/** What `setVideoConfig` changes. */
export interface ZegoPublishStreamConfig {
	width?: number | ConstraintExtend;
	height?: number | ConstraintExtend;
	frameRate?: number | ConstraintExtend;
	/** The most that is sent, in kbit/s. */
	maxBitrate?: number;
	videoQuality?: number;
}

/** What `setAudioConfig` changes: noise suppression, automatic gain, echo cancellation. */
export interface ZegoPublishStreamAudioConfig {
	ANS?: boolean;
	AGC?: boolean;
	AEC?: boolean;
}

/** A screen or window, in Electron. */
export interface ZegoElectronScreenSource {
	id: string;
	name: string;
	thumbnail: any;
}

/** Which devices are replaced when they are unplugged. */
export interface ZegoAutoSwitchDeviceConfig {
	camera?: boolean;
	microphone?: boolean;
}

/**
 * Local streams. Most of these methods resolve in any case: look at `errorCode`. 1103044
 * is a stream that this engine has not made, or that is destroyed.
 */
export interface ZegoExpressEngineCapture {
	/**
	 * Captures the camera, the screen, or what the page has. The page must be https or
	 * localhost. The stream is the browser's own and can be shown by `srcObject`.
	 *
	 * @throws at once `{code: 1100001, msg}` for two sources. Rejects with `{code, msg}`:
	 * 1103064 the user or the browser said no, 1103065 the device is busy, 1103066 no device
	 * fits, 1103061 no device, or neither sound nor picture wanted, 1103042 the user picked no
	 * screen, 1103010 another reason, 1103002 the browser cannot, 1103001 a bad argument
	 */
	createStream(source?: ZegoLocalStreamConfig): Promise<MediaStream>;
	/**
	 * Makes a local stream that can change what it captures. Without options camera and
	 * microphone are captured before it resolves.
	 *
	 * @throws rejects with `{code: 1100001, message}` for two sources, with
	 * `{errorCode, extendedData}` if capturing fails; the codes are those of `createStream`
	 */
	createZegoStream(options?: ZegoStreamOptions): Promise<ZegoLocalStream>;
	/**
	 * Ends a local stream: its devices are released, its views disappear. Publishing it is
	 * not ended: do that first.
	 */
	destroyStream(localStream: MediaStream | ZegoLocalStream): void;
	/** The screens and windows in Electron, which rejects anywhere else. */
	getElectronScreenSources(): Promise<ZegoElectronScreenSource[]>;
	/**
	 * Changes size, frame rate and bitrate of a stream, published or not.
	 *
	 * @returns `errorCode` 1103044, 1103047 it has no picture, 1103029 the camera cannot;
	 * `extendedData` names the wish that cannot be met
	 * @throws rejects for bad arguments: 1100001, 1000018
	 */
	setVideoConfig(localStream: MediaStream | ZegoLocalStream, constraints: ZegoPublishStreamConfig): Promise<ZegoServerResponse>;
	/** Changes how the microphone is processed. Resolves in any case; with 1103029 all is as before. */
	setAudioConfig(localStream: MediaStream | ZegoLocalStream, constraints: ZegoPublishStreamAudioConfig): Promise<ZegoServerResponse>;
	/**
	 * Puts another track in the place of the one of its kind: in the stream, in its views,
	 * and at those who play it. The old one is not stopped.
	 *
	 * @returns `errorCode` 1103047 the stream has no track of that kind, 1103044, 1100001
	 */
	replaceTrack(localStream: MediaStream, mediaStreamTrack: MediaStreamTrack): Promise<ZegoServerResponse>;
	/**
	 * Adds a track of a kind that the stream has not.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1103101 it has one, 1103069 the
	 * publisher is busy, 1103071 an effect is on, 1103044, 1100001
	 */
	addTrack(localStream: MediaStream, track: MediaStreamTrack): Promise<ZegoServerResponse>;
	/**
	 * Removes a track.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1103070 it is the last, 1103069,
	 * 1103071, 1103044, 1100001
	 */
	removeTrack(localStream: MediaStream, track: MediaStreamTrack): Promise<ZegoServerResponse>;
	/**
	 * Sets how loud the microphone is sent.
	 *
	 * @param volume 0 to 200; 100 is unchanged
	 * @returns `errorCode` 1103001 for a bad argument
	 */
	setCaptureVolume(localStream: MediaStream | ZegoLocalStream, volume: number): Promise<ZegoServerResponse>;
	/**
	 * Sets a picture that is sent while the camera is muted.
	 *
	 * @returns false if it does not load within 5 s
	 */
	setDummyCaptureImagePath(filePath: string, localStream: MediaStream | ZegoLocalStream): Promise<boolean>;
	/**
	 * Switches the camera off, light included, or on again. Of calls in quick succession
	 * the last one counts.
	 *
	 * @param enable true unless given
	 * @returns false for a stream without camera, or if it cannot be opened
	 */
	enableVideoCaptureDevice(localStream: MediaStream | ZegoLocalStream, enable?: boolean): Promise<boolean>;
	/**
	 * Takes another camera. If that fails, it goes on with the one before.
	 *
	 * @returns `errorCode` 1103045 it failed, 1103048 there is no such camera, 1103012 the
	 * stream is of no camera, 1103044
	 */
	useVideoDevice(localStream: MediaStream | ZegoLocalStream, deviceID: string): Promise<ZegoServerResponse>;
	/**
	 * Takes another microphone. If that fails, it goes on with the one before.
	 *
	 * @returns `errorCode` 1103046 it failed, 1103048 there is no such microphone, 1103012
	 * the stream is of none, 1103044
	 */
	useAudioDevice(localStream: MediaStream | ZegoLocalStream, deviceID: string): Promise<ZegoServerResponse>;
	/** Takes the camera at the front of a phone, or the one at its back. Rejects with 1103012 elsewhere. */
	useFrontCamera(localStream: MediaStream | ZegoLocalStream, enable: boolean): Promise<ZegoServerResponse>;
	/** Sets whether another device is taken when the one in use is unplugged; not unless set. */
	enableAutoSwitchDevice(config: ZegoAutoSwitchDeviceConfig): void;
	/** Publishes a small picture beside the large one. Before publishing. */
	enableDualStream(localStream: MediaStream | ZegoLocalStream): void;
	/** Sets the small picture; 160x120 at 15 frames a second and 50 kbit/s unless set. */
	setLowStreamParameter(localStream: MediaStream | ZegoLocalStream, param: { width: number; height: number; frameRate: number; bitRate: number }): void;
	/** Asks for encoding in hardware, from the next publishing on. */
	enableHardwareEncoder(enable: boolean): void;
}
