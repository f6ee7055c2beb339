//go:build js && wasm

package media

import (
	"strconv"
	"strings"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Log takes what a page's developer should know. Whoever has levels puts its own there.
var Log = func(level, line string) { jsx.Console(level, "ExpressRTC: "+line) }

// call calls a method that a working browser does not refuse; a refusal is logged.
func call(v safejs.Value, method string, args ...any) safejs.Value {
	got, err := jsx.Call(v, method, args...)
	report(err)
	return got
}

// set sets a property that a working browser lets us set.
func set(v safejs.Value, name string, x any) { report(v.Set(name, x)) }

func report(err error) {
	if err != nil {
		Log("error", err.Error())
	}
}

func at(list safejs.Value, i int) safejs.Value { return jsx.Get(list, strconv.Itoa(i)) }

func isFunction(v safejs.Value, path ...string) bool {
	return jsx.Get(v, path...).Type() == safejs.TypeFunction
}

func newMediaStream(args ...any) safejs.Value {
	v, err := jsx.New("MediaStream", args...)
	report(err)
	return v
}

func document() safejs.Value { return jsx.Global("document") }

// newElement makes an element with attributes given as name, value, name, value.
func newElement(tag string, attributes ...string) safejs.Value {
	el := call(document(), "createElement", tag)
	for i := 0; i+1 < len(attributes); i += 2 {
		call(el, "setAttribute", attributes[i], attributes[i+1])
	}
	return el
}

// setStyle replaces an element's styles, by the object model: a strict policy forbids
// style attributes.
func setStyle(el safejs.Value, text string) { set(jsx.Get(el, "style"), "cssText", text) }

// setStyleProperty changes one property, and leaves the attribute's text alone if there
// is nothing to change.
func setStyleProperty(el safejs.Value, name, value string) {
	if style := jsx.Get(el, "style"); jsx.String(style, name) != value {
		set(style, name, value)
	}
}

// isDesktopSafari reports a browser that plays nothing by itself where the autoplay
// attribute is set but no gesture was made. Its phones and tablets have touch points.
func isDesktopSafari() bool {
	navigator := jsx.Global("navigator")
	return strings.HasPrefix(jsx.String(navigator, "vendor"), "Apple") && jsx.Int(navigator, "maxTouchPoints") == 0
}
