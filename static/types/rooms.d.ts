import type { ZegoServerResponse } from "./engine";

/** A user of a room. */
export interface ZegoUser {
	/** 1 to 64 characters, unique among the users of an application. */
	userID: string;
	/** Up to 256 characters; the `userID` unless set. */
	userName?: string;
}

/** How to enter a room. */
export interface ZegoRoomConfig {
	/** Whether `roomUserUpdate` tells who comes and goes; false unless set. */
	userUpdate?: boolean;
	/** How many users the room takes; 0 is no limit. The first one in decides. */
	maxMemberCount?: number;
}

/** How to enter the next room. */
export interface ZegoSwitchRoomConfig {
	/** The token for the room to enter. */
	token: string;
	/** As in `ZegoRoomConfig`. */
	maxMemberCount?: number;
	/** Whether `roomUserUpdate` tells who comes and goes; false unless set. */
	isUserStatusNotify?: boolean;
}

/** A message to everybody in a room. */
export interface ZegoBroadcastMessageInfo {
	fromUser: ZegoUser;
	message: string;
	/** When the server had it, in ms since 1970. */
	sendTime: number;
	messageID: number;
}

/** A message of which some may be lost when there are very many. */
export interface ZegoBarrageMessageInfo {
	fromUser: ZegoUser;
	message: string;
	/** When the server had it, in ms since 1970. */
	sendTime: number;
	messageID: string;
}

/** A key and its value that a room keeps. */
export interface ZegoRoomExtraInfo {
	key: string;
	value: string;
	/** Who set it last. */
	updateUser: ZegoUser;
	/** When, in ms since 1970. */
	updateTime: number;
}

/** Who gets a transparent message. */
export declare enum ZegoRoomTransparentMessageMode {
	ZegoRoomTransparentMessageModeOnlyClient = 0,
	ZegoRoomTransparentMessageModeOnlyServer = 1,
	ZegoRoomTransparentMessageModeClientAndServer = 2,
}

/** Whether transparent messages of a sender keep their order. */
export declare enum ZegoRoomTransparentMessageType {
	ZegoRoomTransparentMessageNormal = 0,
	/** One that comes after a later one of the same sender is dropped. */
	ZegoRoomTransparentMessageSequence = 1,
}

/** Bytes to users of a room. */
export interface ZegoRoomSendTransparentMessage {
	sendMode: ZegoRoomTransparentMessageMode;
	sendType: ZegoRoomTransparentMessageType;
	/** 1 to 4096 bytes. */
	content: Uint8Array;
	/** To whom; an empty list is everybody. */
	recvUserList: ZegoUser[];
	/** For how many seconds the server tries; 10 unless set. */
	timeOut?: number;
}

/** Bytes from a user of a room. */
export interface ZegoRoomRecvTransparentMessage {
	sendUser: ZegoUser;
	content: Uint8Array;
}

/** Why `roomStateChanged` was called. */
export declare enum ZegoRoomStateChangedReason {
	/** The login has begun. */
	Logining = "LOGINING",
	Logined = "LOGINED",
	LoginFailed = "LOGIN_FAILED",
	/** The connection was lost and is tried again; media goes on. */
	Reconnecting = "RECONNECTING",
	Reconnected = "RECONNECTED",
	/** It was tried for long enough: the room is left. */
	ReconnectFailed = "RECONNECT_FAILED",
	/** The server, or a login of the same user elsewhere, ended it. */
	Kickout = "KICKOUT",
	Logout = "LOGOUT",
	LogoutFailed = "LOGOUT_FAILED",
}

/** Rooms and messages. */
export interface ZegoExpressEngineRooms {
	/**
	 * Allows several rooms at once; before the first login, and once. Then
	 * `startPublishingStream` needs to be told the room.
	 *
	 * @returns whether it was taken
	 */
	enableMultiRoom(enable: boolean): boolean;
	/**
	 * Enters a room. `roomStateChanged` tells each step; the code behind `await` runs
	 * before the listeners of LOGINED. A server that cannot be reached is tried for 300 s.
	 *
	 * @param roomID 1 to 128 characters
	 * @param token made by your server; `""` where it takes everybody
	 * @returns true
	 * @throws rejects with `{code, msg}`: 1002001 is in a room already, 1002011 to 1002013
	 * the room's id, 1002005 to 1002010 the user's, 1100001 another argument, 1102016 wrong
	 * token, 1102018 expired token, 1002034 room full, 1002031 time-out, 1102026 logged out
	 * meanwhile
	 */
	loginRoom(roomID: string, token: string, user: ZegoUser, config?: ZegoRoomConfig): Promise<boolean>;
	/**
	 * Leaves a room and enters another as the same user. Publishing stops; so does playing.
	 * With `switchRoomNotStopPlay` of `setEngineConfig`, what is played keeps its MediaStream
	 * and waits in the new room: it plays on as soon as it is published there.
	 *
	 * @throws rejects with `{code, msg}`: 1002002 the room to leave is not entered, 1002064
	 * the other one is already, and as `loginRoom`
	 */
	switchRoom(fromRoomID: string, toRoomID: string, config: ZegoSwitchRoomConfig): Promise<boolean>;
	/**
	 * Leaves a room, or all. Publishing and playing end, local streams go on. It takes
	 * effect at once: `loginRoom` may follow in the next line.
	 *
	 * @throws `{code: 1002002, msg}` for a room that was not entered
	 */
	logoutRoom(roomID?: string): void;
	/**
	 * Gives a newer token to a room, best when `tokenWillExpire` asks for it. It counts for
	 * reconnecting, too. Streams that it does not allow any more end with
	 * `publisherStateUpdate` NO_PUBLISH 1002082.
	 *
	 * @returns whether it could be taken: a room is entered and the token is a text. What
	 * the server thinks of it shows later: one that it refuses is logged, and the one before
	 * goes on counting
	 */
	renewToken(token: string, roomID?: string): boolean;
	/**
	 * Sends a text to the others in a room, reliably, once a second at most.
	 *
	 * @param message 1 to 10240 bytes of UTF-8
	 * @returns `{errorCode: 0, messageID}`
	 * @throws rejects with `{errorCode}`: 1009001 empty, 1009013 too long, 1009015 too soon,
	 * 1009005 not one of my rooms, 1000002 not logged in, 1100001 no text
	 */
	sendBroadcastMessage(roomID: string, message: string): Promise<ZegoServerResponse>;
	/**
	 * Sends a text to the others in a room, of which some may be lost when there are very
	 * many; as often as you like.
	 *
	 * @param message 1 to 10240 bytes of UTF-8
	 * @throws rejects with `{errorCode}`, as `sendBroadcastMessage`
	 */
	sendBarrageMessage(roomID: string, message: string): Promise<ZegoServerResponse>;
	/**
	 * Sends a text to some users of a room. It resolves whether or not they are there. At
	 * run time `command` may be an object; the others get an object then.
	 *
	 * @param command 1 to 10240 bytes of UTF-8
	 * @throws rejects with `{errorCode}`: 1009001, 1009002 too long, 1009005, 1100001, 1009015
	 * nobody whom it is for keeps up with what they are sent
	 */
	sendCustomCommand(roomID: string, command: string, toUserIDList: string[]): Promise<ZegoServerResponse>;
	/**
	 * Keeps a value in a room, for as long as there is the room. The others hear of it by
	 * `roomExtraInfoUpdate`; who enters later does, too.
	 *
	 * @param key 1 to 128 characters
	 * @param value up to 4096 characters
	 * @throws rejects with `{errorCode}`: 1002014 and 1002015 the key, 1002016 the value,
	 * 1002017 too many keys, 1102022 the one before is still under way, 1002002 the room
	 */
	setRoomExtraInfo(roomID: string, key: string, value: string): Promise<ZegoServerResponse>;
	/**
	 * Sends bytes to users of a room.
	 *
	 * @throws rejects with `{errorCode, extendedData}`: 1009001 empty, 1009002 more than
	 * 4096 bytes, 1009005 the room, 1009010 time-out, 1009015 nobody whom it is for keeps up,
	 * 1100001 another argument
	 */
	sendTransparentMessage(roomID: string, message: ZegoRoomSendTransparentMessage): Promise<ZegoServerResponse>;
	/**
	 * Changes the text that goes with a stream that I publish. The others hear of it by
	 * `streamExtraInfoUpdate`; who comes later sees it in `roomStreamUpdate`.
	 *
	 * @param extraInfo 1 to 1024 characters
	 * @throws rejects with `{errorCode, extendedData}`: 1003050 empty, 1003051 too long,
	 * 1103055 not published by me, 1000002 not logged in
	 */
	setStreamExtraInfo(streamID: string, extraInfo: string): Promise<ZegoServerResponse>;
}
