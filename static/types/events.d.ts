import type { ZegoStreamRelayCDNInfo } from "./mixer";
import type { ZegoPlayStats, ZegoPlayerState, ZegoStreamList } from "./play";
import type { ZegoPublishStats, ZegoPublisherState } from "./publish";
import type { ZegoSoundLevelInfo } from "./devices";
import type {
	ZegoBarrageMessageInfo,
	ZegoBroadcastMessageInfo,
	ZegoRoomExtraInfo,
	ZegoRoomRecvTransparentMessage,
	ZegoRoomStateChangedReason,
	ZegoUser,
} from "./rooms";

/** How good a line is: what the numbers of `networkQuality` and of all qualities mean. */
export declare const enum QualityGrade {
	Unknown = -1,
	Excellent = 0,
	Good = 1,
	Middle = 2,
	Poor = 3,
	Die = 4,
}

/**
 * Something is not as it should be (10xx), or is again (20xx): 1001 frame rate of the
 * camera, 1002 volume of the microphone, 1003 to 1005 what is sent, 1006 to 1010 what is
 * received.
 */
export interface ExceptionData {
	code: number;
	message: string;
}

/** A listener of `publisherVideoEncoderChanged`; the numbers are those of `ZegoVideoCodecID`. */
export type PublisherVideoEncoderChangedCallBack = (fromCodecID: number, toCodecID: number, streamID: string) => void;

/** What an engine tells about rooms. */
export interface ZegoRTMEvent {
	/** Who came and went; after the login all who are there. Only with `userUpdate`. */
	roomUserUpdate: (roomID: string, updateType: "DELETE" | "ADD", userList: ZegoUser[]) => void;
	/** The state of a room; just before each `roomStateChanged`. */
	roomStateUpdate: (roomID: string, state: "DISCONNECTED" | "CONNECTING" | "CONNECTED", errorCode: number, extendedData: string) => void;
	/** The state of a room, and why. */
	roomStateChanged: (roomID: string, reason: ZegoRoomStateChangedReason, errorCode: number, extendedData: string) => void;
	/** How many users there are, I included; at the login and about every 30 s. */
	roomOnlineUserCountUpdate: (roomID: string, count: number) => void;
	/** Messages of `sendBroadcastMessage` by others. */
	IMRecvBroadcastMessage: (roomID: string, chatData: ZegoBroadcastMessageInfo[]) => void;
	/** Messages of `sendBarrageMessage` by others. */
	IMRecvBarrageMessage: (roomID: string, messageInfo: ZegoBarrageMessageInfo[]) => void;
	/** A message of `sendCustomCommand` to me; an object if one was sent. */
	IMRecvCustomCommand: (roomID: string, fromUser: ZegoUser, command: string) => void;
	/** What `setRoomExtraInfo` of others keeps, all of it; after the login, too. */
	roomExtraInfoUpdate: (roomID: string, roomExtraInfoList: ZegoRoomExtraInfo[]) => void;
	/** The token ends within 30 s: call `renewToken`. */
	tokenWillExpire: (roomID: string) => void;
	/** Bytes of `sendTransparentMessage`. */
	recvRoomTransparentMessage: (roomID: string, message: ZegoRoomRecvTransparentMessage) => void;
	/** Is never called; `on` answers false for it. */
	hallStateUpdate: (state: "DISCONNECTED" | "CONNECTING" | "CONNECTED", errorCode: number, extendedData: string) => void;
}

/** What an engine tells about streams and devices. */
export interface ZegoRTCEvent {
	/** A stream that I publish, measured every 3 s. */
	publishQualityUpdate: (streamID: string, stats: ZegoPublishStats) => void;
	/** The state of a stream that I publish. */
	publisherStateUpdate: (result: ZegoPublisherState) => void;
	/** The user ended sharing in the browser's own dialog: its tracks and preview have ended. Publishing goes on without them; destroy the stream, or `replaceTrack`. */
	screenSharingEnded: (mediaStream: MediaStream) => void;
	/** A stream that I play, measured every 3 s. */
	playQualityUpdate: (streamID: string, stats: ZegoPlayStats) => void;
	/** The texts that go with streams of others. */
	streamExtraInfoUpdate: (roomID: string, streamList: { streamID: string; user: ZegoUser; extraInfo: string }[]) => void;
	/** The state of a stream that I play. */
	playerStateUpdate: (result: ZegoPlayerState) => void;
	/** Whether a stream that I play has a picture: once it plays, then at each change. */
	remoteCameraStatusUpdate: (streamID: string, status: "OPEN" | "MUTE") => void;
	/** Whether a stream that I play has sound: once it plays, then at each change. */
	remoteMicStatusUpdate: (streamID: string, status: "OPEN" | "MUTE") => void;
	/** How loud all published and played streams are; see `setSoundLevelDelegate`. */
	soundLevelUpdate: (soundLevelList: ZegoSoundLevelInfo[]) => void;
	/** How loud the microphone is, 0 to 100; see `setSoundLevelDelegate`. */
	capturedSoundLevelUpdate: (soundLevel: number) => void;
	/** A camera was plugged in or unplugged. */
	videoDeviceStateChanged: (updateType: "DELETE" | "ADD", deviceInfo: { deviceName: string; deviceID: string }) => void;
	/** A microphone (`Input`) or loudspeaker (`Output`) was plugged in or unplugged. */
	audioDeviceStateChanged: (updateType: "DELETE" | "ADD", deviceType: "Input" | "Output", deviceInfo: { deviceName: string; deviceID: string }) => void;
	/** A device in use failed: 1006006 unplugged, 1106009 the microphone's track ended, 1106010 the camera's. */
	deviceError: (errorCode: number, deviceName: string) => void;
	/** SEI of a stream that I play; the data begins with four bytes of its type. */
	playerRecvSEI: (streamID: string, data: Uint8Array) => void;
	/** An effect on faces is too slow, or was lost. */
	beautyEffectError: (stream: MediaStream, errorCode: number, extendedData: string) => void;
	/** What others publish: at the login all there is, then what comes and goes. Items have all fields. */
	roomStreamUpdate: (roomID: string, updateType: "DELETE" | "ADD", streamList: ZegoStreamList[], extendedData: string) => void;
	/** Something is not as it should be with a stream, or is again. */
	exceptionUpdate: (streamID: string, eventDate: ExceptionData) => void;
	/** The lines every 3 s: mine with the user `""`, those of the publishers that I play with theirs. See `QualityGrade`. */
	networkQuality: (userID: string, upstreamQuality: number, downstreamQuality: number) => void;
	/** How loud the inputs of a mix are, by `soundLevelID`. */
	mixerSoundLevelUpdate: (soundLevels: Map<number, number>) => void;
	/** How loud the inputs of a mix of a room are, by stream. */
	autoMixerSoundLevelUpdate: (soundLevels: Map<string, number>) => void;
	/** An effect on the background is too slow, or was lost. */
	backgroundEffectError: (stream: MediaStream, errorCode: number, extendedData: string) => void;
	/** What `callExperimentalAPI` asked for. */
	recvExperimentalAPI: (content: Record<string, any>) => void;
	/** Where a mix is sent on to. */
	mixerRelayCDNStateUpdate: (taskID: string, infoList: Array<ZegoStreamRelayCDNInfo>) => void;
	/** A played stream has another track of picture. */
	playerVideoTrackUpdate: (streamID: string, track: MediaStreamTrack) => void;
	/** A played stream has another track of sound. */
	playerAudioTrackUpdate: (streamID: string, track: MediaStreamTrack) => void;
	/** A published stream has another codec. */
	publisherVideoEncoderChanged: PublisherVideoEncoderChangedCallBack;
}

/** All that `on` of an engine takes. At run time `receiveRealTimeSequentialData` is taken, too. */
export interface ZegoEvent extends ZegoRTCEvent, ZegoRTMEvent {}
