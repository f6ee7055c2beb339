import type { ZegoEvent } from "./events";
import type { ZegoExpressEngineRooms } from "./rooms";
import type { ZegoExpressEngineCapture } from "./capture";
import type { ZegoExpressEnginePublish } from "./publish";
import type { ZegoExpressEnginePlay } from "./play";
import type { ZegoExpressEngineDevices } from "./devices";
import type { ZegoExpressEngineEffects } from "./effects";
import type { ZegoExpressEngineVoice } from "./voice";
import type { ZegoExpressEngineMixing } from "./mixing";
import type { ZegoExpressEngineMixer } from "./mixer";
import type { ZegoExpressEngineData } from "./datachannel";
import type { ZegoExpressEngineRequirements } from "./requirements";
import type { ZegoExpressRangeAudio } from "./rangeaudio";
import type { ZegoCopyrightedMusic } from "./music";

/** What most methods resolve or reject with. */
export interface ZegoServerResponse {
	/** 0 is success. */
	errorCode: number;
	/** A text for developers, or JSON where the method says so. */
	extendedData?: string;
}

/** What `loginRoom` and `createStream` reject with. */
export interface ZegoError {
	code: number | string;
	/** What is wrong and what to do, for developers. */
	msg: string;
}

/** What kind of call it will be; it sets what `createStream()` captures by default. */
export declare enum ZegoScenario {
	/** 640x480 at 15 frames a second, 800 kbit/s; one channel of sound, 48 kbit/s. */
	Default = 3,
	/** 640x360 at 15 frames a second, 500 kbit/s. */
	StandardVideoCall = 4,
	/** 960x540 at 25 frames a second, 1500 kbit/s. */
	HighVideoCall = 5,
	/** No picture; sound at 24 kbit/s. */
	StandardChatroom = 6,
	/** No picture. */
	HighQualityChatroom = 7,
	/** 960x540 at 20 frames a second, 1200 kbit/s; two channels, 64 kbit/s. */
	Broadcast = 8,
	/** No picture; two channels, 128 kbit/s. */
	Karaoke = 9,
	UNKNOWN = 100,
}

/** Where an engine may connect. */
export declare enum ZegoGeoFenceType {
	ZegoGeoFenceTypeNone = 0,
	ZegoGeoFenceTypeInclude = 1,
	ZegoGeoFenceTypeExclude = 2,
}

/** What is logged. */
export interface ZegoLogConfig {
	/** The least severe level that reaches the browser's console; `info` unless set. */
	logLevel?: "debug" | "info" | "warn" | "error" | "report" | "disable";
	/** The same for lines that are sent to `logURL`. */
	remoteLogLevel?: "debug" | "info" | "warn" | "error" | "disable";
	/** Where lines are sent to: a URL that begins with `wss://` or `https://`. */
	logURL?: string;
	/** How many log files are kept, 3 to 20; 3 unless set. */
	logCount?: number;
	/** The size of a log file in megabytes, 1 at least; 0 keeps none. 5 unless set. */
	logSize?: number;
}

/** Where an engine of old may connect. */
export interface ZegoInitOptions {
	geoFenceType?: number;
	geoFenceAreaList?: number[];
	reportData?: { version?: string; project?: string };
	prefixDomain?: string;
}

/** What an engine of old knows of its device. */
export interface ZegoInitConfig {
	deviceID: string;
	deviceType: string;
	anType: 0 | 1;
	userUpdate?: boolean;
	roomFlag?: boolean;
	testEnvironment?: boolean;
}

/** A proxy for signaling. */
export interface ZegoProxyInfo {
	hostName: string;
	port?: number;
}

/** Proxies in the user's own network. */
export interface ZegoLocalProxyConfig {
	/** The proxy that signaling goes through, `host:port`. */
	accesshubProxy: string;
	loggerProxy?: string;
	detaillogProxy?: string;
}

/**
 * An engine is a user's way into calls: it logs in to rooms, makes local streams,
 * publishes them and plays those of others.
 *
 * ```ts
 * const engine = new ZegoExpressEngine(1, "wss://calls.example/ws");
 * await engine.loginRoom("room1", token, { userID: "anna" });
 * const local = await engine.createStream();
 * engine.startPublishingStream("anna-camera", local);
 * ```
 *
 * All methods can be called right after the constructor, while the WebAssembly still
 * loads: they come into force in their order. Under node the class can be imported and
 * constructed; what needs a browser fails with code 1101002.
 */
export declare class ZegoExpressEngine {
	/** The version of the API, `"3.12.0"`. */
	static version: any;

	/**
	 * Never throws. What is wrong with its arguments is logged, and `loginRoom` fails.
	 *
	 * @param appID the number of your application, as your server knows it
	 * @param server the WebSocket URL of your server, or several as fall-backs in their
	 * order. `data-server` of the script tag and `EXPRESSRTC.server` go before it; with
	 * neither, and for a host of ZEGO's, it is the origin that served the script
	 * @param options `scenario` is what `setRoomScenario` would set
	 */
	constructor(appID: number, server: string | string[], options?: { scenario: number });

	/**
	 * Plugs a module in. All that there is, is built in, so this changes nothing; it may be
	 * called before the constructor and after it.
	 */
	static use(module: any): void;
	/**
	 * Sets options of every engine to come. `apiMuteStreamQPS` (1 to 50) is how often a
	 * second mutes take effect. Throws an `Error` for a geo fence or custom domain of the
	 * wrong type; unknown options are kept and ignored.
	 */
	static setEngineOptions(options: any): void;
	/**
	 * As `setLogConfig`, before the constructor.
	 *
	 * @returns whether the configuration was taken
	 */
	static presetLogConfig(config: ZegoLogConfig): boolean;
	/**
	 * Limits the regions to connect to. Your own server is where it is, so this changes
	 * nothing. Throws `{code: 1001021}` once an engine exists.
	 */
	static setGeoFence(type: ZegoGeoFenceType, areaList: number[]): void;
	/** Sets proxies for signaling, before the constructor. */
	static setCloudProxyConfig(proxyList: ZegoProxyInfo[], token: string, enable: boolean): void;
	/** Sets proxies in the user's own network, before the constructor. */
	static setLocalProxyConfig(proxyConfig: ZegoLocalProxyConfig, enable: boolean): void;

	/** Lines for the console, as pages of old write them. */
	readonly logger: { debug(...line: any[]): void; info(...line: any[]): void; warn(...line: any[]): void; error(...line: any[]): void };
	/** Internal of the SDK that this one takes the place of; a few of its members are there. */
	zegoWebRTC: any;
	/** Internal, empty. */
	zegoWebRTM: any;
	/** Internal: `listenerList[event].length` is the number of listeners. */
	stateCenter: any;
}

/** The methods of an engine, by topic. */
export interface ZegoExpressEngine
	extends ZegoExpressEngineSetup,
		ZegoExpressEngineRooms,
		ZegoExpressEngineCapture,
		ZegoExpressEnginePublish,
		ZegoExpressEnginePlay,
		ZegoExpressEngineDevices,
		ZegoExpressEngineEffects,
		ZegoExpressEngineVoice,
		ZegoExpressEngineMixing,
		ZegoExpressEngineMixer,
		ZegoExpressEngineData,
		ZegoExpressEngineRequirements {}

/** Events, settings and the end of an engine. */
export interface ZegoExpressEngineSetup {
	/**
	 * Adds a listener. Listeners are called in the order in which they were added, each in
	 * a task of its own; one that throws does not keep the others from being called. The
	 * same function is added once.
	 *
	 * @returns whether there is such an event and `callBack` is a function
	 */
	on<K extends keyof ZegoEvent>(event: K, callBack: ZegoEvent[K]): boolean;
	/**
	 * Removes a listener, or all of the event.
	 *
	 * @returns whether there is such an event
	 */
	off<K extends keyof ZegoEvent>(event: K, callBack?: ZegoEvent[K]): boolean;
	/**
	 * Sets options of this engine, one by one. Among them: `roomRetryTime` and
	 * `streamRetryTime` (seconds, 1 to 3600, 300 unless set: how long a lost room or stream
	 * is tried again), `maxChannels` (1 to 50 played streams; no limit unless set),
	 * `publishQualityInterval` and `playQualityInterval` (1000 ms at least, 3000 unless
	 * set), `keepAudioTrack` (a silent track where a stream has no sound; true unless set),
	 * `allowReplaceEmptyTrack` (`replaceTrack` may replace that one), `playClearLastFrame` and
	 * `previewClearLastFrame` (views show nothing of a camera that is off; true unless set),
	 * `switchRoomNotStopPlay` (see `switchRoom`), `autoRecaptureOnShow` (devices that a phone
	 * took from a hidden page are opened again), `turnOnly` (media over TURN and no other
	 * way), `mixingAudioDelay` and `blankVideoTrackFrameInterval` (ms), `datachannelOption`
	 * (as `RTCDataChannelInit`). Others are ignored.
	 */
	setEngineConfig(config: any): void;
	/**
	 * Sets what `createStream()` captures by default. Only before a room is logged in to.
	 *
	 * @returns whether it was taken
	 */
	setRoomScenario(scenario: ZegoScenario): boolean;
	/** Shows each of the SDK's errors in a dialog, too. For development. */
	setDebugVerbose(enable: boolean): void;
	/**
	 * Sets what is logged.
	 *
	 * @returns false for a `logURL` that begins neither with `wss://` nor with `https://`
	 */
	setLogConfig(config: ZegoLogConfig): boolean;
	/** The version of the API, `"3.12.0"`. */
	getVersion(): string;
	/**
	 * Adds STUN and TURN servers to those that your server names, for sessions to come.
	 * Throws a text if it is not given a list.
	 */
	setTurnServer(turnServerList: { url: string; username: string; credential: string }[]): void;
	/**
	 * The server's clock, and how far off this value may be. `timestamp` is 0 until a room
	 * is logged in to. The first call keeps the clocks compared from then on.
	 */
	getNetworkTimeInfo(): { timestamp: number; maxDeviation: number };
	/** Sends the log files to the server. Always resolves. */
	uploadLog(): Promise<{ errorCode: number; extendedData: string }>;
	/**
	 * Calls what is not settled yet: `{method, params}`. `sendRoomChannelMessage` with
	 * `{roomID, msgType, msgContent, toUserIDList}` sends to users of a room, and
	 * `onRecvRoomChannelMessage` makes `recvExperimentalAPI` tell of those that come.
	 */
	callExperimentalAPI(params: Record<string, any>): Promise<any>;
	/**
	 * Ends the engine: logs out of its rooms, ends its local streams, forgets its
	 * listeners. A second call throws an `Error`.
	 */
	destroyEngine(): void;
	/** Makes the one object for sound that comes from places. Before logging in. */
	createRangeAudioInstance(): ZegoExpressRangeAudio;
	/** Makes the object for licensed music, which this SDK has not: throws `{errorCode: 1101003}`. */
	createCopyrightedMusic(): ZegoCopyrightedMusic;
	/** Does nothing, since there is no licensed music. */
	destroyCopyrightedMusic(): void;
}
