//go:build !js

package engine_test

import (
	"testing"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// TestSoundLevelInterval: which intervals begin, and that a wrong one changes nothing.
func TestSoundLevelInterval(t *testing.T) {
	p := newPage(t, newServer(t).URL, "anna")
	off := false
	local, err := p.CreateStream(t.Context(), media.Source{Camera: &media.Camera{Video: &off}})
	if err != nil {
		t.Fatal(err)
	}
	local.Track(media.Audio).SetLevel(0.5)
	interval := func(ms float64) engine.SoundLevelOptions { return engine.SoundLevelOptions{Interval: &ms} }
	for _, wrong := range []float64{0, 99, 3001, 100.5, -100} {
		p.SetSoundLevelDelegate(true, interval(wrong))
	}
	if p.Listens() {
		t.Error("a wrong interval began something")
	}
	for _, right := range []float64{100, 150, 3000} {
		p.SetSoundLevelDelegate(true, interval(right))
		if !p.Listens() {
			t.Errorf("%v ms did not begin", right)
		}
	}
	p.SetSoundLevelDelegate(true, interval(100))
	p.SetSoundLevelDelegate(false, interval(99)) // refused, so it goes on
	p.await("capturedSoundLevelUpdate 50")
	for _, line := range p.lines() {
		if hasAll(line, []string{"soundLevelUpdate ["}) {
			t.Errorf("an empty list was told: %s", line)
		}
	}
	p.SetSoundLevelDelegate(false, engine.SoundLevelOptions{})
	if p.Listens() {
		t.Error("it does not end")
	}
}

// TestSoundLevelList: what is sent stands before what is played, a muted stream is silent.
func TestSoundLevelList(t *testing.T) {
	t.Parallel()
	url := newServer(t).URL
	a, b := newPage(t, url, "anna"), newPage(t, url, "bert")
	a.mustLogin("room")
	b.mustLogin("room")
	off := false
	local, err := a.CreateStream(t.Context(), media.Source{Camera: &media.Camera{Video: &off}})
	if err != nil {
		t.Fatal(err)
	}
	local.Track(media.Audio).SetLevel(0.25)
	b.publish("hers")
	b.await("publisherStateUpdate", "PUBLISHING")
	if _, err := a.StartPublishingStream(given("mine"), local.ID(), engine.PublishOption{}); err != nil {
		t.Fatal(err)
	}
	a.play("hers")
	short := 100.0
	a.SetSoundLevelDelegate(true, engine.SoundLevelOptions{Interval: &short})
	a.await(`soundLevelUpdate [{"streamID":"mine","soundLevel":25,"type":"push"},{"streamID":"hers","soundLevel":0,"type":"pull"}]`)
	a.MutePublishStreamAudio(local.ID(), true)
	a.await(`soundLevelUpdate [{"streamID":"mine","soundLevel":0,"type":"push"},{"streamID":"hers"`)
	a.StopPlayingStream(given("hers"))
	a.await(`soundLevelUpdate [{"streamID":"mine","soundLevel":0,"type":"push"}]`)
}
