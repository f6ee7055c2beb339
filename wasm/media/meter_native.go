//go:build !js

package media

import "context"

// Meter tells how loud tracks are: here what a test has set.
type Meter struct{}

// NewMeter makes a meter.
func NewMeter() *Meter { return &Meter{} }

// Levels are those of the tracks; nil and muted ones are silent.
func (*Meter) Levels(tracks []*Track) []float64 {
	levels := make([]float64, len(tracks))
	for i, t := range tracks {
		if t != nil && t.Enabled() && t.Live() {
			t.mu.Lock()
			levels[i] = t.level
			t.mu.Unlock()
		}
	}
	return levels
}

// Close releases nothing here.
func (*Meter) Close() {}

// SetLevel says how loud a test's track is.
func (t *Track) SetLevel(level float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.level = level
}

// Active reports whether a test's track is live and not muted.
func (t *Track) Active(context.Context) bool { return t.Live() && t.Enabled() }
