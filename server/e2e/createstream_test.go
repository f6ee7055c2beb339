package e2e

import (
	"fmt"
	"net/http"
	"testing"

	"expressrtc/server/signaling"
)

func TestCameraSizes(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(alone, "anna")
	for _, c := range []struct {
		options                  string
		width, height, frameRate int
	}{
		{``, 640, 480, 15},
		{`{camera: {videoQuality: 1}}`, 320, 240, 15},
		{`{camera: {videoQuality: 2}}`, 640, 480, 15},
		{`{camera: {videoQuality: 3}}`, 1280, 720, 20},
		{`{camera: {videoQuality: 1, width: 800, height: 600}}`, 320, 240, 15}, // presets have their own size
		{`{camera: {videoQuality: 4, width: 800, height: 600, frameRate: 10, bitrate: 500}}`, 800, 600, 10},
		{`{camera: {videoQuality: 4, width: 801, height: 601, frameRate: 10, bitrate: 500}}`, 802, 602, 10},
	} {
		p.wants("resolved", map[string]any{"width": c.width, "height": c.height, "frameRate": c.frameRate},
			fmt.Sprintf(`zg.createStream(%s).then(async (stream) => {
				const [track] = stream.getVideoTracks();
				const { width, height, frameRate } = track.getSettings();
				zg.destroyStream(stream);
				if (track.readyState !== "ended") throw "the camera is still on";
				return { width, height, frameRate: Math.round(frameRate) };
			})`, c.options))
	}
}

func TestStreamsOfOneKind(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	const kinds = `.then((stream) => {
		const kinds = stream.getTracks().map((track) => track.kind + (track.enabled ? "" : " (silent)")).sort();
		zg.destroyStream(stream);
		if (stream.getTracks().some((track) => track.readyState !== "ended")) throw "a track goes on";
		return kinds;
	})`
	p.wants("resolved", list("audio", "video"), `zg.createStream()`+kinds)
	p.wants("resolved", list("audio"), `zg.createStream({camera: {video: false}})`+kinds)
	p.wants("resolved", list("audio (silent)", "video"), `zg.createStream({camera: {audio: false}})`+kinds)
}

func TestScreen(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	const kinds = `.then((stream) => {
		globalThis.screen_ = stream;
		return stream.getTracks().map((track) => track.kind + (track.enabled ? "" : " (silent)")).sort();
	})`
	for options, want := range map[string][]any{
		`true`:                           list("audio (silent)", "video"),
		`{audio: true, videoQuality: 1}`: list("audio", "video"),
	} {
		p.tap(`globalThis.result = e2e.outcome(() => zg.createStream({screen: ` + options + `})` + kinds + `)`)
		p.wants("resolved", map[string]any{"how": "resolved", "value": want}, `result`)
		p.wants("value", "monitor", `screen_.getVideoTracks()[0].getSettings().displaySurface`)
		p.do(`zg.destroyStream(screen_)`)
		p.wants("value", list("ended", "ended"), `screen_.getTracks().map((track) => track.readyState)`)
	}
}

// TestScreenIsStopped presses the browser's own button: nothing but the track knows.
func TestScreenIsStopped(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.tap(`globalThis.shared = await zg.createStream({screen: true})`)
	p.do(`zg.createLocalStreamView(shared).play("local")`)
	p.do(`await e2e.element("#local video");
		const [track] = shared.getVideoTracks();
		track.stop();
		track.dispatchEvent(new Event("ended"))`)
	p.await("screenSharingEnded", map[string]any{"stream": eval[string](p, `return shared.id`)})
	p.loses("#local *")
}

func TestCustomStreams(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.login("room")
	b.login("room")
	a.do(`const canvas = document.createElement("canvas");
		const context = canvas.getContext("2d");
		globalThis.paint = setInterval(() => {
			context.fillStyle = ["red", "yellow", "blue"][Math.floor(performance.now() / 100) % 3];
			context.fillRect(0, 0, 150, 150);
			context.fillStyle = "white";
			context.fillRect(150, 0, 150, 150);
		}, 30);
		globalThis.source = canvas.captureStream();
		globalThis.fromCanvas = await zg.createStream({custom: {source}});
		globalThis.video = document.createElement("video");
		video.muted = true;
		video.srcObject = fromCanvas;
		await video.play();
		globalThis.fromVideo = await zg.createStream({custom: {source: video}})`)
	a.wants("value", true, `fromCanvas !== source && fromCanvas.getVideoTracks()[0] === source.getVideoTracks()[0]`)
	a.wants("value", 1, `fromCanvas.getAudioTracks().length`)
	for _, name := range []string{"fromVideo", "fromCanvas"} { // what the video shows must go on until it was seen
		a.do(`zg.startPublishingStream("` + name + `", ` + name + `)`)
		b.play(name)
		b.sees("#remote video")
		b.do(`zg.stopPlayingStream("` + name + `")`)
		b.loses("#remote *")
		a.do(`zg.destroyStream(` + name + `)`)
		a.wants("value", true, name+`.getTracks().every((track) => track.readyState === "ended")`)
	}
	a.expect("destroyStream") // warns that both are still published
}

// TestRefusedStreams has what createStream rejects with, in each browser.
func TestRefusedStreams(t *testing.T) {
	t.Parallel()
	type call struct {
		expression string
		code       int
	}
	s := newSite(t, signaling.Config{})
	for f, calls := range map[flavor][]call{
		usual: {
			{`zg.createStream({camera: {video: false, audio: false}})`, 1103061},
			{`zg.createStream({camera: {videoQuality: 9}})`, 1103001},
			{`zg.createStream({camera: {videoQuality: 4}})`, 1103001},
			{`zg.createStream({custom: {source: {}}})`, 1103001},
			{`zg.createStream({camera: {videoInput: "none"}})`, 1103066},
		},
		refusing: {
			{`zg.createStream()`, 1103064},
			{`zg.createStream({screen: true})`, 1103042},
		},
		bare: {
			{`zg.createStream()`, 1103061},
			{`zg.createStream({camera: {video: false}})`, 1103061},
		},
	} {
		p := s.page(f, "anna")
		p.expect("ExpressRTC: createStream")
		for _, c := range calls {
			p.tap(`globalThis.result = e2e.outcome(() => ` + c.expression + `)`)
			got := eval[outcome](p, `return result`)
			if got.How != "rejected" || !matches(got.Value, map[string]any{"code": float64(c.code), "msg": anything}) {
				t.Errorf("%s browser: %s: %s %s, not rejected with %d", f, c.expression, got.How, toJSON(got.Value), c.code)
			}
		}
	}
}

// TestTwoSourcesThrow: that mistake is thrown, not rejected, but for a page that makes it
// before the program is there, which does not stop such a page.
func TestTwoSourcesThrow(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	p := newSiteBehind(t, forProgram(func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		<-release
		next.ServeHTTP(w, r)
	})).page(usual, "anna")
	const call = `zg.createStream({camera: {}, screen: true})`
	mistake := map[string]any{"code": 1100001, "msg": anything}
	p.do(`globalThis.early = e2e.outcome(() => ` + call + `)`)
	close(release)
	p.wants("resolved", map[string]any{"how": "rejected", "value": mistake}, `early`)
	p.wants("thrown", mistake, call)
}

// TestRefusalIsToldOnceInItsOwnWords: an earlier refusal leaves nothing in the next one.
func TestRefusalIsToldOnceInItsOwnWords(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(bare, "anna")
	p.expect("ExpressRTC: createStream")
	const refusal = `zg.createStream().catch((error) => error.msg)`
	first, second := eval[string](p, "return "+refusal), eval[string](p, "return "+refusal)
	if first != second {
		t.Errorf("first %q, then %q", first, second)
	}
}
