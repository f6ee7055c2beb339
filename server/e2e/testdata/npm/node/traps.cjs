// Fails whoever touches what a browser has, while the package is imported.
const touched = [];
for (const name of ["window", "navigator", "location", "fetch", "WebAssembly", "WebSocket", "XMLHttpRequest", "MessageChannel", "caches", "RTCPeerConnection", "MediaStream"]) {
	const value = globalThis[name];
	Object.defineProperty(globalThis, name, {
		configurable: true,
		get() {
			touched.push(name);
			return value;
		},
	});
}

// check makes sure of what the package gives, and prints "ok".
module.exports = async function check(exported, how) {
	const assert = require("node:assert");
	assert.deepEqual(touched, [], `${how} touches what a browser has`);
	const { ZegoExpressEngine, WebRTCUtil } = exported;
	assert.equal(typeof WebRTCUtil.supportDetection, "function");
	assert.equal(ZegoExpressEngine.version, "3.12.0");
	assert.equal(exported.default, ZegoExpressEngine);
	ZegoExpressEngine.use({ type: "any", install() {} });
	const zg = new ZegoExpressEngine(1, "wss://calls.example/ws");
	assert.equal(zg.on("roomStateUpdate", () => {}), true);
	assert.equal(zg.on("noSuchEvent", () => {}), false);
	assert.equal(zg.getVersion(), "3.12.0");
	zg.setDebugVerbose(false);
	assert.deepEqual(touched, [], "setting up touches what a browser has");
	const said = [];
	console.error = (line) => said.push(line);
	const failure = { code: 1101002, errorCode: 1101002 };
	for (const attempt of [() => zg.loginRoom("room", "", { userID: "anna" }), async () => zg.createLocalStreamView({}), () => zg.createStream()]) {
		await assert.rejects(attempt, (error) => {
			assert.match(error.msg, /needs a browser/);
			return error.code === failure.code && error.errorCode === failure.errorCode && error.extendedData === error.msg;
		});
	}
	assert.equal(said.length, 1, "the log has one line: " + said);
	zg.destroyEngine();
	console.log("ok");
};
