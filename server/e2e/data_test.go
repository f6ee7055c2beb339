package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// data makes a page's manager of its room, whose messages are noted as the event "data":
// the stream, the length, the first and the last byte.
func (p *tab) data() {
	p.t.Helper()
	p.do(`globalThis.manager = zg.createRealTimeSequentialDataManager("room");
		manager.on("receiveRealTimeSequentialData", (buffer, length, stream) => {
			const bytes = new Uint8Array(buffer);
			e2e.note("data", stream, length === bytes.length && buffer instanceof ArrayBuffer ? length : "wrong", bytes[0] ?? null, bytes.at(-1) ?? null);
		});
		globalThis.send = (stream, size, value) => manager.sendRealTimeSequentialData(stream, new Uint8Array(size).fill(value).buffer)`)
}

// TestData: messages of all sizes come in their order, beside media and without it.
func TestData(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	for _, p := range []*tab{a, b} {
		p.login("room")
		p.data()
	}
	inOrder := func(t *testing.T, stream string) {
		t.Helper()
		sizes := []int{1, 1141, 0, 1142, 65536, 30000, 2, 65536}
		a.wants("value", true, `%s.every((size, i) => send(%s, size, i + 1))`, sizes, stream)
		for i, size := range sizes {
			edge := any(float64(i + 1))
			if size == 0 {
				edge = nil
			}
			got := b.await("data")
			if want := []any{stream, float64(size), edge, edge}; toJSON(got.Args) != toJSON(want) {
				t.Fatalf("message %d is %v, want %v", i+1, got.Args, want)
			}
		}
	}
	t.Run("without media", func(t *testing.T) {
		a.wants("resolved", true, `manager.startBroadcasting("facts")`)
		a.await("publisherStateUpdate", state("facts", "PUBLISHING", 0))
		b.await("roomStreamUpdate", "room", "ADD", list(stream("facts", "anna")))
		b.wants("resolved", true, `manager.startSubscribing("facts")`)
		inOrder(t, "facts")
		b.wants("resolved", 0, `zg.startPlayingStream("facts").then((stream) => stream.getTracks().length)`) // hidden until now
		inOrder(t, "facts")
		a.wants("value", true, `manager.stopBroadcasting("facts")`)
		a.await("publisherStateUpdate", state("facts", "NO_PUBLISH", 0))
		b.do(`zg.stopPlayingStream("facts")`)
	})
	t.Run("beside media, begun later", func(t *testing.T) {
		a.publish("cam")
		b.await("roomStreamUpdate", "room", "ADD", list(stream("cam", "anna")))
		b.do(`zg.createRemoteStreamView(await zg.startPlayingStream("cam")).play("remote")`)
		b.sees("#remote video")
		b.wants("resolved", true, `manager.startSubscribing("cam")`)
		a.wants("resolved", true, `manager.startBroadcasting("cam")`)
		inOrder(t, "cam")
		a.wants("value", true, `manager.stopBroadcasting("cam")`)
		a.wants("value", false, `send("cam", 1, 1)`)
		a.wants("resolved", true, `manager.startBroadcasting("cam")`)
		inOrder(t, "cam")
		b.wants("value", true, `manager.stopSubscribing("cam")`)
		b.sees("#remote video")
		a.never("publisherStateUpdate", state("cam", "NO_PUBLISH", 0))
	})
	t.Run("a subscriber waits for its stream", func(t *testing.T) {
		b.do(`globalThis.waiting = manager.startSubscribing("late")`)
		b.await("playerStateUpdate", state("late", "PLAY_REQUESTING", 1104039))
		a.wants("resolved", true, `manager.startBroadcasting("late")`)
		b.wants("resolved", true, `waiting`)
		inOrder(t, "late")
	})
	t.Run("mistakes", func(t *testing.T) {
		a.wants("value", "room", `manager.roomID`)
		a.wants("value", nil, `zg.createRealTimeSequentialDataManager("room")`)
		a.wants("value", nil, `zg.createRealTimeSequentialDataManager("elsewhere")`)
		a.wants("resolved", false, `manager.startBroadcasting("late")`)
		a.wants("resolved", false, `manager.startBroadcasting("no/id")`)
		a.wants("resolved", false, `manager.startSubscribing(7)`)
		a.wants("value", false, `manager.stopBroadcasting("nobody")`)
		a.wants("value", false, `manager.stopSubscribing("nobody")`)
		a.wants("value", false, `send("late", 65537, 1)`)
		a.wants("value", false, `manager.sendRealTimeSequentialData("late", "text")`)
		a.wants("value", nil, `zg.destroyRealTimeSequentialDataManager(null)`)
	})
	t.Run("the end", func(t *testing.T) {
		a.do(`manager.reset()`)
		b.await("roomStreamUpdate", "room", "DELETE", list(stream("late", "anna")))
		a.do(`zg.logoutRoom()`)
		a.wants("resolved", false, `manager.startBroadcasting("again")`)
		b.do(`zg.destroyRealTimeSequentialDataManager(manager)`)
		b.wants("value", true, `zg.createRealTimeSequentialDataManager("room") !== manager`)
	})
}
