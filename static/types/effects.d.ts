import type { ZegoServerResponse } from "./engine";
import type { ZegoLocalStream } from "./localstream";

/** How much is done to a face, each 0 to 100; 50 unless set. */
export interface ZegoEffectsBeautyParam {
	whitenIntensity?: number;
	rosyIntensity?: number;
	smoothIntensity?: number;
	sharpenIntensity?: number;
}

/** Whether dark pictures are brightened. */
export declare enum ZegoLowlightEnhancementMode {
	Off = 0,
	On = 1,
}

/** What is told from the background. */
export declare enum Segmentation {
	PortraitSegmentation = 0,
}

/** How a blurred background looks. */
export interface BackgroundBlurOptions {
	/** 1 a little to 3 a lot. */
	blurDegree?: number;
}

/** How a replaced background looks. */
export interface BackgroundVirtualOptions {
	/** A loaded image. */
	source?: HTMLImageElement;
	/** `contain`, `cover` or `fill`. */
	objectFit?: string;
}

/** Effects on the picture of a local stream. */
export interface ZegoExpressEngineEffects {
	/**
	 * Makes faces look smoother.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1103072 no WebGL, 1100001
	 */
	setEffectsBeauty(localStream: MediaStream | ZegoLocalStream, enable: boolean, options?: ZegoEffectsBeautyParam): Promise<ZegoServerResponse>;
	/** Brightens dark pictures, or not. */
	setLowlightEnhancement(localStream: MediaStream | ZegoLocalStream, mode: ZegoLowlightEnhancementMode): Promise<ZegoServerResponse>;
	/** Loads what tells people from the background. */
	initBackgroundModule(segmentation: Segmentation, assetsURL: string): Promise<ZegoServerResponse>;
	/**
	 * Switches the background's processing on or off.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1103091 `initBackgroundModule` comes
	 * first, 1103094 the picture is muted, 1103096 the browser cannot
	 */
	enableBackgroundProcess(localStream: MediaStream | ZegoLocalStream, enable: boolean, segmentation: Segmentation): Promise<ZegoServerResponse>;
	/** Blurs the background. */
	setBackgroundBlurOptions(localStream: MediaStream | ZegoLocalStream, options: BackgroundBlurOptions): Promise<boolean>;
	/** Puts an image behind; false if it is not loaded. */
	setVirtualBackgroundOptions(localStream: MediaStream | ZegoLocalStream, options: BackgroundVirtualOptions): Promise<boolean>;
	/** Leaves the background out. */
	setTransparentBackgroundOptions(localStream: MediaStream | ZegoLocalStream): Promise<boolean>;
}
