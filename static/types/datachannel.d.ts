/** What a data manager tells. */
export interface ZegoDataChannelEvent {
	/** Bytes came, in the order in which they were sent. */
	receiveRealTimeSequentialData: (byte: ArrayBuffer, dataLength: number, streamID: string) => void;
}

/** Sends bytes beside media, in order; `createRealTimeSequentialDataManager` makes it. */
export declare class ZegoRealTimeSequentialDataManager {
	private constructor();
	/** The room that it belongs to. */
	get roomID(): string;
	/** Ends all sending and receiving. */
	reset(): void;
	/** Begins to send under the id of a stream, published or not; false if it does already, or for a bad id. */
	startBroadcasting(streamID: string): Promise<boolean>;
	/** Ends that. A stream that was published under the id goes on. */
	stopBroadcasting(streamID: string): boolean;
	/** Sends bytes; false if it does not broadcast, or the channel is not open. */
	sendRealTimeSequentialData(streamID: string, data: ArrayBuffer): boolean;
	/** Begins to receive. Add the listener before. */
	startSubscribing(streamID: string): Promise<boolean>;
	/** Ends that. */
	stopSubscribing(streamID: string): boolean;
	/** Adds a listener. */
	on<K extends keyof ZegoDataChannelEvent>(event: K, callBack: ZegoDataChannelEvent[K]): void;
	/** Removes a listener. */
	off<K extends keyof ZegoDataChannelEvent>(event: K, callBack: ZegoDataChannelEvent[K]): void;
}

/** Bytes beside media. */
export interface ZegoExpressEngineData {
	/** Makes the data manager of a room; null if the room is not entered, or has one. */
	createRealTimeSequentialDataManager(roomID: string): ZegoRealTimeSequentialDataManager;
	/** Ends a data manager. */
	destroyRealTimeSequentialDataManager(manager: ZegoRealTimeSequentialDataManager): void;
}
