package engine

import (
	"context"
	"errors"
	"maps"

	"expressrtc/wasm/media"
)

// StartCaptureMicrophone captures a microphone.
func (z *ZegoStream) StartCaptureMicrophone(ctx context.Context, audio media.CaptureMicrophone) Result {
	return z.capture(ctx, media.CameraSource(z.bitrates, nil, &audio))
}

// StartCaptureCamera captures a camera.
func (z *ZegoStream) StartCaptureCamera(ctx context.Context, video media.CaptureCamera) Result {
	return z.capture(ctx, media.CameraSource(z.bitrates, &video, nil))
}

// StartCaptureCameraAndMicrophone captures both with one question to the user.
func (z *ZegoStream) StartCaptureCameraAndMicrophone(ctx context.Context, video media.CaptureCamera, audio media.CaptureMicrophone) Result {
	return z.capture(ctx, media.CameraSource(z.bitrates, &video, &audio))
}

// StartCaptureScreen captures a screen's picture.
func (z *ZegoStream) StartCaptureScreen(ctx context.Context, video media.CaptureScreen) Result {
	return z.capture(ctx, media.ScreenSource(z.bitrates, &video, nil))
}

// StartCaptureScreenWithAudio captures a screen's picture, and its sound if the user
// shares that.
func (z *ZegoStream) StartCaptureScreenWithAudio(ctx context.Context, video media.CaptureScreen, audio media.CaptureScreenAudio) Result {
	return z.capture(ctx, media.ScreenSource(z.bitrates, &video, &audio))
}

// StartCaptureCustomAudio captures the sound of what the page gives.
func (z *ZegoStream) StartCaptureCustomAudio(ctx context.Context, audio media.CaptureCustom) Result {
	return z.capture(ctx, media.CustomSource(z.bitrates, media.Audio, audio))
}

// StartCaptureCustomVideo captures the picture of what the page gives.
func (z *ZegoStream) StartCaptureCustomVideo(ctx context.Context, video media.CaptureCustom) Result {
	return z.capture(ctx, media.CustomSource(z.bitrates, media.Video, video))
}

// StartCaptureCustomVideoAndAudio captures both, of two sources or of one.
func (z *ZegoStream) StartCaptureCustomVideoAndAudio(ctx context.Context, video, audio media.CaptureCustom) Result {
	return z.capture(ctx, media.CustomSource(z.bitrates, media.Video, video), media.CustomSource(z.bitrates, media.Audio, audio))
}

// CaptureFailure is how the captures tell that they could not.
func CaptureFailure(err error) Result {
	var known *Error
	if !errors.As(err, &known) {
		known = captureError(err)
	}
	return Result{known.Code, known.Error()}
}

// capture opens the sources, all or none, and puts them where they belong. It blocks
// until the user has answered, after whoever else opens a device for the stream.
func (z *ZegoStream) capture(ctx context.Context, sources ...media.Source) Result {
	asked := z.stopsUntilNow()
	ctx, l, done, err := z.e.takeTurn(ctx, z.MediaID(), media.Kinds(sources...)...)
	if err != nil {
		return CaptureFailure(err)
	}
	defer done()
	shots, err := z.shoot(ctx, sources)
	if err != nil {
		if gone := z.e.interrupted(ctx, l); gone != nil {
			return CaptureFailure(gone)
		}
		z.e.log("error", "capture: "+CaptureFailure(err).ExtendedData)
		return CaptureFailure(err)
	}
	if err := z.take(shots, asked); err != nil {
		return CaptureFailure(err)
	}
	z.tell()
	z.fit(ctx)
	go z.e.learnDevices()
	return Result{}
}

func (z *ZegoStream) shoot(ctx context.Context, sources []media.Source) (shots []*media.Shot, err error) {
	for _, src := range sources {
		more, err := media.Shoot(ctx, src, z.captureOptions())
		if err != nil {
			z.endShots(shots)
			return nil, err
		}
		shots = append(shots, more...)
	}
	return shots, nil
}

// fit gets the camera's picture right after another capture of it may have been in the way.
func (z *ZegoStream) fit(ctx context.Context) {
	if err := z.local.Fit(ctx); err != nil {
		z.e.log("warn", "the camera does not give the size that was asked for: "+err.Error())
	}
}

func (z *ZegoStream) endShots(shots []*media.Shot) {
	for _, s := range shots {
		s.End(z.CaptureTrack(s.Track.Kind()))
	}
}

// take fails if the page has destroyed the stream meanwhile, or stopped all that it had
// asked for. What it has stopped is ended: the user may answer long after that.
func (z *ZegoStream) take(shots []*media.Shot, asked stops) error {
	z.e.mu.Lock()
	defer z.e.mu.Unlock()
	if z.e.locals[z.MediaID()] != z.local {
		z.endShots(shots)
		return shapeResult.error(codeForeignStream, "")
	}
	taken := 0
	for _, s := range shots {
		kind := s.Track.Kind()
		if z.stops[kind] != asked[kind] {
			s.End(z.captured.Track(kind))
			continue
		}
		if old := z.waiting[kind]; old != nil {
			old.End(s.Track)
		}
		z.waiting[kind] = s
		z.showLocked(kind, s.Track)
		taken++
	}
	z.settleLocked()
	if taken == 0 && len(shots) > 0 {
		return shapeResult.error(codeEnded, "")
	}
	return nil
}

// stops counts how often the page has stopped each kind.
type stops map[media.Kind]int

func (z *ZegoStream) stopsUntilNow() stops {
	z.e.mu.Lock()
	defer z.e.mu.Unlock()
	return maps.Clone(z.stops)
}

func (z *ZegoStream) captureOptions() media.CaptureOptions {
	z.e.mu.Lock()
	defer z.e.mu.Unlock()
	return media.CaptureOptions{Scenario: z.e.settings.scenario, OnEnded: z.onScreenEnded, OnTrackEnded: z.onTrackEnded}
}

// onTrackEnded: what waits to be published does not concern those who watch the devices.
func (z *ZegoStream) onTrackEnded(kind media.Kind) {
	z.e.mu.Lock()
	waits := z.waiting[kind] != nil
	z.e.mu.Unlock()
	if !waits {
		z.e.onTrackEnded(z.MediaID(), kind)
	}
}

// onScreenEnded: the user pressed the browser's own button. The stream goes on with what
// else it has, and without a picture until the page captures another.
func (z *ZegoStream) onScreenEnded() {
	z.e.mu.Lock()
	defer z.e.mu.Unlock()
	if z.e.locals[z.MediaID()] != z.local {
		return
	}
	if t := z.CaptureTrack(media.Video); t == nil || !t.Live() {
		z.previews.StopVideo()
	}
	if t := z.local.Track(media.Video); z.local.view != nil && (t == nil || !t.Live()) {
		z.local.view.StopVideo()
	}
	z.e.emitLocked(screenSharingEnded(z))
}

// StopCaptureAudio ends the sound, also one that the user is just being asked for: those
// who play the stream hear none. False: the stream is destroyed.
func (z *ZegoStream) StopCaptureAudio() bool {
	return z.stopCapture(media.Audio, (*media.View).StopAudio, z.previews.StopAudio)
}

// StopCaptureVideo ends the picture, also one that the user is just being asked for: those
// who play the stream see none. False: the stream is destroyed.
func (z *ZegoStream) StopCaptureVideo() bool {
	return z.stopCapture(media.Video, (*media.View).StopVideo, z.previews.StopVideo)
}

// stopCapture takes a kind from those who play the stream before it ends the capture.
func (z *ZegoStream) stopCapture(kind media.Kind, stopView func(*media.View), stopPreviews func()) bool {
	z.e.mu.Lock()
	defer z.e.mu.Unlock()
	if z.e.locals[z.MediaID()] != z.local {
		return false
	}
	z.stops[kind]++
	z.dropLocked(kind)
	z.e.setTrackLocked(z.local, kind, nil)
	z.local.EndCaptures(kind, nil)
	if v := z.local.view; v != nil {
		stopView(v)
	}
	stopPreviews()
	return true
}
