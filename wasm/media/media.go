// Package media is what the page sees and sends: streams and their tracks, the
// capture that fills them, the views that show them, and what this browser can do.
// It owns the page's elements, the capture's devices, the page's one AudioContext with
// what is mixed there, and the dialog that asks for a click.
//
// The API is the same everywhere. Bodies in *_js.go drive the browser; those in
// *_native.go are just enough for the engine's tests, with tracks that a test makes.
//
// Locking: in the browser next to nothing here is locked. There is one thread, a goroutine
// gives way only where it parks, and no method parks but those that take a context;
// so every other method runs as one step, and calls the page's code last. A Local guards
// what it has captured by a mutex, since devices are opened on goroutines of their own; a
// Still and a Compositor each draw on one. Streams and tracks of the native build are
// guarded by mutexes of their own. What the browser reports comes on goroutines of its
// own, never under a lock.
package media

import (
	"slices"
	"sync"
)

// Kind of a track.
type Kind string

// The two kinds.
const (
	Audio Kind = "audio"
	Video Kind = "video"
)

// Origin says where a local stream's media comes from.
type Origin string

// The origins of a local stream.
const (
	FromCamera Origin = "camera"
	FromScreen Origin = "screen"
	FromCustom Origin = "custom"
)

// NotSupported is the Name of an Error that stands for a function this browser, or
// this page for want of HTTPS, does not have.
const NotSupported = "NotSupported"

// Error is a refusal by the browser: the name and message of its DOMException,
// the constraint that could not be met, if that was it, and what was to be captured.
type Error struct {
	Name       string
	Message    string
	Constraint string
	Origin     Origin
}

// Error tells the browser's own words.
func (e *Error) Error() string {
	text := e.Message
	if e.Name != "" { // a page may have replaced a function and throw what it likes
		text = e.Name + ": " + text
	}
	if e.Constraint != "" {
		text += " (" + e.Constraint + ")"
	}
	return text
}

// ArgumentError says which option of a capture is wrong, and what is right.
type ArgumentError struct{ Text string }

// Error tells the text.
func (e *ArgumentError) Error() string { return e.Text }

// Encoding is what a local stream asks of its encoders.
type Encoding struct {
	// VideoBitrate is the target in kbit/s; 0 leaves it to the browser.
	VideoBitrate int
	// MinBitrate is the floor in kbit/s.
	MinBitrate int
	// StartBitrate is where the encoder begins, in kbit/s; 0 is the browser's default.
	StartBitrate int
	// AudioBitrate is the target in kbit/s.
	AudioBitrate int
	// Channels of audio, 1 or 2.
	Channels int
}

// Local is a local stream as the engine keeps it.
type Local struct {
	*Stream
	Origin   Origin
	Encoding Encoding
	// FrameRate is what the picture had when it was captured, 0 if that is unknown.
	FrameRate float64
	// Filler is the silent audio track of a stream that has no audio, or nil.
	Filler *Track

	plan    *plan
	options CaptureOptions

	mu       sync.Mutex // a capture ends on a goroutine of its own
	captures []opened
	origins  map[Kind]Origin // of what Put has put in
	release  []func()        // of the filler's source
	stopped  bool
}

// opened is a track that was captured for a local stream, to be ended with it even if it
// has left the stream since.
type opened struct {
	track   *Track
	info    DeviceInfo // which browsers forget when the track ends
	unwatch func()
}

// Stop ends every track: those of the stream, those that were captured for it and
// have left it since, the filler with what feeds it, and what is being opened for it.
func (l *Local) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stopped = true
	for _, c := range l.captures {
		c.end()
	}
	l.captures = nil
	for _, release := range l.release {
		release()
	}
	l.release = nil
	for _, t := range l.Tracks() {
		t.Stop()
	}
}

// End ends a track, and lets go of the device if it was opened for the stream. It stays
// in the stream if it is there, of which the view shows nothing then.
func (l *Local) End(t *Track) {
	t.Stop()
	l.mu.Lock()
	l.captures = slices.DeleteFunc(l.captures, func(c opened) bool {
		if !c.track.Same(t) {
			return false
		}
		c.end()
		return true
	})
	l.mu.Unlock()
	l.refresh()
}

// InUse is the camera or microphone that the stream has open; without an id if it has none.
func (l *Local) InUse(kind Kind) DeviceInfo {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range slices.Backward(l.captures) {
		if c.track.Kind() == kind && l.fromLocked(kind) == FromCamera {
			return c.info
		}
	}
	return DeviceInfo{}
}

func (c opened) end() {
	c.unwatch()
	c.track.Stop()
}

// Captured is the newest track of a kind that was opened for the stream and is not ended
// by End; nil if there is none.
func (l *Local) Captured(kind Kind) *Track {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range slices.Backward(l.captures) {
		if c.track.Kind() == kind {
			return c.track
		}
	}
	return nil
}
