//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"expressrtc/wasm/engine"
)

// wantLines compares the beginning of the log once it is as long.
func wantLines(t *testing.T, p *page, want ...string) {
	t.Helper()
	deadline := time.After(patience)
	for len(p.lines()) < len(want) {
		select {
		case <-p.changed:
		case <-deadline:
			t.Fatalf("%s saw only\n%s", p.name, strings.Join(p.lines(), "\n"))
		}
	}
	if got := p.lines()[:len(want)]; strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s saw\n%s\nwant\n%s", p.name, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestLoginTellsInTheContractsOrder(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	a.await("roomStateChanged", `"LOGINED"`)
	a.publish("s1")
	a.await("publisherStateUpdate", `"PUBLISHING"`)
	b.mustLogin("room")
	wantLines(t, b,
		`roomStateUpdate "room" "CONNECTING" 0 ""`,
		`roomStateChanged "room" "LOGINING" 0 ""`,
		`roomOnlineUserCountUpdate "room" 2`,
		`roomStreamUpdate "room" "ADD" [{"streamID":"s1","user":{"userID":"a","userName":"a"},"extraInfo":"","urlsFLV":"","urlsRTMP":"","urlsHLS":"","urlsHttpsFLV":"","urlsHttpsHLS":""}] ""`,
		`roomStateUpdate "room" "CONNECTED" 0 ""`,
		`roomStateChanged "room" "LOGINED" 0 ""`,
		`roomUserUpdate "room" "ADD" [{"userID":"a","userName":"a"}]`,
	)
	a.await("roomUserUpdate", "ADD", `"userID":"b"`)
	a.await("roomOnlineUserCountUpdate", "2") // the next heartbeat
}

func TestCallWithMedia(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	a, b, c := newPage(t, server.URL, "a"), newPage(t, server.URL, "b"), newPage(t, server.URL, "c")
	for _, p := range []*page{a, b, c} {
		p.mustLogin("room")
	}
	local := a.publish("s1")
	for _, p := range []*page{b, c} {
		p.play("s1")
		p.await("playerStateUpdate", `"PLAY_REQUESTING"`)
		p.await("playerStateUpdate", `"PLAYING"`)
		p.await("remoteCameraStatusUpdate", "OPEN")
		p.await("remoteMicStatusUpdate", "OPEN")
	}
	if !a.MutePublishStreamVideo(local.ID(), true, false) {
		t.Error("muting an own stream was refused")
	}
	b.await("remoteCameraStatusUpdate", `"s1" "MUTE"`)
	b.await("playQualityUpdate", `"s1"`)
	a.await("publishQualityUpdate", `"s1"`, `"videoBitrate"`)
	a.StopPublishingStream(given("s1"))
	a.await("publisherStateUpdate", `"NO_PUBLISH"`, `"errorCode":0`)
	b.await("roomStreamUpdate", "DELETE", `user_stop_publishing_stream_normal`)
	b.StopPlayingStream(given("s1"))
	b.await("playerStateUpdate", `"NO_PLAY"`, `"errorCode":0`)
	c.await("playerStateUpdate", "PLAY_REQUESTING", "1004020")
}

func TestPublisherThatComesBackIsPlayedOn(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("s1")
	stream := b.play("s1")
	b.await("PLAYING")
	a.StopPublishingStream(given("s1"))
	b.await("PLAY_REQUESTING", "1004020")
	a.publish("s1")
	b.await("playerStateUpdate", `"PLAYING"`)
	b.seesPacket(stream)
}

func TestPlayBeforeAnybodyPublishes(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	b.mustLogin("room")
	done := make(chan struct{})
	go func() { defer close(done); b.play("later") }()
	b.await("playerStateUpdate", `"PLAY_REQUESTING"`, `"errorCode":0`)
	b.await("playerStateUpdate", `"PLAY_REQUESTING"`, "1104039")
	a.mustLogin("room")
	a.publish("later")
	b.await("playerStateUpdate", `"PLAYING"`)
	<-done
}

func TestTakenStreamID(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("one")
	b.mustLogin("two")
	a.publish("s1")
	a.await(`"PUBLISHING"`)
	b.publish("s1")
	b.await("PUBLISH_REQUESTING")
	b.await("NO_PUBLISH", "1003028")
	for _, line := range a.lines() {
		if strings.Contains(line, "PUBLISH") && !strings.Contains(line, "publishQuality") {
			t.Errorf("the first publisher was told %s", line)
		}
	}
}

func TestSecondLoginEndsTheFirst(t *testing.T) {
	server := newServer(t)
	first, second := newPage(t, server.URL, "same"), newPage(t, server.URL, "same")
	first.mustLogin("room")
	first.publish("s1")
	first.await(`"PUBLISHING"`)
	second.mustLogin("room")
	first.await("roomStateUpdate", "DISCONNECTED", "1002050", "custom_kickout_message")
	first.await("roomStateChanged", "KICKOUT", "1002050")
	first.await("NO_PUBLISH", "1002050")
	if err := second.login("other"); codeIn(err) != 1002001 {
		t.Errorf("the second page is not in its room: %v", err)
	}
}

func codeIn(err error) engine.Code {
	var e *engine.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestLogoutCancelsALogin(t *testing.T) {
	p := newPage(t, "http://127.0.0.1:1", "a") // nobody listens there
	result := make(chan error, 1)
	go func() { result <- p.login("room") }()
	p.await("LOGINING")
	if err := p.LogoutRoom(nil); err != nil {
		t.Fatal(err)
	}
	if err := <-result; codeIn(err) != 1102026 {
		t.Errorf("the login ended with %v, want cancel login", err)
	}
	p.await("roomStateChanged", "LOGOUT", "0")
}

func TestStoppedPromiseNeverSettles(t *testing.T) {
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	p.mustLogin("room")
	result := make(chan error, 1)
	go func() {
		_, err := p.StartPlayingStream(context.Background(), given("nobody"), engine.PlayOption{})
		result <- err
	}()
	p.await("1104039")
	p.StopPlayingStream(given("nobody"))
	if err := <-result; !errors.Is(err, engine.ErrNeverSettles) {
		t.Errorf("stopped while waiting: %v", err)
	}
	p.await("NO_PLAY", `"errorCode":0`)
}

func TestFullRoom(t *testing.T) {
	server := newServer(t)
	first, second := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	ctx := context.Background()
	small := engine.RoomConfig{MaxMemberCount: json.RawMessage("1")}
	if _, err := first.LoginRoom(ctx, given("room"), given(""), user("a"), small); err != nil {
		t.Fatal(err)
	}
	if err := second.login("room"); codeIn(err) != 1002034 {
		t.Errorf("a full room: %v", err)
	}
	second.await("roomStateChanged", "LOGIN_FAILED", "1002034")
	second.mustLogin("another")
}
