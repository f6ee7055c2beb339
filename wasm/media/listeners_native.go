//go:build !js

package media

// Listeners has no page here; whoever taps it hears all.
type Listeners struct {
	tap func(name string, args ...any)
}

// Tap makes fn hear every event.
func (l *Listeners) Tap(fn func(name string, args ...any)) { l.tap = fn }

// Emit tells who tapped.
func (l *Listeners) Emit(name string, args ...any) {
	if l.tap != nil {
		l.tap(name, args...)
	}
}
