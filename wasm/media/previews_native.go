//go:build !js

package media

// Previews show nothing here.
type Previews struct{}

// NewPreviews makes previews that show nothing.
func NewPreviews(*Stream, bool, func(*View)) *Previews { return &Previews{} }

// StopVideo does nothing here.
func (*Previews) StopVideo() {}

// StopAudio does nothing here.
func (*Previews) StopAudio() {}

// Refresh does nothing here.
func (*Previews) Refresh() {}

// Close does nothing here.
func (*Previews) Close() {}
