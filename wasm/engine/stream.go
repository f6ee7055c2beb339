package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// CheckSource refuses more than one source: createStream throws that at once.
func CheckSource(src media.Source) error {
	if src.Several() {
		return &Error{Code: protocol.CodeInput, Detail: ": cannot set more than one type of source", shape: shapeMsg}
	}
	return nil
}

// CreateStream captures camera, screen or a custom source. It blocks until the user
// has answered the browser's question.
func (e *Engine) CreateStream(ctx context.Context, src media.Source) (*media.Local, error) {
	var id string
	e.mu.Lock()
	opt := media.CaptureOptions{
		Scenario:       e.settings.scenario,
		KeepAudioTrack: e.settings.keepAudioTrack,
		OnEnded:        func() { e.onScreenEnded(id) },
		OnTrackEnded:   func(kind media.Kind) { e.onTrackEnded(id, kind) },
	}
	e.mu.Unlock()
	captured, err := media.Capture(ctx, src, opt)
	if err != nil {
		coded := captureError(err)
		e.log("error", "createStream: "+coded.Error())
		return nil, coded
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.destroyed {
		captured.Stop()
		return nil, plain("ZegoExpressEngine has been destroyed.")
	}
	id = captured.ID()
	e.keepLocked(captured)
	go e.learnDevices()
	return captured, nil
}

// SourceError is what createStream rejects with when its argument cannot be read.
func SourceError(err error) error { return captureError(err) }

// captureError gives the browser's refusal its code (contract 5.5).
func captureError(err error) *Error {
	var argument *media.ArgumentError
	if errors.As(err, &argument) {
		return shapeMsg.error(codePublishParam, "%s", argument.Text)
	}
	if errors.Is(err, context.Canceled) {
		return shapeMsg.error(codeEnded, "")
	}
	var refusal *media.Error
	if !errors.As(err, &refusal) {
		return shapeMsg.error(codeGetUserMedia, "%v", err)
	}
	if refusal.Origin == media.FromScreen {
		return screenError(refusal)
	}
	switch refusal.Name {
	case media.NotSupported:
		return shapeMsg.error(codeNoGetUserMedia, "")
	case "NotAllowedError", "SecurityError":
		return shapeMsg.error(codeNotAllowed, "")
	case "NotReadableError":
		return shapeMsg.error(codeNotReadable, "")
	case "OverconstrainedError":
		return &Error{Code: codeOverConstrained, Detail: ". such as " + refusal.Constraint, shape: shapeMsg}
	}
	return shapeMsg.error(codeGetUserMedia, "%s %s", refusal.Name, refusal.Message)
}

// screenError: each browser has words of its own for a user who closed the picker. It is
// none when the system does not let the browser record the screen, or the page's policy.
func screenError(refusal *media.Error) *Error {
	forbidden := strings.Contains(refusal.Message, "system") || strings.Contains(refusal.Message, "policy")
	switch {
	case refusal.Name == media.NotSupported:
		return shapeMsg.error(codeNoGetUserMedia, "")
	case refusal.Name == "NotAllowedError" && !forbidden:
		return shapeMsg.error(codeScreenCanceled, "")
	}
	return shapeMsg.error(codeScreenFailed, "%s %s", refusal.Name, refusal.Message)
}

// onScreenEnded: the user pressed the browser's own button. The preview, and the sound of
// the screen, end before the page hears of it. The stream is the page's to destroy, or to
// go on with by another track; so is a publisher of it.
func (e *Engine) onScreenEnded(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[id]
	if l == nil {
		return
	}
	if sound := l.Captured(media.Audio); sound != nil {
		l.End(sound)
	}
	if t := l.Track(media.Video); l.view != nil && (t == nil || !t.Live()) {
		l.view.Stop()
	}
	e.emitLocked(screenSharingEnded(l.Local))
}

// DestroyStream ends a local stream's capture and its view. Publishing it goes on,
// without media. A stream that is not this engine's is only logged.
func (e *Engine) DestroyStream(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.locals[id] != nil:
		e.destroyStreamLocked(id)
	case !e.released[id]:
		e.log("error", "destroyStream: "+text(codeForeignStream))
	}
	delete(e.released, id)
}

func (e *Engine) destroyStreamLocked(id string) {
	l := e.locals[id]
	delete(e.locals, id)
	close(l.gone)
	for _, p := range e.publishers {
		if p.local == l {
			e.log("warn", fmt.Sprintf("destroyStream: the stream is still published as %q: stop that first", p.id))
		}
	}
	if l.view != nil {
		l.view.Close()
	}
	if l.sound != nil {
		l.sound.Close()
	}
	if l.playerEnded != nil {
		l.playerEnded()
	}
	if l.zego != nil {
		l.zego.closeLocked()
	}
	l.frames.close()
	l.Stop()
	for _, t := range l.processed {
		if t != nil {
			t.Stop()
		}
	}
	if l.still != nil {
		l.still.Close()
		l.still = nil // a mute that was put off would draw it again
	}
}

// errNoView is what the contract has for a stream that cannot be shown.
var errNoView = plain("create viewer failed.")

// CreateLocalStreamView gives the one viewer of a local stream.
func (e *Engine) CreateLocalStreamView(id string) (*media.View, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[id]
	if l == nil {
		return nil, errNoView
	}
	if l.view == nil {
		l.view = media.NewView(l.Stream, true)
		if !e.settings.clearPreview {
			l.view.KeepLastFrame()
		}
		if l.zego != nil {
			l.view.Tap(l.zego.Emit)
		}
	}
	return l.view, nil
}

// CreateRemoteStreamView gives the one viewer of a played stream.
func (e *Engine) CreateRemoteStreamView(id string) (*media.View, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range e.players {
		if p.stream.ID() != id {
			continue
		}
		if p.view == nil {
			p.view = media.NewView(p.stream, false)
			p.view.Blank(p.blank)
			e.showTracksLocked(p)
		}
		return p.view, nil
	}
	return nil, errNoView
}

// StreamOf is the stream of this engine that the page means: its own one of that id, or
// the one that it plays under the other; nil if there is none.
func (e *Engine) StreamOf(local, played string) *media.Stream {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.locals[local]; l != nil {
		return l.Stream
	}
	for _, p := range e.players {
		if p.stream.ID() == played {
			return p.stream
		}
	}
	return nil
}

// AdoptStream makes a stream that was composed one that can be published, as those of
// CreateStream are.
func (e *Engine) AdoptStream(l *media.Local) (*media.Local, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.destroyed {
		l.Stop()
		return nil, plain("ZegoExpressEngine has been destroyed.")
	}
	if e.locals[l.ID()] == nil {
		e.locals[l.ID()] = newLocal(l)
	}
	return l, nil
}

// ReleaseStream lets go of a stream that is composed no more. The page may still destroy it.
func (e *Engine) ReleaseStream(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.locals[id] != nil {
		e.destroyStreamLocked(id)
		e.released[id] = true
	}
}
