//go:build js && wasm

package jsx

import (
	"github.com/hack-pad/safejs"
)

// reflect reads properties: syscall/js catches the exceptions of calls only, and one
// that a getter throws would end the Go program.
var reflect = mustGet(safejs.Global(), "Reflect")

func mustGet(v safejs.Value, name string) safejs.Value {
	got, err := v.Get(name)
	if err != nil {
		panic("jsx: no " + name + " in this browser: " + err.Error())
	}
	return got
}

// Get follows path from v; undefined if it leads nowhere, or if a getter throws.
func Get(v safejs.Value, path ...string) safejs.Value {
	for _, name := range path {
		if !isObject(v) {
			return safejs.Undefined()
		}
		next, err := reflect.Call("get", v, name)
		if err != nil {
			return safejs.Undefined()
		}
		v = next
	}
	return v
}

// Global follows path from the global object.
func Global(path ...string) safejs.Value { return Get(safejs.Global(), path...) }

// String is the string at path, or "".
func String(v safejs.Value, path ...string) string {
	if v = Get(v, path...); v.Type() != safejs.TypeString {
		return ""
	}
	return text(v)
}

// Float is the number at path, or 0.
func Float(v safejs.Value, path ...string) float64 {
	if v = Get(v, path...); v.Type() != safejs.TypeNumber {
		return 0
	}
	f, _ := v.Float() // its type is known
	return f
}

// Int is the number at path without its fraction, or 0.
func Int(v safejs.Value, path ...string) int { return int(Float(v, path...)) }

// Bool is true if true is at path.
func Bool(v safejs.Value, path ...string) bool {
	if v = Get(v, path...); v.Type() != safejs.TypeBoolean {
		return false
	}
	b, _ := v.Bool() // its type is known
	return b
}

// Call calls a method of v. An exception comes back as an *Error.
func Call(v safejs.Value, method string, args ...any) (safejs.Value, error) {
	if !isObject(v) {
		return safejs.Undefined(), &Error{Name: "TypeError", Message: text(v) + " has no method " + method}
	}
	got, err := v.Call(method, args...)
	return got, caught(err)
}

// Invoke calls the function fn. An exception comes back as an *Error.
func Invoke(fn safejs.Value, args ...any) (safejs.Value, error) {
	got, err := fn.Invoke(args...)
	return got, caught(err)
}

// New makes an object of a global class. An exception comes back as an *Error, and so
// does the lack of such a class.
func New(class string, args ...any) (safejs.Value, error) {
	constructor := Global(class)
	if constructor.Type() != safejs.TypeFunction {
		return safejs.Undefined(), &Error{Name: "ReferenceError", Message: "this browser has no " + class}
	}
	got, err := constructor.New(args...)
	return got, caught(err)
}

// Is reports whether v is an object of a global class. What instanceof throws, as of a
// revoked Proxy, would end the Go program; here it is not one.
func Is(v safejs.Value, class string) bool {
	is, err := Call(Global(class, "prototype"), "isPrototypeOf", v)
	return err == nil && Bool(is)
}

// isObject reports whether v can have properties that Reflect.get reads.
func isObject(v safejs.Value) bool {
	t := v.Type()
	return t == safejs.TypeObject || t == safejs.TypeFunction
}

// text is a string's text, and of anything else its kind and value in angle brackets.
func text(v safejs.Value) string {
	s, err := v.String()
	if err != nil {
		return "a value without text"
	}
	return s
}
