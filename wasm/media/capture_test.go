//go:build !js

package media

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
)

func customOf(source any) Source { return Source{Custom: &Custom{Source: source}} }

func kinds(s *Stream) string {
	text := ""
	for _, t := range s.Tracks() {
		text += string(t.Kind())[:1]
	}
	return text
}

func TestCaptureKeepsAnAudioTrack(t *testing.T) {
	no := false
	tests := []struct {
		name       string
		src        Source
		keep       bool
		want       string
		wantFiller bool
	}{
		{"camera", Source{}, true, "av", false},
		{"camera without audio", Source{Camera: &Camera{Audio: &no}}, true, "av", true},
		{"camera without audio, not kept", Source{Camera: &Camera{Audio: &no}}, false, "v", false},
		{"screen", Source{Screen: &Screen{}}, true, "av", true},
		{"custom, video alone", customOf([]*Track{NewTrack(Video, nil)}), true, "av", true},
		{"custom, both, video first", customOf([]*Track{NewTrack(Video, nil), NewTrack(Audio, nil)}), true, "av", false},
	}
	for _, test := range tests {
		l, err := Capture(t.Context(), test.src, CaptureOptions{Scenario: 3, KeepAudioTrack: test.keep})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := kinds(l.Stream); got != test.want {
			t.Errorf("%s: tracks %s, want %s", test.name, got, test.want)
		}
		if (l.Filler != nil) != test.wantFiller || l.Filler != nil && l.Filler.Enabled() {
			t.Errorf("%s: filler %+v, want one: %v, disabled", test.name, l.Filler, test.wantFiller)
		}
	}
}

func TestCaptureFails(t *testing.T) {
	refused := &Error{Name: "NotAllowedError", Message: "Permission denied", Origin: FromCustom}
	if _, err := Capture(t.Context(), customOf(refused), CaptureOptions{}); !errors.Is(err, refused) {
		t.Errorf("refusal: %v", err)
	}
	no := false
	_, err := Capture(t.Context(), Source{Camera: &Camera{Audio: &no, Video: &no}}, CaptureOptions{KeepAudioTrack: true})
	var failed *Error
	if !errors.As(err, &failed) || failed.Name != "TypeError" || failed.Origin != FromCamera {
		t.Errorf("neither kind: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Capture(ctx, Source{}, CaptureOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestStopEndsTracksThatLeftTheStream(t *testing.T) {
	l, err := Capture(t.Context(), Source{Screen: &Screen{}}, CaptureOptions{KeepAudioTrack: true})
	if err != nil {
		t.Fatal(err)
	}
	filler, screen, added := l.Filler, l.Tracks()[1], NewTrack(Audio, nil)
	l.Remove(screen)
	l.Remove(filler)
	l.Add(added)
	l.Stop()
	l.Stop()
	for _, track := range []*Track{filler, screen, added} {
		if track.Live() {
			t.Errorf("%s is live", track.ID())
		}
	}
}

func TestEndsAreReported(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := make(chan string, 10)
		opt := CaptureOptions{
			OnEnded:      func() { said <- "screen" },
			OnTrackEnded: func(k Kind) { said <- string(k) },
		}
		yes := true
		camera, _ := Capture(t.Context(), Source{}, opt)
		screen, _ := Capture(t.Context(), Source{Screen: &Screen{Audio: &yes}}, opt)
		stopped, _ := Capture(t.Context(), Source{}, opt)
		stopped.Stop()

		for _, test := range []struct {
			track *Track
			want  string
		}{
			{camera.Tracks()[0], "audio"},
			{camera.Tracks()[1], "video"},
			{screen.Tracks()[0], ""}, // its video tells
			{screen.Tracks()[1], "screen"},
			{camera.Tracks()[1], ""}, // only once
			{stopped.Tracks()[1], ""},
		} {
			test.track.End()
			synctest.Wait()
			got := ""
			select {
			case got = <-said:
			default:
			}
			if got != test.want {
				t.Errorf("end of %s: said %q, want %q", test.track.ID(), got, test.want)
			}
		}
	})
}

func TestStreamTellsItsView(t *testing.T) {
	s := NewStream()
	track := NewTrack(Video, nil)
	s.Add(track)
	v := NewView(s, false)
	s.Add(track)
	s.Remove(track)
	if v.Refreshes() != 2 || len(s.Tracks()) != 0 {
		t.Errorf("%d refreshes, %d tracks; want 2 and 0", v.Refreshes(), len(s.Tracks()))
	}
	v.Close()
	s.Add(track)
	if v.Refreshes() != 2 || !v.Closed() {
		t.Error("a closed view was refreshed")
	}
}

// TestReopenedTooLate: a device that is granted after the end is closed at once.
func TestReopenedTooLate(t *testing.T) {
	l, err := Capture(t.Context(), Source{}, CaptureOptions{})
	if err != nil {
		t.Fatal(err)
	}
	l.Stop()
	if track, err := l.Reopen(t.Context(), Video, Device{}); !errors.Is(err, ErrStopped) {
		t.Errorf("%v, %v", track, err)
	}
}

// TestConstrainIsKept: a camera that is opened again has the size that was asked for last.
func TestConstrainIsKept(t *testing.T) {
	l, err := Capture(t.Context(), Source{}, CaptureOptions{})
	if err != nil {
		t.Fatal(err)
	}
	quality, rate := 1, VideoConfig{Picture: Picture{FrameRate: &Size{Max: 5}}}
	if kbps, err := l.Constrain(t.Context(), VideoConfig{Picture: Picture{VideoQuality: &quality}}); kbps != 300 || err != nil {
		t.Errorf("quality 1: %d kbit/s, %v", kbps, err)
	}
	if kbps, err := l.Constrain(t.Context(), rate); kbps != 0 || err != nil {
		t.Errorf("a rate alone: %d kbit/s, %v", kbps, err)
	}
	wish, _ := l.again(Video, Device{}).wish.Video.(*videoConstraints)
	if wish == nil || wish.Width.Ideal != 320 || wish.Height.Ideal != 240 || *wish.FrameRate != (Size{Max: 5}) {
		t.Errorf("a new camera is asked for %+v", wish)
	}
}

// TestKindsOfSources are what nobody else may capture meanwhile.
func TestKindsOfSources(t *testing.T) {
	var b Bitrates
	for name, c := range map[string]struct {
		sources []Source
		want    []Kind
	}{
		"nothing":           {nil, []Kind{}},
		"as usual":          {[]Source{{}}, []Kind{Audio, Video}},
		"camera":            {[]Source{CameraSource(b, &CaptureCamera{}, nil)}, []Kind{Video}},
		"microphone":        {[]Source{CameraSource(b, nil, &CaptureMicrophone{})}, []Kind{Audio}},
		"by the scenario":   {[]Source{{Camera: &Camera{}}}, []Kind{Audio, Video}},
		"screen":            {[]Source{ScreenSource(b, &CaptureScreen{}, nil)}, []Kind{Video}},
		"screen with audio": {[]Source{ScreenSource(b, &CaptureScreen{}, &CaptureScreenAudio{})}, []Kind{Audio, Video}},
		"custom":            {[]Source{customOf(nil)}, []Kind{Audio, Video}},
		"custom audio":      {[]Source{CustomSource(b, Audio, CaptureCustom{})}, []Kind{Audio}},
		"two": {
			[]Source{CustomSource(b, Video, CaptureCustom{}), CustomSource(b, Audio, CaptureCustom{})},
			[]Kind{Audio, Video},
		},
	} {
		if got := Kinds(c.sources...); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
