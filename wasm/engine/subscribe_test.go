//go:build !js

package engine_test

import (
	"context"
	"testing"
	"time"
)

// TestDataOutlastsPlaying: data that a page subscribed to before it played the stream goes
// on when it stops playing, and the page cannot stop what is the manager's.
func TestDataOutlastsPlaying(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	sender := a.dataManager("room")
	came := make(chan string, 1000)
	receiver := b.CreateRealTimeSequentialDataManager(given("room"), func(data []byte, _ string) { came <- string(data) }, func() {})
	sender.StartBroadcasting(given("facts"))
	b.await("roomStreamUpdate", "ADD", `"facts"`)
	if !receiver.StartSubscribing(context.Background(), given("facts")) {
		t.Fatal("no data")
	}
	comes := func(what string) {
		t.Helper()
		for deadline := time.After(patience); ; {
			sender.SendRealTimeSequentialData(given("facts"), []byte(what))
			select {
			case got := <-came:
				if got == what {
					return
				}
			case <-time.After(50 * time.Millisecond):
			case <-deadline:
				t.Fatalf("%s: nothing comes", what)
			}
		}
	}
	comes("subscribed")
	b.start("facts")
	comes("played")
	b.StopPlayingStream(given("facts"))
	comes("played no more")
	b.StopPlayingStream(given("facts"))
	if !a.StopPublishingStream(given("facts")) {
		t.Error("no such id")
	}
	comes("not stopped")
	if !receiver.StopSubscribing(given("facts")) || !sender.StopBroadcasting(given("facts")) {
		t.Error("the managers have lost it")
	}
	a.await("publisherStateUpdate", "NO_PUBLISH")
	b.await("roomStreamUpdate", "DELETE", `"facts"`)
}
