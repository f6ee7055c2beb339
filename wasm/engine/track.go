package engine

import (
	"context"
	"errors"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// ReplaceTrack puts t in the place of a local stream's track of the same kind, for the
// preview and for all who play it. The old track goes on. It waits while the stream's
// device is being changed.
func (e *Engine) ReplaceTrack(ctx context.Context, id string, t *media.Track) (Result, error) {
	return resolved(e.changeTrack(ctx, id, t, func(l *local) *Error {
		old := l.Track(t.Kind())
		if old == nil || old.Same(l.Filler) && !e.settings.replaceEmptyTrack {
			return shapeResult.error(codeTrackNotFound, "(%s); addTrack adds one", t.Kind())
		}
		e.setTrackLocked(l, t.Kind(), t)
		return nil
	}))
}

// AddTrack adds a track of a kind that the local stream has not got. It waits while the
// stream's device is being changed.
func (e *Engine) AddTrack(ctx context.Context, id string, t *media.Track) (Result, error) {
	return Result{}, e.changeTrack(ctx, id, t, func(l *local) *Error {
		if old := l.Track(t.Kind()); old != nil && !old.Same(l.Filler) {
			return shapeResult.error(codeCannotAdd, "(%s); replaceTrack replaces it", t.Kind())
		}
		e.setTrackLocked(l, t.Kind(), t)
		return nil
	})
}

// RemoveTrack takes a track out of a local stream that has another one. The track goes
// on until destroyStream. It waits while the stream's device is being changed.
func (e *Engine) RemoveTrack(ctx context.Context, id string, t *media.Track) (Result, error) {
	return Result{}, e.changeTrack(ctx, id, t, func(l *local) *Error {
		switch rest := l.besides(t); {
		case !t.Same(l.Track(t.Kind())):
			return shapeResult.error(protocol.CodeInput, "the track is not in the stream")
		case rest == nil || rest.Same(l.Filler):
			return shapeResult.error(codeTrackFixed, "")
		}
		e.setTrackLocked(l, t.Kind(), nil)
		return nil
	})
}

// besides is a track of the stream that is not t, or nil.
func (l *local) besides(t *media.Track) *media.Track {
	for _, other := range l.Tracks() {
		if !other.Same(t) {
			return other
		}
	}
	return nil
}

// changeTrack checks the arguments of the three and runs change in the stream's turn.
func (e *Engine) changeTrack(ctx context.Context, id string, t *media.Track, change func(*local) *Error) error {
	if id == "" || t == nil {
		return shapeResult.error(protocol.CodeInput, "a local stream and a MediaStreamTrack are needed")
	}
	_, l, done, err := e.takeTurn(ctx, id, t.Kind())
	if err != nil {
		return err
	}
	defer done()
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.locals[id] != l {
		return shapeResult.error(codeForeignStream, "")
	}
	if refusal := change(l); refusal != nil {
		return refusal
	}
	return nil
}

// resolved is the answer of a method whose promise resolves with its errors, too.
func resolved(err error) (Result, error) {
	var coded *Error
	if errors.As(err, &coded) {
		return Result{coded.Code, coded.extendedData()}, nil
	}
	return Result{}, err
}
