//go:build !js

package media

import "sync/atomic"

// View shows nothing here; it counts what it is told, for tests.
type View struct {
	Listeners
	stream    *Stream
	local     bool
	closed    atomic.Bool
	blank     atomic.Bool
	refreshes atomic.Int64
	stops     atomic.Int64
}

// NewView makes the view of s; local says that its sound is off at first.
func NewView(s *Stream, local bool) *View {
	v := &View{stream: s, local: local}
	s.view.Store(v)
	return v
}

// Close ends the view. It may be called again.
func (v *View) Close() {
	v.closed.Store(true)
	v.stream.view.CompareAndSwap(v, nil)
}

// Stop takes the view out of the page.
func (v *View) Stop() { v.stops.Add(1) }

// Stops counts how often Stop was called.
func (v *View) Stops() int { return int(v.stops.Load()) }

// Refresh is told when the stream's tracks have changed.
func (v *View) Refresh() { v.refreshes.Add(1) }

// Blank tells that the sender's camera is off.
func (v *View) Blank(on bool) { v.blank.Store(on) }

// KeepLastFrame does nothing here.
func (*View) KeepLastFrame() {}

// StopVideo does nothing here.
func (*View) StopVideo() {}

// StopAudio does nothing here.
func (*View) StopAudio() {}

// Closed reports whether Close was called.
func (v *View) Closed() bool { return v.closed.Load() }

// Blanked reports what Blank was told last.
func (v *View) Blanked() bool { return v.blank.Load() }

// Refreshes counts how often Refresh was called.
func (v *View) Refreshes() int { return int(v.refreshes.Load()) }

// Drawn is how many frames were shown: here nobody knows.
func (v *View) Drawn() int { return -1 }
