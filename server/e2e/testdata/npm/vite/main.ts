// An application that knows nothing but the package's usual name.
import { ZegoExpressEngine } from "zego-express-engine-webrtc";
import type { ZegoUser } from "zego-express-engine-webrtc/sdk/code/zh/ZegoExpressEntity.rtm";

declare global {
	interface Window {
		e2e: { record<T>(engine: T): T };
		zg: ZegoExpressEngine;
		me: ZegoUser;
	}
}

const query = new URLSearchParams(location.search);
window.me = { userID: query.get("user") ?? "" };
window.zg = window.e2e.record(new ZegoExpressEngine(1, query.get("server") ?? ""));
