package engine

import (
	"cmp"
	"context"
	"errors"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// SetVideoConfig changes size, rate and bitrate of a local stream's picture. It waits for
// the browser. Wrong arguments are errors; what else goes wrong is told by the result.
func (e *Engine) SetVideoConfig(ctx context.Context, id string, cfg media.VideoConfig) (Result, error) {
	if id == "" {
		return Result{}, shapeResult.error(codeNoStream, "")
	}
	if err := cfg.Check(); err != nil {
		return Result{}, shapeResult.error(protocol.CodeInput, "%v", err)
	}
	return resolved(e.constrain(ctx, id, cfg))
}

func (e *Engine) constrain(ctx context.Context, id string, cfg media.VideoConfig) error {
	ctx, l, done, err := e.takeTurn(ctx, id, media.Video)
	if err != nil {
		return err
	}
	defer done()
	if l.Track(media.Video) == nil {
		return shapeResult.error(codeTrackNotFound, "(video)")
	}
	bitrate, err := l.Constrain(ctx, cfg)
	if err != nil {
		return cmp.Or(e.interrupted(ctx, l), constraintError(err))
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if bitrate > 0 {
		l.Encoding.VideoBitrate, l.Encoding.MinBitrate = bitrate, min(bitrate, l.Encoding.MinBitrate)
		e.resendLocked(l)
	}
	return nil
}

// constraintError is in the words that pages look for.
func constraintError(err error) error {
	var refusal *media.Error
	if !errors.As(err, &refusal) {
		return err
	}
	return &Error{Code: codeConstraints, Data: refusal.Name + " constraint:" + refusal.Constraint, shape: shapeResult}
}

// SetAudioConfig opens the microphone of a local stream again, cleaning its sound
// differently. It waits for the browser. If that cannot be had, the microphone is opened
// as it was, and the result tells so.
func (e *Engine) SetAudioConfig(ctx context.Context, id string, cfg media.AudioConfig) (Result, error) {
	if id == "" {
		return resolved(shapeResult.error(protocol.CodeInput, "a local stream is needed"))
	}
	return resolved(e.reopenMicrophone(ctx, id, media.Device{ANS: cfg.ANS, AGC: cfg.AGC, AEC: cfg.AEC}))
}

func (e *Engine) reopenMicrophone(ctx context.Context, id string, d media.Device) error {
	ctx, l, done, err := e.takeTurn(ctx, id, media.Audio)
	if err != nil {
		return err
	}
	defer done()
	old := l.Captured(media.Audio)
	if old == nil || l.From(media.Audio) != media.FromCamera || !old.Same(l.Track(media.Audio)) {
		return shapeResult.error(codeTrackNotFound, "(the stream's sound is not from a microphone of its own)")
	}
	if err := e.exchange(ctx, l, media.Audio, d); err != nil {
		return cmp.Or(e.interrupted(ctx, l), audioConfigError(err))
	}
	return nil
}

func audioConfigError(err error) error {
	var refusal *media.Error
	if errors.As(err, &refusal) && refusal.Name == "OverconstrainedError" {
		return constraintError(err)
	}
	return captureError(err)
}

// stillTime is how long a picture may take to load.
const stillTime = 5 * time.Second

// SetDummyCaptureImagePath chooses the picture that is sent while a local stream's own is
// muted, of which the others are told all the same. It waits for the picture. False: it does
// not load in time, or the stream is not this engine's.
func (e *Engine) SetDummyCaptureImagePath(ctx context.Context, path string, id string) bool {
	ctx, cancel := context.WithTimeout(ctx, stillTime)
	defer cancel()
	number := e.countStill()
	still, err := media.NewStill(ctx, path)
	if err == nil {
		err = e.takeStill(id, still, number)
	}
	if err != nil {
		e.log("error", "setDummyCaptureImagePath: "+err.Error())
	}
	return err == nil
}

// countStill numbers the pictures in the order of the calls; they may load in another.
func (e *Engine) countStill() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.stills++
	return e.stills
}

// takeStill puts a picture in the place of the one before, unless a later call has put one
// there already.
func (e *Engine) takeStill(id string, still *media.Still, number int) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[id]
	switch {
	case l == nil:
		still.Close()
		return errors.New(text(codeForeignStream))
	case l.stillNumber > number:
		still.Close()
		return nil
	}
	old := l.still
	l.still, l.stillNumber = still, number
	e.resendLocked(l)
	if old != nil {
		old.Close()
	}
	return nil
}
