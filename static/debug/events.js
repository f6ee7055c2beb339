// The names of all events that the SDK knows, and listening to every one of them.

// engineEvents has them in the contract's order: of rooms, then of media, then of data.
export const engineEvents = [
  "roomUserUpdate", "roomStateUpdate", "roomOnlineUserCountUpdate", "IMRecvBroadcastMessage",
  "IMRecvBarrageMessage", "IMRecvCustomCommand", "roomExtraInfoUpdate", "tokenWillExpire",
  "roomStateChanged", "recvRoomTransparentMessage",
  "publishQualityUpdate", "publisherStateUpdate", "screenSharingEnded", "playQualityUpdate",
  "streamExtraInfoUpdate", "playerStateUpdate", "remoteCameraStatusUpdate", "remoteMicStatusUpdate",
  "soundLevelUpdate", "videoDeviceStateChanged", "audioDeviceStateChanged", "deviceError",
  "capturedSoundLevelUpdate", "playerRecvSEI", "beautyEffectError", "roomStreamUpdate",
  "exceptionUpdate", "networkQuality", "mixerSoundLevelUpdate", "autoMixerSoundLevelUpdate",
  "backgroundEffectError", "recvExperimentalAPI", "mixerRelayCDNStateUpdate",
  "playerVideoTrackUpdate", "playerAudioTrackUpdate", "publisherVideoEncoderChanged",
  "receiveRealTimeSequentialData",
];

export const viewEvents = ["autoplayFailed", "canPlayVideo", "canPlayAudio"];

export const localStreamEvents = [
  "autoplayFailed", "canPlayAudio", "canPlayVideo", "canPlayCaptureVideo", "canPlayCaptureAudio",
  "autoplayCaptureFailed", "videoTrackChanged", "audioTrackChanged", "captureVideoTrackChanged",
  "captureAudioTrackChanged",
];

const names = { engine: engineEvents, view: viewEvents, localStream: localStreamEvents };

// listen tells of every event of an engine, a view or a ZegoLocalStream.
export function listen(kind, emitter, tell) {
  for (const name of names[kind]) emitter.on(name, (...args) => tell(name, args));
}
