//go:build js && wasm

package media

import (
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Listeners are the page's functions by the name of an event. They are called at once
// when something happens, not from a queue.
type Listeners struct {
	by map[string][]safejs.Value
	// tap hears everything, for those who pass it on; may be nil.
	tap func(name string, args ...any)
}

// On adds a listener. A function that is there already stays as it is; without one the
// answer is false.
func (l *Listeners) On(name string, fn safejs.Value) (bool, error) {
	if fn.IsUndefined() || fn.IsNull() {
		return false, nil
	}
	if fn.Type() != safejs.TypeFunction {
		return false, ErrCallback
	}
	for _, known := range l.by[name] {
		if known.Equal(fn) {
			return true, nil
		}
	}
	if l.by == nil {
		l.by = map[string][]safejs.Value{}
	}
	l.by[name] = append(l.by[name], fn)
	return true, nil
}

// Off removes a listener, or with nil all of that name. It is false if fn was not there.
func (l *Listeners) Off(name string, fn *safejs.Value) bool {
	if fn == nil {
		delete(l.by, name)
		return true
	}
	for i, known := range l.by[name] {
		if known.Equal(*fn) {
			// A copy: an emit may be going through the old one.
			l.by[name] = append(l.by[name][:i:i], l.by[name][i+1:]...)
			return true
		}
	}
	return false
}

// Tap makes fn hear every event, after the page's listeners.
func (l *Listeners) Tap(fn func(name string, args ...any)) { l.tap = fn }

// Emit calls the listeners. Whoever calls it must have finished what it does, and hold
// no lock: that is the page's code.
func (l *Listeners) Emit(name string, args ...any) {
	for i, arg := range args {
		if t, ok := arg.(*Track); ok {
			args[i] = t.value
		}
	}
	for _, fn := range l.by[name] {
		if _, err := jsx.Invoke(fn, args...); err != nil {
			Log("error", "a listener of "+name+" failed: "+err.Error())
		}
	}
	if l.tap != nil {
		l.tap(name, args...)
	}
}
