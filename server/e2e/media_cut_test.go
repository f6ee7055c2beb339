package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

// pictureJS watches a video for as long as the page lives. back resolves when the picture
// has stood still for more than a second since watch, and moves again for two: with the
// longest time that it stood still, in ms.
const pictureJS = `
	globalThis.picture = (video) => {
		let last, longest, moving, wake;
		const watch = () => { last = moving = performance.now(); longest = 0 };
		const seen = () => {
			const now = performance.now();
			longest = Math.max(longest, now - last);
			if (now - last > 500) moving = now;
			if (longest > 1000 && now - moving > 2000) wake?.(longest);
			last = now;
			video.requestVideoFrameCallback(seen);
		};
		video.requestVideoFrameCallback(seen);
		return { video, source: video.srcObject, watch, back: () => new Promise((resolve) => { wake = resolve }) };
	};`

// cutCall is a call of two pages, each of which shows the other, over paths that can be cut.
type cutCall struct {
	paths *paths
	pages []*tab
}

func newCutCall(t *testing.T, s *site, f flavor) *cutCall {
	t.Helper()
	c := &cutCall{paths: newPaths(t)}
	a, b := c.paths.page(s, f, "anna"), c.paths.page(s, usual, "bert")
	c.pages = []*tab{a, b}
	for _, p := range c.pages {
		p.login("room")
		p.publish("cam-" + p.name)
	}
	a.play("cam-bert")
	b.play("cam-anna")
	for _, p := range c.pages {
		p.sees("#remote video")
		p.do(pictureJS + `globalThis.shown = picture(document.querySelector("#remote video"));
			globalThis.own = document.querySelector("#other").appendChild(document.createElement("video"));
			own.muted = true; own.srcObject = remote; await own.play();
			globalThis.connections = [...e2e.peers]`)
	}
	a.do(`await new Promise((done) => setTimeout(done, 4000))`) // a call that goes on for a while
	return c
}

// cut loses packets as f does, and measures from then on.
func (c *cutCall) cut(f func()) {
	for _, p := range c.pages {
		p.do(`shown.watch()`)
	}
	f()
}

// sees checks that the picture of before moves in the element of before, and gives for
// how many ms it stood still.
func (c *cutCall) sees(p *tab) float64 {
	p.t.Helper()
	still := eval[float64](p, `return await shown.back()`)
	p.sees("#remote video")
	p.hears()
	p.wants("value", true, `shown.video === document.querySelector("#remote video")`)
	p.wants("value", true, `shown.source === shown.video.srcObject`)
	p.sees("#other video") // the page's own, of the stream that it was given
	return still
}

// TestPathThatDies has a call whose packets are lost from one moment on, while new paths
// would do.
func TestPathThatDies(t *testing.T) {
	testPathThatDies(t, usual)
}

// testPathThatDies has a page of that flavor and one of Chromium.
func testPathThatDies(t *testing.T, f flavor) {
	t.Helper()
	c := newCutCall(t, newSite(t, signaling.Config{}), f)
	for tries := 0; c.worstCut() > 5000; tries++ { // a busy machine stands still itself now and then
		if tries == 2 {
			t.Fatal("the picture stood still for too long, three times")
		}
	}
	for _, p := range c.pages {
		p.wants("value", true, `connections.length === 2 && connections.every((it) => e2e.peers.has(it))`)
		wantStates(p, "PLAY_REQUESTING 0", "PLAYING 0")
	}
}

// worstCut cuts the paths of now, and gives for how many ms a picture stood still.
func (c *cutCall) worstCut() (worst float64) {
	c.cut(c.paths.cutOld)
	for _, p := range c.pages {
		still := c.sees(p)
		p.t.Logf("page %s: the picture stood still for %.0f ms", p.name, still)
		worst = max(worst, still)
	}
	return worst
}

// TestPathThatStaysDead has a call that no restart can help, until much later.
func TestPathThatStaysDead(t *testing.T) {
	t.Parallel()
	skipUnlessFull(t)
	c := newCutCall(t, newSite(t, signaling.Config{}), usual)
	c.cut(c.paths.cutAll)
	for _, p := range c.pages {
		p.await("playerStateUpdate", map[string]any{"state": "PLAY_REQUESTING", "errorCode": 1104028})
	}
	c.paths.mend()
	for _, p := range c.pages {
		t.Logf("page %s: the picture stood still for %.0f ms", p.name, c.sees(p))
		wantStates(p, "PLAY_REQUESTING 0", "PLAYING 0", "PLAY_REQUESTING 1104028", "PLAYING 0")
	}
}

// TestPathAndLineDie loses the server at the same time, for longer than a path is looked for.
func TestPathAndLineDie(t *testing.T) {
	t.Parallel()
	skipUnlessFull(t)
	line := newCable(t, strings.TrimPrefix(newSite(t, signaling.Config{}).url, "http://"))
	c := newCutCall(t, &site{t, "http://" + line.addr}, usual)
	c.cut(c.paths.cutAll)
	line.cut()
	for _, p := range c.pages {
		p.expect("WebSocket connection to") // which Chromium reports when there is no server
		p.await("playerStateUpdate", map[string]any{"state": "PLAY_REQUESTING", "errorCode": 1104028})
	}
	time.Sleep(orFull(5*time.Second, time.Minute)) // nothing can help so long
	c.paths.mend()
	line.mend()
	mended := time.Now()
	for _, p := range c.pages {
		p.await("playerStateUpdate", map[string]any{"state": "PLAYING"})
		t.Logf("page %s plays %v after the network is back", p.name, time.Since(mended).Round(time.Millisecond))
	}
	for _, p := range c.pages {
		c.sees(p)
		wantStates(p, "PLAY_REQUESTING 0", "PLAYING 0", "PLAY_REQUESTING 1104028", "PLAYING 0")
	}
}

// wantStates compares all that a page was told of its player and its publisher. What an
// unanswered request for a session tells besides is left out, and that nobody publishes:
// who is back first after more than the grace time finds the other gone.
func wantStates(p *tab, player ...string) {
	p.t.Helper()
	const states = `e2e.find("%s", []).map(({args: [it]}) => it.state + " " + it.errorCode).filter((it) => !/^PLAY_REQUESTING (1000017|1104039)$/.test(it))`
	p.wants("value", player, fmt.Sprintf(states, "playerStateUpdate"))
	p.wants("value", []string{"PUBLISH_REQUESTING 0", "PUBLISHING 0"}, fmt.Sprintf(states, "publisherStateUpdate"))
}
