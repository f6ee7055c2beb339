//go:build !js

package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// changes are calls that wait for their turn at the picture of a stream, with their codes.
func changes(ctx context.Context, p *page, z *engine.ZegoStream, own *media.Track) map[string]func() engine.Code {
	return map[string]func() engine.Code{
		"useVideoDevice": func() engine.Code {
			result, err := p.UseVideoDevice(ctx, z.MediaID(), given("c1"))
			return max(result.ErrorCode, codeIn(err))
		},
		"replaceTrack": func() engine.Code { return codeOfTrackCall(p, "replace", z.MediaID(), own) },
		"setVideoConfig": func() engine.Code {
			result, err := p.SetVideoConfig(ctx, z.MediaID(), media.VideoConfig{})
			return max(result.ErrorCode, codeIn(err))
		},
		"startCaptureCamera": func() engine.Code {
			return z.StartCaptureCamera(ctx, media.CaptureCamera{}).ErrorCode
		},
		"startCaptureScreen": func() engine.Code {
			return z.StartCaptureScreen(ctx, media.CaptureScreen{}).ErrorCode
		},
	}
}

// TestDestroyStreamFreesWhoWaits: for a question to the user that is never answered.
func TestDestroyStreamFreesWhoWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		z, _ := p.zego()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		asked := make(chan engine.Code, 1)
		go func() {
			asked <- z.StartCaptureCustomVideo(ctx, media.CaptureCustom{Source: make(chan []*media.Track)}).ErrorCode
		}()
		synctest.Wait()
		all := changes(ctx, p, z, newTrack(media.Video))
		codes := make(chan engine.Code, len(all))
		for _, change := range all {
			go func() { codes <- change() }()
		}
		enabled := make(chan bool, 1)
		go func() {
			ok, _ := p.EnableVideoCaptureDevice(ctx, z.MediaID(), true)
			enabled <- ok
		}()
		time.Sleep(time.Hour)
		if len(codes) > 0 || len(enabled) > 0 || len(asked) > 0 {
			t.Error("a call does not wait for its turn")
		}
		p.DestroyStream(z.MediaID())
		for range all {
			if got := <-codes; got != 1103044 {
				t.Errorf("code %d", got)
			}
		}
		if got := <-asked; got != 1103044 {
			t.Errorf("code %d of the question itself", got)
		}
		if <-enabled {
			t.Error("a destroyed stream has its camera open")
		}
		if got := changes(ctx, p, z, nil)["startCaptureScreen"](); got != 1103044 {
			t.Errorf("code %d once it is destroyed", got)
		}
	})
}

// TestStoppedBeforeTheAnswer: what the user grants after the page has stopped it is closed
// at once, and what the page asks for after that is not.
func TestStoppedBeforeTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		z, _ := p.zego()
		granted, again := make(chan []*media.Track), make(chan []*media.Track)
		codes := make(chan engine.Code)
		start := func(source any) {
			codes <- z.StartCaptureCustomVideoAndAudio(t.Context(), media.CaptureCustom{Source: source}, customOf(newTrack(media.Audio))).ErrorCode
		}
		go func() {
			codes <- z.StartCaptureCustomVideo(t.Context(), media.CaptureCustom{Source: granted}).ErrorCode
		}()
		synctest.Wait()
		z.StopCaptureVideo()
		go start(again)
		synctest.Wait()
		unwanted, wanted := newTrack(media.Video), newTrack(media.Video)
		granted <- []*media.Track{unwanted}
		if got := <-codes; got != 1100007 || unwanted.Live() {
			t.Errorf("code %d, and the camera's light is on: %v", got, unwanted.Live())
		}
		again <- []*media.Track{wanted}
		if got := <-codes; got != 0 || !z.Track(media.Video).Same(wanted) {
			t.Errorf("code %d, and the picture is %v", got, z.Track(media.Video))
		}
		go start(granted)
		synctest.Wait()
		z.StopCaptureVideo()
		granted <- []*media.Track{unwanted}
		if got := <-codes; got != 0 || z.Track(media.Video) != nil || z.Track(media.Audio) == nil {
			t.Errorf("code %d; want the sound, which nobody has stopped, alone", got)
		}
	})
}

// TestDestroyedBeforeTheAnswer: a question that is never answered keeps nobody from going,
// and is no failure of the device.
func TestDestroyedBeforeTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		ctx, cancel := context.WithCancel(t.Context()) // as it ends with the engine
		codes := make(chan engine.Code)
		unanswered := make(chan []*media.Track)
		go func() {
			_, err := p.CreateStream(ctx, media.Source{Custom: &media.Custom{Source: unanswered}})
			codes <- codeIn(err)
		}()
		z, _ := p.zego()
		go func() {
			codes <- z.StartCaptureCustomVideo(ctx, media.CaptureCustom{Source: unanswered}).ErrorCode
		}()
		synctest.Wait()
		if err := p.LogoutRoom(nil); err != nil {
			t.Error(err)
		}
		if err := p.DestroyEngine(); err != nil {
			t.Error(err)
		}
		cancel()
		for range 2 {
			if got := <-codes; got != 1100007 {
				t.Errorf("code %d", got)
			}
		}
	})
}

// TestLastCaptureWins: a capture takes its turn as every change of a track does, each kind
// for itself.
func TestLastCaptureWins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		z, _ := p.zego()
		granted := make(chan []*media.Track)
		go z.StartCaptureCustomVideo(t.Context(), media.CaptureCustom{Source: granted})
		synctest.Wait()
		late, own := newTrack(media.Video), newTrack(media.Video)
		go codeOfTrackCall(p, "replace", z.MediaID(), own)
		synctest.Wait()
		if got := z.StartCaptureMicrophone(t.Context(), media.CaptureMicrophone{}); got.ErrorCode != 0 {
			t.Errorf("the microphone waits for the picture: %+v", got)
		}
		granted <- []*media.Track{late}
		synctest.Wait()
		if !z.Track(media.Video).Same(own) {
			t.Error("the capture that was granted late took the place of what came after it")
		}
	})
}

// TestCaptureWaitsForTheDeviceBefore: two at once would leave whichever comes last.
func TestCaptureWaitsForTheDeviceBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := quietPage(t)
		z, _ := p.zego()
		z.StartCaptureCamera(t.Context(), media.CaptureCamera{})
		media.HideDevices(true) // useVideoDevice looks for it
		defer media.HideDevices(false)
		go changes(t.Context(), p, z, nil)["useVideoDevice"]()
		synctest.Wait()
		began, own := time.Now(), newTrack(media.Video)
		startVideo(t, z, own)
		if time.Since(began) == 0 || !z.Track(media.Video).Same(own) {
			t.Errorf("after %v there is not what was captured last", time.Since(began))
		}
		time.Sleep(time.Minute)
		if !own.Live() || !z.Track(media.Video).Same(own) {
			t.Error("the device took the place of what came after it")
		}
	})
}
