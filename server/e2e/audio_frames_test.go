package e2e

import (
	"net/http"
	"testing"

	"expressrtc/server/signaling"
)

// TestAudioFrames: a page gets the samples of what it plays and of what it captures.
func TestAudioFrames(t *testing.T) {
	a, b := toneCall(t, newSite(t, signaling.Config{}), "")
	b.do(`globalThis.take = (set, options) => e2e.frames((listener) => set(listener, options))`)
	for _, c := range []struct {
		options    string
		class      string
		size, rate int
		channels   int
	}{
		{`{frameSize: 1024}`, "Float32Array", 1024, 0, 1},
		{`{frameSize: 4096, sampleRate: 16000, channelCount: 2, bitDepth: 16}`, "Int16Array", 1024, 16000, 2}, // the first size stays
		{`{sampleRate: 8000}`, "Float32Array", 1024, 8000, 1},
	} {
		for who, method := range map[*tab]string{
			b: `zg.setAudioFrameCallback("cam", listener, ` + c.options + `)`,
			a: `zg.setCaptureAudioFrameCallback(local, listener, ` + c.options + `)`,
		} {
			got := eval[struct {
				Class                           string
				Size, Rate, Channels, Announced int
				Hz, Peak                        float64
				After                           int
			}](who, `return e2e.frames((listener) => `+method+`)`)
			if got.Class != c.class || got.Size != c.size || got.Channels != c.channels || got.Announced != c.channels || c.rate > 0 && got.Rate != c.rate {
				t.Errorf("%s: frames are %+v", method, got)
			}
			if got.Hz < 640 || got.Hz > 680 || got.Peak < 0.02 || got.Peak > 1 {
				t.Errorf("%s: the tone has %.0f Hz and a peak of %.2f", method, got.Hz, got.Peak)
			}
		}
	}
	a.do(`await e2e.closed()`)
	b.do(`await e2e.closed()`)

	b.do(`globalThis.count = 0; await zg.setAudioFrameCallback("cam", () => count++)`)
	b.do(`while (count < 3) await new Promise(requestAnimationFrame)`)
	b.do(`zg.stopPlayingStream("cam"); await e2e.closed(); count = 0; await new Promise((resolve) => setTimeout(resolve, 200))`)
	b.wants("value", 0, `count`)

	rejected := func(code int) map[string]any { return map[string]any{"errorCode": code, "extendedData": anything} }
	for arguments, code := range map[string]int{
		`"cam", () => {}`:                     1104044,
		`7, () => {}`:                         1100001,
		`"", () => {}`:                        1100001,
		`"cam"`:                               1100001,
		`"cam", "listener"`:                   1100001,
		`"cam", () => {}, {frameSize: "256"}`: 1100001,
		`"cam", () => {}, 256`:                1100001,
	} {
		b.wants("rejected", rejected(code), `zg.setAudioFrameCallback(`+arguments+`)`)
	}
	a.do(`globalThis.mute = await zg.createStream({custom: {source: document.createElement("canvas").captureStream(5)}})`)
	for arguments, code := range map[string]int{
		`new MediaStream(), () => {}`:          1103044,
		`null, () => {}`:                       1103044,
		`mute, () => {}`:                       1103076,
		`local, undefined`:                     1100001,
		`local, () => {}, {frameSize: 100}`:    1100001,
		`local, () => {}, {sampleRate: 11025}`: 1100001,
		`local, () => {}, {channelCount: 3}`:   1100001,
		`local, () => {}, {bitDepth: 24}`:      1100001,
	} {
		a.wants("rejected", rejected(code), `zg.setCaptureAudioFrameCallback(`+arguments+`)`)
	}
	a.wants("resolved", success, `zg.setCaptureAudioFrameCallback(local, null)`)
	a.do(`zg.destroyStream(mute)`) // its silent track is made in the page's context
	a.do(`globalThis.count = 0; await zg.setCaptureAudioFrameCallback(local, () => count++)`)
	a.do(`while (count < 3) await new Promise(requestAnimationFrame); zg.destroyStream(local); await e2e.closed()`)
}

// TestFramesUnderAPolicy: a page that allows scripts of the server alone gets samples from
// a worklet, and one whose worklets are taken away without.
func TestFramesUnderAPolicy(t *testing.T) {
	s := newSite(t, signaling.Config{})
	for _, c := range []struct{ name, policy, script string }{
		{"worklet", "script-src " + s.url + " 'wasm-unsafe-eval'", ""},
		{"no worklet", "script-src " + s.url + " 'wasm-unsafe-eval'", "delete BaseAudioContext.prototype.audioWorklet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newTab(t, usual, "anna")
			p.inject(audioJS + ";globalThis.worklets = 0; const Node = AudioWorkletNode; globalThis.AudioWorkletNode = class extends Node { constructor(...args) { super(...args); worklets++; } };" + c.script)
			header := http.Header{"Content-Security-Policy": {c.policy}}
			p.navigate(elsewhere(t, fill(t, "sdk.html", visit{SDK: s.sdk()}), header))
			p.do(`globalThis.zg = new ZegoExpressEngine(1, "");
				globalThis.local = await zg.createStream({custom: {source: e2e.oscillator(660)}})`)
			got := eval[struct{ Hz float64 }](p, `return e2e.frames((listener) => zg.setCaptureAudioFrameCallback(local, listener))`)
			if got.Hz < 640 || got.Hz > 680 {
				t.Errorf("the tone has %.0f Hz", got.Hz)
			}
			p.wants("value", c.script == "", `worklets > 0`)
			p.never("securitypolicyviolation")
			p.do(`zg.destroyStream(local); await e2e.closed()`)
		})
	}
}
