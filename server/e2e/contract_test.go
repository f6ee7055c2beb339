package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestPlayOptions: a kind that is left out never comes, and what is no option is told.
func TestPlayOptions(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.login("room")
	b.login("room")
	a.publish("cam")
	a.do(`globalThis.voice = await zg.createStream({camera: {video: false}});
		zg.startPublishingStream("voice", voice)`)
	a.await("publisherStateUpdate", state("voice", "PUBLISHING", 0))
	for _, c := range []struct {
		stream, option string
		kinds          []any
	}{
		{"cam", `{video: false}`, list("audio")},
		{"cam", `{audio: false}`, list("video")},
		{"cam", `{video: true, audio: undefined}`, list("audio", "video")},
		{"voice", `{audio: false}`, []any{}}, // nothing is left, and that plays too
	} {
		b.wants("resolved", c.kinds, `zg.startPlayingStream("`+c.stream+`", `+c.option+`).then((stream) => stream.getTracks().map((track) => track.kind).sort())`)
		b.await("playerStateUpdate", state(c.stream, "PLAYING", 0))
		b.do(`zg.stopPlayingStream(%s)`, c.stream)
		b.await("playerStateUpdate", state(c.stream, "NO_PLAY", 0))
	}
	b.do(`globalThis.receivers = [];
		const {get} = Object.getOwnPropertyDescriptor(RTCTrackEvent.prototype, "receiver");
		Object.defineProperty(RTCTrackEvent.prototype, "receiver", {get() { const it = get.call(this); receivers.push(it); return it; }})`)
	for option, want := range map[string]int{`{jitterBufferTarget: 700}`: 700, `{playoutDelayHint: 2}`: 2000, `{jitterBufferTarget: 700, enableLowLatency: true}`: 0} {
		b.wants("resolved", list(want, want), `zg.startPlayingStream("cam", `+option+`).then(() => receivers.splice(0).slice(-2).map((it) => it.jitterBufferTarget))`)
		b.do(`zg.stopPlayingStream("cam")`)
	}
	for _, option := range []string{
		`{video: 1}`, `{audio: "true"}`, `{streamParams: {}}`,
		`{playoutDelayHint: 5}`, `{jitterBufferTarget: 0}`, `{jitterBufferTarget: 4001}`, `{jitterBufferTarget: "1"}`,
	} {
		b.wants("rejected", map[string]any{"code": 1104001, "message": anything, "errorCode": 1104001, "extendedData": anything},
			`zg.startPlayingStream("cam", `+option+`)`)
	}
}

// TestOptionsWithAnythingInThem: pages hang elements, cycles and fields of their own
// into option objects.
func TestOptionsWithAnythingInThem(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.do(`globalThis.ring = {big: 1n, element: document.body}; ring.self = ring;
		await zg.loginRoom("room", "", {...ring, userID: "anna"}, {...ring, userUpdate: 1, maxMemberCount: 2});
		globalThis.local = await zg.createStream()`)
	p.do(`zg.createLocalStreamView(local).play("local", {...ring, mirror: true})`)
	p.sees("#local video")
	p.wants("value", true, `zg.startPublishingStream("cam", local, {...ring, roomID: undefined, inspectFlag: 0, extraInfo: "x"})`)
	p.await("publisherStateUpdate", state("cam", "PUBLISHING", 0))
	p.wants("thrown", map[string]any{"errorCode": 1103001, "extendedData": anything}, `zg.startPublishingStream("dog", local, {inspectFlag: "1"})`)
	p.do(`await zg.startPlayingStream("cam", {...ring, video: true})`) // an own stream
	p.await("playerStateUpdate", state("cam", "PLAYING", 0))
}

// TestOneStreamUnderTwoNames: both are published and muted together, and stop one by one.
func TestOneStreamUnderTwoNames(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.login("room")
	b.login("room")
	a.do(`globalThis.local = await zg.createStream();
		zg.mutePublishStreamVideo(local, true);
		zg.startPublishingStream("one", local);
		zg.startPublishingStream("two", local);
		zg.mutePublishStreamAudio(local, true)`) // before the server has answered
	for _, id := range []string{"one", "two"} {
		b.await("roomStreamUpdate", "room", "ADD", list(stream(id, "anna")))
		b.do(`await zg.startPlayingStream(%s)`, id)
		b.await("remoteCameraStatusUpdate", id, "MUTE")
		b.await("remoteMicStatusUpdate", id, "MUTE")
	}
	a.do(`zg.mutePublishStreamVideo(local, false); zg.mutePublishStreamAudio(local, false)`)
	for _, id := range []string{"one", "two"} {
		b.await("remoteCameraStatusUpdate", id, "OPEN")
		b.await("remoteMicStatusUpdate", id, "OPEN")
	}
	a.do(`zg.stopPublishingStream("one")`)
	b.await("roomStreamUpdate", "room", "DELETE", list(stream("one", "anna")))
	b.await("playerStateUpdate", state("one", "PLAY_REQUESTING", 1004020))
	b.never("playerStateUpdate", state("two", "PLAY_REQUESTING", 1004020))
}
