//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// TestMuteBeforeTheAnswer: the others see a stream as it is, also when it is muted
// between its announcement and the server's answer.
func TestMuteBeforeTheAnswer(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	local := a.publish("s1")
	a.MutePublishStreamVideo(local.ID(), true, false) // the request for s1 is under way
	a.await(`"PUBLISHING"`)
	stream := b.start("s1")
	b.await("remoteCameraStatusUpdate", "MUTE")
	if stream.Track(media.Video) != nil {
		t.Error("a muted picture is sent")
	}
	a.MutePublishStreamVideo(local.ID(), false, false)
	b.await("remoteCameraStatusUpdate", "OPEN")
	for deadline := time.Now().Add(patience); stream.Track(media.Video) == nil; runtime.Gosched() {
		if time.Now().After(deadline) {
			t.Fatal("the picture did not come back")
		}
	}
	b.seesPacket(stream)
}

// TestStoppedCaptureIsTold: who plays hears of a picture that is not there any more as of
// one that is muted, and of one that has never been.
func TestStoppedCaptureIsTold(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	z, _ := a.zego()
	startVideo(t, z, a.frames(media.Video, "s1"))
	if got := z.StartCaptureCustomAudio(t.Context(), customOf(a.frames(media.Audio, "s1"))); got.ErrorCode != 0 {
		t.Fatalf("capture: %+v", got)
	}
	a.mustPublish("s1", z.MediaID(), "")
	b.start("s1")
	b.await("remoteCameraStatusUpdate", "OPEN")
	b.await("remoteMicStatusUpdate", "OPEN")
	z.StopCaptureVideo()
	b.await("remoteCameraStatusUpdate", "MUTE")
	c := newPage(t, server.URL, "c")
	c.mustLogin("room")
	c.start("s1")
	c.await("remoteCameraStatusUpdate", "MUTE")
	c.await("remoteMicStatusUpdate", "OPEN")
	startVideo(t, z, a.frames(media.Video, "s1"))
	a.UpdatePublishingStream(t.Context(), z, 0)
	for _, p := range []*page{b, c} {
		p.await("remoteCameraStatusUpdate", "OPEN")
	}
	z.StopCaptureAudio()
	for _, p := range []*page{b, c} {
		p.await("remoteMicStatusUpdate", "MUTE")
	}
}

// TestMuteBeforePublishing lasts.
func TestMuteBeforePublishing(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	b.mustLogin("room")
	// Publishing waits for the login, so the announcement comes last.
	go func() { _ = a.login("room") }()
	a.await("LOGINING")
	local := a.publish("s1")
	a.MutePublishStreamAudio(local.ID(), true)
	a.await(`"PUBLISHING"`)
	b.play("s1")
	b.await("remoteCameraStatusUpdate", "OPEN")
	b.await("remoteMicStatusUpdate", "MUTE")
}

// TestPlayOwnStream: a page hears of its own camera and microphone what the others hear.
func TestPlayOwnStream(t *testing.T) {
	p := newPage(t, newServer(t).URL, "a")
	p.mustLogin("room")
	local := p.publish("s1")
	p.MutePublishStreamAudio(local.ID(), true)
	p.await(`"PUBLISHING"`)
	p.play("s1")
	p.await("remoteCameraStatusUpdate", "OPEN")
	p.await("remoteMicStatusUpdate", "MUTE")
	p.MutePublishStreamVideo(local.ID(), true, false)
	p.await("remoteCameraStatusUpdate", "MUTE")
}

// TestOneMeasureAfterReconnecting: quality comes in its interval, however often the
// connection was lost.
func TestOneMeasureAfterReconnecting(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	p := newPage(t, "http://"+server.address, "a")
	p.mustLogin("room")
	p.publish("s1")
	p.await(`"PUBLISHING"`)
	server.kill()
	server.start()
	p.await("RECONNECTED")
	for range 5 { // the first may have been about to come, and one be late
		p.await("publishQualityUpdate")
	}
	if took := p.last("publishQualityUpdate").Sub(p.last("roomStateChanged")); took < 9*time.Second {
		t.Errorf("five updates came within %v, want one in 3 s", took)
	}
}

// TestFirstQualityHasFigures: also the first update counts from somewhere.
func TestFirstQualityHasFigures(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("s1")
	b.watch(b.play("s1"))
	line := b.await("playQualityUpdate")
	var stats struct {
		Video struct{ VideoBitrate float64 }
	}
	_, object, _ := strings.Cut(line, " {")
	if err := json.Unmarshal([]byte("{"+object), &stats); err != nil {
		t.Fatal(err)
	}
	if stats.Video.VideoBitrate <= 0 {
		t.Errorf("the first update has no bitrate: %s", line)
	}
}

// TestPlayNothingOfAStream: who leaves out the only kind that a stream has plays all the same.
func TestPlayNothingOfAStream(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("s1") // picture alone
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	stream, err := b.StartPlayingStream(ctx, given("s1"), engine.PlayOption{Video: json.RawMessage("false")})
	if err != nil {
		t.Fatal(err)
	}
	if tracks := stream.Tracks(); len(tracks) != 0 {
		t.Errorf("it has %d tracks", len(tracks))
	}
	b.await("playerStateUpdate", `"PLAYING"`)
}

// TestPlayArguments has what is wrong with options.
func TestPlayArguments(t *testing.T) {
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	p.mustLogin("room")
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	for name, option := range map[string]engine.PlayOption{
		"no object":      {NotObject: true},
		"video text":     {Video: raw(`"true"`)},
		"audio number":   {Audio: raw("1")},
		"params no text": {StreamParams: &engine.Text{}},
	} {
		if _, err := p.StartPlayingStream(context.Background(), given("s1"), option); codeIn(err) != 1104001 {
			t.Errorf("%s: %v, want code 1104001", name, err)
		}
	}
}

func TestUserUpdateAsJavaScriptTakesIt(t *testing.T) {
	for text, want := range map[string]engine.Truth{"true": true, "1": true, `"yes"`: true, "{}": true, "false": false, "0": false, "null": false, `""`: false} {
		var config engine.RoomConfig
		if err := json.Unmarshal([]byte(`{"userUpdate":`+text+`}`), &config); err != nil || config.UserUpdate != want {
			t.Errorf("userUpdate %s is %v, %v, want %v", text, config.UserUpdate, err, want)
		}
	}
}
