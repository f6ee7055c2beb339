package engine

import (
	"context"

	"expressrtc/wasm/media"
)

// EnableVideoCaptureDevice closes the camera of a local stream, so that its light goes
// out, or opens it again, and tells those who play. It waits for the camera. Calls that
// come in a burst all get the answer to the last one. False: the stream's picture is not
// from a camera of its own, or that could not be opened.
func (e *Engine) EnableVideoCaptureDevice(ctx context.Context, id string, enable bool) (bool, error) {
	e.mu.Lock()
	l := e.locals[id]
	if l == nil {
		e.mu.Unlock()
		return false, nil
	}
	result := e.gatherLocked(&l.cameraPace, func(done func(bool)) {
		go func() { done(e.switchCamera(ctx, id, enable)) }()
	})
	e.mu.Unlock()
	return gathered(ctx, result)
}

func (e *Engine) switchCamera(ctx context.Context, id string, on bool) bool {
	ctx, l, done, err := e.takeTurn(ctx, id, media.Video)
	if err != nil {
		return false
	}
	defer done()
	off, own := e.closeCamera(l, !on)
	if !on || !off {
		return own
	}
	err = e.reopen(ctx, l, media.Video, media.Device{})
	if err != nil && e.interrupted(ctx, l) == nil {
		e.log("error", "enableVideoCaptureDevice: "+captureError(err).Error())
	}
	return err == nil
}

// Shown is told when a hidden page is seen again, and does not block. Mobile browsers end
// captures of hidden pages: with setEngineConfig's autoRecaptureOnShow they are opened again.
func (e *Engine) Shown() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.settings.recaptureOnShow {
		return
	}
	for id := range e.locals {
		for _, kind := range []media.Kind{media.Audio, media.Video} {
			go e.recapture(id, kind)
		}
	}
}

func (e *Engine) recapture(id string, kind media.Kind) {
	ctx, l, done, err := e.takeTurn(e.life, id, kind)
	if err != nil {
		return // it is destroyed
	}
	defer done()
	t := l.Captured(kind) // none while the camera is off
	if t == nil || t.Live() || !t.Same(l.Track(kind)) || l.From(kind) != media.FromCamera {
		return
	}
	l.End(t)
	if err := e.reopen(ctx, l, kind, media.Device{}); err != nil && ctx.Err() == nil {
		e.log("error", "autoRecaptureOnShow: "+captureError(err).Error())
	}
}

// closeCamera ends the camera if it is to be closed, and tells whether it is; own is
// false for a stream that shows something else.
func (e *Engine) closeCamera(l *local, closing bool) (off, own bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l.cameraOff {
		return true, true
	}
	t := l.Captured(media.Video)
	if t == nil || l.From(media.Video) != media.FromCamera || !t.Same(l.Track(media.Video)) {
		return false, false
	}
	if closing {
		l.End(t)
		l.cameraOff = true
		e.resendLocked(l)
	}
	return l.cameraOff, true
}
