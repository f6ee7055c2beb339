// The end of the SDK as a script: for a script tag, and for require.

if (typeof registerProcessor === "function") { // a worklet, which loads it for the tap alone
	registerTap();
} else if (typeof module === "object" && typeof exports === "object") {
	const { ZegoExpressEngine, WebRTCUtil } = newSDK();
	Object.defineProperty(exports, "__esModule", { value: true });
	exports.ZegoExpressEngine = ZegoExpressEngine;
	exports.WebRTCUtil = WebRTCUtil;
	exports.default = ZegoExpressEngine;
} else if (!globalThis.ZegoExpressEngine?.[MARK]) { // a page that loads the SDK twice keeps the first
	Object.assign(globalThis, newSDK(undefined, document.currentScript?.src));
}
