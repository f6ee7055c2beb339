//go:build !js

package media

import "context"

// TapCode is where the browser finds the code that taps sound.
type TapCode struct{ URL, Source string }

// Tap hands out nothing.
type Tap struct {
	sink   FrameSink
	source *Track
}

// NewTap makes a tap.
func NewTap(_ context.Context, _ TapCode, _ FrameOptions, sink FrameSink) (*Tap, error) {
	return &Tap{sink: sink}, nil
}

// SetSource takes another track; nil is none.
func (t *Tap) SetSource(track *Track) { t.source = track }

// Source is the track that is tapped, for tests.
func (t *Tap) Source() *Track { return t.source }

// Close ends it.
func (t *Tap) Close() { t.sink.Stop() }
