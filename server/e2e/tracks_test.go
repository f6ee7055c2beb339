package e2e

import (
	_ "embed"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

//go:embed testdata/colours.js
var coloursJS string

// couple is two pages in one room, the first of which publishes and the second plays.
func couple(t *testing.T) (a, b *tab) { return coupleIn(t, usual) }

// coupleIn has anna in another browser.
func coupleIn(t *testing.T, f flavor) (a, b *tab) {
	t.Helper()
	s := newSite(t, signaling.Config{})
	a, b = s.page(f, "anna"), s.page(usual, "bert")
	for _, p := range []*tab{a, b} {
		p.do(coloursJS)
		p.login("room")
	}
	return a, b
}

// inCall is coupleIn in a call: the first page's camera is on both, as the stream cam.
func inCall(t *testing.T, f flavor) (a, b *tab) {
	t.Helper()
	a, b = coupleIn(t, f)
	a.publish("cam")
	b.play("cam")
	return a, b
}

// show publishes what the expression makes, as local, and shows it in both pages.
func show(a, b *tab, stream, expression string) {
	a.t.Helper()
	a.do(`globalThis.local = await `+expression+`;
		zg.createLocalStreamView(local).play("local");
		zg.startPublishingStream(%s, local)`, stream)
	a.await("publisherStateUpdate", state(stream, "PUBLISHING", 0))
	b.play(stream)
	b.await("remoteCameraStatusUpdate", stream)
	b.await("remoteMicStatusUpdate", stream)
}

// hide ends what show began, and makes sure that nothing is left on.
func hide(a, b *tab, stream string) {
	a.t.Helper()
	b.do(`zg.stopPlayingStream(%s)`, stream)
	a.do(`zg.stopPublishingStream(%s); zg.destroyStream(local)`, stream)
	a.wants("value", []any{}, `[...local.getTracks(), ...e2e.captured].filter((track) => track.readyState === "live").map((track) => track.kind)`)
	b.await("playerStateUpdate", state(stream, "NO_PLAY", 0))
}

func (p *tab) seesColour(selector, colour string) {
	p.t.Helper()
	p.do(`await e2e.seesColour(%s, %s)`, selector, colour)
}

// answer is a ZegoServerResponse of success.
var answer = map[string]any{"errorCode": 0, "extendedData": ""}

func refusal(code int) map[string]any {
	return map[string]any{"errorCode": code, "extendedData": anything}
}

// TestTracksOfPublishedStreams: others see and hear at once which tracks a stream has.
func TestTracksOfPublishedStreams(t *testing.T) {
	t.Parallel()
	a, b := couple(t)
	t.Run("replaced", func(t *testing.T) {
		show(a, b, "one", `zg.createStream({custom: {source: new MediaStream([e2e.painted("red"), e2e.tone(440)])}})`)
		b.seesColour("#remote video", "red")
		b.do(`await e2e.hearsTone(remote, 440)`)
		a.do(`globalThis.old = local.getTracks()`)
		a.wants("resolved", answer, `zg.replaceTrack(local, e2e.painted("lime"))`)
		a.wants("resolved", answer, `zg.replaceTrack(local, e2e.tone(1200))`)
		a.seesColour("#local video", "lime")
		b.seesColour("#remote video", "lime")
		b.do(`await e2e.hearsTone(remote, 1200)`)
		a.wants("value", list(true, true), `old.map((track) => track.readyState === "live" && !local.getTracks().includes(track))`)
		a.do(`for (const track of old) track.stop()`)
		hide(a, b, "one")
	})
	t.Run("added and removed", func(t *testing.T) {
		show(a, b, "two", `zg.createStream({custom: {source: new MediaStream([e2e.tone(440)])}})`)
		const kinds = `remote.getTracks().map((track) => track.kind).sort()`
		b.do(`await e2e.hearsTone(remote, 440)`)
		b.wants("value", list("audio"), kinds)
		a.do(`globalThis.blue = e2e.painted("blue")`)
		a.wants("resolved", answer, `zg.addTrack(local, blue)`)
		b.seesColour("#remote video", "blue")
		b.wants("value", list("audio", "video"), kinds)
		a.wants("resolved", answer, `zg.removeTrack(local, local.getAudioTracks()[0])`)
		b.do(`await e2e.becomes(() => remote.getAudioTracks().length === 0)`)
		a.wants("resolved", answer, `zg.addTrack(local, e2e.tone(1200))`)
		b.do(`await e2e.becomes(() => remote.getAudioTracks().length === 1)`)
		b.do(`await e2e.hearsTone(remote, 1200)`)
		a.wants("resolved", answer, `zg.removeTrack(local, blue)`)
		b.loses("#remote video")
		b.wants("value", list("audio"), kinds)
		a.wants("value", "live", `blue.readyState`)
		hide(a, b, "two")
	})
	t.Run("refused", func(t *testing.T) {
		a.do(`globalThis.local = await zg.createStream({camera: {audio: false}})`)
		for call, want := range map[string]outcome{
			`replaceTrack(local, e2e.tone(440))`:                 {"resolved", refusal(1103047)},
			`replaceTrack(local, null)`:                          {"resolved", refusal(1100001)},
			`replaceTrack(null, e2e.tone(440))`:                  {"resolved", refusal(1100001)},
			`replaceTrack(new MediaStream(), e2e.tone(440))`:     {"resolved", refusal(1103044)},
			`addTrack(local, e2e.painted("red"))`:                {"rejected", refusal(1103101)},
			`addTrack(local)`:                                    {"rejected", refusal(1100001)},
			`addTrack(new MediaStream(), e2e.tone(440))`:         {"rejected", refusal(1103044)},
			`removeTrack(local, local.getVideoTracks()[0])`:      {"rejected", refusal(1103070)},
			`removeTrack(local, e2e.tone(440))`:                  {"rejected", refusal(1100001)},
			`removeTrack(new MediaStream(), e2e.tone(440))`:      {"rejected", refusal(1103044)},
			`setVideoConfig(local)`:                              {"rejected", refusal(1100001)},
			`setVideoConfig(local, {width: "wide"})`:             {"rejected", refusal(1100001)},
			`setVideoConfig(local, {maxBitrate: -1})`:            {"rejected", refusal(1100001)},
			`setVideoConfig({}, {width: 320})`:                   {"rejected", refusal(1000018)},
			`setVideoConfig(new MediaStream(), {width: 320})`:    {"resolved", refusal(1103044)},
			`setAudioConfig(local, {ANS: true})`:                 {"resolved", refusal(1103047)},
			`setAudioConfig(local, {ANS: "yes"})`:                {"resolved", refusal(1100001)},
			`setAudioConfig(new MediaStream(), {ANS: true})`:     {"resolved", refusal(1103044)},
			`enableVideoCaptureDevice(new MediaStream())`:        {"resolved", false},
			`enableVideoCaptureDevice(local, "on")`:              {"resolved", false},
			`setDummyCaptureImagePath("/none.png", local)`:       {"resolved", false},
			`setDummyCaptureImagePath(e2e.picture("red"), null)`: {"resolved", false},
			`mutePublishStreamVideo(new MediaStream(), true)`:    {"value", false},
			`mutePublishStreamAudio(local, 1)`:                   {"value", false},
			`muteMicrophone("yes")`:                              {"value", false},
			`isMicrophoneMuted()`:                                {"value", false},
		} {
			a.wants(want.How, want.Value, `zg.`+call)
		}
		a.expect("setDummyCaptureImagePath")
		a.do(`zg.destroyStream(local)`)
	})
}

// TestMutes: what is muted is black or silent at the other side, who is told.
func TestMutes(t *testing.T) {
	t.Parallel()
	a, b := couple(t)
	show(a, b, "cam", `zg.createStream()`)
	b.sees("#remote video")
	b.hears()
	t.Run("picture", func(t *testing.T) {
		a.wants("value", true, `zg.mutePublishStreamVideo(local, true)`)
		b.await("remoteCameraStatusUpdate", "cam", "MUTE")
		b.do(`await e2e.seesBlack(document.querySelector("#remote video"))`)
		a.do(`await e2e.seesBlack(document.querySelector("#local video"))`)
		a.pause()
		a.wants("value", true, `zg.mutePublishStreamVideo(local, true, true)`)
		a.sees("#local video") // the preview is retained
		b.do(`await e2e.seesBlack(document.querySelector("#remote video"))`)
		a.pause()
		a.wants("value", true, `zg.mutePublishStreamVideo(local, false)`)
		b.await("remoteCameraStatusUpdate", "cam", "OPEN")
		b.sees("#remote video")
	})
	t.Run("sound", func(t *testing.T) {
		a.wants("value", true, `zg.mutePublishStreamAudio(local, true)`)
		b.await("remoteMicStatusUpdate", "cam", "MUTE")
		b.do(`await e2e.hearsSilence(remote)`)
		a.pause()
		a.wants("value", true, `zg.mutePublishStreamAudio(local, false)`)
		b.await("remoteMicStatusUpdate", "cam", "OPEN")
		b.hears()
	})
	t.Run("microphone", func(t *testing.T) {
		told := b.count("remoteMicStatusUpdate")
		a.wants("value", list(true, true), `[zg.muteMicrophone(true), zg.isMicrophoneMuted()]`)
		b.do(`await e2e.hearsSilence(remote)`)
		a.wants("value", false, `local.getAudioTracks()[0].enabled`)
		a.wants("resolved", false, `zg.createStream({camera: {video: false}}).then((stream) => {
			zg.destroyStream(stream);
			return stream.getAudioTracks()[0].enabled;
		})`)
		a.wants("value", list(true, false), `[zg.muteMicrophone(false), zg.isMicrophoneMuted()]`)
		b.hears()
		if now := b.count("remoteMicStatusUpdate"); now != told {
			t.Errorf("the others were told of the microphone %d times", now-told)
		}
	})
	t.Run("a burst", func(t *testing.T) {
		before := b.count("remoteCameraStatusUpdate")
		took := eval[float64](a, `const began = performance.now();
			for (let i = 0; i < 10; i++) {
				zg.mutePublishStreamVideo(local, i % 3 === 0);
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			return performance.now() - began`)
		b.await("remoteCameraStatusUpdate", "cam", "MUTE")
		a.pause()
		b.do(`await e2e.seesBlack(document.querySelector("#remote video"))`)
		a.wants("value", false, `local.getVideoTracks()[0].enabled`)
		if told := b.count("remoteCameraStatusUpdate") - before; told > 2+int(took/100) {
			t.Errorf("the others were told %d times in %.0f ms", told, took)
		}
	})
	hide(a, b, "cam")
}

// fakesLess reports whether this is a browser whose fake camera has one size, and which has
// no screen to share.
func (p *tab) fakesLess() bool {
	_, is := p.driver.(*firefoxPage)
	return is
}

// pause lets the time of a throttled call pass.
func (p *tab) pause() {
	p.t.Helper()
	p.do(`await new Promise((resolve) => setTimeout(resolve, %s))`, 120*time.Millisecond/time.Millisecond)
}

// TestCaptureOfPublishedStreams: others see what is captured differently.
func TestCaptureOfPublishedStreams(t *testing.T) {
	t.Parallel()
	a, b := coupleIn(t, alone)
	t.Run("size", func(t *testing.T) {
		if a.fakesLess() {
			t.Skip("this browser's fake camera has one size")
		}
		show(a, b, "size", `zg.createStream()`)
		const is = `await e2e.becomes(() => {
			const {videoWidth, videoHeight} = document.querySelector("#remote video");
			return videoWidth === %s && videoHeight === %s;
		})`
		b.sees("#remote video")
		b.do(is, 640, 480)
		a.wants("resolved", answer, `zg.setVideoConfig(local, {width: 320, height: 180, frameRate: 10, maxBitrate: 200})`)
		b.do(is, 320, 180)
		a.wants("resolved", answer, `zg.setVideoConfig(local, {videoQuality: 2})`)
		b.do(is, 640, 480)
		a.wants("resolved", map[string]any{"errorCode": 1103029, "extendedData": "OverconstrainedError constraint:width"},
			`zg.setVideoConfig(local, {width: {exact: 7000}})`)
		hide(a, b, "size")
	})
	t.Run("microphone", func(t *testing.T) {
		show(a, b, "sound", `zg.createStream({camera: {video: false}})`)
		b.hears()
		a.do(`globalThis.first = local.getAudioTracks()[0]`)
		a.wants("resolved", answer, `zg.setAudioConfig(local, {ANS: false, AGC: false, AEC: false})`)
		a.wants("value", list("ended", false, false), `[first.readyState, ...(({noiseSuppression, echoCancellation}) =>
			[noiseSuppression, echoCancellation])(local.getAudioTracks()[0].getSettings())]`)
		b.hears()
		hide(a, b, "sound")
	})
	t.Run("camera off and on", func(t *testing.T) {
		show(a, b, "cam", `zg.createStream()`)
		b.sees("#remote video")
		a.do(`globalThis.first = local.getVideoTracks()[0]`)
		a.wants("resolved", true, `zg.enableVideoCaptureDevice(local, false)`)
		a.wants("value", "ended", `first.readyState`)
		b.await("remoteCameraStatusUpdate", "cam", "MUTE")
		b.do(`await e2e.seesBlack(document.querySelector("#remote video"))`)
		a.loses("#local video")
		b.hears()
		a.wants("resolved", list(true, true, true), `Promise.all([
			zg.enableVideoCaptureDevice(local), zg.enableVideoCaptureDevice(local, false), zg.enableVideoCaptureDevice(local, true),
		])`)
		b.await("remoteCameraStatusUpdate", "cam", "OPEN")
		b.sees("#remote video")
		a.sees("#local video")
		hide(a, b, "cam")
	})
	t.Run("ZegoLocalStream", func(t *testing.T) {
		show(a, b, "zego", `zg.createZegoStream()`)
		b.sees("#remote video")
		a.wants("resolved", true, `zg.enableVideoCaptureDevice(local, false)`)
		b.await("remoteCameraStatusUpdate", "zego", "MUTE")
		a.wants("resolved", true, `zg.enableVideoCaptureDevice(local)`)
		b.await("remoteCameraStatusUpdate", "zego", "OPEN")
		b.sees("#remote video")
		a.wants("resolved", answer, `zg.setAudioConfig(local, {AEC: false})`)
		a.wants("value", true, `zg.mutePublishStreamAudio(local, true)`)
		b.await("remoteMicStatusUpdate", "zego", "MUTE")
		a.wants("resolved", answer, `zg.replaceTrack(local, e2e.painted("lime"))`)
		b.seesColour("#remote video", "lime")
		a.wants("value", true, `zg.mutePublishStreamVideo(local, true)`)
		b.do(`await e2e.seesBlack(document.querySelector("#remote video"))`)
		hide(a, b, "zego")
		a.do(`globalThis.local = await zg.createZegoStream({autoCapture: false})`)
		a.wants("thrown", refusal(1103099), `zg.startPublishingStream("zego", local)`)
		a.do(`zg.destroyStream(local)`)
	})
	t.Run("screen, then something else", func(t *testing.T) {
		if a.fakesLess() {
			t.Skip("this browser has no screen to share")
		}
		a.tap(`globalThis.screen_ = await zg.createStream({screen: true})`)
		show(a, b, "screen", `screen_`)
		b.do(`await e2e.becomes(() => document.querySelector("#remote video")?.videoWidth > 0)`)
		a.do(`const [track] = local.getVideoTracks();
			track.stop();
			track.dispatchEvent(new Event("ended"))`) // as the browser's own button does
		a.await("screenSharingEnded", map[string]any{"stream": eval[string](a, `return local.id`)})
		a.loses("#local *")
		a.wants("resolved", answer, `zg.replaceTrack(local, e2e.painted("lime"))`)
		b.seesColour("#remote video", "lime")
		b.never("playerStateUpdate", state("screen", "PLAY_REQUESTING", 1004020))
		hide(a, b, "screen")
	})
	t.Run("picture instead", func(t *testing.T) {
		show(a, b, "dummy", `zg.createStream()`)
		b.sees("#remote video")
		a.wants("resolved", true, `zg.setDummyCaptureImagePath(e2e.picture("fuchsia"), local)`)
		a.wants("value", true, `zg.mutePublishStreamVideo(local, true)`)
		b.await("remoteCameraStatusUpdate", "dummy", "MUTE")
		b.seesColour("#remote video", "fuchsia")
		a.wants("resolved", true, `zg.setDummyCaptureImagePath(e2e.picture("lime"), local)`)
		b.seesColour("#remote video", "lime")
		a.pause()
		a.wants("value", true, `zg.mutePublishStreamVideo(local, false)`)
		b.await("remoteCameraStatusUpdate", "dummy", "OPEN")
		b.sees("#remote video")
		hide(a, b, "dummy")
	})
}

// TestMusicOverAMutedMicrophone: others hear what is mixed in until all is muted.
func TestMusicOverAMutedMicrophone(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.listening(usual, "anna"), s.listening(usual, "bert")
	a.login("room")
	b.login("room")
	a.do(`globalThis.local = await zg.createStream({camera: {video: false}});
		zg.startPublishingStream("song", local);
		globalThis.music = await e2e.music(1000)`)
	b.play("song")
	a.wants("value", true, `zg.startMixingAudio("song", [music])`)
	b.hearsTone("remote", 1000)
	a.wants("value", list(true, false), `[zg.muteMicrophone(true), local.getAudioTracks()[0].enabled]`)
	b.hearsTone("remote", 1000)
	a.wants("resolved", answer, `zg.replaceTrack(local, e2e.oscillator(440).getAudioTracks()[0])`)
	b.hearsTone("remote", 1000)
	b.losesTone("remote", 440) // muted stays muted
	a.pause()
	a.wants("value", true, `zg.muteMicrophone(false)`)
	b.hearsTone("remote", 440)
	a.wants("value", true, `zg.mutePublishStreamAudio(local, true)`)
	b.losesTone("remote", 1000)
	b.losesTone("remote", 440)
	a.pause()
	a.wants("value", true, `zg.mutePublishStreamAudio(local, false)`)
	b.hearsTone("remote", 1000)
	b.hearsTone("remote", 440)
	a.do(`zg.destroyStream(local)`)
	a.expect("destroyStream") // it is still published
}
