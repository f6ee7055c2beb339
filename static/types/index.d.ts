/**
 * ExpressRTC: live audio and video calls from your own server, with the classes, methods
 * and events of ZEGO's Express Web SDK 3.12.
 *
 * Words used throughout: a *local stream* is what `createStream` or `createZegoStream`
 * gave; an *id* of a room, user or stream consists of letters, digits and common
 * punctuation, without spaces, quotes, brackets, `:` and `/`. Times are in milliseconds
 * and bitrates in kbit/s, unless said otherwise. A method that this version does not have
 * yet says so, and fails with code 1101003.
 */
export * from "./engine";
export * from "./rooms";
export * from "./capture";
export * from "./localstream";
export * from "./publish";
export * from "./play";
export * from "./streamview";
export * from "./devices";
export * from "./effects";
export * from "./voice";
export * from "./mixing";
export * from "./mixer";
export * from "./datachannel";
export * from "./rangeaudio";
export * from "./music";
export * from "./events";
export * from "./requirements";
