package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// level waits until a stream is told to be as loud as a condition on it says.
func (p *tab) level(event, condition string) {
	p.t.Helper()
	p.do(`await new Promise((resolve) => {
		const on = (list) => {
			const it = Array.isArray(list) ? list[0] : {soundLevel: list};
			if (!(` + condition + `)) return;
			zg.off("` + event + `", on);
			resolve();
		};
		zg.on("` + event + `", on);
	})`)
}

// silence waits until streams were told to be silent for longer than there is between two
// beeps of the fake microphone.
func (p *tab) silence(kinds ...string) {
	p.t.Helper()
	p.do(`await new Promise((resolve) => {
		let since;
		const on = (list) => {
			const loud = %s.some((kind) => list.find((it) => it.type === kind).soundLevel > 0);
			since = loud ? undefined : since ?? performance.now();
			if (!(performance.now() - since > 1500)) return;
			zg.off("soundLevelUpdate", on);
			resolve();
		};
		zg.on("soundLevelUpdate", on);
	})`, kinds)
}

// TestSoundLevel: how loud a stream is, at both sides, also once it is muted.
func TestSoundLevel(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.login("room")
	a.do(`zg.setSoundLevelDelegate(true, 100)`)
	a.publish("cam")
	b.login("room")
	b.play("cam")
	b.do(`zg.setSoundLevelDelegate(true, 200)`)
	const exact = `Object.keys(it).sort().join() === "soundLevel,streamID,type" && it.streamID === "cam" && it.soundLevel <= 100`
	a.level("soundLevelUpdate", `it.type === "push" && it.soundLevel > 2 && `+exact)
	a.level("capturedSoundLevelUpdate", `it.soundLevel > 2 && it.soundLevel <= 100`)
	b.level("soundLevelUpdate", `it.type === "pull" && it.soundLevel > 2 && `+exact)

	a.do(`zg.mutePublishStreamAudio(local, true)`)
	b.await("remoteMicStatusUpdate", "cam", "MUTE")
	a.silence("push")
	b.silence("pull")
	a.do(`zg.mutePublishStreamAudio(local, false)`)
	b.level("soundLevelUpdate", `it.soundLevel > 2`)

	// What is wrong is logged, and changes nothing.
	a.expect("setSoundLevelDelegate")
	for _, arguments := range []string{`true, 99`, `true, 3001`, `true, 150.5`, `true, "500"`, `"true"`, ``} {
		a.wants("value", nil, `zg.setSoundLevelDelegate(`+arguments+`)`)
	}
	a.level("soundLevelUpdate", `it.soundLevel > 2`)

	// An element of the page's own, without sound, in the place of the view.
	b.do(`zg.stopPlayingStream("cam");
		globalThis.mine = new Audio();
		mine.muted = true;
		mine.srcObject = await zg.startPlayingStream("cam");
		await mine.play()`)
	b.level("soundLevelUpdate", `it.soundLevel > 2`)

	// A page that nobody sees tells nothing unless it wants to.
	const ticks = `globalThis.ticks = 0; await new Promise((ok) => zg.on("soundLevelUpdate", () => ++ticks > 3 && ok()))`
	a.do(`Object.defineProperty(document, "hidden", {configurable: true, value: true});
		zg.on("capturedSoundLevelUpdate", globalThis.early = () => e2e.note("hidden"))`)
	b.do(ticks)
	a.never("hidden")
	a.do(`zg.setSoundLevelDelegate(true, 100, {enableInBackground: true})`)
	a.await("hidden")
	a.do(`zg.off("capturedSoundLevelUpdate", early); delete document.hidden`)

	a.do(`zg.setSoundLevelDelegate(false); zg.on("soundLevelUpdate", () => e2e.note("too late"));
		zg.on("capturedSoundLevelUpdate", () => e2e.note("too late"))`)
	b.do(ticks)
	a.never("too late")
}
