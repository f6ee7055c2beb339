import type { ZegoLocalStream } from "./localstream";
import type { ZegoUser } from "./rooms";

// Licensed music is a service of a cloud. Its types are there so that code that names them
// compiles; createCopyrightedMusic throws.

export interface ZegoCopyrightedMusicConfig {
	user: ZegoUser;
}

export declare enum ZegoCopyrightedMusicResourceType {
	Song = 0,
	Accompaniment = 1,
	AccompanimentClip = 2,
	AccompanimentSegment = 3,
}

export declare enum ZegoCopyrightedMusicBillingMode {
	Count = 0,
	User = 1,
	Room = 2,
	Master = 3,
}

export declare enum ZegoCopyrightedMusicVendorID {
	VendorDefault = 0,
	Vendor1 = 1,
	Vendor2 = 2,
	Vendor3 = 4,
}

export interface ZegoCopyrightedMusicDownloadResponse {
	errorCode: number;
	urls: string[];
}

export interface ZegoCopyrightedMusicGetKrcLyricByTokenResponse {
	errorCode: number;
	lyrics: any;
}

export interface ZegoCopyrightedMusicGetLrcLyricResponse {
	errorCode: number;
	lyrics: any;
}

export interface ZegoCopyrightedMusicRequestConfig {
	songID: string;
	vendorID: ZegoCopyrightedMusicVendorID;
	mode: ZegoCopyrightedMusicBillingMode;
	masterID?: string;
	sceneID?: number;
}

export interface ZegoCopyrightedMusicRequestSharedResourceByTokenConfig {
	shareToken: string;
	mode?: ZegoCopyrightedMusicBillingMode;
	masterID?: string;
	sceneID?: number;
}

export interface ZegoCopyrightedMusicGetStandardPitchResponse {
	errorCode: number;
	pitch: any;
}

export interface ZegoCopyrightedMusicRequestResourceResponse {
	errorCode: number;
	resource: any;
}

export interface ZegoCopyrightedMusicSendExtendedRequestResponse {
	errorCode: number;
	result: any;
}

export interface ZegoStartScoreParams {
	resourceID: string;
	localStream: MediaStream | ZegoLocalStream;
	player: HTMLMediaElement;
	enableSongLineScoreCompleteEvent?: boolean;
}

export interface ZegoSongLineScoreInfo {
	lineIndex: number;
	previousScore: number;
	averageScore: number;
	totalScore: number;
}

export interface ZegoCopyrightedMusicEvent {
	downloadProgressUpdate: (resourceID: string, progressRate: number) => void;
	songLineScoreComplete: (LineScoreInfo: ZegoSongLineScoreInfo) => void;
}

/** Licensed music; there is none. */
export declare class ZegoCopyrightedMusic {
	private constructor();
	destroyInstance(): void;
	initCopyrightedMusic(config: ZegoCopyrightedMusicConfig): Promise<number>;
	sendExtendedRequest(command: string, params: any): Promise<ZegoCopyrightedMusicSendExtendedRequestResponse>;
	requestResource(config: ZegoCopyrightedMusicRequestConfig, type: ZegoCopyrightedMusicResourceType): Promise<ZegoCopyrightedMusicRequestResourceResponse>;
	getSharedResource(config: ZegoCopyrightedMusicRequestConfig, type: ZegoCopyrightedMusicResourceType): Promise<ZegoCopyrightedMusicRequestResourceResponse>;
	getSharedResourceByToken(config: ZegoCopyrightedMusicRequestSharedResourceByTokenConfig): Promise<ZegoCopyrightedMusicRequestResourceResponse>;
	getLrcLyric(songID: string, vendorID: ZegoCopyrightedMusicVendorID): Promise<ZegoCopyrightedMusicGetLrcLyricResponse>;
	getKrcLyricByToken(krcToken: string): Promise<ZegoCopyrightedMusicGetKrcLyricByTokenResponse>;
	download(resourceID: string): Promise<ZegoCopyrightedMusicDownloadResponse>;
	clearCache(): void;
	startScore(params: ZegoStartScoreParams): Promise<number>;
	stopScore(resourceID: string): number;
	pauseScore(resourceID: string): number;
	resumeScore(resourceID: string): number;
	resetScore(resourceID: string): number;
	getPreviousScore(resourceID: string): Promise<number>;
	getAverageScore(resourceID: string): Promise<number>;
	getTotalScore(resourceID: string): Promise<number>;
	getFullScore(resourceID: string): Promise<number>;
	getStandardPitch(resourceID: string): Promise<ZegoCopyrightedMusicGetStandardPitchResponse>;
	getCurrentPitch(resourceID: string): Promise<number>;
	setScoringLevel(level: number): void;
	getDuration(resourceID: string): number;
	on<k extends keyof ZegoCopyrightedMusicEvent>(event: k, callBack: ZegoCopyrightedMusicEvent[k]): boolean;
	off<k extends keyof ZegoCopyrightedMusicEvent>(event: k, callBack?: ZegoCopyrightedMusicEvent[k]): boolean;
}
