/** Whether a codec can be used. */
export interface ZegoVideoCodec {
	H264: boolean;
	VP8: boolean;
	H265: boolean;
	VP9?: boolean;
}

/** Why something cannot be used, in the browser's words. */
export interface ZegoCapabilityError {
	name?: string;
	message?: string;
}

/** Why what cannot be used. */
export interface ZegoCapabilityErrorInfo {
	webRTC?: ZegoCapabilityError;
	customCapture?: ZegoCapabilityError;
	camera?: ZegoCapabilityError;
	microphone?: ZegoCapabilityError;
	/** A text; the spelling is the contract's. */
	extendedDate?: string;
}

/** What the browser can do: everything, or `result` if one thing was asked for. */
export interface ZegoCapabilityDetection {
	webRTC?: boolean;
	/** Whether an element of the page can be published. */
	customCapture?: boolean;
	camera?: boolean;
	microphone?: boolean;
	screenSharing?: boolean;
	videoCodec?: ZegoVideoCodec;
	errInfo: ZegoCapabilityErrorInfo;
	result?: boolean;
}

/** What can be asked for alone. */
export interface ZegoCheckSingleType {
	webRTC: "webRTC";
	customCapture: "customCapture";
	camera: "camera";
	microphone: "microphone";
	screenSharing: "screenSharing";
	H264: "H264";
	VP8: "VP8";
	H265: "H265";
}

/** What `WebRTCUtil.supportDetection` finds. */
export interface CapabilityDetection {
	webRTC: boolean;
	customCapture: boolean;
	camera: boolean;
	microphone: boolean;
	videoCodec: { H264: boolean; H265: boolean; VP8: boolean; VP9: boolean };
	screenSharing: boolean;
	errInfo: ZegoCapabilityErrorInfo;
}

/** What it finds if one thing was asked for. */
export interface CapabilityDetectionSingle {
	result: boolean;
	errInfo: ZegoCapabilityErrorInfo;
}

/** Asking the browser. */
export interface ZegoExpressEngineRequirements {
	/**
	 * Finds out what the browser can do. Asked for everything, camera or microphone, it
	 * opens the devices for a moment, and the user may be asked. Never rejects.
	 *
	 * @param checkLevel 1 really encodes to find a codec, which takes up to 5 s
	 */
	checkSystemRequirements<T extends keyof ZegoCheckSingleType>(checkType?: T, checkLevel?: 0 | 1): Promise<ZegoCapabilityDetection>;
}

/** `checkSystemRequirements` in its older form, which needs no engine. */
export declare const WebRTCUtil: {
	/** Calls `success` with what the browser can do. */
	supportDetection(
		screenShotReady: boolean,
		success: (result: CapabilityDetection | CapabilityDetectionSingle) => void,
		checkLevel: 0 | 1,
		type?: keyof ZegoCheckSingleType,
		customUa?: boolean,
	): Promise<void>;
};
