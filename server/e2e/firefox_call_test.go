package e2e

import (
	"fmt"
	"testing"

	"expressrtc/server/signaling"
)

// firefoxPairs are the browsers that call each other in these tests.
var firefoxPairs = map[string][2]flavor{
	"with Chromium":   {firefox, usual},
	"with each other": {firefox, firefox},
}

// silenceJS resolves once the page's sound was silent for longer than there is between
// two beeps of Chromium's fake microphone.
const silenceJS = `
	const context = new AudioContext(), meter = context.createAnalyser();
	context.createMediaStreamSource(e2e.audible().srcObject).connect(meter);
	const samples = new Float32Array(meter.fftSize);
	for (let quiet = 0, ran = context.currentTime; quiet < 1.5; ran = context.currentTime) {
		await new Promise((resolve) => setTimeout(resolve, 20));
		meter.getFloatTimeDomainData(samples);
		quiet = samples.some((sample) => Math.abs(sample) > 0.01) ? 0 : quiet + context.currentTime - ran;
	}
	await context.close()`

// TestFirefoxCall is a call whole, both ways.
func TestFirefoxCall(t *testing.T) {
	t.Parallel()
	for name, f := range firefoxPairs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, signaling.Config{})
			a, b := s.page(f[0], "anna"), s.page(f[1], "bert")
			for _, p := range []*tab{a, b} {
				p.login("room")
				p.publish(p.name)
			}
			for _, side := range [][2]*tab{{a, b}, {b, a}} {
				p, other := side[0], side[1]
				p.await("roomStreamUpdate", "room", "ADD", list(stream(other.name, other.name)))
				p.play(other.name)
				p.await("remoteCameraStatusUpdate", other.name, "OPEN")
				p.await("remoteMicStatusUpdate", other.name, "OPEN")
			}
			perceive([]*tab{a, b}, "#remote video")
			writes(a, b)
			writes(b, a)
			mute(a, b)
			b.do(`zg.logoutRoom()`)
			a.await("roomStreamUpdate", "room", "DELETE", list(stream("bert", "bert")))
			a.await("roomUserUpdate", "room", "DELETE", list(user("bert")))
			a.loses("#remote video")
			a.sees("#local video")
			a.do(`zg.logoutRoom(); zg.destroyStream(local)`)
			a.wants("value", 0, `e2e.peers.size`)
		})
	}
}

// writes sends a message of each kind from one page to another.
func writes(from, to *tab) {
	from.t.Helper()
	from.wants("resolved", map[string]any{"errorCode": 0}, `zg.sendBroadcastMessage("room", "grüß Gott 你好")`)
	to.await("IMRecvBroadcastMessage", "room", list(map[string]any{"fromUser": user(from.name), "message": "grüß Gott 你好"}))
	from.wants("resolved", map[string]any{"errorCode": 0}, `zg.sendBarrageMessage("room", "quick")`)
	to.await("IMRecvBarrageMessage", "room", list(map[string]any{"fromUser": user(from.name), "message": "quick"}))
	from.wants("resolved", map[string]any{"errorCode": 0}, `zg.sendCustomCommand("room", {go: ["home", 1]}, [%s])`, to.name)
	to.await("IMRecvCustomCommand", "room", user(from.name), map[string]any{"go": list("home", 1)})
}

// mute switches picture and sound of both pages off and on again, as the other perceives it.
func mute(a, b *tab) {
	a.t.Helper()
	both := []*tab{a, b}
	turn := func(mute bool, told string) {
		for _, p := range both {
			p.wants("value", list(true, true), fmt.Sprintf(`[zg.mutePublishStreamVideo(local, %[1]v), zg.mutePublishStreamAudio(local, %[1]v)]`, mute))
		}
		for _, side := range [][2]*tab{{a, b}, {b, a}} {
			side[0].await("remoteCameraStatusUpdate", side[1].name, told)
			side[0].await("remoteMicStatusUpdate", side[1].name, told)
		}
	}
	turn(true, "MUTE")
	for _, p := range both {
		p.do(`globalThis.silence = (async () => {` + silenceJS + `})()`)
	}
	for _, p := range both {
		p.do(`await e2e.seesBlack(document.querySelector("#remote video")); await silence`)
	}
	turn(false, "OPEN")
	perceive(both, "#remote video")
}

// screenJS stands for the screen where a browser without a display has none: all but the
// browser's own picker is real.
const screenJS = `
	navigator.mediaDevices.getDisplayMedia = async () => {
		const canvas = document.createElement("canvas"), context = canvas.getContext("2d");
		setInterval(() => {
			context.fillStyle = ["red", "yellow", "blue"][Math.floor(performance.now() / 100) % 3];
			context.fillRect(0, 0, 300, 150);
		}, 30);
		return canvas.captureStream();
	}`

// TestFirefoxScreen shares a screen with Firefox, and one from it.
func TestFirefoxScreen(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(firefox, "anna"), s.page(usual, "bert")
	a.expect("createStream") // the headless browser's own refusal
	a.tap(`globalThis.refused = await e2e.outcome(() => zg.createStream({screen: true}))`)
	a.wants("value", map[string]any{"how": "rejected", "value": map[string]any{"code": 1103010}}, `refused`)
	a.do(screenJS)
	for _, p := range []*tab{a, b} {
		p.login("room")
		p.tap(`globalThis.local = await zg.createStream({screen: {audio: false, videoQuality: 2}})`)
		p.do(`zg.startPublishingStream(%s, local)`, p.name)
	}
	for _, side := range [][2]*tab{{a, b}, {b, a}} {
		p, other := side[0], side[1]
		p.play(other.name)
		other.do(`document.body.animate([{background: "red"}, {background: "blue"}], {duration: 1000, iterations: Infinity})`)
		p.sees("#remote video")
	}
}

// TestFirefoxCodecs has what the SDK finds out about the browser. The codec that is asked
// for is used where both browsers have it, and another where they don't.
func TestFirefoxCodecs(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(firefox, "anna"), s.page(usual, "bert")
	has := eval[[]string](a, `return [...new Set(RTCRtpSender.getCapabilities("video").codecs.map(({mimeType}) => mimeType.slice(6)))]`)
	t.Logf("this Firefox has %q", has)
	a.wants("resolved", map[string]any{
		"webRTC": true, "customCapture": true, "camera": true, "microphone": true, "screenSharing": true,
		"videoCodec": map[string]any{"H264": firefoxCodec(a) == "H264", "H265": false, "VP8": true, "VP9": true},
	}, `zg.checkSystemRequirements()`)
	a.wants("resolved", map[string]any{"result": true}, `zg.checkSystemRequirements("VP8", 1)`)
	expected := map[string]string{"VP8": "VP8", "VP9": "VP9", "H264": firefoxCodec(a)}
	for _, p := range []*tab{a, b} {
		p.login("room")
		p.do(`globalThis.local = await zg.createStream()`)
	}
	for asked, used := range expected {
		for _, side := range [][2]*tab{{a, b}, {b, a}} {
			p, other := side[0], side[1]
			id := p.name + asked
			p.do(`zg.startPublishingStream(%s, local, {videoCodec: %s})`, id, asked)
			other.play(id)
			other.sees("#remote video")
			other.wants("resolved", list("video/"+used), `(async () => {
				const reports = (await Promise.all([...e2e.peers].map((peer) => peer.getStats()))).flatMap((stats) => [...stats.values()]);
				const inbound = reports.filter(({type, kind}) => type === "inbound-rtp" && kind === "video");
				return inbound.map(({codecId}) => reports.find(({id}) => id === codecId).mimeType);
			})()`)
			other.do(`zg.stopPlayingStream(%s)`, id)
			p.do(`zg.stopPublishingStream(%s)`, id)
		}
	}
}

// firefoxCodec is what this Firefox uses for the SDK's default of H264, which it has
// from the network.
func firefoxCodec(p *tab) string {
	p.t.Helper()
	if eval[bool](p, `return RTCRtpSender.getCapabilities("video").codecs.some(({mimeType}) => mimeType === "video/H264")`) {
		return "H264"
	}
	return "VP8"
}

// TestInFirefox runs there what other tests do in Chromium.
func TestInFirefox(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"everything before the program": TestEverythingBeforeTheProgramIsThere,
		"synchronous start":             TestSynchronousStart,
		"program missing":               TestProgramIsMissing,
		"the article's page":            TestArticle,
		"the front page":                TestFrontPage,
		"autoplay":                      TestAutoplayDialog,
	} {
		t.Run(name, test)
	}
}
