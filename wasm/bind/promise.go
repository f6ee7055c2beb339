//go:build js && wasm

package bind

import (
	"errors"
	"fmt"
	"runtime/debug"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// answer is the loader's object that takes what a call gives back.
type answer struct{ out safejs.Value }

// result is a call's outcome as JavaScript will see it.
type result struct {
	value safejs.Value
	// class is set if value is the number of an instance that the loader wraps.
	class string
}

// now answers while the page waits. Undefined is answered by leaving out alone.
func (a answer) now(r result, err error) {
	switch {
	case err != nil:
		a.set("e", toError(err))
	case !r.value.IsUndefined():
		a.set("v", r.value)
		if r.class != "" {
			a.set("class", r.class)
		}
	}
}

// settle answers by the promise, after run, which may block.
func (a answer) settle(c call, run func() (any, error)) {
	r, err := attempt(c.method, run)
	if errors.Is(err, engine.ErrNeverSettles) {
		return
	}
	if err != nil {
		a.call("rej", toError(c.interrupted(err)))
		return
	}
	a.call("res", r.value, r.class)
}

func (a answer) set(name string, v any) {
	if err := a.out.Set(name, v); err != nil {
		preset.line("error", "answer a call: "+err.Error())
	}
}

func (a answer) call(name string, args ...any) {
	if _, err := jsx.Call(a.out, name, args...); err != nil {
		preset.line("error", "settle a promise: "+err.Error())
	}
}

// attempt runs a method and makes what it returns fit for JavaScript. It is the one
// guard of calls: a panic becomes an error, and so does an argument that a decoder
// refused (see call.refuse).
func attempt(method string, run func() (any, error)) (r result, err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case badArgument:
			err = p.fault()
		default:
			err = &panicError{method, p, debug.Stack()}
		}
	}()
	got, err := run()
	if err != nil {
		return result{}, err
	}
	return toJS(got)
}

// handle is an instance that Go hands to the page; the loader makes the object.
type handle struct {
	class string
	id    int
}

// valuer is what media's streams and tracks are: the browser's own object.
type valuer interface{ Value() safejs.Value }

// toJS makes x a JavaScript value: nil is undefined; streams and tracks are the
// browser's own; structs, slices and maps cross as JSON.
func toJS(x any) (result, error) {
	switch x := x.(type) {
	case nil:
		return result{value: safejs.Undefined()}, nil
	case safejs.Value:
		return result{value: x}, nil
	case valuer:
		return result{value: x.Value()}, nil
	case handle:
		v, err := safejs.ValueOf(x.id)
		return result{v, x.class}, err
	case engine.TransparentReceived:
		return transparentToJS(x)
	case *engine.ZegoStream: // in an event, where the loader does not wrap
		return objectFor(x)
	case bool, string, int, float64:
		v, err := safejs.ValueOf(x)
		return result{value: v}, err
	default:
		v, err := jsx.Encode(x)
		return result{value: v}, err
	}
}

// objectFor is the object that the page has of something of Go's; undefined if it has none.
func objectFor(of any) (result, error) {
	in := instances.known(of)
	if in == nil {
		return result{value: safejs.Undefined()}, nil
	}
	h := instances.hand(in)
	v, err := jsx.Invoke(objectOf, h.id, h.class)
	return result{value: v}, err
}

// panicError is a mistake of ours; its stack is for the log only.
type panicError struct {
	method string
	value  any
	stack  []byte
}

// Error names the method and what it panicked with.
func (e *panicError) Error() string { return fmt.Sprintf("panic in %s: %v", e.method, e.value) }
