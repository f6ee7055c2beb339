// Package media is what the page sees and sends: streams and their tracks, the
// capture that fills them, the views that show them, and what this browser can do.
//
// The API is the same everywhere. Bodies in *_js.go drive the browser; those in
// *_native.go are just enough for the engine's tests, with tracks that a test makes.
// A value belongs to the goroutine that calls it unless its comment says otherwise;
// what the browser calls back comes on goroutines of its own, never under a lock.
package media

import "fmt"

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

// Error is a refusal by the browser: the name and message of its DOMException,
// and the constraint that could not be met, if that was it.
type Error struct {
	Name       string
	Message    string
	Constraint string
}

// Error tells the browser's own words.
func (e *Error) Error() string {
	if e.Constraint != "" {
		return fmt.Sprintf("%s: %s (%s)", e.Name, e.Message, e.Constraint)
	}
	return fmt.Sprintf("%s: %s", e.Name, e.Message)
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
	// Filler is the silent audio track of a stream that has no audio, or nil.
	Filler *Track
}
