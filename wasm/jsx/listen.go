//go:build js && wasm

package jsx

import (
	"fmt"
	"runtime/debug"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// Func makes a JavaScript function that calls fn; the caller releases it. fn runs while
// the browser waits, so it must not block: it posts, or starts a goroutine. A panic in
// it is logged and goes no further.
func Func(fn func(args []safejs.Value)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer guard()
		values := make([]safejs.Value, len(args))
		for i, arg := range args {
			values[i] = safejs.Safe(arg)
		}
		fn(values)
		return nil
	})
}

// guard keeps a panic in a browser's callback from ending the program.
func guard() {
	if p := recover(); p != nil {
		Console("error", fmt.Sprintf("ExpressRTC: panic in an event handler: %v\n%s", p, debug.Stack()))
	}
}

// Listen calls fn with each event of target, under the rules of Func, until stop.
// stop may be called twice, and from fn.
func Listen(target safejs.Value, event string, fn func(event safejs.Value)) (stop func()) {
	callback := Func(func(args []safejs.Value) {
		if len(args) > 0 {
			fn(args[0])
		}
	})
	handler := safejs.Safe(callback.Value)
	if _, err := Call(target, "addEventListener", event, handler); err != nil {
		callback.Release()
		Console("error", "ExpressRTC: listen to "+event+": "+err.Error())
		return func() {}
	}
	return func() {
		if _, err := Call(target, "removeEventListener", event, handler); err != nil {
			Console("error", "ExpressRTC: stop listening to "+event+": "+err.Error())
		}
		callback.Release()
	}
}

// Console writes to the browser's console; level is error, warn, info or debug.
func Console(level string, args ...any) {
	// A console that fails has nowhere to say so.
	_, _ = Call(Global("console"), level, args...)
}
