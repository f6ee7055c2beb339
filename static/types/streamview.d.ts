/** How a view looks and sounds. What is not given stays as an earlier call set it. */
export interface ZegoStreamViewOptions {
	/** Whether left and right are swapped; false unless set. */
	mirror?: boolean;
	/** How the picture fills its place; `contain` unless set. */
	objectFit?: "cover" | "contain" | "fill";
	/** Whether it is silent; unless set, views of local streams are and those of others are not. */
	muted?: boolean;
	/** Whether a dialog asks for a click when the browser refuses to play; true unless set. */
	enableAutoplayDialog?: boolean;
	/** Whether nothing is left of the last picture when there is no more; true unless set. */
	clearLastFrame?: boolean;
}

/** How to take a picture of a view. */
export interface ZegoSnapshotOptions {
	/** `png`, unless `jpeg` is given. */
	imageType?: string;
	/** 0 to 1, for jpeg; 1 unless set. */
	quality?: number;
	/** Whether the browser downloads it, too; false unless set. */
	save?: boolean;
	/** The name of that file; `snapshot` and the time unless set. */
	fileName?: string;
}

/**
 * What a view tells, at once. The listeners really get arguments: `autoplayFailed` the
 * element and the error, the others the browser's event.
 */
export interface StreamViewEvent {
	/** The browser refused to play before the user touched the page: call `resume` on a click. */
	autoplayFailed: () => void;
	/** The picture plays. */
	canPlayVideo: () => void;
	/** The sound plays. */
	canPlayAudio: () => void;
}

/**
 * Shows a stream in the page; `createLocalStreamView` and `createRemoteStreamView` make
 * it. Several views of a stream share one player.
 */
export declare class ZegoStreamView {
	/** Pages cannot construct one. */
	constructor(view: any);
	/** The picture that is shown, as a data URL. */
	takeStreamSnapshot(option?: ZegoSnapshotOptions): string;
	/**
	 * Shows picture and sound in an element, or in the one of that id. In another place it
	 * moves there.
	 *
	 * @throws a text if there is no such element
	 */
	play(container: string | HTMLElement, options?: ZegoStreamViewOptions): void;
	/** Takes it out of the page and silences it; `play` may follow. */
	stop(): void;
	/** Shows the picture. */
	playVideo(container: string | HTMLElement, options?: ZegoStreamViewOptions): void;
	/** Takes the picture out of the page. */
	stopVideo(): void;
	/** Plays the sound, of a local stream, too. */
	playAudio(options?: ZegoStreamViewOptions): void;
	/** Silences it. */
	stopAudio(): void;
	/** Plays after `autoplayFailed`; call it when the user clicks. */
	resume(): void;
	/** Silences it here, or not any more; the stream itself goes on. False if no boolean was given. */
	setAudioMuted(muted: boolean): boolean;
	/** Hides the picture here, or not any more; the stream itself goes on. False if no boolean was given. */
	setVideoMuted(muted: boolean): boolean;
	/** Plays the sound on another device; rejects with 1103093 if the browser refuses. */
	useAudioOutputDevice(deviceID: string): Promise<void>;
	/** Sets how loud it is played here, 0 to 100. */
	setVolume(volume: number): boolean;
	/** The height of the picture in pixels, 0 without one. */
	getVideoHeight(): number;
	/** The width of the picture in pixels, 0 without one. */
	getVideoWidth(): number;
	/** Adds a listener; throws an `Error` if it is no function. */
	on<K extends keyof StreamViewEvent>(event: K, callback: StreamViewEvent[K]): boolean;
	/** Removes a listener, or all of the event. */
	off<K extends keyof StreamViewEvent>(event: K, callback?: StreamViewEvent[K]): boolean;
}
