//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// quietPage is an engine that is in no room.
func quietPage(t *testing.T) *page { return newPage(t, "http://127.0.0.1:1", "a") }

// custom makes a local stream of the page's own tracks.
func (p *page) custom(tracks ...*media.Track) *media.Local {
	p.t.Helper()
	return p.create(media.Source{Custom: &media.Custom{Source: tracks}})
}

func (p *page) create(src media.Source) *media.Local {
	p.t.Helper()
	l, err := p.CreateStream(p.t.Context(), src)
	if err != nil {
		p.t.Fatal(err)
	}
	return l
}

func newTrack(kind media.Kind) *media.Track { return media.NewTrack(kind, nil) }

// TestTracksOfAStream has what replaceTrack resolves with, and what the other two reject
// with. "a" and "v" are the stream's own tracks, capitals are new ones, "f" the filler.
func TestTracksOfAStream(t *testing.T) {
	for _, c := range []struct {
		has, method, track string
		want               engine.Code
		left               string
	}{
		{"av", "replace", "V", 0, "aV"},
		{"av", "replace", "A", 0, "Av"},
		{"a", "replace", "V", 1103047, "a"},
		{"v", "replace", "A", 1103047, "fv"}, // the silent track does not count
		{"av", "replace", "", 1100001, "av"},
		{"v", "add", "A", 0, "Av"},
		{"a", "add", "V", 0, "aV"},
		{"av", "add", "A", 1103101, "av"},
		{"av", "add", "V", 1103101, "av"},
		{"av", "add", "", 1100001, "av"},
		{"av", "remove", "v", 0, "a"},
		{"av", "remove", "a", 0, "v"},
		{"a", "remove", "a", 1103070, "a"},
		{"v", "remove", "v", 1103070, "fv"},
		{"v", "remove", "f", 0, "v"},
		{"av", "remove", "V", 1100001, "av"},
		{"av", "remove", "", 1100001, "av"},
	} {
		p := quietPage(t)
		tracks := map[string]*media.Track{
			"a": newTrack(media.Audio), "v": newTrack(media.Video), "A": newTrack(media.Audio), "V": newTrack(media.Video),
		}
		var own []*media.Track
		for _, name := range c.has {
			own = append(own, tracks[string(name)])
		}
		l := p.custom(own...)
		tracks["f"] = l.Filler
		if got := codeOfTrackCall(p, c.method, l.ID(), tracks[c.track]); got != c.want {
			t.Errorf("%s of %q in %q: code %d, want %d", c.method, c.track, c.has, got, c.want)
		}
		left := ""
		for _, track := range l.Tracks() {
			for _, name := range []string{"a", "v", "A", "V", "f"} {
				if track.Same(tracks[name]) {
					left += name
				}
			}
		}
		if left != c.left {
			t.Errorf("%s of %q in %q leaves %q, want %q", c.method, c.track, c.has, left, c.left)
		}
		for name, track := range tracks {
			if track != nil && !track.Live() {
				t.Errorf("%s of %q in %q: it ended %q", c.method, c.track, c.has, name)
			}
		}
	}
}

// codeOfTrackCall fails unless the method resolves, or rejects, as it is told to.
func codeOfTrackCall(p *page, method, id string, track *media.Track) engine.Code {
	ctx := context.Background()
	switch method {
	case "replace":
		result, err := p.ReplaceTrack(ctx, id, track)
		if err != nil {
			p.t.Errorf("replaceTrack rejects: %v", err)
		}
		return result.ErrorCode
	case "add":
		_, err := p.AddTrack(ctx, id, track)
		return codeIn(err)
	default:
		_, err := p.RemoveTrack(ctx, id, track)
		return codeIn(err)
	}
}

func TestTracksOfForeignStreams(t *testing.T) {
	p, other := quietPage(t), quietPage(t)
	foreign, destroyed := other.custom(newTrack(media.Video)), p.custom(newTrack(media.Video))
	p.DestroyStream(destroyed.ID())
	for id, want := range map[string]engine.Code{"": 1100001, "none": 1103044, foreign.ID(): 1103044, destroyed.ID(): 1103044} {
		for _, method := range []string{"replace", "add", "remove"} {
			if got := codeOfTrackCall(p, method, id, newTrack(media.Video)); got != want {
				t.Errorf("%s, stream %q: code %d, want %d", method, id, got, want)
			}
		}
	}
}

// TestReplaceTheSilentTrack is possible once the page has asked for that.
func TestReplaceTheSilentTrack(t *testing.T) {
	p := quietPage(t)
	p.SetEngineConfig(map[string]json.RawMessage{"allowReplaceEmptyTrack": json.RawMessage("true")})
	l, sound := p.custom(newTrack(media.Video)), newTrack(media.Audio)
	if got := codeOfTrackCall(p, "replace", l.ID(), sound); got != 0 || !l.Track(media.Audio).Same(sound) {
		t.Errorf("code %d", got)
	}
}

// TestNothingGoesOnAfterDestroyStream: also what left the stream, or came in between.
func TestNothingGoesOnAfterDestroyStream(t *testing.T) {
	p := quietPage(t)
	l := p.create(media.Source{})
	all := l.Tracks()
	mine := []*media.Track{newTrack(media.Video), newTrack(media.Audio)}
	for _, track := range mine {
		codeOfTrackCall(p, "replace", l.ID(), track)
	}
	codeOfTrackCall(p, "remove", l.ID(), mine[0])
	p.DestroyStream(l.ID())
	for _, track := range append(all, mine[1]) {
		if track.Live() {
			t.Errorf("%s %s is live", track.Kind(), track.ID())
		}
	}
	if !mine[0].Live() {
		t.Error("a track of the page's own that had left the stream was ended")
	}
}

// TestCameraSwitch: closing ends the camera, opening gives a new one, bursts are merged.
func TestCameraSwitch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		l := p.create(media.Source{})
		first := l.Track(media.Video)
		enable := func(on bool) bool {
			ok, err := p.EnableVideoCaptureDevice(t.Context(), l.ID(), on)
			if err != nil {
				t.Error(err)
			}
			return ok
		}
		if !enable(true) || !l.Track(media.Video).Same(first) {
			t.Error("a camera that is open was opened again")
		}
		time.Sleep(time.Second)
		if !enable(false) || first.Live() || !l.Track(media.Audio).Live() {
			t.Error("the camera is still open, or the microphone is not")
		}
		began := time.Now()
		answers := make(chan bool, 3)
		for _, on := range []bool{true, false, true} {
			go func() { answers <- enable(on) }()
			synctest.Wait()
		}
		for range 3 {
			if !<-answers {
				t.Error("a merged call was answered with false")
			}
		}
		if took := time.Since(began); took != 500*time.Millisecond {
			t.Errorf("a call within 100 ms was put off by %v", took)
		}
		if now := l.Track(media.Video); now.Same(first) || !now.Live() {
			t.Error("the camera is not open again")
		}
		time.Sleep(time.Second)
		codeOfTrackCall(p, "replace", l.ID(), newTrack(media.Video))
		if enable(false) {
			t.Error("a picture of the page's own was taken for the camera")
		}
		custom := p.custom(newTrack(media.Video))
		if ok, _ := p.EnableVideoCaptureDevice(t.Context(), custom.ID(), false); ok {
			t.Error("a custom stream has no camera")
		}
		if ok, _ := p.EnableVideoCaptureDevice(t.Context(), "none", false); ok {
			t.Error("a stream that does not exist has no camera")
		}
	})
}

// TestVideoConfig has what setVideoConfig rejects and resolves with.
func TestVideoConfig(t *testing.T) {
	p := quietPage(t)
	impossible := &media.Error{Name: "OverconstrainedError", Message: "no", Constraint: "width"}
	picture, sound := p.create(media.Source{}), p.custom(newTrack(media.Audio))
	fails := p.custom(media.NewTrack(media.Video, impossible))
	n := func(i int) *int { return &i }
	width := media.VideoConfig{Picture: media.Picture{Width: &media.Size{Exact: 320}}}
	for _, c := range []struct {
		id               string
		cfg              media.VideoConfig
		resolved, reject engine.Code
		data             string
	}{
		{picture.ID(), width, 0, 0, ""},
		{picture.ID(), media.VideoConfig{MaxBitrate: n(300)}, 0, 0, ""},
		{picture.ID(), media.VideoConfig{MaxBitrate: n(0)}, 0, 1100001, ""},
		{picture.ID(), media.VideoConfig{Picture: media.Picture{VideoQuality: n(5)}}, 0, 1100001, ""},
		{picture.ID(), media.VideoConfig{Picture: media.Picture{Width: &media.Size{Ideal: -1}}}, 0, 1100001, ""},
		{"", width, 0, 1000018, ""},
		{"none", width, 1103044, 0, ""},
		{sound.ID(), width, 1103047, 0, ""},
		{fails.ID(), width, 1103029, 0, "OverconstrainedError constraint:width"},
	} {
		result, err := p.SetVideoConfig(t.Context(), c.id, c.cfg)
		if result.ErrorCode != c.resolved || codeIn(err) != c.reject || (err != nil) != (c.reject != 0) {
			t.Errorf("%+v: resolved %+v, rejected %v; want %d, %d", c.cfg, result, err, c.resolved, c.reject)
		}
		if c.data != "" && result.ExtendedData != c.data {
			t.Errorf("extendedData %q, want %q", result.ExtendedData, c.data)
		}
	}
	if picture.Encoding.VideoBitrate != 300 || picture.Encoding.MinBitrate > 300 {
		t.Errorf("the encoding is %+v", picture.Encoding)
	}
}

// TestAudioConfig always resolves, and the microphone is a new one.
func TestAudioConfig(t *testing.T) {
	p := quietPage(t)
	yes := true
	l, custom := p.create(media.Source{}), p.custom(newTrack(media.Audio))
	first := l.Track(media.Audio)
	p.MuteMicrophone(true)
	for id, want := range map[string]engine.Code{l.ID(): 0, custom.ID(): 1103047, "none": 1103044, "": 1100001} {
		if result, err := p.SetAudioConfig(t.Context(), id, media.AudioConfig{ANS: &yes}); err != nil || result.ErrorCode != want {
			t.Errorf("stream %q: %+v, %v; want %d", id, result, err, want)
		}
	}
	if now := l.Track(media.Audio); first.Live() || now.Same(first) || !now.Live() || now.Enabled() {
		t.Error("there is no new microphone that is muted as the old one was")
	}
}

// TestStillPicture is what the others get of a muted stream, who do not know of that.
func TestStillPicture(t *testing.T) {
	p := quietPage(t)
	l := p.create(media.Source{})
	if p.SetDummyCaptureImagePath(t.Context(), "", l.ID()) || p.SetDummyCaptureImagePath(t.Context(), "a.png", "none") {
		t.Error("a picture that does not load, or is for nobody, was taken")
	}
	if !p.SetDummyCaptureImagePath(t.Context(), "a.png", l.ID()) {
		t.Error("a picture was refused")
	}
	if err := p.DestroyEngine(); err != nil {
		t.Error(err)
	}
	if p.SetDummyCaptureImagePath(t.Context(), "a.png", l.ID()) {
		t.Error("a destroyed stream took a picture")
	}
}

// TestLastStillPictureWins: also when the first one loads last, or the last one not at all.
func TestLastStillPictureWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		l := p.create(media.Source{})
		load := media.HoldStill("slow.png")
		never := media.HoldStill("never.png")
		defer never()
		took := make(chan bool, 1)
		choose := func(path string) { took <- p.SetDummyCaptureImagePath(t.Context(), path, l.ID()) }
		go choose("slow.png")
		synctest.Wait()
		if !p.SetDummyCaptureImagePath(t.Context(), "last.png", l.ID()) {
			t.Error("the last picture was refused")
		}
		last := p.Still(l.ID())
		load()
		if !<-took || !p.Still(l.ID()).Same(last) || !last.Live() {
			t.Error("a picture that loaded late took the place of what came after it")
		}
		load = media.HoldStill("slow.png")
		go choose("slow.png")
		synctest.Wait()
		if p.SetDummyCaptureImagePath(t.Context(), "", l.ID()) {
			t.Error("no picture was taken for one")
		}
		load()
		if !<-took || p.Still(l.ID()).Same(last) || last.Live() {
			t.Error("a picture was left out for one that does not load")
		}
		if choose("never.png"); <-took {
			t.Error("a picture was waited for without end")
		}
	})
}

// TestScreenEndedByTheUser: what the page hears comes after the preview has ended, and the
// stream is still there to be published on.
func TestScreenEndedByTheUser(t *testing.T) {
	p := quietPage(t)
	yes := true
	l := p.create(media.Source{Screen: &media.Screen{Audio: &yes}})
	view, err := p.CreateLocalStreamView(l.ID())
	if err != nil {
		t.Fatal(err)
	}
	sound := l.Track(media.Audio)
	l.Track(media.Video).End()
	p.await("screenSharingEnded")
	if view.Stops() != 1 || sound.Live() {
		t.Errorf("the preview was stopped %d times; the sound is live: %v", view.Stops(), sound.Live())
	}
	camera := newTrack(media.Video)
	if got := codeOfTrackCall(p, "replace", l.ID(), camera); got != 0 {
		t.Errorf("going on with the camera: code %d", got)
	}
}

// TestRecapture opens again what ended while the page was hidden, if the page wants that.
func TestRecapture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		l := p.create(media.Source{})
		old := l.Track(media.Audio)
		old.End()
		p.Shown()
		synctest.Wait()
		if l.Track(media.Audio).Live() {
			t.Error("the page did not ask for that")
		}
		p.SetEngineConfig(map[string]json.RawMessage{"autoRecaptureOnShow": json.RawMessage("true")})
		video := l.Track(media.Video)
		p.Shown()
		synctest.Wait()
		if !l.Track(media.Audio).Live() || !l.Track(media.Video).Same(video) {
			t.Error("the microphone was not opened again, or the camera was")
		}
	})
}
