//go:build !js

package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// zego makes an empty stream and keeps what its listeners would hear.
func (p *page) zego() (z *engine.ZegoStream, heard func() string) {
	p.t.Helper()
	no := false
	z, err := p.CreateZegoStream(context.Background(), media.ZegoOptions{AutoCapture: &no})
	if err != nil {
		p.t.Fatal(err)
	}
	var mu sync.Mutex
	var names []string
	z.Tap(func(name string, _ ...any) {
		mu.Lock()
		defer mu.Unlock()
		names = append(names, name)
	})
	return z, func() string {
		mu.Lock()
		defer mu.Unlock()
		all := strings.Join(names, " ")
		names = nil
		return all
	}
}

func customOf(tracks ...*media.Track) media.CaptureCustom { return media.CaptureCustom{Source: tracks} }

// startVideo captures a track that the test made.
func startVideo(t *testing.T, z *engine.ZegoStream, track *media.Track) {
	t.Helper()
	if got := z.StartCaptureCustomVideo(context.Background(), customOf(track)); got.ErrorCode != 0 {
		t.Fatalf("capture: %+v", got)
	}
}

func TestZegoStreamTakesCapturesWhenToldTo(t *testing.T) {
	p := newPage(t, newServer(t).URL, "a")
	p.mustLogin("room")
	z, heard := p.zego()
	if _, err := p.StartPublishingStream(given("s"), z.MediaID(), engine.PublishOption{}); err == nil || !strings.Contains(err.Error(), "captured nothing yet") {
		t.Errorf("publishing nothing: %v", err)
	}
	first, second, third, fourth := newTrack(media.Video), newTrack(media.Video), newTrack(media.Video), newTrack(media.Video)
	startVideo(t, z, first)
	startVideo(t, z, second)
	wantTracks(t, "before publishing", z, second, second)
	if first.Live() {
		t.Error("what was replaced goes on")
	}
	if got, want := heard(), strings.Repeat("captureVideoTrackChanged videoTrackChanged ", 2); got+" " != want {
		t.Errorf("events %s", got)
	}
	if ok, err := p.StartPublishingStream(given("s"), z.MediaID(), engine.PublishOption{}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	startVideo(t, z, third)
	startVideo(t, z, fourth)
	wantTracks(t, "while publishing", z, second, fourth)
	if third.Live() || !second.Live() {
		t.Error("want the published one live, and not what was captured in between")
	}
	if got := heard(); got != "captureVideoTrackChanged captureVideoTrackChanged" {
		t.Errorf("events %s", got)
	}
	if got := p.UpdatePublishingStream(t.Context(), z, 0); got != (engine.Result{}) {
		t.Errorf("update: %+v", got)
	}
	wantTracks(t, "updated", z, fourth, fourth)
	if second.Live() {
		t.Error("what was published before goes on")
	}
	last := newTrack(media.Video)
	startVideo(t, z, last)
	p.StopPublishingStream(given("s"))
	wantTracks(t, "after publishing", z, last, last)
	if !z.StopCaptureVideo() || last.Live() || z.Stream() != nil || z.CaptureStream(media.Video) != nil {
		t.Error("the capture was not stopped")
	}
}

func wantTracks(t *testing.T, when string, z *engine.ZegoStream, published, captured *media.Track) {
	t.Helper()
	if !z.Track(media.Video).Same(published) || !z.CaptureTrack(media.Video).Same(captured) {
		t.Errorf("%s: published %v, captured %v", when, z.Track(media.Video), z.CaptureTrack(media.Video))
	}
}

// TestZegoStreamTakesTheSameTrackAgain: the page's own track goes on then.
func TestZegoStreamTakesTheSameTrackAgain(t *testing.T) {
	p := newPage(t, newServer(t).URL, "a")
	p.mustLogin("room")
	z, _ := p.zego()
	own := newTrack(media.Video)
	startVideo(t, z, own)
	startVideo(t, z, own)
	if ok, err := p.StartPublishingStream(given("s"), z.MediaID(), engine.PublishOption{}); !ok || err != nil {
		t.Fatal(ok, err)
	}
	startVideo(t, z, own)
	startVideo(t, z, own)
	if !own.Live() {
		t.Error("the track was ended")
	}
	p.DestroyStream(z.MediaID())
	if own.Live() || z.StopCaptureVideo() {
		t.Error("the destroyed stream goes on")
	}
	if got := z.StartCaptureCamera(context.Background(), media.CaptureCamera{}); got.ErrorCode != 1103044 {
		t.Errorf("capture for a destroyed stream: %+v", got)
	}
}

// TestZegoStreamCapturesAllOrNothing: the first source is let go if the second fails.
func TestZegoStreamCapturesAllOrNothing(t *testing.T) {
	p := quietPage(t)
	z, _ := p.zego()
	video := newTrack(media.Video)
	refused := media.CaptureCustom{Source: &media.Error{Name: "NotReadableError", Origin: media.FromCustom}}
	if got := z.StartCaptureCustomVideoAndAudio(context.Background(), customOf(video), refused); got.ErrorCode != 1103065 {
		t.Errorf("capture: %+v", got)
	}
	if video.Live() || z.Stream() != nil {
		t.Error("half of the capture is left")
	}
}

func TestZegoStreamsMicrophoneIsMuted(t *testing.T) {
	p := quietPage(t)
	z, _ := p.zego()
	ctx := context.Background()
	z.StartCaptureMicrophone(ctx, media.CaptureMicrophone{})
	startVideo(t, z, newTrack(media.Video)) // of another origin
	p.MuteMicrophone(true)
	z.StartCaptureMicrophone(ctx, media.CaptureMicrophone{})
	if z.Track(media.Audio).Enabled() || !z.Track(media.Video).Enabled() {
		t.Error("want the microphone alone muted")
	}
}

func TestUpdatePublishingStreamTellsCodes(t *testing.T) {
	p := quietPage(t)
	z, _ := p.zego()
	other, _ := quietPage(t).zego()
	for _, c := range []struct {
		z     *engine.ZegoStream
		kinds int
		code  engine.Code
	}{{nil, 0, 1103086}, {other, 0, 1103086}, {z, 0, 1103088}, {z, 1, 1103087}, {z, 2, 1103087}, {z, 3, 1100001}, {z, -1, 1100001}} {
		got := p.UpdatePublishingStream(t.Context(), c.z, c.kinds)
		if got.ErrorCode != c.code || !strings.HasPrefix(got.ExtendedData, `{"fail_reason":"`) {
			t.Errorf("kinds %d: %+v, want %d", c.kinds, got, c.code)
		}
	}
}

// TestScreenRefusals: a user who closes the picker is told from a system or a page that
// forbids it, in each browser's words.
func TestScreenRefusals(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]int{
		"Permission denied": 1103042,
		"The request is not allowed by the user agent or the platform in the current context.": 1103042,
		"Permission denied by system": 1103010,
		"Access to the feature \"display-capture\" is disallowed by permissions policy.": 1103010,
	} {
		err := engine.SourceError(&media.Error{Name: "NotAllowedError", Message: message, Origin: media.FromScreen})
		if got, ok := errors.AsType[*engine.Error](err); !ok || int(got.Code) != want {
			t.Errorf("%q: %v, want %d", message, err, want)
		}
	}
}
