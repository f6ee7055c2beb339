package e2e

import (
	_ "embed"
	"strings"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

//go:embed testdata/audio.js
var audioJS string

// listening is a page that can measure sound.
func (s *site) listening(f flavor, user string) *tab {
	s.t.Helper()
	p := newTab(s.t, f, user)
	p.inject(audioJS)
	p.navigate(elsewhere(s.t, fill(s.t, "sdk.html", visit{SDK: s.sdk()}), nil))
	p.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, ""))`)
	return p
}

// hearsTone waits until the stream has the tone, and tells its level in dB.
func (p *tab) hearsTone(stream string, hz int) float64 {
	p.t.Helper()
	return eval[float64](p, "return e2e.hearsTone("+stream+", %s)", hz)
}

func (p *tab) losesTone(stream string, hz int) {
	p.t.Helper()
	p.do("await e2e.losesTone("+stream+", %s)", hz)
}

// hearsLevel waits until the tone is that loud, in dB.
func (p *tab) hearsLevel(stream string, hz int, level float64) {
	p.t.Helper()
	p.do("await e2e.hearsTone("+stream+", %s, %s)", hz, level)
}

// toneCall is a call in which bert plays a tone that anna publishes, at 660 Hz.
func toneCall(t *testing.T, s *site, options string) (a, b *tab) {
	t.Helper()
	a, b = s.listening(usual, "anna"), s.listening(usual, "bert")
	a.login("room")
	b.login("room")
	a.do(`globalThis.tone = e2e.oscillator(660);
		globalThis.local = await zg.createStream({custom: {source: tone, ` + options + `}});
		zg.startPublishingStream("cam", local)`)
	a.await("publisherStateUpdate", state("cam", "PUBLISHING", 0))
	b.play("cam")
	b.hearsTone("remote", 660)
	return a, b
}

// TestSoundOfAStream changes the sound of a stream in every way, which the other side hears.
func TestSoundOfAStream(t *testing.T) {
	a, b := toneCall(t, newSite(t, signaling.Config{}), "")
	a.expect("ExpressRTC: ")
	a.expect("Failed to load resource")
	whole := b.hearsTone("remote", 660)
	t.Run("volume", func(t *testing.T) {
		for _, c := range []struct{ volume, change float64 }{{50, -6}, {200, 6}, {100, 0}} {
			a.wants("resolved", success, `zg.setCaptureVolume(local, %s)`, c.volume)
			b.hearsLevel("remote", 660, whole+c.change)
		}
		a.wants("resolved", success, `zg.setCaptureVolume(local, 0)`)
		b.losesTone("remote", 660)
		a.wants("resolved", success, `zg.setCaptureVolume(local, 100)`)
		b.hearsTone("remote", 660)
		a.do(`await e2e.closed()`)
		for _, wrong := range []string{`local, -1`, `local, 201`, `local, "50"`, `local`, `null, 50`, `new MediaStream(), 50`, `local, NaN`} {
			got := a.outcome(`zg.setCaptureVolume(` + wrong + `)`)
			result, _ := got.Value.(map[string]any)
			data, _ := result["extendedData"].(string)
			if got.How != "resolved" || result["errorCode"] != 1103001.0 || !strings.HasPrefix(data, `{"fail_reason":"`) {
				t.Errorf("setCaptureVolume(%s): %s %s", wrong, got.How, toJSON(got.Value))
			}
		}
	})
	t.Run("mixing", func(t *testing.T) { testMixing(a, b) })
	t.Run("effects", func(t *testing.T) { testEffects(a, b) })
	a.do(`zg.setCaptureVolume(local, 70); zg.startMixingAudio(local, [music])`)
	b.hearsTone("remote", 1500)
	a.do(`zg.destroyStream(local); await e2e.closed()`)
	b.losesTone("remote", 1500)
	a.wants("value", false, `zg.startMixingAudio("cam", [music])`)
}

// success is what most calls resolve with.
var success = map[string]any{"errorCode": 0, "extendedData": ""}

func testMixing(a, b *tab) {
	a.do(`globalThis.music = await e2e.music(1500); globalThis.more = await e2e.music(2600)`)
	a.wants("value", true, `zg.startMixingAudio("cam", [music])`)
	whole := b.hearsTone("remote", 1500)
	b.hearsTone("remote", 660)
	a.wants("value", list(false, false), `[music.muted, music.paused]`)
	a.wants("value", true, `zg.startMixingAudio(local, [more, music])`)
	b.hearsTone("remote", 2600)
	a.wants("value", true, `zg.setMixingAudioVolume(local, 50, music)`)
	b.hearsLevel("remote", 1500, whole-6)
	a.wants("value", true, `zg.setMixingAudioVolume("cam", 0, music)`)
	b.losesTone("remote", 1500)
	a.wants("value", true, `zg.setMixingAudioVolume("cam", 100, music)`)
	b.hearsTone("remote", 1500)
	a.do(`music.muted = true`)
	b.losesTone("remote", 1500)
	a.do(`music.muted = false`)
	b.hearsTone("remote", 1500)
	a.do(`music.src = e2e.wav(1900, 1); await music.play()`)
	b.hearsTone("remote", 1900)
	b.losesTone("remote", 1500)
	a.do(`music.src = e2e.wav(1500, 1); await music.play()`)
	b.hearsTone("remote", 1500)

	a.wants("value", true, `zg.setCaptureVolume(local, 0) instanceof Promise`)
	b.losesTone("remote", 660)
	b.hearsTone("remote", 1500) // what is mixed has a volume of its own
	a.wants("value", true, `zg.setCaptureVolume(local, 100) instanceof Promise`)
	a.wants("value", true, `zg.mutePublishStreamAudio(local, true)`)
	b.losesTone("remote", 1500)
	b.losesTone("remote", 660)
	a.wants("value", true, `zg.mutePublishStreamAudio(local, false)`)
	b.hearsTone("remote", 1500)

	a.wants("value", true, `zg.stopMixingAudio("cam", [more])`)
	b.losesTone("remote", 2600)
	b.hearsTone("remote", 1500)
	a.wants("value", true, `zg.stopMixingAudio(local)`)
	b.losesTone("remote", 1500)
	b.hearsTone("remote", 660)
	a.do(`await e2e.closed()`)
	a.wants("value", list(false, false), `[music.muted, music.paused]`)
	for _, wrong := range []string{
		`zg.startMixingAudio("nobody's", [music])`, `zg.startMixingAudio(local, [])`, `zg.startMixingAudio(local)`,
		`zg.startMixingAudio(local, [document.body])`, `zg.startMixingAudio(local, music)`, `zg.startMixingAudio(null, [music])`,
		`zg.stopMixingAudio("nobody's")`, `zg.stopMixingAudio(local, [music])`, `zg.setMixingAudioVolume(local, 50, music)`,
		`zg.setMixingAudioVolume(local, 201, music)`, `zg.setMixingAudioVolume(local, "50", music)`, `zg.setMixingAudioVolume(local, 50)`,
	} {
		a.wants("value", false, wrong)
	}
}

func testEffects(a, b *tab) {
	a.do(`globalThis.player = zg.createAudioEffectPlayer(local)`)
	a.wants("value", true, `zg.createAudioEffectPlayer(local) === player`)
	a.wants("resolved", "ding", `zg.loadAudioEffect("ding", e2e.wav(3200, 0.8))`)
	a.wants("resolved", "ding", `zg.loadAudioEffect("ding", "http://nowhere.invalid/")`) // it is there
	a.wants("value", list(800.0, 0.0, 0.0, 0.0), `[player.getTotalDuration("ding"), player.getTotalDuration("dong"), player.getCurrentProgress("ding"), player.getCurrentProgress("dong")]`)

	a.wants("value", nil, `player.start("ding", undefined, () => {
		e2e.note("onStart");
		player.start("ding", {}, () => e2e.note("twice")); // refused
	}, () => e2e.note("onEnd"))`)
	a.await("onStart")
	a.await("onEnd")
	a.wants("value", true, `player.getCurrentProgress("ding") === 0`)

	a.do(`player.start("long", {path: e2e.wav(3800, 2), loop: true}, () => e2e.note("long.onStart"), () => e2e.note("long.onEnd"))`)
	a.await("long.onStart")
	whole := b.hearsTone("remote", 3800)
	b.hearsTone("remote", 660)
	a.wants("value", list(true, true), `[player.getTotalDuration("long"), player.getCurrentProgress("long")].map((ms) => ms > 0 && ms <= 2000)`)
	a.wants("value", true, `player.setVolume("long", 50)`)
	b.hearsLevel("remote", 3800, whole-6)
	a.wants("value", true, `player.pause("long")`)
	b.losesTone("remote", 3800)
	a.wants("value", list(false, true), `[player.pause("long"), player.seekTo("long", 500)]`)
	a.wants("value", 500.0, `player.getCurrentProgress("long")`)
	a.wants("value", list(false, false, false), `[player.seekTo("long", 2001), player.seekTo("long", -1), player.seekTo("ding", 1)]`)
	a.wants("value", true, `player.resume("long")`)
	b.hearsTone("remote", 3800)
	a.never("long.onEnd")
	a.wants("value", true, `player.stop()`)
	a.await("long.onEnd")
	b.losesTone("remote", 3800)
	a.wants("value", list(false, false, false), `[player.stop("long"), player.resume("long"), player.pause("long")]`)
	a.wants("value", list(false, false, false), `[player.setVolume("long", 101), player.setVolume("long", "1"), player.setVolume("", 1)]`)
	a.do(`await e2e.closed()`)
	a.never("twice")

	a.wants("value", list(true, false), `[zg.unloadAudioEffect("ding"), zg.unloadAudioEffect("ding")]`)
	a.wants("rejected", "No Content", `zg.loadAudioEffect("x", "nothing.mp3")`)
	a.wants("rejected", map[string]any{"name": "EncodingError", "Error": anything}, `zg.loadAudioEffect("x", URL.createObjectURL(new Blob(["no sound"])))`)
	for _, never := range []string{`7, "x"`, `"x"`, `"", "x"`, `"x", 7`, `"x", "http://127.0.0.1:1/"`} {
		a.wants("resolved", "pending", `Promise.race([zg.loadAudioEffect(`+never+`), new Promise((resolve) => setTimeout(resolve, 150, "pending"))])`)
	}
	for _, wrong := range []string{`new MediaStream()`, `null`, `"cam"`} {
		a.wants("thrown", map[string]any{"Error": "Param localStream is not instance of MediaStream or ZegoLocalStream."}, `zg.createAudioEffectPlayer(`+wrong+`)`)
	}
}

// TestVoiceEffects: what becomes of a voice, as the other side hears it.
func TestVoiceEffects(t *testing.T) {
	a, b := toneCall(t, newSite(t, signaling.Config{}), "channelCount: 2, audioBitrate: 128")
	a.expect("ExpressRTC: ")
	t.Run("virtual stereo", func(t *testing.T) {
		for _, step := range []struct{ arguments, balance string }{
			{`true, 0`, `< -3`}, // louder on the right
			{`true, 180`, `> 3`},
			{`true, 90`, `> -1.5 && dB < 1.5`},
			{`false, 0`, `> -0.1 && dB < 0.1`},
		} {
			a.wants("resolved", success, `zg.enableVirtualStereo(local, `+step.arguments+`)`)
			b.do(`await e2e.balance(remote, 660, (dB) => dB ` + step.balance + `)`)
		}
		a.wants("resolved", success, `zg.enableVirtualStereo(local, true, -1)`)
		b.hearsTone("remote", 660)
		a.wants("resolved", success, `zg.enableVirtualStereo(local, false, -1)`)
		a.do(`await e2e.closed()`)
	})
	t.Run("reverb", func(t *testing.T) {
		tail := func() float64 {
			a.do(`tone.gain.value = 0.2`)
			b.hearsTone("remote", 660)
			a.do(`tone.gain.value = 0`)
			return eval[float64](b, `return e2e.tail(remote, 660)`)
		}
		dry := min(tail(), tail(), tail())
		a.wants("resolved", success, `zg.setReverbPreset(local, 3)`)
		for end, wet := time.Now().Add(patience), tail(); wet < dry+300; wet = tail() {
			if time.Now().After(end) {
				t.Fatalf("the tone is heard for %.0f ms in a hall, %.0f ms without", wet, dry)
			}
		}
		for preset := 1; preset <= 12; preset++ {
			a.wants("resolved", success, `zg.setReverbPreset(local, %s)`, preset)
		}
		a.wants("resolved", success, `zg.setReverbPreset(local, 0)`)
		a.do(`tone.gain.value = 0.2; await e2e.closed()`)
	})
	t.Run("ducking", func(t *testing.T) {
		a.do(`globalThis.music = await e2e.music(1500); zg.startMixingAudio(local, [music])`)
		whole := b.hearsTone("remote", 1500)
		duck := `zg.callExperimentalAPI({method: "enableVolumeDucking", params: {localStream: local, enable: %s}})`
		a.wants("resolved", success, duck, true)
		b.hearsLevel("remote", 1500, whole-14)
		a.do(`tone.gain.value = 0`) // nobody speaks
		b.hearsLevel("remote", 1500, whole)
		a.do(`tone.gain.value = 0.2`)
		b.hearsLevel("remote", 1500, whole-14)
		a.wants("resolved", success, duck, false)
		b.hearsLevel("remote", 1500, whole)
		a.do(`zg.stopMixingAudio(local); await e2e.closed()`)
	})
	t.Run("a ZegoLocalStream", func(t *testing.T) {
		a.do(`globalThis.zego = await zg.createZegoStream({camera: {video: false, audio: true}})`)
		a.wants("resolved", success, `zg.setCaptureVolume(zego, 50)`)
		a.wants("value", list(true, true), `[zg.startMixingAudio(zego, [music]), zg.setMixingAudioVolume(zego, 50, music)]`)
		a.wants("value", true, `zg.createAudioEffectPlayer(zego) === zg.createAudioEffectPlayer(zego)`)
		a.do(`await new Promise((heard) => zg.setCaptureAudioFrameCallback(zego, heard))`)
		a.do(`zg.destroyStream(zego); await e2e.closed()`)
	})
	rejected := func(code int, text any) map[string]any {
		return map[string]any{"errorCode": code, "extendedData": text}
	}
	for call, want := range map[string]map[string]any{
		`setReverbPreset(local, 13)`:                      rejected(1100001, "Invalid 'preset' parameter"),
		`setReverbPreset(local, -1)`:                      rejected(1100001, "Invalid 'preset' parameter"),
		`setReverbPreset(local, "1")`:                     rejected(1100001, "Invalid 'preset' parameter"),
		`setReverbPreset(new MediaStream(), 1)`:           rejected(1103044, anything),
		`enableVirtualStereo(local, true, 361)`:           rejected(1100001, anything),
		`enableVirtualStereo(local, true)`:                rejected(1100001, anything),
		`enableVirtualStereo(local, "true", 90)`:          rejected(1100001, anything),
		`enableVirtualStereo(new MediaStream(), true, 0)`: rejected(1103044, anything),
	} {
		a.wants("rejected", want, `zg.`+call)
	}
}

// TestMixingWithAMicrophone: the microphone is heard beside what is mixed in, and what is
// mixed in goes on while it is muted, and when it changes.
func TestMixingWithAMicrophone(t *testing.T) {
	s := newSite(t, signaling.Config{})
	a, b := s.listening(usual, "anna"), s.listening(usual, "bert")
	a.login("room")
	b.login("room")
	a.publish("cam")
	b.play("cam")
	a.do(`globalThis.music = await e2e.music(1500)`)
	a.wants("value", true, `zg.startMixingAudio(local, [music])`)
	b.hearsTone("remote", 1500)
	b.do(`await e2e.beeps(remote, 1500)`)
	a.wants("value", true, `zg.muteMicrophone(true)`)
	b.do(`await e2e.rests(remote, 1500)`)
	b.hearsTone("remote", 1500)
	a.wants("value", true, `zg.muteMicrophone(false)`)
	b.do(`await e2e.beeps(remote, 1500)`)
	a.wants("resolved", success, `zg.replaceTrack(local, e2e.oscillator(660).getAudioTracks()[0])`)
	b.hearsTone("remote", 660)
	b.hearsTone("remote", 1500)
	a.do(`zg.destroyEngine(); await e2e.closed()`)
}

// TestSoundWithoutAGesture: where the browser lets no sound through before a click, the
// stream is sent as it is, and changed from the click on.
func TestSoundWithoutAGesture(t *testing.T) {
	s := newSite(t, signaling.Config{})
	a, b := s.listening(usual, "anna"), s.listening(usual, "bert")
	a.login("room")
	b.login("room")
	a.publish("cam")
	b.play("cam")
	a.do(`e2e.refuse()`)
	a.wants("resolved", success, `zg.setCaptureVolume(local, 0)`)
	a.do(`await e2e.stands()`)
	b.do(`await e2e.beeps(remote); await e2e.beeps(remote)`)
	a.do(`document.body.click()`)
	b.do(`await e2e.rests(remote)`)
	a.do(`for (const context of e2e.contexts) await context.suspend()`) // as phones do for a call
	b.do(`await e2e.beeps(remote)`)
	a.do(`document.body.click()`)
	b.do(`await e2e.rests(remote)`)
	a.do(`zg.destroyStream(local); await e2e.closed()`)
}

// TestSoundLeaksNothing: streams whose sound is changed in every way leave nothing behind.
func TestSoundLeaksNothing(t *testing.T) {
	s := newSite(t, signaling.Config{})
	p := newTab(t, usual, "anna")
	p.inject(leakJS + audioJS)
	p.navigate(elsewhere(t, fill(t, "sdk.html", visit{SDK: s.sdk()}), nil))
	p.do(`globalThis.zg = new ZegoExpressEngine(1, "");
		globalThis.tone = e2e.oscillator(660);
		globalThis.music = await e2e.music(1500);
		await zg.loadAudioEffect("ding", e2e.wav(3200, 1))`)
	n := rounds(60)
	change := func(rounds int) {
		p.do(`for (let i = 0; i < %s; i++) {
			const local = await zg.createStream({custom: {source: tone.clone()}});
			await zg.setCaptureVolume(local, 50);
			await zg.setReverbPreset(local, 1);
			if (!zg.startMixingAudio(local, [music])) throw new Error("startMixingAudio");
			await new Promise((started) => zg.createAudioEffectPlayer(local).start("ding", {}, started));
			await new Promise((heard) => zg.setCaptureAudioFrameCallback(local, heard, {frameSize: 256}));
			zg.destroyStream(local);
			await e2e.closed();
		}`, rounds)
	}
	change(n / 2)
	middle := p.weigh()
	change(n - n/2)
	wantNoGrowth(t, "changing sound", middle, p.weigh(), n-n/2)
}

// TestMixingWithoutCapture: where elements cannot be captured, they play through our
// context, which then goes on after the mixing: the page keeps hearing them.
func TestMixingWithoutCapture(t *testing.T) {
	s := newSite(t, signaling.Config{})
	a, b := s.listening(usual, "anna"), s.listening(usual, "bert")
	a.login("room")
	b.login("room")
	a.do(`delete HTMLMediaElement.prototype.captureStream;
		globalThis.local = await zg.createStream({custom: {source: e2e.oscillator(660)}});
		zg.startPublishingStream("cam", local);
		globalThis.music = await e2e.music(1500)`)
	b.play("cam")
	for range 2 {
		a.wants("value", true, `zg.startMixingAudio(local, [music])`)
		b.hearsTone("remote", 1500)
		b.hearsTone("remote", 660)
		a.do(`music.muted = true`)
		b.losesTone("remote", 1500)
		a.do(`music.muted = false`)
		b.hearsTone("remote", 1500)
		a.wants("value", true, `zg.stopMixingAudio(local)`)
		b.losesTone("remote", 1500)
		a.wants("value", list("running"), `[...e2e.contexts].map(({state}) => state)`)
	}
	a.do(`zg.destroyStream(local)`)
	a.wants("value", list("running"), `[...e2e.contexts].map(({state}) => state)`)
}
