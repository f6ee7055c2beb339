//go:build !js

package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"expressrtc/server/room"
	"expressrtc/server/signaling"
	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// TestServerEndsStreams: what the server forbids ends on both sides, for good and with its
// code; what was captured lives on, and another try gets an answer of its own.
func TestServerEndsStreams(t *testing.T) {
	t.Parallel()
	hub := room.NewHub(room.Config{})
	server := serveConfig(t, signaling.Config{Hub: hub}).URL
	a, b := newPage(t, server, "a"), newPage(t, server, "b")
	a.mustLogin("r")
	b.mustLogin("r")
	local := a.publish("cam")
	b.await("roomStreamUpdate", "ADD", "cam")
	b.play("cam")
	b.await("playerStateUpdate", `"PLAYING"`)

	if err := hub.Ban(7, "cam"); err != nil {
		t.Fatal(err)
	}
	a.await("publisherStateUpdate", "NO_PUBLISH", "1003025", "has forbidden this stream")
	b.await("roomStreamUpdate", "DELETE", "cam", "remove_by_server")
	b.await("playerStateUpdate", "NO_PLAY", "1004025", "has forbidden stream")
	if slices.ContainsFunc(local.Tracks(), func(t *media.Track) bool { return !t.Live() }) {
		t.Error("the local stream ended with the publishing")
	}

	again := func() {
		t.Helper()
		if ok, err := a.StartPublishingStream(given("cam"), local.ID(), engine.PublishOption{}); err != nil || !ok {
			t.Fatalf("publishing again: %v, %v", ok, err)
		}
	}
	again()
	a.await("publisherStateUpdate", "PUBLISH_REQUESTING")
	a.await("publisherStateUpdate", "NO_PUBLISH", "1003025")
	_, err := b.StartPlayingStream(context.Background(), given("cam"), engine.PlayOption{})
	var coded *engine.Error
	if !errors.As(err, &coded) || coded.Code != 1004025 {
		t.Errorf("playing again: %v", err)
	}
	hub.Unban(7, "cam")
	again()
	b.await("roomStreamUpdate", "ADD", "cam")
	b.play("cam")
	a.wantNone("NO_PUBLISH")
}
