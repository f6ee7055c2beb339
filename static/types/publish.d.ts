import type { ZegoServerResponse } from "./engine";
import type { ZegoLocalStream } from "./localstream";

/** How SEI data is marked in the video. */
export declare enum ZegoSEIType {
	/** Payload type 243. */
	ZegoDefined = 0,
	/** Payload type 5; the data begins with a UUID of 16 bytes. */
	UserUnregister = 1,
}

/** What a published stream follows when the line is slow. */
export declare enum TrafficControlFocusOnMode {
	/** This end's line. */
	TrafficControlFocusOnLocalOnly = 0,
	/** The receivers' lines, too. */
	TrafficControlFocusOnRemote = 1,
}

/** What happens below the least bitrate. */
export declare enum TrafficControlMinVideoBitrateMode {
	NoVideo = 0,
}

/** Whether content may be inspected. */
export declare enum ZegoInspectFlagType {
	Allow = 0,
	NotAllow = 1,
}

/** Which tracks `updatePublishingStream` sends anew. */
export declare enum ZegoStreamUpdateType {
	video = 0,
	audio = 1,
	videoAndAudio = 2,
}

/** A video codec. */
export declare const enum ZegoVideoCodecID {
	ZegoVideoCodecIDDefault = 0,
	ZegoVideoCodecIDVp8 = 2,
	ZegoVideoCodecIDH265 = 4,
}

/** How to publish. */
export interface ZegoWebPublishOption {
	/** A query for your server, which decides whether the stream may be published. */
	streamParams?: string;
	/** A text that goes with the stream, up to 1024 characters. */
	extraInfo?: string;
	/** The codec that is offered first; H264 unless set. */
	videoCodec?: "VP8" | "H264" | "H265";
	/** The room; needed after `enableMultiRoom`. */
	roomID?: string;
	/** Whether `sendSEI` can be used; false unless set. */
	isSEIStart?: boolean;
	SEIType?: ZegoSEIType;
	/** Whether silence is not sent; false unless set. */
	enableDTX?: boolean;
	inspectFlag?: ZegoInspectFlagType;
	trafficControlFocusOnMode?: TrafficControlFocusOnMode;
	/** The least bitrate of the picture; 50 unless set. */
	trafficControlMinVideoBitrate?: number;
	trafficControlMinVideoMode?: TrafficControlMinVideoBitrateMode;
	/** Whether the bitrate follows the line; true unless set. */
	enableTrafficControl?: boolean;
	/** Whether another codec may be taken on the way; false unless set. */
	enableAutoSwitchVideoCodec?: boolean;
	/** 1 makes the stream wait for the server's clock. */
	forceSynchronousNetworkTime?: 0 | 1;
}

/** The state of a published stream. */
export interface ZegoPublisherState {
	streamID: string;
	/** REQUESTING is trying, at first and again after a loss; NO_PUBLISH is the end. */
	state: "PUBLISHING" | "NO_PUBLISH" | "PUBLISH_REQUESTING";
	errorCode: number;
	extendedData: string;
}

/** The picture that is sent, measured. */
export interface ZegoPublishVideoStats {
	/** In pixels. */
	frameHeight: number;
	/** In pixels. */
	frameWidth: number;
	/** For example `H264`. */
	googCodecName: string;
	/** `"1"` is muted. */
	muteState: "0" | "1";
	/** kbit/s. */
	videoBitrate: number;
	/** Frames encoded a second. */
	videoFPS: number;
	videoPacketsLost: number;
	/** 0 to 1. */
	videoPacketsLostRate: number;
	/** Frames sent a second. */
	videoTransferFPS: number;
	/** -1 unknown, 0 excellent, 1 good, 2 middle, 3 poor, 4 dead. */
	videoQuality: number;
	/** Whether it is encoded in hardware, where the browser tells. */
	isHardwareEncode?: boolean;
}

/** The sound that is sent, measured. */
export interface ZegoPublishAudioStats {
	/** kbit/s. */
	audioBitrate: number;
	/** For example `opus`. */
	audioCodec: string;
	audioPacketsLost: number;
	/** 0 to 1. */
	audioPacketsLostRate: number;
	googCodecName: string;
	/** `"1"` is muted. */
	muteState: "0" | "1";
	/** Packets a second. */
	audioFPS: number;
	/** -1 unknown, 0 excellent, 1 good, 2 middle, 3 poor, 4 dead. */
	audioQuality: number;
}

/** A published stream, measured. */
export interface ZegoPublishStats {
	video: ZegoPublishVideoStats;
	audio: ZegoPublishAudioStats;
	nackCount?: number;
	pliCount?: number;
	/** Seconds. */
	totalRoundTripTime?: number;
	/** Seconds. */
	currentRoundTripTime?: number;
	/** What holds the picture back: `none`, `cpu`, `bandwidth` or `other`. */
	qualityLimitationReason?: string;
	codecImplementationName?: string;
}

/** How SEI is written and read. */
export interface ZegoSEIConfig {
	/** Takes SEI of payload type 5 whose UUID begins with this. */
	unregisterSEIFilter?: string;
	SEIPass?: boolean;
	emulationPreventionByte?: boolean;
}

/** Sending local streams to others. */
export interface ZegoExpressEnginePublish {
	/**
	 * Publishes a local stream; the others in the room hear of it by `roomStreamUpdate`. It
	 * may be called as soon as `loginRoom` was, and waits for it. `publisherStateUpdate`
	 * tells how it goes; a lost connection is tried again for 300 s.
	 *
	 * @param streamID 1 to 256 characters, unique in the application. The same stream may be
	 * published under several
	 * @returns false if I publish that id already, or am not in that room
	 * @throws at once `{errorCode, extendedData}`: 1000014 to 1000016 the id, 1103044 a stream
	 * that is not of this engine, or destroyed, 1103099 nothing is captured, 1103001 another
	 * argument, 1000002 no room
	 */
	startPublishingStream(streamID: string, localStream: MediaStream | ZegoLocalStream, publishOption?: ZegoWebPublishOption): boolean;
	/**
	 * Ends publishing. The local stream and its views go on.
	 *
	 * @returns false only if the id is no text or empty
	 */
	stopPublishingStream(streamID: string): boolean;
	/**
	 * Sends what a `ZegoLocalStream` captures now. Resolves in any case: 1103086 it is none,
	 * 1103087 no sound, 1103088 no picture; `extendedData` is JSON with `fail_reason`.
	 */
	updatePublishingStream(zegoStream: ZegoLocalStream, updateType: ZegoStreamUpdateType): Promise<ZegoServerResponse>;
	/**
	 * Stops or resumes sending the picture, before publishing or during it. The others hear
	 * of it by `remoteCameraStatusUpdate`. Of calls in quick succession the last one counts.
	 *
	 * @param retain whether the preview goes on; not unless given
	 * @returns false for a stream that is not of this engine
	 */
	mutePublishStreamVideo(localStream: MediaStream | ZegoLocalStream, mute: boolean, retain?: boolean): boolean;
	/**
	 * Stops or resumes sending the sound, mixed music included. The others hear of it by
	 * `remoteMicStatusUpdate`.
	 *
	 * @returns false for a stream that is not of this engine
	 */
	mutePublishStreamAudio(localStream: MediaStream | ZegoLocalStream, mute: boolean): boolean;
	/** Mutes the microphone of every local stream, now and later; mixed music is still heard. */
	muteMicrophone(mute: boolean): boolean;
	/** What `muteMicrophone` set last. */
	isMicrophoneMuted(): boolean;
	/** The last measurement of a stream that I publish, or null. */
	getPublishingStreamQuality(streamID: string): ZegoPublishStats | null;
	/**
	 * Sends bytes within the video, frame by frame.
	 *
	 * @param inData up to 4096 bytes
	 * @returns false if the stream was not published with `isSEIStart`, or too many wait
	 */
	sendSEI(streamID: string, inData: Uint8Array): boolean;
	/** Sets how SEI is written and read. */
	setSEIConfig(config: ZegoSEIConfig): void;
	/** Marks a stream for being mixed in step with others: 1 on, 0 off. Only while publishing. */
	setStreamAlignmentProperty(streamID: string, alignment: number): Promise<boolean>;
	/** Asks the server to send a stream on to an RTMP URL. */
	addPublishCdnUrl(streamID: string, targetURL: string): Promise<ZegoServerResponse>;
	/** Ends that. */
	removePublishCdnUrl(streamID: string, targetURL: string): Promise<ZegoServerResponse>;
}
