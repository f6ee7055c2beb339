package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	"expressrtc/server/signaling"
)

// keepConsole keeps what the console is told, as lines of level and text.
const keepConsole = `globalThis.logged = [];
	for (const level of ["debug", "info", "warn", "error"]) {
		const own = console[level];
		console[level] = (...args) => { logged.push(level + ": " + args.map(String).join(" ")); own.apply(console, args); };
	}
	globalThis.said = (part) => logged.filter((line) => line.includes(part)).length;`

// TestSetUpBeforeTheProgram: what pages call right behind the constructor answers at once,
// does not wait for the program, and counts when it is there.
func TestSetUpBeforeTheProgram(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := newTab(t, usual, "anna")
	p.inject(keepConsole)
	p.run(chromedp.Navigate(elsewhere(t, `<script src="`+s.sdk()+`"></script><script>
		globalThis.answers = [
			ZegoExpressEngine.presetLogConfig({logLevel: "debug"}),
			ZegoExpressEngine.setEngineOptions({apiMuteStreamQPS: 5}),
			ZegoExpressEngine.setCloudProxyConfig([], "", true),
			ZegoExpressEngine.setLocalProxyConfig({}, true),
			ZegoExpressEngine.setGeoFence(1, [2]),
			ZegoExpressEngine.use({type: "VoiceChanger", install() { throw new Error("not ours") }}),
		];
		globalThis.zg = new ZegoExpressEngine("1", "");
		answers.push(zg.enableMultiRoom(true), zg.setEngineConfig({maxChannels: 1, noSuchKnob: 1}),
			zg.setRoomScenario(3), zg.setLogConfig({logLevel: "debug"}), zg.setTurnServer([]));
		globalThis.logins = Promise.all(["one", "two"].map((room) => zg.loginRoom(room, "", {userID: "anna"})));
	</script>`, nil)))
	p.wants("value", list(true, nil, nil, nil, nil, nil, true, nil, true, true, nil), `answers`)
	p.wants("resolved", list(true, true), `logins`)
	p.wants("value", 1, `said("debug: ExpressRTC: setEngineConfig: noSuchKnob")`)
	p.do(`zg.startPlayingStream("nobody")`)
	p.wants("rejected", map[string]any{"code": 1104045, "message": anything, "errorCode": 1104045, "extendedData": anything}, `zg.startPlayingStream("another")`)

	p.expect("setRoomScenario")
	p.wants("value", false, `zg.setRoomScenario(4)`) // in a room
	p.wants("thrown", map[string]any{"name": "TypeError"}, `zg.setEngineConfig(null)`)
	p.wants("thrown", "'setTurnServer' failed. param error.", `zg.setTurnServer({})`)
	p.wants("thrown", map[string]any{"code": 1001021}, `ZegoExpressEngine.setGeoFence(1, [2])`)
	for _, options := range []string{`{customDomain: "x"}`, `{geoFenceType: "1"}`, `{geoFenceAreaList: 2}`} {
		p.wants("thrown", map[string]any{"name": "Error"}, `ZegoExpressEngine.setEngineOptions(`+options+`)`)
	}
	p.wants("resolved", map[string]any{"errorCode": 0, "extendedData": "upload logs success!"}, `zg.uploadLog()`)
	p.wants("value", true, `((now) => now.maxDeviation >= 0 && Math.abs(now.timestamp - Date.now()) < 1000)(zg.getNetworkTimeInfo())`)
	p.wants("value", map[string]any{"timestamp": 0, "maxDeviation": 0}, `new ZegoExpressEngine(1, "").getNetworkTimeInfo()`)
}

// TestLogs: one level for all lines, the page's through zg.logger too, and a collector
// that gets them in batches.
func TestLogs(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	p := newTab(t, usual, "anna")
	p.inject(keepConsole + `globalThis.posted = []; navigator.sendBeacon = (url, text) => { posted.push([url, String(text)]); return true };
		globalThis.alerts = []; globalThis.alert = (text) => alerts.push(text);`)
	p.run(chromedp.Navigate(elsewhere(t, fill(t, "sdk.html", visit{SDK: s.sdk()}), nil)))
	p.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, "0123456789abcdef0123456789abcdef")); await zg.checkSystemRequirements("webRTC")`)
	p.wants("value", 1, `said("warn: ExpressRTC: argument 2 looks like a ServerSecret")`)

	p.do(`zg.logger.debug("quiet"); zg.logger.info("loud")`)
	p.wants("value", list(0, 1), `[said("quiet"), said("info: loud")]`)
	p.wants("value", true, `zg.setLogConfig({logLevel: "error", remoteLogLevel: "nonsense"})`)
	p.do(`zg.logger.warn("too quiet"); zg.logger.error("an error")`)
	p.expect("an error")
	p.wants("value", list(0, 1), `[said("too quiet"), said("error: an error")]`)
	p.wants("value", false, `zg.setLogConfig({logURL: "http://logs.example/x"})`)
	p.wants("value", true, `zg.setLogConfig({logURL: "https://logs.example/x", logLevel: "disable"})`)

	// An expired token, and one in the place of the room.
	p.expect("loginRoom")
	p.do(`await zg.loginRoom(%s, "", {userID: "anna"}).catch(() => {})`, expiring(3600e9)+"/")
	p.do(`await zg.loginRoom("room", %s, {userID: "anna"})`, expiring(-3*3600e9))
	p.do(`zg.logger.debug("not remote"); await zg.uploadLog()`)
	p.wants("value", list(0, 0), `[said("looks like a token"), said("expired 3 h ago")]`)
	const remote = `((text) => [posted[0][0], text.includes("looks like a token"), text.includes("the token) expired") || text.includes("(token) expired 3 h ago: renew it"), text.includes("not remote")])(posted.map((it) => it[1]).join("\n"))`
	p.wants("value", list("https://logs.example/x", true, true, false), remote)

	p.do(`zg.setLogConfig({logLevel: "info"}); zg.setDebugVerbose(1); zg.on("noSuchEvent", () => {})`)
	p.expect("noSuchEvent")
	p.do(`zg.setDebugVerbose(true); zg.on("noSuchEvent", () => {}); await new Promise((resolve) => setTimeout(resolve))`)
	p.wants("value", 1, `alerts.length`)
	p.do(`new ZegoExpressEngine(NaN, ""); await zg.checkSystemRequirements("webRTC")`)
	p.expect("argument 1 of ZegoExpressEngine must be an app id")
	p.wants("value", 1, `said("must be an app id, a whole number; it is NaN")`)
	p.wants("thrown", map[string]any{"name": "Error"}, `ZegoExpressEngine.presetLogConfig({logURL: "ftp://x"})`)
}

// keepConnections keeps what a page connects with, and the last channel that it was offered.
const keepConnections = `globalThis.connections = [];
	globalThis.RTCPeerConnection = class extends RTCPeerConnection {
		constructor(...args) {
			super(...args);
			connections.push(this);
			this.addEventListener("datachannel", ({channel}) => { e2e.note("channel", channel.label, channel.ordered, channel.maxRetransmits); });
		}
	};`

// TestConnectionsAsThePageWants: servers of the page's own and the way of the media are
// the connection's, and the other end is told how a data channel is.
func TestConnectionsAsThePageWants(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	b.do(keepConnections)
	a.do(`zg.setEngineConfig({datachannelOption: {ordered: false, maxRetransmits: 3}})`)
	b.do(`zg.setTurnServer([{url: "turn:192.0.2.1:3478", username: "u", credential: "c"}, {}])`)
	for _, p := range []*tab{a, b} {
		p.login("room")
		p.do(`globalThis.manager = zg.createRealTimeSequentialDataManager("room")`)
	}
	a.wants("resolved", true, `manager.startBroadcasting("facts")`)
	b.await("roomStreamUpdate", "room", "ADD")
	b.wants("resolved", true, `manager.startSubscribing("facts")`)
	b.await("channel", "data", false, 3)
	b.wants("value", list("all", list(list("turn:192.0.2.1:3478"), "u", "c")), `((c) => [c.iceTransportPolicy, [[c.iceServers[0].urls].flat(), c.iceServers[0].username, c.iceServers[0].credential]])(connections[0].getConfiguration())`)

	a.publish("cam")
	b.await("roomStreamUpdate", "room", "ADD", list(stream("cam", "anna")))
	b.do(`zg.setEngineConfig({turnOnly: true}); zg.startPlayingStream("cam")`)
	b.do(`while (connections.length < 2) await new Promise((resolve) => setTimeout(resolve, 10))`)
	b.wants("value", "relay", `connections[1].getConfiguration().iceTransportPolicy`)
}
