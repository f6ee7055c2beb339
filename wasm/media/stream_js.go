//go:build js && wasm

package media

import (
	"context"
	"sync/atomic"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Stream is a MediaStream.
type Stream struct {
	value safejs.Value
	view  atomic.Pointer[View]
}

// NewStream makes an empty stream, for playing.
func NewStream() *Stream { return &Stream{value: newMediaStream()} }

// StreamOf is the stream that v, a MediaStream, is. Two of one MediaStream have the same ID.
func StreamOf(v safejs.Value) *Stream { return &Stream{value: v} }

// Value is the MediaStream itself.
func (s *Stream) Value() safejs.Value { return s.value }

func (s *Stream) id() string { return jsx.String(s.value, "id") }

func (s *Stream) tracks() []*Track {
	values := call(s.value, "getTracks")
	all := make([]*Track, jsx.Int(values, "length"))
	for i := range all {
		all[i] = TrackOf(at(values, i))
	}
	return all
}

func (s *Stream) add(t *Track) { call(s.value, "addTrack", t.value) }

func (s *Stream) remove(t *Track) { call(s.value, "removeTrack", t.value) }

// Track is a MediaStreamTrack.
type Track struct {
	value    safejs.Value
	receiver safejs.Value // of a track that arrived; undefined for others
}

// TrackOf is the track that v, a MediaStreamTrack, is. Two of one track have the same ID.
func TrackOf(v safejs.Value) *Track { return &Track{value: v} }

// Received is the track of an RTCRtpReceiver.
func Received(receiver safejs.Value) *Track {
	return &Track{value: jsx.Get(receiver, "track"), receiver: receiver}
}

// Value is the MediaStreamTrack itself.
func (t *Track) Value() safejs.Value { return t.value }

// ID is the track's id.
func (t *Track) ID() string { return jsx.String(t.value, "id") }

// Kind is the track's kind.
func (t *Track) Kind() Kind { return Kind(jsx.String(t.value, "kind")) }

// Live reports whether the track has not ended.
func (t *Track) Live() bool { return jsx.String(t.value, "readyState") == "live" }

// Enabled reports whether the track sends its media, not silence or black.
func (t *Track) Enabled() bool { return jsx.Bool(t.value, "enabled") }

// SetEnabled mutes the track with false.
func (t *Track) SetEnabled(on bool) { set(t.value, "enabled", on) }

// Stop ends the track.
func (t *Track) Stop() { call(t.value, "stop") }

// constrain waits for the browser.
func (t *Track) constrain(ctx context.Context, c videoConstraints) error {
	wish, err := jsx.Encode(c)
	if err != nil {
		return err
	}
	_, err = awaitCall(ctx, t.value, "applyConstraints", wish)
	return refusal("", err)
}

func (t *Track) setHint(hint string) {
	if hint != "" {
		set(t.value, "contentHint", hint)
	}
}

// onEnded calls fn when the track ends by itself; Stop is not told.
func (t *Track) onEnded(fn func()) (stop func()) {
	return jsx.Listen(t.value, "ended", func(safejs.Value) { go fn() })
}
