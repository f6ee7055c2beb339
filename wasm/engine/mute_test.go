//go:build !js

package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// TestMutedStaysMuted: a new track of a muted kind is silent, the other kind is not.
func TestMutedStaysMuted(t *testing.T) {
	p := quietPage(t)
	l := p.custom(newTrack(media.Audio), newTrack(media.Video))
	p.MutePublishStreamAudio(l.ID(), true)
	sound, picture := newTrack(media.Audio), newTrack(media.Video)
	codeOfTrackCall(p, "replace", l.ID(), sound)
	codeOfTrackCall(p, "replace", l.ID(), picture)
	if sound.Enabled() || !picture.Enabled() {
		t.Errorf("enabled: audio %v, video %v; only audio is muted", sound.Enabled(), picture.Enabled())
	}
	p.MutePublishStreamVideo(l.ID(), true, true)
	if !picture.Enabled() {
		t.Error("the preview was to be retained")
	}
}

// TestMutePace: the first call acts at once, of those within the gap the last one.
func TestMutePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		own := map[media.Kind]*media.Track{media.Audio: newTrack(media.Audio), media.Video: newTrack(media.Video)}
		l := p.create(media.Source{})
		own[media.Audio], own[media.Video] = l.Track(media.Audio), l.Track(media.Video)
		for _, c := range []struct {
			name string
			kind media.Kind
			call func(bool) bool
		}{
			{"mutePublishStreamVideo", media.Video, func(mute bool) bool { return p.MutePublishStreamVideo(l.ID(), mute, false) }},
			{"mutePublishStreamAudio", media.Audio, func(mute bool) bool { return p.MutePublishStreamAudio(l.ID(), mute) }},
			{"muteMicrophone", media.Audio, p.MuteMicrophone},
		} {
			for i, step := range []struct {
				after   time.Duration
				mute    bool
				enabled bool
			}{
				{time.Second, true, false},
				{10 * time.Millisecond, false, false},
				{10 * time.Millisecond, true, false},
				{10 * time.Millisecond, false, false}, // put off, and the last one
				{79 * time.Millisecond, false, false},
				{2 * time.Millisecond, false, true},
				{90 * time.Millisecond, true, true}, // within the gap again
				{100 * time.Millisecond, true, false},
				{time.Second, false, true},
			} {
				time.Sleep(step.after)
				synctest.Wait()
				if i != 4 && i != 5 && i != 7 && !c.call(step.mute) {
					t.Errorf("%s answers false", c.name)
				}
				if got := own[c.kind].Enabled(); got != step.enabled {
					t.Errorf("%s, step %d: enabled %v, want %v", c.name, i, got, step.enabled)
				}
			}
		}
	})
}

// TestMuteRate is what setEngineOptions has.
func TestMuteRate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine.New(engine.Config{App: "1", MuteRate: 50, Emit: func(engine.Event) {}, Log: func(string, string) {}})
		defer func() { _ = e.DestroyEngine() }()
		l, err := e.CreateStream(t.Context(), media.Source{})
		if err != nil {
			t.Fatal(err)
		}
		e.MutePublishStreamVideo(l.ID(), true, false)
		e.MutePublishStreamVideo(l.ID(), false, false)
		time.Sleep(21 * time.Millisecond)
		synctest.Wait()
		if !l.Track(media.Video).Enabled() {
			t.Error("the second call was put off for longer than 20 ms")
		}
	})
}

func TestMuteMicrophone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		if p.IsMicrophoneMuted() {
			t.Error("muted from the beginning")
		}
		before, music := p.create(media.Source{}), p.custom(newTrack(media.Audio))
		p.MuteMicrophone(true)
		after := p.create(media.Source{})
		if !p.IsMicrophoneMuted() || before.Track(media.Audio).Enabled() || after.Track(media.Audio).Enabled() {
			t.Error("a microphone is not muted")
		}
		if !music.Track(media.Audio).Enabled() || !before.Track(media.Video).Enabled() {
			t.Error("more than microphones is muted")
		}
		p.MutePublishStreamAudio(before.ID(), true)
		time.Sleep(time.Second)
		p.MuteMicrophone(false)
		if p.IsMicrophoneMuted() || !after.Track(media.Audio).Enabled() || before.Track(media.Audio).Enabled() {
			t.Error("each mute is to be undone by its own call")
		}
	})
}

// TestMutePutOffUntilDestroyed: nobody draws the picture of a stream that is no more.
func TestMutePutOffUntilDestroyed(t *testing.T) {
	p := quietPage(t)
	l := p.custom(newTrack(media.Video))
	if !p.SetDummyCaptureImagePath(t.Context(), "picture", l.ID()) {
		t.Fatal("no picture")
	}
	stands := p.StandIn(l.ID())
	for _, mute := range []bool{true, false, true} {
		p.MutePublishStreamVideo(l.ID(), mute, false)
	}
	p.DestroyStream(l.ID())
	if stands() {
		t.Error("the picture is still there, for the last call to draw it")
	}
}
