//go:build !js

package media

import (
	"context"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// lastID numbers the native build's streams and tracks.
var lastID atomic.Int64

func newID(prefix string) string { return prefix + strconv.FormatInt(lastID.Add(1), 10) }

// Stream is a MediaStream.
type Stream struct {
	name string
	view atomic.Pointer[View]

	mu   sync.Mutex
	list []*Track
}

// NewStream makes an empty stream, for playing.
func NewStream() *Stream { return &Stream{name: newID("stream")} }

func (s *Stream) id() string { return s.name }

func (s *Stream) tracks() []*Track {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list)
}

func (s *Stream) add(t *Track) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.Contains(s.list, t) {
		s.list = append(s.list, t)
	}
}

func (s *Stream) remove(t *Track) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = slices.DeleteFunc(s.list, func(other *Track) bool { return other == t })
}

// Track is a MediaStreamTrack.
type Track struct {
	id     string
	kind   Kind
	source any
	info   DeviceInfo

	mu       sync.Mutex
	stopped  bool
	disabled bool
	level    float64
	ended    []func()
}

// NewTrack makes a track of whatever a test sends or receives.
func NewTrack(kind Kind, source any) *Track {
	return &Track{id: newID(string(kind)), kind: kind, source: source}
}

// ID is the track's id.
func (t *Track) ID() string { return t.id }

// Kind is the track's kind.
func (t *Track) Kind() Kind { return t.kind }

// Source is what the track was made of.
func (t *Track) Source() any { return t.source }

// Live reports whether the track has not ended.
func (t *Track) Live() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.stopped
}

// Enabled reports whether the track sends its media, not silence or black.
func (t *Track) Enabled() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.disabled
}

// SetEnabled mutes the track with false.
func (t *Track) SetEnabled(on bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.disabled = !on
}

// Stop ends the track.
func (t *Track) Stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
}

// End ends the track as an unplugged device does, which those who watch it are told.
func (t *Track) End() {
	t.mu.Lock()
	watchers := t.ended
	if t.stopped {
		watchers = nil
	}
	t.stopped = true
	t.mu.Unlock()
	for _, fn := range watchers {
		if fn != nil {
			go fn()
		}
	}
}

func (t *Track) onEnded(fn func()) (stop func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ended = append(t.ended, fn)
	i := len(t.ended) - 1
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.ended[i] = nil
	}
}

// constrain refuses what a test made the source of the track.
func (t *Track) constrain(context.Context, videoConstraints) error {
	err, _ := t.source.(error)
	return err
}

func (*Track) setHint(string) {}
