package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestMutePlayed: what a page does not want to receive stops to come, to it alone, and
// comes again.
func TestMutePlayed(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b, c := s.page(usual, "anna"), s.page(usual, "bert"), s.page(usual, "cleo")
	for _, p := range []*tab{a, b, c} {
		p.login("room")
	}
	a.publish("cam")
	for _, p := range []*tab{b, c} {
		p.do(`globalThis.played = await zg.startPlayingStream("cam");
			globalThis.view = zg.createRemoteStreamView(played); view.play("remote")`)
		p.sees("#remote video")
	}
	video := `document.querySelector("#remote video")`

	t.Run("video", func(t *testing.T) {
		b.wants("resolved", true, `zg.mutePlayStreamVideo("cam", true)`)
		b.do(`await e2e.seesStill(` + video + `)`)
		c.sees("#remote video")
		b.wants("value", 1, `played.getVideoTracks().length`)
		b.do(`await e2e.hearsSound(played)`)
		b.wants("resolved", true, `zg.mutePlayStreamVideo("cam", false)`)
		b.sees("#remote video")
	})
	t.Run("audio", func(t *testing.T) {
		b.wants("resolved", true, `zg.mutePlayStreamAudio("cam", true)`)
		b.do(`await e2e.hearsSilence(played)`)
		c.do(`await e2e.hearsSound(played)`)
		b.sees("#remote video")
		b.wants("resolved", true, `zg.mutePlayStreamAudio("cam", false)`)
		b.do(`await e2e.hearsSound(played)`)
	})
	t.Run("a burst ends with the last", func(t *testing.T) {
		b.wants("resolved", list(true, true, true, true), `Promise.all([true, false, true, false].map((mute) => zg.mutePlayStreamVideo("cam", mute)))`)
		b.sees("#remote video")
	})
	t.Run("everything, also what comes later", func(t *testing.T) {
		b.wants("resolved", true, `zg.muteAllPlayVideoStreams(true)`)
		b.wants("resolved", true, `zg.muteAllPlayAudioStreams(true)`)
		b.do(`await e2e.seesStill(` + video + `); await e2e.hearsSilence(played)`)
		a.do(`zg.startPublishingStream("second", local)`)
		b.await("roomStreamUpdate", "room", "ADD", list(stream("second", "anna")))
		b.do(`globalThis.second = await zg.startPlayingStream("second");
			zg.createRemoteStreamView(second).play("other"); await e2e.hearsSilence(second)`)
		b.wants("resolved", true, `zg.muteAllPlayVideoStreams(false)`)
		b.wants("resolved", true, `zg.muteAllPlayAudioStreams(false)`)
		b.sees("#other video")
		b.sees("#remote video")
		b.do(`await e2e.hearsSound(second)`)
	})
	t.Run("mistakes", func(t *testing.T) {
		b.do(`zg.stopPlayingStream("second"); await zg.startPlayingStream("second", {video: false})`)
		for _, call := range []string{
			`mutePlayStreamVideo("nobody", true)`, `mutePlayStreamVideo("second", true)`, `mutePlayStreamAudio("cam", 1)`,
			`mutePlayStreamAudio(7, true)`, `mutePlayStreamAudio()`, `muteAllPlayVideoStreams()`, `muteAllPlayAudioStreams("true")`,
		} {
			b.wants("rejected", false, `zg.`+call)
		}
		b.wants("resolved", true, `zg.mutePlayStreamAudio("second", true)`)
	})
	b.never("playerStateUpdate", state("cam", "PLAY_REQUESTING", 1104028))
}

// TestMutedWithoutView: a page that shows the stream by itself sees the track leave while
// the sender's camera is off, and the last picture with it.
func TestMutedWithoutView(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.login("room")
	b.login("room")
	a.publish("cam")
	b.do(`globalThis.played = await zg.startPlayingStream("cam");
		globalThis.video = Object.assign(document.createElement("video"), {muted: true, autoplay: true, srcObject: played});
		document.getElementById("other").append(video)`)
	b.sees("#other video")
	a.do(`zg.mutePublishStreamVideo(local, true)`)
	b.await("remoteCameraStatusUpdate", "cam", "OPEN")
	b.await("remoteCameraStatusUpdate", "cam", "MUTE")
	b.wants("value", list(0, 1), `[played.getVideoTracks().length, played.getAudioTracks().length]`)
	b.do(`await e2e.seesBlack(video)`)
	a.do(`zg.mutePublishStreamVideo(local, false)`)
	b.await("remoteCameraStatusUpdate", "cam", "OPEN")
	b.await("playerVideoTrackUpdate", "cam")
	b.wants("value", 1, `played.getVideoTracks().length`)
	b.sees("#other video")
}
