package e2e

import (
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// viewHTML is the document of a view, with ID for the stream's: as the contract has it, but
// for the blanks of browsers, since the styles are set by the object model.
const viewHTML = `<div id="zg-rtc-player_ID" style="width: 100%; height: 100%; position: relative; background-color: black; overflow: hidden;">` +
	`<video id="zg-rtc-video_ID" muted="" autoplay="" playsinline="" webkit-playsinline="" style="width: 100%; height: 100%; object-fit: contain;"></video></div>`

// wantView fails the test unless the container has exactly the view of the stream.
func (p *tab) wantView(container, stream, html string) {
	p.t.Helper()
	p.do(`await e2e.element(%s)`, container+" video")
	id := eval[string](p, "return "+stream+".id")
	got := eval[string](p, "return document.querySelector(%s).innerHTML", container)
	if want := strings.ReplaceAll(html, "ID", id); got != want {
		p.t.Errorf("page %s, %s:\n got: %s\nwant: %s", p.name, container, got, want)
	}
}

func TestLocalView(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.do(`globalThis.local = await zg.createStream();
		globalThis.view = zg.createLocalStreamView(local);
		view.play("local")`)
	p.wantView("#local", "local", viewHTML)
	p.sees("#local video")
	p.wants("value", list(true, true, false), `(() => {
		const video = document.querySelector("#local video");
		return [video.muted, video.srcObject instanceof MediaStream, video.srcObject === local];
	})()`)
	p.wants("value", nil, `e2e.audible()`) // nobody wants to hear themselves

	t.Run("options", func(t *testing.T) {
		const style = `(({transform, objectFit}) => [transform, objectFit])(document.querySelector("#local video").style)`
		for options, want := range map[string][]any{
			`{mirror: true}`:                      list("rotateY(180deg)", "contain"),
			`{objectFit: "cover", mirror: false}`: list("", "cover"),
		} {
			p.do(`view.play("local", ` + options + `)`)
			p.wants("value", want, style)
			p.do(`view.play("local", {mirror: false, objectFit: "contain"})`)
		}
		p.do(`view.play("local", {mirror: true, objectFit: "fill"}); view.play("local", {})`)
		p.wants("value", list("rotateY(180deg)", "fill"), style) // they last
	})
	t.Run("another container", func(t *testing.T) {
		p.do(`view.play(document.getElementById("other"))`)
		p.wants("value", list(0, 1), `["local", "other"].map((id) => document.getElementById(id).children.length)`)
		p.sees("#other video")
		p.wants("thrown", "Execute `play` failed, container not exist", `view.play("nowhere")`)
		p.wants("value", 1, `document.getElementById("other").children.length`)
	})
	t.Run("one viewer a stream", func(t *testing.T) {
		p.do(`globalThis.second = zg.createLocalStreamView(local); second.play("local")`)
		p.wants("value", list(true, 1, 0), `[second !== view, ...["local", "other"].map((id) => document.getElementById(id).children.length)]`)
	})
	t.Run("stop and play again", func(t *testing.T) {
		p.do(`view.stop()`)
		p.wants("value", 0, `document.querySelectorAll("#local *, #other *").length`)
		p.do(`view.play("local")`)
		p.sees("#local video")
	})
	t.Run("without picture", func(t *testing.T) {
		p.wants("value", true, `view.setVideoMuted(true)`)
		p.wants("value", list("DIV"), `[...document.querySelectorAll("#local *")].map((it) => it.tagName)`)
		p.wants("value", true, `view.setVideoMuted(false)`)
		p.sees("#local video")
	})
	p.do(`zg.destroyStream(local)`)
	p.wants("value", 0, `document.querySelectorAll("#local *").length`)
	p.wants("thrown", map[string]any{"Error": "create viewer failed."}, `zg.createLocalStreamView(local)`)
}

func TestRemoteView(t *testing.T) {
	t.Parallel()
	_, b := inCall(t, usual)
	b.wantView("#remote", "remote", viewHTML)
	b.sees("#remote video")
	b.hears()
	b.wants("value", list(false, true, true), `[
		document.contains(e2e.audible()), e2e.audible().id.startsWith("zg-rtc-audio_"), document.querySelector("#remote video").muted,
	]`)

	b.do(`globalThis.view = zg.createRemoteStreamView(remote)`)
	b.wants("value", true, `view.setAudioMuted(true)`)
	b.wants("value", nil, `e2e.audible()`)
	b.wants("value", true, `view.setAudioMuted(false)`)
	b.hears()

	for _, stranger := range []string{`new MediaStream()`, `null`, `undefined`, `"cam"`} {
		b.wants("thrown", map[string]any{"Error": "create viewer failed."}, `zg.createRemoteStreamView(`+stranger+`)`)
	}
	b.wants("thrown", map[string]any{"Error": "Params callBack is not a Function"}, `view.on("autoplayFailed", 7)`)

	b.do(`zg.stopPlayingStream("cam")`)
	b.loses("#remote *")
	b.await("playerStateUpdate", state("cam", "NO_PLAY", 0))
	b.wants("value", nil, `e2e.audible()`)
	b.wants("value", true, `remote.getTracks().every((track) => track.readyState === "ended")`)
	b.wants("thrown", map[string]any{"Error": "create viewer failed."}, `zg.createRemoteStreamView(remote)`)
}

// TestLeavingTheRoom takes what was played from the page, and leaves what is captured.
func TestLeavingTheRoom(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	for _, p := range []*tab{a, b} {
		p.login("room")
		p.publish(p.name)
	}
	a.play("bert")
	a.sees("#remote video")
	a.do(`zg.logoutRoom()`)
	a.await("publisherStateUpdate", state("anna", "NO_PUBLISH", 0))
	a.await("playerStateUpdate", state("bert", "NO_PLAY", 0))
	a.loses("#remote *")
	a.sees("#local video")
	a.wants("value", true, `local.getTracks().every((track) => track.readyState === "live")`)
}

// TestMutedCamera: others are told, see black, and then the picture again.
func TestMutedCamera(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.login("room")
	a.publish("cam")
	b.login("room")
	b.play("cam")
	b.sees("#remote video")
	b.await("remoteCameraStatusUpdate", "cam", "OPEN")
	a.wants("value", true, `zg.mutePublishStreamVideo(local, true)`)
	b.await("remoteCameraStatusUpdate", "cam", "MUTE")
	b.do(`await e2e.seesBlack(document.querySelector("#remote video"))`)
	a.wants("value", true, `zg.mutePublishStreamVideo(local, false)`)
	b.await("remoteCameraStatusUpdate", "cam", "OPEN")
	b.sees("#remote video")
	a.wants("value", true, `zg.mutePublishStreamAudio(local, true)`)
	b.await("remoteMicStatusUpdate", "cam", "MUTE")
	for _, wrong := range []string{`new MediaStream(), true`, `local, "yes"`, `null, true`} {
		a.wants("value", false, `zg.mutePublishStreamVideo(`+wrong+`)`)
	}
	c := s.page(usual, "carl")
	c.login("room")
	c.play("cam")
	c.await("remoteCameraStatusUpdate", "cam", "OPEN")
	c.await("remoteMicStatusUpdate", "cam", "MUTE") // the state that it began with
}
