//go:build !js

package engine_test

import (
	"context"
	"testing"
	"time"

	"expressrtc/wasm/engine"
)

// A server that does not come back ends the room, and with it what the page does there.
func TestRoomIsGivenUp(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b, _ := server.call()
	for _, p := range []*page{a, b} {
		p.Retry(2*time.Second, time.Minute)
	}
	server.kill()
	for _, p := range []*page{a, b} {
		p.await("roomStateUpdate", "CONNECTING", "1000017")
		p.await("roomStateChanged", "RECONNECTING", "1000017")
		p.await("roomStateUpdate", "DISCONNECTED", "1002031", "login timeout")
		p.await("roomStateChanged", "RECONNECT_FAILED", "1002031")
	}
	a.await("publisherStateUpdate", "NO_PUBLISH", "1103051")
	b.await("playerStateUpdate", "NO_PLAY", "1104031")
	server.start()
	a.Retry(time.Minute, time.Minute)
	a.mustLogin("room") // the page may try again
}

func TestFirstLoginIsGivenUp(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	p := newPage(t, "http://"+server.address, "a")
	p.Retry(time.Second, time.Minute)
	server.kill()
	if err := p.login("room"); codeIn(err) != 1002031 {
		t.Errorf("login: %v, want 1002031", err)
	}
	p.await("roomStateChanged", "LOGIN_FAILED", "1002031")
}

func TestPlayIsGivenUp(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	p.Retry(time.Minute, 10*time.Second) // in which a slow server has said that nobody publishes it
	p.mustLogin("room")
	if _, err := p.StartPlayingStream(context.Background(), given("nobody's"), engine.PlayOption{}); codeIn(err) != 1104039 {
		t.Errorf("play: %v, want 1104039", err)
	}
	p.await("playerStateUpdate", "PLAY_REQUESTING", "1104039")
	p.await("playerStateUpdate", "NO_PLAY", "1104039")
}

// A publisher that is gone for longer than the player waits.
func TestLostPublisherIsGivenUp(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b, _ := server.call()
	b.Retry(time.Minute, 10*time.Second)
	a.StopPublishingStream(given("s1"))
	b.await("playerStateUpdate", "PLAY_REQUESTING", "1004020")
	b.await("playerStateUpdate", "NO_PLAY", "1104031")
}

func TestPublishIsGivenUp(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	p := newPage(t, "http://"+server.address, "a")
	p.mustLogin("room")
	p.Retry(time.Minute, time.Second)
	server.kill()
	p.publish("s1")
	p.await("publisherStateUpdate", "PUBLISH_REQUESTING")
	p.await("publisherStateUpdate", "NO_PUBLISH", "1103051")
}
