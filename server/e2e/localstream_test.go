package e2e

import (
	_ "embed"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

//go:embed testdata/localstream.js
var localStreamJS string

// zego makes an empty ZegoLocalStream called zs, whose events are recorded.
func (p *tab) zego() {
	p.t.Helper()
	p.do(localStreamJS + `
		globalThis.zs = await zg.createZegoStream({autoCapture: false});
		for (const name of ["autoplayFailed", "canPlayAudio", "canPlayVideo", "videoTrackChanged", "audioTrackChanged",
			"canPlayCaptureVideo", "canPlayCaptureAudio", "autoplayCaptureFailed", "captureVideoTrackChanged", "captureAudioTrackChanged"]) {
			if (!zs.on(name, (...args) => e2e.note(name, ...args))) throw new Error(name);
		}`)
}

var fine = map[string]any{"errorCode": 0, "extendedData": ""}

// failed is how updatePublishingStream tells a code.
func failed(code int) map[string]any {
	return map[string]any{"errorCode": code, "extendedData": anything}
}

// TestZegoStreamIsSeen: what is captured comes to the others with updatePublishingStream,
// and not before.
func TestZegoStreamIsSeen(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(alone, "anna"), s.page(usual, "bert")
	a.login("room")
	b.login("room")
	a.zego()
	b.do(localStreamJS)
	a.wants("thrown", map[string]any{"errorCode": 1103099, "extendedData": anything}, `zg.startPublishingStream("zs", zs)`)
	a.wants("resolved", fine, `zs.startCaptureCameraAndMicrophone({quality: 1}, {})`)
	a.wants("value", true, `zg.startPublishingStream("zs", zs)`)
	b.play("zs")
	b.sees("#remote video")
	b.hears()

	// It is a local stream to every method that takes one, also behind a page's Proxy.
	a.wants("value", true, `zg.mutePublishStreamVideo(new Proxy(zs, {}), true)`)
	b.await("remoteCameraStatusUpdate", "zs", "MUTE")
	a.wants("value", true, `zg.mutePublishStreamVideo(zs, false)`)
	b.await("remoteCameraStatusUpdate", "zs", "OPEN") // with the play
	b.await("remoteCameraStatusUpdate", "zs", "OPEN")
	a.wants("resolved", true, `zg.enableVideoCaptureDevice(zs, false)`)
	b.await("remoteCameraStatusUpdate", "zs", "MUTE")
	a.wants("value", "ended", `zs.videoCaptureStream.getVideoTracks()[0].readyState`)
	a.wants("resolved", true, `zg.enableVideoCaptureDevice(zs, true)`)
	b.await("remoteCameraStatusUpdate", "zs", "OPEN")
	a.wants("value", "live", `zs.videoCaptureStream.getVideoTracks()[0].readyState`)
	a.wants("resolved", list(fine, true), `(async () => {
		const [old] = zs.getVideoTracks(), result = await zg.useVideoDevice(zs, zs.videoDeviceId), [now] = zs.getVideoTracks();
		return [result, now !== old && old.readyState === "ended" && zs.videoCaptureStream.getVideoTracks()[0] === now];
	})()`)
	b.sees("#remote video")
	a.wants("resolved", fine, `zs.startCaptureCamera({quality: 3})`)
	a.wants("resolved", fine, `zg.updatePublishingStream(zs, 0)`)
	a.wants("value", 1280, `zs.getVideoTracks()[0].getSettings().width`)
	b.sees("#remote video")

	a.wants("resolved", fine, `zs.startCaptureCustomVideo({source: e2e.yellow()})`)
	a.wants("value", list(false, true, true), `[
		zs.getVideoTracks()[0] === zs.videoCaptureStream.getVideoTracks()[0], zs.getVideoTracks()[0].readyState === "live", zs.active]`)
	b.wants("resolved", false, `e2e.everYellow("#remote video", 8)`)
	a.wants("resolved", fine, `zg.updatePublishingStream(zs, 0)`)
	b.do(`await e2e.sees("#remote video", true)`)
	a.wants("value", true, `zs.getVideoTracks()[0] === zs.videoCaptureStream.getVideoTracks()[0]`)

	surface := "monitor"
	if a.fakesLess() {
		a.do(screenJS)
		surface = "unknown"
	}
	a.tap(`globalThis.result = e2e.outcome(() => zs.startCaptureScreen({quality: 1}))`)
	a.wants("resolved", map[string]any{"how": "resolved", "value": fine}, `result`)
	a.wants("value", surface, `zs.getScreenDisplaySurface()`)
	b.wants("resolved", true, `e2e.everYellow("#remote video", 8)`)
	a.wants("resolved", fine, `zg.updatePublishingStream(zs, 0)`)
	b.do(`await e2e.sees("#remote video", false)`)

	a.wants("resolved", fine, `zs.startCaptureCustomAudio({source: e2e.tone(1000)})`)
	a.wants("resolved", fine, `zg.updatePublishingStream(zs, 1)`)
	b.do(`await e2e.hearsTone(remote, 1000)`)

	a.wants("resolved", true, `zs.stopCaptureVideo()`)
	b.await("remoteCameraStatusUpdate", "zs", "MUTE")
	b.loses("#remote video")
	a.wants("value", list("audio"), `zs.getTracks().map((track) => track.kind).sort()`)
	a.wants("resolved", failed(1103088), `zg.updatePublishingStream(zs, 2)`)
	a.wants("resolved", fine, `zs.startCaptureCustomVideoAndAudio({source: e2e.yellow()}, {source: e2e.tone(2000)})`)
	a.wants("resolved", fine, `zg.updatePublishingStream(zs, 2)`)
	b.await("remoteCameraStatusUpdate", "zs", "OPEN")
	b.do(`await e2e.sees("#remote video", true)`)
	b.do(`await e2e.hearsTone(remote, 2000)`)

	a.do(`zg.stopPublishingStream("zs"); zg.destroyStream(zs)`)
	a.wants("value", list(false, "ended,ended"), `[zs.active, zs.getTracks().map((track) => track.readyState).join()]`)
	a.wants("resolved", failed(1103044), `zs.startCaptureMicrophone()`)
	a.expect("capture")
}

func TestZegoStreamAtHome(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(alone, "anna")
	p.zego()
	p.wants("value", list(true, false, nil, nil, nil, "", ""), `[
		/^zego-stream-[0-9a-f]+$/.test(zs.id), zs.active, zs.stream, zs.videoCaptureStream, zs.audioCaptureStream, zs.videoDeviceId, zs.audioDeviceId]`)
	p.wants("value", list("object", []any{}, false, "", "unknown"), `[
		typeof zs.zegoStream, zs.getTracks(), zs.setVolume(50), zs.takeStreamSnapshot(), zs.getScreenDisplaySurface()]`)
	p.expect("nothing is captured")
	p.do(`zs.playVideo(document.getElementById("local"))`)

	t.Run("tracks and their events", func(t *testing.T) {
		p.wants("resolved", fine, `zs.startCaptureCamera({quality: 1})`)
		wantLines(t, "anna", p.lines(), []string{`captureVideoTrackChanged({"track":"video"})`, `videoTrackChanged({"track":"video"})`})
		p.wants("value", list(true, 320, true, true), `[zs.active, zs.getVideoTracks()[0].getSettings().width,
			zs.videoDeviceId === zs.getVideoTracks()[0].getSettings().deviceId, zs.stream instanceof MediaStream]`)
		p.do(`globalThis.old = zs.getVideoTracks()[0]; globalThis.stream = zs.stream`)
		p.wants("resolved", fine, `zs.startCaptureCamera({quality: 2})`)
		p.wants("value", list("ended", 640, true), `[old.readyState, zs.getVideoTracks()[0].getSettings().width, zs.stream === stream]`)
		p.wants("resolved", fine, `zs.startCaptureMicrophone()`)
		p.await("captureAudioTrackChanged", map[string]any{"track": "audio"})
		p.await("audioTrackChanged", map[string]any{"track": "audio"})
		p.wants("value", list("audio", "video"), `zs.getTracks().map((track) => track.kind).sort()`)
	})
	t.Run("previews", func(t *testing.T) {
		p.do(`zs.playVideo(document.getElementById("local"), {mirror: true, objectFit: "cover"})`)
		p.await("canPlayVideo", anything)
		p.sees("#local video")
		p.wants("value", list("rotateY(180deg)", "cover", nil), `(({transform, objectFit}) => [transform, objectFit, e2e.audible()])(document.querySelector("#local video").style)`)
		p.do(`zs.playVideo(document.getElementById("other")); zs.playCaptureVideo(document.getElementById("remote"))`)
		p.await("canPlayCaptureVideo", anything)
		p.wants("value", list(0, 1, 1), `["local", "other", "remote"].map((id) => document.getElementById(id).children.length)`)
		p.do(`zs.playCaptureVideo(document.getElementById("local")); zs.stopVideo()`)
		p.wants("value", list(1, 0, 0), `["local", "other", "remote"].map((id) => document.getElementById(id).children.length)`)
		p.sees("#local video")
		p.do(`zs.stopPlayCaptureVideo(); zs.playAudio()`)
		p.await("canPlayAudio", anything)
		p.hears()
		p.wants("value", list(true, 0.5), `[zs.setVolume(50), e2e.audible().volume]`)
		p.wants("value", false, `zs.setVolume("50")`)
		p.wants("resolved", nil, `zs.useAudioOutputDevice("")`)
		p.wants("rejected", map[string]any{"errorCode": 1103093}, `zs.useAudioOutputDevice("nowhere")`)
		p.do(`zs.stopAudio()`)
		p.wants("value", nil, `e2e.audible()`)
		p.do(`zs.playCaptureAudio()`)
		p.await("canPlayCaptureAudio", anything)
		p.hears()
		p.do(`zs.stopPlayCaptureAudio()`)
		p.wants("value", nil, `e2e.audible()`)
		p.do(`zs.playVideo(document.getElementById("local")); await zs.resumeVideo(); await zs.resumeAudio()`)
	})
	t.Run("snapshot", func(t *testing.T) {
		p.wants("resolved", fine, `zs.startCaptureCustomVideo({source: e2e.yellow()})`)
		p.do(`await e2e.sees("#local video", true)`)
		for imageType, want := range map[string]string{"png": "data:image/png;", "jpeg": "data:image/jpeg;"} {
			p.do(`globalThis.shot = new Image(); shot.src = zs.takeStreamSnapshot({imageType: %s}); await shot.decode()`, imageType)
			if src := eval[string](p, `return shot.src`); !strings.HasPrefix(src, want) {
				t.Errorf("%s: %.30s", imageType, src)
			}
			p.wants("value", list(true, 300, 150), `[e2e.isYellow(shot), shot.naturalWidth, shot.naturalHeight]`)
		}
		p.do(`document.addEventListener("click", (event) => event.preventDefault(), {once: true});
			globalThis.saved = [];
			HTMLAnchorElement.prototype.click = function () { saved.push(this.download, this.href.slice(0, 15)) };
			zs.takeStreamSnapshot({save: true, fileName: "me", imageType: "jpeg"});
			zs.takeStreamSnapshot({save: true})`)
		p.wants("value", list("me.jpeg", "data:image/jpeg", true, "data:image/png;"), `saved.map((it, i) => i === 2 ? /^snapshot\d+\.png$/.test(it) : it)`)
		p.wants("value", true, `zg.createLocalStreamView(zs).takeStreamSnapshot() === zs.takeStreamSnapshot()`)
	})
	t.Run("listeners", func(t *testing.T) {
		p.expect("no such event")
		p.expect("a listener of videoTrackChanged failed: Error: mine")
		p.wants("value", list(false, false, false), `[zs.on("nope", () => {}), zs.on("videoTrackChanged"), zs.off("nope")]`)
		p.do(`globalThis.bad = () => { throw new Error("mine") };
			zs.on("videoTrackChanged", bad); zs.on("videoTrackChanged", (track) => { globalThis.last = track })`)
		p.wants("resolved", fine, `zs.startCaptureCamera()`)
		p.wants("value", list(true, true), `[last === zs.getVideoTracks()[0], zs.off("videoTrackChanged", bad)]`)
	})
	t.Run("stopped", func(t *testing.T) {
		p.sees("#local video")
		p.wants("resolved", true, `zs.stopCaptureVideo()`)
		p.wants("value", list(0, 0, 1, nil), `[document.getElementById("local").children.length, zs.getVideoTracks().length, zs.getAudioTracks().length, zs.videoCaptureStream]`)
		p.wants("resolved", true, `zs.stopCaptureAudio()`)
		p.wants("value", list(0, nil, false), `[zs.getTracks().length, zs.stream, zs.active]`)
	})
}

// TestCreateZegoStream has its options, and what it refuses.
func TestCreateZegoStream(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(alone, "anna")
	p.zego()
	for options, want := range map[string][]any{
		``: list("audio", "video"),
		`{camera: {audio: false, video: {quality: 1}}}`:                                                              list("video"),
		`{camera: {video: false}, audioBitrate: 64}`:                                                                 list("audio"),
		`{custom: {audio: {source: e2e.tone(500)}}, videoBitrate: 500}`:                                              list("audio"),
		`{custom: {video: {source: e2e.yellow()}, audio: {source: e2e.tone(500)}}}`:                                  list("audio", "video"),
		`{screen: {video: {quality: 4, frameRate: 10}, audio: true}, videoBitrate: {bitrate: 900, minBitrate: 100}}`: list("audio", "video"),
	} {
		p.tap(`globalThis.result = zg.createZegoStream(` + options + `)`)
		p.wants("resolved", want, `result.then((zs) => {
			const kinds = zs.getTracks().map((track) => track.kind).sort();
			zg.destroyStream(zs);
			if (zs.getTracks().some((track) => track.readyState === "live")) throw "a track goes on";
			return kinds;
		})`)
	}
	p.wants("rejected", map[string]any{"code": 1100001, "message": anything}, `zg.createZegoStream({camera: {}, custom: {}})`)
	p.expect("capture: ")
	for options, code := range map[string]int{
		`{camera: {video: {input: "nobody"}}}`:      1103066,
		`{camera: {video: false, audio: false}}`:    1103061,
		`{camera: {video: {quality: 9}}}`:           1103001,
		`{camera: {video: {quality: "high"}}}`:      1103001,
		`{custom: {audio: {source: e2e.yellow()}}}`: 1103001,
		`{custom: {video: {}}}`:                     1103001,
	} {
		p.wants("rejected", map[string]any{"errorCode": code, "extendedData": anything}, `zg.createZegoStream(`+options+`)`)
	}
	for call, code := range map[string]int{
		`zs.startCaptureCamera({input: "nobody"})`:           1103066,
		`zs.startCaptureCamera(5)`:                           1103001,
		`zs.startCaptureMicrophone({channelCount: "two"})`:   1103001,
		`zs.startCaptureCustomAudio({source: e2e.yellow()})`: 1103001,
		`zs.startCaptureCustomVideo()`:                       1103001,
		`zg.updatePublishingStream(zs, 0)`:                   1103088,
		`zg.updatePublishingStream(zs, 1)`:                   1103087,
		`zg.updatePublishingStream(zs, 7)`:                   1100001,
		`zg.updatePublishingStream(zs)`:                      1100001,
		`zg.updatePublishingStream(new MediaStream(), 0)`:    1103086,
		`zg.updatePublishingStream(undefined, 0)`:            1103086,
	} {
		p.wants("resolved", failed(code), call)
	}
	p.do(`globalThis.several = await zg.createZegoStream({
		multiplacePreview: true, view: document.getElementById("local"), captureView: document.getElementById("remote")});
		several.playCaptureVideo(document.getElementById("other"))`)
	for _, place := range []string{"local", "remote", "other"} {
		p.sees("#" + place + " video")
	}
	p.do(`several.stopPlayCaptureVideo()`)
	p.wants("value", list(1, 0, 0), `["local", "remote", "other"].map((id) => document.getElementById(id).children.length)`)
	p.do(`zg.destroyStream(several)`)
	p.loses("#local *")

	p.do(`zg.setEngineConfig({previewClearLastFrame: false});
		globalThis.kept = await zg.createZegoStream({camera: {audio: false}, view: document.getElementById("local")})`)
	p.sees("#local video")
	p.do(`const [track] = kept.getVideoTracks(); track.stop(); track.dispatchEvent(new Event("ended"))`)
	p.wants("value", list(1, false), `[document.querySelectorAll("#local video").length, kept.active]`)
}

// TestZegoStreamIsRefused: a browser that plays no sound before the user touched the page
// makes the events of both previews, and a click's handler ends that.
func TestZegoStreamIsRefused(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(quiet, "anna")
	p.zego()
	p.do(`const audio = new Audio(URL.createObjectURL(e2e.wave()));
		await new Promise((resolve) => { audio.onloadedmetadata = resolve });
		globalThis.result = await zs.startCaptureCustomAudio({source: audio})`)
	p.wants("value", fine, `result`)
	p.do(`zs.playAudio({enableAutoplayDialog: false}); zs.playCaptureAudio({enableAutoplayDialog: false})`)
	p.await("autoplayFailed", map[string]any{"element": "audio"}, map[string]any{"name": "NotAllowedError"})
	p.await("autoplayCaptureFailed", map[string]any{"element": "audio"}, map[string]any{"name": "NotAllowedError"})
	p.wants("value", nil, `e2e.audible()`)
	p.tap(`await zs.resumeAudio()`)
	p.wants("value", true, `!!e2e.audible()`)
}

// TestZegoScreenIsStopped presses the browser's own button.
func TestZegoScreenIsStopped(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.zego()
	p.do(`zg.on("screenSharingEnded", (stream) => e2e.note("ended", stream === zs))`)
	p.tap(`globalThis.result = zs.startCaptureScreen()`)
	p.wants("resolved", fine, `result`)
	p.do(`zs.playVideo(document.getElementById("local"));
		await e2e.element("#local video");
		const [track] = zs.getVideoTracks();
		track.stop();
		track.dispatchEvent(new Event("ended"))`)
	p.await("ended", true)
	p.loses("#local *")
	p.wants("resolved", fine, `zs.startCaptureCamera()`)
	p.do(`zs.playVideo(document.getElementById("local"))`)
	p.sees("#local video")
}
