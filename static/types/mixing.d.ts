import type { ZegoLocalStream } from "./localstream";

/** How a sound effect is played. */
export interface ZegoAudioEffectPlayOptions {
	/** The sound's URL; needed unless it was loaded. */
	path?: string;
}

/** Where an input of a composition is, in pixels. */
export interface ZegoStreamCompositorLayoutOption {
	x: number;
	y: number;
	width: number;
	height: number;
	/** What is in front has the larger one; 0 unless set. */
	zOrder?: number;
}

/** How an input is composed. */
export interface ZegoStreamCompositorInputOption {
	/** Needed in the first call for an input. */
	layout?: ZegoStreamCompositorLayoutOption;
	/** `cover`, the default, `contain` or `fill`. */
	objectFit?: string;
	/** `VIDEO`, `AUDIO` or `ALL`. */
	contentType?: string;
	/** 0 to 200; 100 is unchanged. */
	volume?: number;
}

/** What a composition becomes. */
export interface ZegoStreamCompositorOutputConfig {
	/** In pixels. */
	width: number;
	/** In pixels. */
	height: number;
	/** Frames a second; 15 unless set. */
	frameRate?: number;
	/** kbit/s; 2500 unless set. */
	bitrate?: number;
}

/** Plays sound effects, here and in a published stream; `createAudioEffectPlayer` makes it. */
export declare class ZegoAudioEffectPlayer {
	private constructor();
	/**
	 * Plays an effect, loading it first if need be.
	 *
	 * @param onStart is called when it sounds
	 * @param onEnd is called when it is over or stopped
	 */
	start(audioEffectID: string, options?: ZegoAudioEffectPlayOptions, onStart?: Function, onEnd?: Function): void;
	/** Stops an effect, or all. */
	stop(audioEffectID?: string): boolean;
	/** Pauses an effect, or all. */
	pause(audioEffectID?: string): boolean;
	/** Goes on with an effect, or all. */
	resume(audioEffectID?: string): boolean;
	/** Sets how loud it is, 0 to 100. */
	setVolume(audioEffectID: string, volume: number, delay?: number): boolean;
	/** Its length in ms, 0 if it is unknown. */
	getTotalDuration(audioEffectID: string): number;
	/** Where it is, in ms. */
	getCurrentProgress(audioEffectID: string): number;
	/** Goes to a place in it, in ms. */
	seekTo(audioEffectID: string, time: number): boolean;
}

/** Makes one stream of several and of images; `createStreamCompositor` makes it. */
export declare class ZegoStreamCompositor {
	private constructor();
	/** Adds a loaded image; throws an `Error` for any other. */
	addImage(img: HTMLImageElement, option: ZegoStreamCompositorInputOption): void;
	/** Removes an image. */
	removeImage(img: HTMLImageElement): void;
	/**
	 * Adds a stream, or changes how it is composed.
	 *
	 * @throws rejects with an `Error` if it is not the SDK's, with 1103074 and 1103076 if it
	 * lacks the wanted tracks
	 */
	setInputEndpoint(stream: MediaStream | ZegoLocalStream, option: ZegoStreamCompositorInputOption): Promise<void>;
	/** Sets what it becomes; needed before `startComposingStream`. */
	setOutputConfig(config: ZegoStreamCompositorOutputConfig): void;
	/** Composes. The stream can be published. Rejects with 1100001 for inputs outside the picture. */
	startComposingStream(): Promise<MediaStream>;
	/** Ends it and forgets the inputs. */
	stopComposingStream(): Promise<boolean>;
}

/** Mixing in the browser. */
export interface ZegoExpressEngineMixing {
	/**
	 * Mixes the sound of elements into a local stream.
	 *
	 * @param streamID the stream, or the id that it is published under
	 * @returns false for any error
	 */
	startMixingAudio(streamID: string | MediaStream | ZegoLocalStream, mediaList: Array<HTMLMediaElement>): boolean;
	/** Ends that for some elements, or for all. */
	stopMixingAudio(streamID: string | MediaStream | ZegoLocalStream, mediaList?: Array<HTMLMediaElement>): boolean;
	/** Sets how loud an element is mixed in, 0 to 200; 100 is unchanged. */
	setMixingAudioVolume(streamID: string | MediaStream | ZegoLocalStream, volume: number, media: HTMLMediaElement): boolean;
	/** Makes a player of sound effects. Throws an `Error` if it is given no stream. */
	createAudioEffectPlayer(localStream: MediaStream | ZegoLocalStream): ZegoAudioEffectPlayer;
	/** Loads a sound effect under an id; resolves with the id. Rejects if it is no sound. */
	loadAudioEffect(audioEffectID: string, path: string): Promise<string>;
	/** Forgets a loaded sound effect. */
	unloadAudioEffect(audioEffectID: string): boolean;
	/** Makes a compositor. */
	createStreamCompositor(): ZegoStreamCompositor;
}
