// The end of the SDK as an ES module. Bundlers look for the words new URL(…, import.meta.url).

const { ZegoExpressEngine, WebRTCUtil } = newSDK(besideModule());

function besideModule() {
	try {
		return new URL("./SDK.wasm", import.meta.url).href;
	} catch {
		return undefined; // a bundler that makes a plain script of it
	}
}

export { ZegoExpressEngine, WebRTCUtil, ZegoExpressEngine as default };
