// A call for several, as pages write one: with the types of the package by deep paths.
import { ZegoExpressEngine, WebRTCUtil } from "zego-express-engine-webrtc";
import type { ZegoUser, ZegoBroadcastMessageInfo } from "zego-express-engine-webrtc/sdk/code/zh/ZegoExpressEntity.rtm";
import type {
	ZegoDeviceInfo,
	ZegoLocalStreamConfig,
	ZegoPublishStats,
	ZegoPublisherState,
	ZegoSoundLevelInfo,
	ZegoStreamList,
	ZegoWebPublishOption,
} from "zego-express-engine-webrtc/sdk/code/zh/ZegoExpressEntity.web";
import { ZegoStreamView } from "zego-express-engine-webrtc/sdk/code/zh/ZegoStreamView.web";

const appID = Number("1234567890");
const zg = new ZegoExpressEngine(appID, ["wss://webliveroom1-api.zego.im/ws", "wss://fall-back.example/ws"], { scenario: 7 });
zg.setLogConfig({ logLevel: "info", remoteLogLevel: "disable" });
zg.setDebugVerbose(false);
if (zg.getVersion() < "2.17.0") throw new Error("too old");

interface Participant {
	user: ZegoUser;
	stream?: MediaStream;
	view?: ZegoStreamView;
}

export class Call {
	private others = new Map<string, Participant>();
	private local: MediaStream | null = null;
	private quality: ZegoPublishStats["video"] | undefined;

	constructor(private room: string, private user: ZegoUser) {
		zg.on("roomStreamUpdate", async (roomID: string, updateType: "DELETE" | "ADD", list: ZegoStreamList[], extendedData?: string) => {
			if (roomID !== this.room) return;
			for (const { streamID, user } of list) await (updateType === "ADD" ? this.add(streamID, user) : this.remove(streamID));
			if (extendedData) console.log(JSON.parse(extendedData));
		});
		zg.on("publisherStateUpdate", (result: ZegoPublisherState) => {
			if (result.state === "NO_PUBLISH" && result.errorCode !== 0) console.error(result.extendedData);
		});
		zg.on("publishQualityUpdate", (_id, stats) => { this.quality = stats.video; });
		zg.on("roomStateChanged", (_room, reason, code) => {
			if (reason === "KICKOUT" || code === 1002050) void this.leave();
		});
		zg.on("IMRecvBroadcastMessage", (_room: string, messages: ZegoBroadcastMessageInfo[]) => messages.forEach((it) => console.log(it.fromUser.userName, it.message)));
		zg.on("IMRecvCustomCommand", (_room, from, command) => console.log(from.userID, JSON.parse(command)));
		zg.on("soundLevelUpdate", (levels: ZegoSoundLevelInfo[]) => levels.filter((it) => it.type === "pull" && it.soundLevel > 10));
		zg.on("tokenWillExpire", async (roomID) => { zg.renewToken(await token(), roomID); });
		zg.on("networkQuality", (userID, up, down) => console.log(userID, up <= 1, down));
		zg.on("remoteCameraStatusUpdate", (_id, status) => status === "MUTE");
		zg.on("deviceError", (code, name) => console.warn(code, name));
	}

	async enter(config?: ZegoLocalStreamConfig, option?: ZegoWebPublishOption): Promise<boolean> {
		const can = await zg.checkSystemRequirements();
		if (!can.webRTC || !can.videoCodec?.H264) throw new Error(can.errInfo.webRTC?.message);
		const entered = await zg.loginRoom(this.room, await token(), this.user, { userUpdate: true, maxMemberCount: 10 });
		this.local = await zg.createStream(config ?? { camera: { video: true, audio: true, videoQuality: 4, width: 640, height: { ideal: 480 }, frameRate: 15, bitrate: 800 } });
		zg.createLocalStreamView(this.local).play("local", { mirror: true, objectFit: "cover", enableAutoplayDialog: true });
		zg.setSoundLevelDelegate(true, 500);
		return entered && zg.startPublishingStream(`${this.user.userID}-main`, this.local, { videoCodec: "H264", extraInfo: "{}", ...option });
	}

	private async add(streamID: string, user: ZegoUser): Promise<void> {
		const stream = await zg.startPlayingStream(streamID, { audio: true, video: true, jitterBufferTarget: 100 });
		const view = zg.createRemoteStreamView(stream);
		view.on("autoplayFailed", () => document.body.addEventListener("click", () => view.resume(), { once: true }));
		view.play(document.getElementById("remote")!, { objectFit: "contain" });
		this.others.set(streamID, { user, stream, view });
	}

	private remove(streamID: string): void {
		this.others.get(streamID)?.view?.stop();
		this.others.delete(streamID);
		zg.stopPlayingStream(streamID);
	}

	async devices(): Promise<ZegoDeviceInfo[]> {
		const { cameras, microphones } = await zg.enumDevices();
		if (this.local && cameras[1]) {
			const { errorCode } = await zg.useVideoDevice(this.local, cameras[1].deviceID);
			if (errorCode === 0) await zg.setVideoConfig(this.local, { width: 320, height: 240, maxBitrate: 300 });
		}
		return [...cameras, ...microphones];
	}

	async talk(text: string): Promise<void> {
		const sent = await zg.sendBroadcastMessage(this.room, text);
		if (sent.errorCode !== 0) console.error(sent.extendedData);
		await zg.sendCustomCommand(this.room, JSON.stringify({ text }), ["bert"]);
		await zg.setRoomExtraInfo(this.room, "topic", text).catch((error: { errorCode: number }) => console.error(error.errorCode));
	}

	async share(): Promise<void> {
		if (!this.local) return;
		const screen = await zg.createStream({ screen: { audio: true, videoQuality: 2, frameRate: 15 } });
		const [track] = screen.getVideoTracks();
		if (track) await zg.replaceTrack(this.local, track);
		zg.on("screenSharingEnded", (stream) => zg.destroyStream(stream));
	}

	mute(on: boolean): boolean {
		return !!this.local && zg.mutePublishStreamAudio(this.local, on) && zg.mutePublishStreamVideo(this.local, on) && zg.muteMicrophone(on) && this.quality?.muteState === "1";
	}

	async leave(): Promise<void> {
		zg.stopPublishingStream(`${this.user.userID}-main`);
		if (this.local) zg.destroyStream(this.local);
		zg.off("tokenWillExpire");
		zg.logoutRoom(this.room);
		zg.destroyEngine();
	}
}

async function token(): Promise<string> {
	const response = await fetch("/api/token");
	return ((await response.json()) as { token: string }).token;
}

void WebRTCUtil.supportDetection(false, (result) => console.log(result.errInfo), 0);
