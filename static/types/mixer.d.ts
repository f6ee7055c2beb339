import type { ZegoServerResponse } from "./engine";

/** How an input fills its place. */
export declare enum ZegoMixStreamRenderMode {
	AspectFill = 0,
	AspectFit = 1,
}

/** The font of a label. */
export declare enum ZegoFontType {
	ZegoFontTypeSourceHanSans = 0,
	ZegoFontTypeAlibabaSans = 1,
	ZegoFontTypePangMenZhengDaoTitle = 2,
	ZegoFontTypeHappyZcool = 3,
}

/** Whether all voices are mixed, or the four that matter most. */
export declare enum ZegoAudioMixMode {
	ZegoAudioMixModeRaw = 0,
	ZegoAudioMixModeFocused = 1,
}

/** An audio codec of a mix. */
export declare enum ZegoAudioCodecID {
	ZegoAudioCodecIDNormal = 1,
	ZegoAudioCodecIDNormal2 = 2,
	ZegoAudioCodecIDLow3 = 6,
}

/** The profile of an encoder. */
export declare enum ZegoEncodeProfile {
	ZegoEncodeProfileDefault = 0,
	ZegoEncodeProfileBaseline = 1,
	ZegoEncodeProfileMain = 2,
	ZegoEncodeProfileHigh = 3,
}

/** A place in the mixed picture, in pixels. */
export interface ZegoMixStreamLayout {
	top: number;
	left: number;
	bottom: number;
	right: number;
}

/** How a label is written. */
export interface ZegoFontStyle {
	type?: ZegoFontType;
	/** 12 to 100; 24 unless set. */
	size?: number;
	/** 0xRRGGBB; white unless set. */
	color?: number;
	/** 0 to 100; 0 unless set. */
	transparency?: number;
	border?: boolean;
	/** 0xRRGGBB. */
	borderColor?: number;
}

/** A text on an input. */
export interface ZegoLabelInfo {
	/** Up to 300 characters. */
	text: string;
	left?: number;
	top?: number;
	font?: ZegoFontStyle;
}

/** An image in place of a picture. */
export interface ZegoMixerImageInfo {
	/** Up to 1024 characters, of a jpg or png. */
	url: string;
	displayMode?: number;
}

/** An input of a mix. */
export interface ZegoMixStreamInput {
	streamID: string;
	contentType?: "VIDEO" | "AUDIO" | "VIDEO_ONLY";
	/** Not needed for sound alone. */
	layout?: ZegoMixStreamLayout;
	renderMode?: ZegoMixStreamRenderMode;
	imageInfo?: ZegoMixerImageInfo;
	label?: ZegoLabelInfo;
	/** In pixels; 0 unless set. */
	cornerRadius?: number;
	/** What `mixerSoundLevelUpdate` calls it. */
	soundLevelID?: number;
	/** 0 to 200; 100 unless set. */
	volume?: number;
	/** Whether it counts as a voice that matters. */
	isAudioFocus?: boolean;
}

/** How an output's picture is encoded. */
export interface ZegoMixerOutputVideoConfig {
	videoCodecID?: string;
	bitrate?: number;
	encodeProfile?: ZegoEncodeProfile;
	encodeLatency?: number;
	enableLowBitrateHD?: boolean;
}

/** Where a mix goes. */
export interface ZegoMixStreamOutput {
	/** The id of a stream, or an RTMP URL. */
	target: string;
	videoConfig?: ZegoMixerOutputVideoConfig;
}

/** What a mix becomes. Sizes, rate and bitrate are 1 for sound alone. */
export interface ZegoMixStreamOutputConfig {
	outputBitrate: number;
	outputFPS: number;
	outputWidth: number;
	outputHeight: number;
	/** 0 HE-AAC, 1 LC-AAC, 2 MP3, 3 Opus. */
	outputAudioCodecID?: 0 | 1 | 2 | 3;
	outputAudioBitrate?: number;
	outputAudioChannels?: 1 | 2;
	audioMixMode?: ZegoAudioMixMode;
}

/** An image on top. */
export interface ZegoWatermark {
	imageURL: string;
	layout: ZegoMixStreamLayout;
}

/** A whiteboard in the mix. */
export interface ZegoMixerWhiteboard {
	whiteboardID: string;
	horizontalRatio?: number;
	verticalRatio?: number;
	isPPTAnimation?: boolean;
	layout: ZegoMixStreamLayout;
	zOrder?: number;
	backgroundColor?: number;
}

/** A mix of streams. */
export interface ZegoMixStreamConfig {
	/** 1 to 256 characters; the same one again changes the mix. */
	taskID: string;
	inputList: ZegoMixStreamInput[];
	outputList: string[] | ZegoMixStreamOutput[];
	outputConfig: ZegoMixStreamOutputConfig;
	watermark?: ZegoWatermark;
	/** Whether `mixerSoundLevelUpdate` tells how loud each input is. */
	enableSoundLevel?: boolean;
	streamAlignmentMode?: number;
	whiteboard?: ZegoMixerWhiteboard;
}

/** Settings of mixes to come. */
export interface ZegoMixStreamAdvance {
	/** 0xRRGGBB00. */
	backgroundColor?: number;
	backgroundImage?: string;
	videoCodec?: "VP8" | "H264" | "H265" | "vp8" | "h264" | "h265";
	/** Up to 1000 bytes. */
	userData?: Uint8Array;
}

/** How the sound of a room is encoded. */
export interface ZegoMixerAudioConfig {
	/** kbit/s; 48 unless set. */
	bitrate?: number;
	channel?: 1 | 2;
	codecID?: ZegoAudioCodecID;
}

/** A mix of all sound in a room. */
export interface ZegoAutoMixerTask {
	taskID: string;
	roomID: string;
	audioConfig?: ZegoMixerAudioConfig;
	outputList: ZegoMixStreamOutput[];
	/** Whether `autoMixerSoundLevelUpdate` tells how loud each stream is. */
	enableSoundLevel?: boolean;
	streamAlignmentMode?: number;
	/** 0 to 10000 ms. */
	minPlayStreamBufferLength?: number;
}

/** Where a mix is sent on to. */
export interface ZegoStreamRelayCDNInfo {
	url: string;
	state: "NO_RELAY" | "RELAY_REQUESTING" | "RELAYING";
	/** Why; `NONE` if all is well. */
	updateReason: string;
	/** ms since 1970. */
	stateTime: number;
}

/** Mixing on the server. They reject with `{errorCode, extendedData}`, codes 1005000 to 1005099. */
export interface ZegoExpressEngineMixer {
	/** Starts a mix, or changes one. `extendedData` is JSON with the outputs' addresses. */
	startMixerTask(mixStreamConfig: ZegoMixStreamConfig): Promise<ZegoServerResponse>;
	/** Ends a mix. */
	stopMixerTask(taskID: string): Promise<ZegoServerResponse>;
	/** Sets options of mixes to come. */
	setMixerTaskConfig(config: ZegoMixStreamAdvance): Promise<ZegoServerResponse>;
	/** Mixes all sound of a room, until 90 s after the last of it. */
	startAutoMixerTask(task: ZegoAutoMixerTask): Promise<ZegoServerResponse>;
	/** Ends that. */
	stopAutoMixerTask(task: { taskID: string; roomID: string }): Promise<ZegoServerResponse>;
}
