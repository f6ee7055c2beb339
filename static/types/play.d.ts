import type { ZegoServerResponse } from "./engine";
import type { ZegoLocalStream } from "./localstream";
import type { ZegoStreamView } from "./streamview";

/** A stream of another user. */
export interface ZegoStreamList {
	streamID: string;
	/** Who publishes it. */
	user: import("./rooms").ZegoUser;
	/** The text that goes with it, or `""`. */
	extraInfo: string;
	/** Addresses for other players, `""` where there is none. */
	urlsFLV: string;
	urlsRTMP: string;
	urlsHLS: string;
	urlsHttpsFLV: string;
	urlsHttpsHLS: string;
}

type ZegoResourceType = 0 | 1 | 2 | 5;

/** Where a stream is played from, by its state. */
export interface ZegoCustomPlayerResourceConfig {
	beforePublish: ZegoResourceType;
	publishing: ZegoResourceType;
	afterPublish: ZegoResourceType;
}

/** How to play. */
export interface ZegoWebPlayOption {
	/** Whether the picture is received; true unless set. */
	video?: boolean;
	/** Whether the sound is received; true unless set. */
	audio?: boolean;
	/** A query for your server, which decides whether the stream may be played. */
	streamParams?: string;
	/** Where it comes from; 0 is the publisher or your server, and all there is. */
	resourceMode?: ZegoResourceType;
	/** Whether `playerRecvSEI` tells what `sendSEI` sent; false unless set. */
	isSEIStart?: boolean;
	/** 0 the small picture, 1 the large one, 2 by the line. */
	streamType?: 0 | 1 | 2;
	CDNPlayer?: any;
	CDNVideo?: HTMLVideoElement;
	/** Seconds that are buffered, 1 to 4. @deprecated by `jitterBufferTarget` */
	playoutDelayHint?: number;
	/** Milliseconds that are buffered, up to 4000. */
	jitterBufferTarget?: number;
	/** Whether as little as possible is buffered; false unless set. */
	enableLowLatency?: boolean;
	customResourceConfig?: ZegoCustomPlayerResourceConfig;
	codecTemplateID?: number;
	adaptiveSwitch?: boolean;
	adaptiveTemplateIDList?: number[];
	transcodeOnDecodeFail?: boolean;
	posterType?: 0 | 1 | 2;
}

/** The state of a played stream. */
export interface ZegoPlayerState {
	streamID: string;
	/** REQUESTING is trying, also while nobody publishes it; NO_PLAY is the end. */
	state: "NO_PLAY" | "PLAY_REQUESTING" | "PLAYING";
	errorCode: number;
	extendedData: string;
}

/** The picture that is received, measured. */
export interface ZegoPlayVideoStats {
	/** In pixels. */
	frameHeight: number;
	/** In pixels. */
	frameWidth: number;
	googCodecName: string;
	/** `"1"` is muted. */
	muteState: "0" | "1";
	/** kbit/s. */
	videoBitrate: number;
	/** Frames received a second. */
	videoFPS: number;
	/** Frames shown a second, -1 if unknown. */
	videoRenderFPS: number;
	videoPacketsLost: number;
	/** 0 to 1. */
	videoPacketsLostRate: number;
	/** Frames decoded a second. */
	videoTransferFPS: number;
	/** -1 unknown, 0 excellent, 1 good, 2 middle, 3 poor, 4 dead. */
	videoQuality: number;
	/** In all. */
	videoFramesDecoded: number;
	/** In all. */
	videoFramesDropped: number;
	/** ms. */
	videoCumulativeDecodeTime: number;
	/** ms that the picture stood. */
	videoCumulativeBreakTime: number;
	/** 0 to 1. */
	videoCumulativeBreakRate: number;
}

/** The sound that is received, measured. */
export interface ZegoPlayAudioStats {
	/** kbit/s. */
	audioBitrate: number;
	audioCodec: string;
	audioJitter: number;
	audioLevel: number;
	audioPacketsLost: number;
	/** 0 to 1. */
	audioPacketsLostRate: number;
	/** -1 unknown, 0 excellent, 1 good, 2 middle, 3 poor, 4 dead. */
	audioQuality: number;
	/** Really the seconds of sound received so far. */
	audioSamplingRate: number;
	/** `"1"` is muted. */
	muteState: "0" | "1";
	/** Packets a second. */
	audioFPS: number;
	/** Really the energy of the sound received so far. */
	audioSendLevel: number;
	googCodecName: string;
	/** ms. */
	audioCumulativeDecodeTime: number;
	/** ms that the sound was missing. */
	audioCumulativeBreakTime: number;
	/** 0 to 1. */
	audioCumulativeBreakRate: number;
}

/** A played stream, measured. */
export interface ZegoPlayStats {
	video: ZegoPlayVideoStats;
	audio: ZegoPlayAudioStats;
	/** ms from the publisher to here. */
	peerToPeerDelay: number | undefined;
	/** 0 to 1. */
	peerToPeerPacketLostRate: number | undefined;
	nackCount?: number;
	pliCount?: number;
	/** Seconds. */
	totalRoundTripTime?: number;
	/** Seconds. */
	currentRoundTripTime?: number;
}

/** How sound is handed to a callback. */
export interface AudioFrameOptions {
	/** Samples a call: 256 to 16384, a power of two; 4096 unless set. The first call decides. */
	frameSize?: number;
	/** Samples a second; the stream's unless set. */
	sampleRate?: 8000 | 16000 | 22050 | 24000 | 32000 | 44100 | 48000;
	channelCount?: 1 | 2;
	/** 32 is Float32Array, the default; 16 is Int16Array. */
	bitDepth?: 32 | 16;
}

/** Sound, as numbers. */
export interface ZegoAudioFrame {
	/** One array a channel. */
	channels: Float32Array[] | Int16Array[];
	channelCount: number;
	sampleRate: number;
}

/** Receiving streams of others, and showing any. */
export interface ZegoExpressEnginePlay {
	/**
	 * Plays a stream. One that nobody publishes yet is waited for, 300 s long. The
	 * `MediaStream` can be shown by `srcObject`, or by `createRemoteStreamView`; it stays the
	 * same object through losses. When its publisher ends, call `stopPlayingStream`.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1000014 to 1000016 the id, 1104001 the
	 * options, 1103049 it is played already, 1104045 more than `maxChannels`, 1000002 no room,
	 * 1104039 nobody published it, 1104031 time-out
	 */
	startPlayingStream(streamID: string, playOption?: ZegoWebPlayOption): Promise<MediaStream>;
	/** Ends playing, and its views. A promise of `startPlayingStream` that waits is never settled. */
	stopPlayingStream(streamID: string): void;
	/** Takes the small picture (0), the large one (1), or one by the line (2). Rejects with false. */
	setPlayStreamVideoType(streamID: string, streamType: number): Promise<boolean>;
	/** Stops or resumes receiving the picture. Rejects with the value false if it is not played. */
	mutePlayStreamVideo(streamID: string, mute: boolean): Promise<boolean>;
	/** Stops or resumes receiving the sound. Rejects with the value false if it is not played. */
	mutePlayStreamAudio(streamID: string, mute: boolean): Promise<boolean>;
	/** The same for the sound of all streams, those to come included. */
	muteAllPlayAudioStreams(mute: boolean): Promise<boolean>;
	/** The same for the picture of all streams, those to come included. */
	muteAllPlayVideoStreams(mute: boolean): Promise<boolean>;
	/** The last measurement of a stream that I play, or null. */
	getPlayingStreamQuality(streamID: string): ZegoPlayStats | null;
	/**
	 * Hands the sound of a played stream to a callback, or no more with null.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1104044 it is not played or has no
	 * sound, 1100001 a bad argument
	 */
	setAudioFrameCallback(streamID: string, callback: ((audioData: ZegoAudioFrame) => any) | null, options?: AudioFrameOptions): Promise<ZegoServerResponse>;
	/**
	 * Hands the sound of a local stream to a callback, or no more with null.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1103044, 1103076 no sound, 1100001
	 */
	setCaptureAudioFrameCallback(stream: ZegoLocalStream | MediaStream, callback: ((audioData: ZegoAudioFrame) => any) | null, options?: AudioFrameOptions): Promise<ZegoServerResponse>;
	/** Makes a view of a local stream. Throws an `Error` for any other. */
	createLocalStreamView(localStream: MediaStream): ZegoStreamView;
	/** Makes a view of the very object that `startPlayingStream` gave. Throws an `Error` for any other. */
	createRemoteStreamView(remoteStream: MediaStream): ZegoStreamView;
}
