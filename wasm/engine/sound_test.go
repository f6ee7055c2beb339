//go:build !js

package engine_test

import (
	"math"
	"strings"
	"testing"
	"testing/synctest"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// TestCaptureVolumeResults has what setCaptureVolume resolves with.
func TestCaptureVolumeResults(t *testing.T) {
	p := quietPage(t)
	l := p.custom(newTrack(media.Audio))
	for _, c := range []struct {
		id       string
		percent  float64
		isNumber bool
		fails    bool
	}{
		{l.ID(), 0, true, false},
		{l.ID(), 200, true, false},
		{l.ID(), 33.3, true, false},
		{l.ID(), 201, true, true},
		{l.ID(), -0.1, true, true},
		{l.ID(), math.NaN(), true, true},
		{l.ID(), 0, false, true},
		{"", 50, true, true},
		{"unknown", 50, true, true},
	} {
		got := p.SetCaptureVolume(c.id, c.percent, c.isNumber)
		if !c.fails && got != (engine.Result{}) {
			t.Errorf("%+v: %+v", c, got)
		}
		if c.fails && (got.ErrorCode != 1103001 || !strings.HasPrefix(got.ExtendedData, `{"fail_reason":"`)) {
			t.Errorf("%+v: %+v", c, got)
		}
	}
}

// TestChangedSoundIsSent: while something is done to the sound, the others get another
// track, which is made of the stream's present one and muted with it.
func TestChangedSoundIsSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		own := newTrack(media.Audio)
		l := p.custom(own)
		p.SetCaptureVolume(l.ID(), 50, true)
		synctest.Wait()
		sent, source := p.SentSound(l.ID())
		if sent == own || source != own || l.Track(media.Audio) != own {
			t.Errorf("sent is %v, made of %v; the own one is %v", sent.ID(), source.ID(), own.ID())
		}
		other := newTrack(media.Audio)
		if got, err := p.ReplaceTrack(t.Context(), l.ID(), other); err != nil || got.ErrorCode != 0 {
			t.Fatal(got, err)
		}
		if again, source := p.SentSound(l.ID()); again != sent || source != other {
			t.Errorf("after a change of the track, sent is %v, made of %v", again.ID(), source.ID())
		}
		if !p.MutePublishStreamAudio(l.ID(), true) || sent.Enabled() {
			t.Error("what is sent is not muted")
		}
		p.SetCaptureVolume(l.ID(), 60, true)
		synctest.Wait()
		if sent, _ := p.SentSound(l.ID()); sent.Enabled() {
			t.Error("a new one is not muted")
		}
		p.SetCaptureVolume(l.ID(), 100, true)
		synctest.Wait()
		if sent, _ := p.SentSound(l.ID()); sent != other {
			t.Errorf("unchanged sound is sent as %v", sent.ID())
		}
		if err := p.DestroyEngine(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
	})
}
