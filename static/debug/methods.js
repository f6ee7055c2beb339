// The table of methods: one row a method of the contract's first two tiers, and the static ones.
//
// A row is [area, name, ...arguments]; an argument is [name, kind, what it is at first,
// choices]. Kinds are in arguments.js. What begins with @ comes from the panel: its room,
// its user, the stream that it published last. Without a beginning an argument is left out.

import { engineEvents, localStreamEvents, viewEvents } from "./events.js";

const room = ["roomID", "text", "@room"];
const stream = ["localStream", "stream"];
const mediaStream = ["localStream", "mediaStream"];
const published = ["streamID", "text", "@published"];
const played = ["streamID", "text", "@played"];
const mute = ["mute", "truth", true];
const deviceID = (which) => ["deviceID", "text", which];
const volume = (at) => ["volume", "number", at];
const container = (at) => ["container", "box", at];
const event = (names) => ["event", "pick", names[0], names.map((name) => [name, name])];
const listener = ["callBack", "callback"];
const json = (name, text) => [name, "json", text];
const camera = '{"quality": 2}';
const microphone = '{"ANS": true, "AGC": true, "AEC": true}';
const viewOptions = ["options", "json", '{"objectFit": "contain"}'];

const scenarios = [
  [3, "Default"], [4, "StandardVideoCall"], [5, "HighVideoCall"], [6, "StandardChatroom"],
  [7, "HighQualityChatroom"], [8, "Broadcast"], [9, "Karaoke"],
];
const checks = ["webRTC", "customCapture", "camera", "microphone", "screenSharing", "H264", "VP8", "H265"];
const updates = [[0, "video"], [1, "audio"], [2, "videoAndAudio"]];

const ofEngine = [
  ["room", "loginRoom", room, ["token", "text", "@token"], json("user", "@user"), json("config", '{"userUpdate": true}')],
  ["room", "logoutRoom", room],
  ["room", "switchRoom", ["fromRoomID", "text", "@room"], ["toRoomID", "text", "@otherRoom"], json("config", "@switch")],
  ["room", "renewToken", ["token", "text", "@token"], room],
  ["room", "enableMultiRoom", ["enable", "truth", true]],
  ["room", "setRoomExtraInfo", room, ["key", "text", "topic"], ["value", "text", "hello"]],

  ["publish", "createStream", json("source")],
  ["publish", "createZegoStream", json("options")],
  ["publish", "destroyStream", stream],
  ["publish", "createLocalStreamView", stream],
  ["publish", "startPublishingStream", ["streamID", "text", "@newStream"], stream, json("publishOption")],
  ["publish", "stopPublishingStream", published],
  ["publish", "updatePublishingStream", ["zegoStream", "zegoStream"], ["updateType", "pick", 2, updates]],
  ["publish", "setStreamExtraInfo", published, ["extraInfo", "text", "hello"]],
  ["publish", "mutePublishStreamVideo", stream, mute, ["retain", "truth"]],
  ["publish", "mutePublishStreamAudio", stream, mute],
  ["publish", "setVideoConfig", stream, json("constraints", '{"width": 320, "height": 240, "frameRate": 15, "maxBitrate": 300}')],
  ["publish", "setAudioConfig", stream, json("constraints", microphone)],
  ["publish", "replaceTrack", mediaStream, ["mediaStreamTrack", "track"]],
  ["publish", "addTrack", mediaStream, ["track", "track"]],
  ["publish", "removeTrack", mediaStream, ["track", "track"]],

  ["play", "startPlayingStream", played, json("playOption")],
  ["play", "stopPlayingStream", played],
  ["play", "createRemoteStreamView", ["remoteStream", "played"]],
  ["play", "mutePlayStreamVideo", played, mute],
  ["play", "mutePlayStreamAudio", played, mute],
  ["play", "muteAllPlayVideoStreams", mute],
  ["play", "muteAllPlayAudioStreams", mute],

  ["messages", "sendBroadcastMessage", room, ["message", "text", "hello"]],
  ["messages", "sendBarrageMessage", room, ["message", "text", "hello"]],
  ["messages", "sendCustomCommand", room, ["command", "text", "hello"], json("toUserIDList", "@others")],

  ["devices", "enumDevices"],
  ["devices", "getCameras"],
  ["devices", "getMicrophones"],
  ["devices", "getSpeakers"],
  ["devices", "useVideoDevice", stream, deviceID("@camera")],
  ["devices", "useAudioDevice", stream, deviceID("@microphone")],
  ["devices", "useAudioOutputDevice", ["media", "media"], deviceID("@speaker")],
  ["devices", "useFrontCamera", stream, ["enable", "truth", true]],
  ["devices", "enableVideoCaptureDevice", stream, ["enable", "truth", true]],
  ["devices", "enableAutoSwitchDevice", json("config", '{"camera": true, "microphone": true}')],

  ["sound", "setSoundLevelDelegate", ["bool", "truth", true], ["interval", "number", 1000], json("options")],
  ["sound", "muteMicrophone", mute],
  ["sound", "isMicrophoneMuted"],
  ["sound", "setCaptureVolume", stream, volume(100)],

  ["quality", "getPublishingStreamQuality", published],
  ["quality", "getPlayingStreamQuality", played],
  ["quality", "checkSystemRequirements", ["checkType", "pick", "webRTC", checks.map((it) => [it, it])], ["checkLevel", "pick", 0, [[0, "0"], [1, "1"]]]],

  ["settings", "on", event(engineEvents), listener],
  ["settings", "off", event(engineEvents), listener],
  ["settings", "setEngineConfig", json("config", '{"publishQualityInterval": 1000, "playQualityInterval": 1000}')],
  ["settings", "setRoomScenario", ["scenario", "pick", 4, scenarios]],
  ["settings", "setLogConfig", json("config", '{"logLevel": "info"}')],
  ["settings", "setDebugVerbose", ["enable", "truth", false]],
  ["settings", "getVersion"],
  ["settings", "destroyEngine"],
];

const ofLocalStream = [
  ["on", event(localStreamEvents), listener],
  ["off", event(localStreamEvents), listener],
  ["getTracks"],
  ["getAudioTracks"],
  ["getVideoTracks"],
  ["startCaptureCameraAndMicrophone", json("cameraOptions", camera), json("microphoneOptions", microphone)],
  ["startCaptureCamera", json("options", camera)],
  ["startCaptureMicrophone", json("options", microphone)],
  ["startCaptureScreen", json("options", camera)],
  ["startCaptureScreenWithAudio", json("screenVideoOptions", camera), json("screenAudioOptions")],
  ["stopCaptureVideo"],
  ["stopCaptureAudio"],
  ["playVideo", ["view", "box", "local"], json("config")],
  ["stopVideo"],
  ["resumeVideo"],
  ["playAudio", json("config")],
  ["stopAudio"],
  ["resumeAudio"],
  ["setVolume", volume(50)],
].map((row) => ["localStream", ...row]);

const ofView = [
  ["on", event(viewEvents), ["callback", "callback"]],
  ["off", event(viewEvents), ["callback", "callback"]],
  ["play", container("@box"), viewOptions],
  ["stop"],
  ["playVideo", container("@box"), viewOptions],
  ["stopVideo"],
  ["playAudio", json("options")],
  ["stopAudio"],
  ["resume"],
  ["setVideoMuted", ["muted", "truth", true]],
  ["setAudioMuted", ["muted", "truth", true]],
  ["setVolume", volume(50)],
  ["useAudioOutputDevice", deviceID("@speaker")],
].map((row) => ["view", ...row]);

const statics = [
  ["presetLogConfig", json("config", '{"logLevel": "info"}')],
  ["setEngineOptions", json("options", '{"apiMuteStreamQPS": 10}')],
  ["setGeoFence", ["type", "pick", 0, [[0, "None"], [1, "Include"], [2, "Exclude"]]], json("areaList", "[]")],
  ["setCloudProxyConfig", json("proxyList", "[]"), ["token", "text", ""], ["enable", "truth", false]],
  ["setLocalProxyConfig", json("proxyConfig", "{}"), ["enable", "truth", false]],
  ["use", json("module", '{"type": "VoiceChanger"}')],
].map((row) => ["statics", ...row]);

// table is every method: {of, area, name, parameters: [{name, kind, first, choices}]}.
// of is the class whose objects have it; the static ones belong to the class itself.
export const table = [
  ...rows("ZegoExpressEngine", ofEngine),
  ...rows("ZegoLocalStream", ofLocalStream),
  ...rows("ZegoStreamView", ofView),
  ...rows("static", statics),
];

// areas are the groups in which methods are shown, in their order.
export const areas = [...new Set(table.map(({ area }) => area))];

// find is one row of the table.
export function find(of, name) { return table.find((row) => row.of === of && row.name === name); }

function rows(of, list) {
  return list.map(([area, name, ...parameters]) => ({
    of, area, name, parameters: parameters.map(([parameter, kind, first, choices]) => ({ name: parameter, kind, first, choices })),
  }));
}
