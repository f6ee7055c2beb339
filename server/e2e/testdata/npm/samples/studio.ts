// The object form of local streams, effects and sound, as studios for the browser use it.
import { ZegoExpressEngine } from "zego-express-engine-webrtc";
import { ZegoStreamUpdateType, type ZegoLocalStreamEvent, type ZegoServerResponse } from "zego-express-engine-webrtc/sdk/code/zh/ZegoExpressEntity.web";
import type ZegoLocalStream from "zego-express-engine-webrtc/sdk/code/zh/ZegoLocalStream.web";
import { VoiceChanger } from "zego-express-engine-webrtc/voice-changer";

ZegoExpressEngine.use(VoiceChanger);
ZegoExpressEngine.presetLogConfig({ logLevel: "error" });
ZegoExpressEngine.setEngineOptions({ apiMuteStreamQPS: 5 });

export async function studio(zg: ZegoExpressEngine, view: HTMLElement, song: HTMLAudioElement): Promise<ZegoLocalStream> {
	const local = await zg.createZegoStream({ camera: { video: { quality: 3 }, audio: { AEC: true } }, videoBitrate: { bitrate: 1500, startBitrate: "target" } });
	const failed: ZegoLocalStreamEvent["autoplayFailed"] = () => void local.resumeVideo();
	local.on("autoplayFailed", failed);
	local.playVideo(view, { mirror: true });
	zg.startPublishingStream("studio", local);
	const result: ZegoServerResponse = await local.startCaptureScreenWithAudio({ quality: 2 }, { AEC: false });
	if (result.errorCode === 0) await zg.updatePublishingStream(local, ZegoStreamUpdateType.videoAndAudio);
	await zg.setCaptureVolume(local, 150);
	zg.startMixingAudio("studio", [song]);
	zg.setMixingAudioVolume("studio", 50, song);
	const player = zg.createAudioEffectPlayer(local);
	player.start("clap", { path: "clap.mp3" }, () => console.log("clap"), () => player.stop("clap"));
	await zg.enableVideoCaptureDevice(local, false);
	const preview = local.stream ? zg.createLocalStreamView(local.stream) : null;
	preview?.setVolume(50);
	const data = zg.createRealTimeSequentialDataManager("room");
	data.on("receiveRealTimeSequentialData", (bytes, length, streamID) => console.log(bytes.byteLength === length, streamID));
	data.sendRealTimeSequentialData("studio", new TextEncoder().encode("hi").buffer as ArrayBuffer);
	console.log(local.active, local.id, local.videoDeviceId, local.getTracks().length, zg.getPublishingStreamQuality("studio")?.audio.audioBitrate);
	return local;
}
