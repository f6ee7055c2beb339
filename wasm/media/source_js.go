//go:build js && wasm

package media

import (
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// SourceOf reads createStream's argument. What does not fit is an *ArgumentError.
func SourceOf(v safejs.Value) (Source, error) {
	if v.IsUndefined() || v.IsNull() {
		return Source{}, nil
	}
	plain, err := without(v, "custom", "source")
	if err == nil {
		plain, err = without(plain, "screen", "captureElement")
	}
	text := ""
	if err == nil {
		text, err = jsx.Stringify(plain)
	}
	if err != nil {
		return Source{}, &ArgumentError{"createStream cannot read its argument: " + err.Error()}
	}
	src, err := ParseSource([]byte(text))
	if src.Custom != nil {
		src.Custom.Source = object(v, "custom", "source")
	}
	if src.Screen != nil {
		src.Screen.CaptureElement = object(v, "screen", "captureElement")
	}
	return src, err
}

// without is a copy of v whose part lacks field: a live object of the browser, of which
// JSON knows nothing and in which a framework may have hung cycles.
func without(v safejs.Value, part, field string) (safejs.Value, error) {
	inner := jsx.Get(v, part)
	if inner.Type() != safejs.TypeObject {
		return v, nil
	}
	inner, err := jsx.Call(jsx.Global("Object"), "assign", map[string]any{}, inner, map[string]any{field: nil})
	if err != nil {
		return v, err
	}
	return jsx.Call(jsx.Global("Object"), "assign", map[string]any{}, v, map[string]any{part: inner})
}

// object is the object at path, or nil.
func object(v safejs.Value, path ...string) any {
	if v = jsx.Get(v, path...); v.Type() == safejs.TypeObject {
		return v
	}
	return nil
}
