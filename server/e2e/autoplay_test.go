package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// refusedPlayback is a page that the browser does not let play the sound of anna's
// stream, after the page heard of it.
func refusedPlayback(t *testing.T, options string) *tab {
	t.Helper()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(quiet, "bert")
	a.login("room")
	a.publish("cam")
	b.login("room")
	b.do(`globalThis.remote = await zg.startPlayingStream("cam");
		globalThis.view = zg.createRemoteStreamView(remote);
		view.on("autoplayFailed", (...args) => e2e.note("autoplayFailed", ...args));
		view.play("remote", ` + options + `)`)
	b.await("autoplayFailed", map[string]any{"element": "audio"}, map[string]any{"name": "NotAllowedError"})
	b.wants("value", nil, `e2e.audible()`)
	return b
}

func TestAutoplayDialog(t *testing.T) {
	t.Parallel()
	p := refusedPlayback(t, `{enableAutoplayDialog: true}`)
	p.do(`await e2e.element(".zg_autoplay_mask")`)
	p.wants("value", list(
		"div.zg_autoplay_mask", "div.zg_autoplay_wrapper", "div.zg_autoplay_header", "div.zg_autoplay_content",
		"div.zg_autoplay_action_wrapper", "button.zg_autoplay_action_confirm",
	), `[...document.body.querySelectorAll("body > .zg_autoplay_mask, .zg_autoplay_mask *")].map((it) => it.localName + "." + it.className)`)
	p.wants("value", true, `document.querySelector(".zg_autoplay_header").textContent.includes(location.host)`)
	p.wants("value", list("fixed", "1500", "rgba(0, 0, 0, 0.5)", "flex"), `(() => {
		const { position, zIndex, backgroundColor, display } = getComputedStyle(document.querySelector(".zg_autoplay_mask"));
		return [position, zIndex, backgroundColor, display];
	})()`)
	p.wants("value", true, `document.activeElement === document.querySelector(".zg_autoplay_action_confirm")`)

	p.click(".zg_autoplay_action_confirm")
	p.loses(".zg_autoplay_mask")
	p.hears()
	if n := p.count("autoplayFailed"); n != 1 {
		t.Errorf("autoplayFailed came %d times", n)
	}
}

func TestAutoplayWithoutDialog(t *testing.T) {
	t.Parallel()
	p := refusedPlayback(t, `{enableAutoplayDialog: false}`)
	p.wants("value", 0, `document.querySelectorAll(".zg_autoplay_mask").length`)
	p.click("#other") // anywhere on the page
	p.hears()
	if n := p.count("autoplayFailed"); n != 1 {
		t.Errorf("autoplayFailed came %d times", n)
	}
}

// TestPictureWithoutSound: pictures move even before the user touched the page.
func TestPictureWithoutSound(t *testing.T) {
	t.Parallel()
	p := refusedPlayback(t, `{enableAutoplayDialog: false}`)
	p.sees("#remote video")
	p.tap(`view.resume()`)
	p.hears()
}
