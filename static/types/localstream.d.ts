import type { ZegoServerResponse } from "./engine";
import type { ConstraintExtend } from "./capture";
import type { ZegoSnapshotOptions } from "./streamview";

/** How to capture a microphone; processing is on and there is one channel unless set. */
export interface ZegoCaptureMicrophone {
	/** The id of a microphone. */
	input?: string;
	channelCount?: 1 | 2;
	/** Noise suppression. */
	ANS?: boolean;
	/** Automatic gain. */
	AGC?: boolean;
	/** Echo cancellation. */
	AEC?: boolean;
}

/** How to capture a camera. */
export interface ZegoCaptureCamera {
	/** The id of a camera. */
	input?: string;
	/** As `videoQuality` of `ZegoCamera`. */
	quality?: 1 | 2 | 3 | 4;
	/** The camera at the front or at the back of a phone. */
	facingMode?: "user" | "environment";
	/** With `quality` 4. */
	width?: number | ConstraintExtend;
	/** With `quality` 4. */
	height?: number | ConstraintExtend;
	/** With `quality` 4. */
	frameRate?: number | ConstraintExtend;
	/** Whether motion or detail matters more when the line is slow. */
	optimizationMode?: "default" | "motion" | "detail";
	/** Seconds between key frames, 2 to 6. */
	keyFrameInterval?: number;
}

/** How to capture the picture of a screen. */
export interface ZegoCaptureScreenVideo {
	/** As `videoQuality` of `ZegoScreen`. */
	quality?: 1 | 2 | 3 | 4;
	width?: number | ConstraintExtend;
	height?: number | ConstraintExtend;
	frameRate?: number | ConstraintExtend;
	/** Whether motion or detail matters more when the line is slow. */
	optimizationMode?: "default" | "motion" | "detail";
	/** The id of a source, in Electron. */
	sourceID?: string;
	/** Seconds between key frames, 2 to 6. */
	keyFrameInterval?: number;
	/** The element of this page that is captured instead of the whole tab. */
	captureElement?: HTMLElement;
}

/** How the sound of a screen is processed: noise suppression, gain, echo cancellation. */
export interface ZegoCaptureScreenAudio {
	ANS?: boolean;
	AGC?: boolean;
	AEC?: boolean;
}

/** Sound of the page's own. */
export interface ZegoCustomAudio {
	source: HTMLMediaElement | MediaStream;
	channelCount?: 1 | 2;
}

/** A picture of the page's own. */
export interface ZegoCustomVideo {
	source: HTMLMediaElement | MediaStream;
	optimizationMode?: "default" | "motion" | "detail";
	keyFrameInterval?: number;
}

/** What `createZegoStream` makes: one of camera, screen and custom. */
export interface ZegoStreamOptions {
	/** Whether it captures before it resolves; true unless set. */
	autoCapture?: boolean;
	/** Whether the preview starts by itself. */
	autoPlay?: boolean;
	/** Where what is captured is shown. */
	captureView?: HTMLElement;
	/** Where what is published is shown. */
	view?: HTMLElement;
	/** Whether what is captured may be shown in several places; false unless set. */
	multiplacePreview?: boolean;
	/** Bitrate of the picture. */
	videoBitrate?: number | { bitrate?: number; startBitrate?: "default" | "target"; minBitrate?: number };
	/** Bitrate of the sound. */
	audioBitrate?: number;
	camera?: { video?: boolean | ZegoCaptureCamera; audio?: boolean | ZegoCaptureMicrophone };
	screen?: { video?: boolean | ZegoCaptureScreenVideo; audio?: boolean | ZegoCaptureScreenAudio };
	custom?: { video?: ZegoCustomVideo; audio?: ZegoCustomAudio };
}

/** How a preview looks. */
export interface ZegoLocalViewOptions {
	/** Whether left and right are swapped; false unless set. */
	mirror?: boolean;
	/** How the picture fills its place; `contain` unless set. */
	objectFit?: "cover" | "contain" | "fill";
	/** Whether a dialog asks for a click when the browser refuses to play; true unless set. */
	enableAutoplayDialog?: boolean;
	/** Whether nothing is left of the last picture when there is no more; true unless set. */
	clearLastFrame?: boolean;
}

/** How a preview sounds. */
export interface ZegoLocalAduioOptions {
	/** Whether a dialog asks for a click when the browser refuses to play; true unless set. */
	enableAutoplayDialog?: boolean;
}

/** What a `ZegoLocalStream` tells. Listeners are called at once. */
export interface ZegoLocalStreamEvent {
	/** The browser refused to play the preview before the user touched the page. */
	autoplayFailed: (player: HTMLMediaElement, e?: any) => void;
	/** The preview's sound plays. */
	canPlayAudio: (e: Event) => void;
	/** The preview's picture plays. */
	canPlayVideo: (e: Event) => void;
	/** As `canPlayVideo`, of `playCaptureVideo`. */
	canPlayCaptureVideo: (e: Event) => void;
	/** As `canPlayAudio`, of `playCaptureAudio`. */
	canPlayCaptureAudio: (e: Event) => void;
	/** As `autoplayFailed`, of what `playCaptureVideo` and `playCaptureAudio` show. */
	autoplayCaptureFailed: (player: HTMLMediaElement, e?: any) => void;
	/** The picture to be published is another track. */
	videoTrackChanged: (videoTrack: MediaStreamTrack) => void;
	/** The sound to be published is another track. */
	audioTrackChanged: (audioTrack: MediaStreamTrack) => void;
	/** The captured picture is another track. */
	captureVideoTrackChanged: (videoTrack: MediaStreamTrack) => void;
	/** The captured sound is another track. */
	captureAudioTrackChanged: (audioTrack: MediaStreamTrack) => void;
}

/**
 * A local stream that can change what it captures; `createZegoStream` makes it. Methods
 * take it wherever they take a local stream.
 *
 * Methods that capture resolve in any case: look at `errorCode`, whose values are those of
 * `createStream`. What is published changes only by `updatePublishingStream`. Capturing a
 * kind anew ends what was captured before.
 */
export declare class ZegoLocalStream {
	/** Pages cannot construct one: `createZegoStream` does. */
	constructor(zegoCaptureStream: any);
	/** What one is known by. */
	zegoStream: any;
	/** Whether any of its tracks is live. */
	get active(): boolean;
	/** Begins with `zego-stream-`. */
	get id(): string;
	/** What is or will be published; null before anything is captured. */
	get stream(): MediaStream | null;
	/** The captured picture; null when there is none. */
	get videoCaptureStream(): MediaStream | null;
	/** The captured sound; null when there is none. */
	get audioCaptureStream(): MediaStream | null;
	/** The id of the camera, or `""`. */
	get videoDeviceId(): string;
	/** The id of the microphone, or `""`. */
	get audioDeviceId(): string;
	/** The tracks of sound that are or will be published. */
	getAudioTracks(): MediaStreamTrack[];
	/** The tracks of picture that are or will be published. */
	getVideoTracks(): MediaStreamTrack[];
	/** The tracks that are or will be published. */
	getTracks(): MediaStreamTrack[];
	/** Adds a listener; false for an unknown event. */
	on<k extends keyof ZegoLocalStreamEvent>(event: k, callBack: ZegoLocalStreamEvent[k]): boolean;
	/** Removes a listener, or all of the event. */
	off<k extends keyof ZegoLocalStreamEvent>(event: k, callBack?: ZegoLocalStreamEvent[k]): boolean;
	/** Captures a microphone. */
	startCaptureMicrophone(options?: ZegoCaptureMicrophone): Promise<ZegoServerResponse>;
	/** Captures a camera. */
	startCaptureCamera(options?: ZegoCaptureCamera): Promise<ZegoServerResponse>;
	/** Captures both, with one question to the user. */
	startCaptureCameraAndMicrophone(cameraOptions?: ZegoCaptureCamera, microphoneOptions?: ZegoCaptureMicrophone): Promise<ZegoServerResponse>;
	/** Takes sound of the page's own. */
	startCaptureCustomAudio(options: ZegoCustomAudio): Promise<ZegoServerResponse>;
	/** Takes a picture of the page's own. */
	startCaptureCustomVideo(options: ZegoCustomVideo): Promise<ZegoServerResponse>;
	/** Takes both of the page's own. */
	startCaptureCustomVideoAndAudio(videoOptions: ZegoCustomVideo, audioOptions: ZegoCustomAudio): Promise<ZegoServerResponse>;
	/** Captures a screen, a window or a tab, which the user picks. */
	startCaptureScreen(options?: ZegoCaptureScreenVideo): Promise<ZegoServerResponse>;
	/** Captures a screen with its sound, where the browser can. */
	startCaptureScreenWithAudio(screenVideoOptions?: ZegoCaptureScreenVideo, screenAudioOptions?: ZegoCaptureScreenAudio): Promise<ZegoServerResponse>;
	/** Ends the sound, also one that the user is just being asked for; while publishing it is taken from there first, and false if that fails. */
	stopCaptureAudio(): Promise<boolean>;
	/** Ends the picture, also one that the user is just being asked for; while publishing it is taken from there first, and false if that fails. */
	stopCaptureVideo(): Promise<boolean>;
	/** Plays the sound that is or will be published. */
	playAudio(config?: ZegoLocalAduioOptions): void;
	/** Plays the sound that was captured last, published or not. */
	playCaptureAudio(config?: ZegoLocalAduioOptions): void;
	/** Shows the picture that is or will be published, in one place. */
	playVideo(view: HTMLElement, config?: ZegoLocalViewOptions): void;
	/** Shows the picture that was captured last, published or not. */
	playCaptureVideo(view: HTMLElement, config?: ZegoLocalViewOptions): void;
	/** The picture that is shown, as a data URL; `""` if none is. */
	takeStreamSnapshot(option?: ZegoSnapshotOptions): string;
	/** Plays the picture after `autoplayFailed`; call it when the user clicks. */
	resumeVideo(): Promise<void> | void;
	/** Plays the sound after `autoplayFailed`; call it when the user clicks. */
	resumeAudio(): Promise<void> | void;
	/** Ends `playVideo`. */
	stopVideo(): void;
	/** Ends `playAudio`. */
	stopAudio(): void;
	/** Ends `playCaptureVideo`. */
	stopPlayCaptureVideo(): void;
	/** Ends `playCaptureAudio`. */
	stopPlayCaptureAudio(): void;
	/** Sets how loud it is played here, 0 to 100; false before `playAudio`. */
	setVolume(volume: number): boolean;
	/** Plays the sound on another device. */
	useAudioOutputDevice(deviceID: string): Promise<void>;
	/** What the user picked to share: `browser`, `window`, `monitor` or `unknown`. */
	getScreenDisplaySurface(): string;
}
