//go:build js && wasm

package jsx

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall/js"
	"testing"

	"github.com/hack-pad/safejs"
)

// eval is for tests alone: the SDK itself must run under a policy without eval.
func eval(t *testing.T, code string) safejs.Value {
	t.Helper()
	v, err := safejs.Global().Call("eval", code)
	if err != nil {
		t.Fatalf("eval %q: %v", code, caught(err))
	}
	return v
}

func TestAwait(t *testing.T) {
	tests := []struct {
		promise string
		want    string // of a fulfilled promise
		wantErr *Error
	}{
		{promise: `Promise.resolve("yes")`, want: "yes"},
		{promise: `"no promise"`, want: "no promise"},
		{promise: `({then(ok) { ok("thenable") }})`, want: "thenable"},
		{promise: `Promise.reject(new TypeError("bad"))`, wantErr: &Error{Name: "TypeError", Message: "bad"}},
		{promise: `Promise.reject(new DOMException("denied", "NotAllowedError"))`, wantErr: &Error{Name: "NotAllowedError", Message: "denied"}},
		{
			promise: `Promise.reject({name: "OverconstrainedError", message: "", constraint: "width"})`,
			wantErr: &Error{Name: "OverconstrainedError", Constraint: "width"},
		},
		{promise: `Promise.reject("plain text")`, wantErr: &Error{Message: "plain text"}},
		{promise: `Promise.reject(undefined)`, wantErr: &Error{Message: "<undefined>"}},
		{promise: `Promise.reject()`, wantErr: &Error{Message: "<undefined>"}},
		{promise: `Promise.reject(null)`, wantErr: &Error{Message: "<null>"}},
		{promise: `Promise.reject(false)`, wantErr: &Error{Message: "<boolean: false>"}},
		{promise: `Promise.reject(Symbol("s"))`, wantErr: &Error{Message: "<symbol>"}},
		{promise: `Promise.reject({get name() { throw 1 }, message: "m"})`, wantErr: &Error{Message: "m"}},
	}
	for _, test := range tests {
		got, err := Await(t.Context(), eval(t, test.promise))
		checkError(t, test.promise, err, test.wantErr)
		if s := String(got); s != test.want {
			t.Errorf("%s: got %q, want %q", test.promise, s, test.want)
		}
	}
	if n := len(waiting.by); n != 0 {
		t.Errorf("%d waits are left", n)
	}
}

func checkError(t *testing.T, what string, err error, want *Error) {
	t.Helper()
	if want == nil {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	var got *Error
	if !errors.As(err, &got) {
		t.Errorf("%s: error is %v, want an *Error", what, err)
		return
	}
	if got.Name != want.Name || got.Message != want.Message || got.Constraint != want.Constraint {
		t.Errorf("%s: error is %+v, want %+v", what, got, want)
	}
}

func TestAwaitEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("the page left")
	eval(t, `globalThis.later = new Promise(ok => { globalThis.settleLater = ok })`)
	cancel(cause)
	if _, err := Await(ctx, Global("later")); !errors.Is(err, cause) {
		t.Errorf("error is %v, want %v", err, cause)
	}
	if n := len(waiting.by); n != 0 {
		t.Fatalf("%d waits are left", n)
	}
	eval(t, `settleLater(1)`)
	if _, err := Await(t.Context(), eval(t, `later.then(() => 2)`)); err != nil {
		t.Errorf("after a late promise: %v", err)
	}
}

func TestListen(t *testing.T) {
	said := captureConsole(t)
	target := eval(t, `globalThis.target = new EventTarget()`)
	var got []string
	stop := Listen(target, "hello", func(e safejs.Value) { got = append(got, String(e, "type")) })
	eval(t, `target.dispatchEvent(new Event("hello"))`)
	eval(t, `target.dispatchEvent(new Event("other"))`)
	stop()
	stop()
	eval(t, `target.dispatchEvent(new Event("hello"))`)
	if len(got) != 1 || got[0] != "hello" {
		t.Errorf("got %q, want one hello", got)
	}
	if len(*said) != 0 {
		t.Errorf("console got %q: a function was called after its release", *said)
	}
}

func TestListenStopsFromItsHandler(t *testing.T) {
	target := eval(t, `globalThis.target = new EventTarget()`)
	calls := 0
	var stop func()
	stop = Listen(target, "once", func(safejs.Value) { calls++; stop() })
	eval(t, `target.dispatchEvent(new Event("once")); target.dispatchEvent(new Event("once"))`)
	if calls != 1 {
		t.Errorf("%d calls, want 1", calls)
	}
}

func TestPanicInHandlerIsLogged(t *testing.T) {
	said := captureConsole(t)
	target := eval(t, `globalThis.target = new EventTarget()`)
	defer Listen(target, "boom", func(safejs.Value) { panic("kaboom") })()
	eval(t, `target.dispatchEvent(new Event("boom"))`)
	if all := strings.Join(*said, "\n"); !strings.Contains(all, "kaboom") {
		t.Errorf("console got %q, want the panic", all)
	}
}

func TestListenToNothingIsLogged(t *testing.T) {
	said := captureConsole(t)
	Listen(safejs.Undefined(), "x", func(safejs.Value) {})()
	if len(*said) != 1 {
		t.Errorf("console got %q, want one line", *said)
	}
}

// captureConsole collects what console.error gets until the test ends.
func captureConsole(t *testing.T) *[]string {
	t.Helper()
	said := &[]string{}
	console, old := js.Global().Get("console"), js.Global().Get("console").Get("error")
	hook := Func(func(args []safejs.Value) { *said = append(*said, text(args[0])) })
	console.Set("error", hook)
	t.Cleanup(func() {
		console.Set("error", old)
		hook.Release()
	})
	return said
}

func TestGet(t *testing.T) {
	v := eval(t, `({a: {s: "text", n: 2.9, yes: true}, get bad() { throw new Error("x") }})`)
	if got := String(v, "a", "s"); got != "text" {
		t.Errorf("String = %q", got)
	}
	if got := Int(v, "a", "n"); got != 2 {
		t.Errorf("Int = %d", got)
	}
	if got := Float(v, "a", "n"); got != 2.9 {
		t.Errorf("Float = %v", got)
	}
	if !Bool(v, "a", "yes") {
		t.Error("Bool = false")
	}
	for _, path := range [][]string{{"no", "way"}, {"a", "n", "x"}, {"bad"}, {"bad", "x"}} {
		if got := Get(v, path...); !got.IsUndefined() {
			t.Errorf("Get %q = %v, want undefined", path, got)
		}
	}
	if String(v, "a", "n") != "" || Int(v, "a", "s") != 0 || Bool(v, "a", "s") {
		t.Error("a property of another type was taken")
	}
}

func TestCallsThatFail(t *testing.T) {
	_, err := Call(eval(t, `({f() { throw "a string" }})`), "f")
	checkError(t, "throw a string", err, &Error{Message: "a string"})
	_, err = Call(safejs.Null(), "f")
	checkError(t, "null", err, &Error{Name: "TypeError", Message: "<null> has no method f"})
	_, err = New("NoSuchClass")
	checkError(t, "no class", err, &Error{Name: "ReferenceError", Message: "this browser has no NoSuchClass"})
	_, err = Invoke(eval(t, `() => { throw new RangeError("far") }`))
	checkError(t, "invoke", err, &Error{Name: "RangeError", Message: "far"})
	if _, err = Invoke(safejs.Null()); err == nil {
		t.Error("null was called without an error")
	}
}

func TestJSON(t *testing.T) {
	var into struct {
		Name string `json:"name"`
		N    *int   `json:"n"`
	}
	if err := Decode(eval(t, `({name: "a\u2028\uD83D\uDE00", n: 0, more: () => 1})`), &into); err != nil {
		t.Fatal(err)
	}
	if into.Name != "a\u2028😀" || into.N == nil || *into.N != 0 {
		t.Errorf("decoded %+v", into)
	}
	if err := Decode(safejs.Undefined(), &into); err != nil || into.Name == "" {
		t.Errorf("undefined: %v, %+v", err, into)
	}
	if err := Decode(eval(t, `(() => { const o = {}; o.o = o; return o })()`), &into); err == nil {
		t.Error("a cycle was decoded")
	}
	v, err := Encode(into)
	if err != nil || String(v, "name") != into.Name {
		t.Errorf("encoded %v, %v", v, err)
	}
	if _, err := Encode(func() {}); err == nil {
		t.Error("a function was encoded")
	}
}

func TestBytes(t *testing.T) {
	for expression, want := range map[string]string{
		`new Uint8Array([1, 2, 255])`:                 "[1 2 255]",
		`new Uint8Array([1, 2, 255]).buffer`:          "[1 2 255]",
		`new Uint8Array([1, 2, 3, 4]).subarray(1, 3)`: "[2 3]",
		`new Uint8Array(0)`:                           "[]",
		`[1, 2]`:                                      "no",
		`"text"`:                                      "no",
		`null`:                                        "no",
		`undefined`:                                   "no",
		`new DataView(new ArrayBuffer(2))`:            "no",
		`(() => { const b = new ArrayBuffer(2); structuredClone(b, {transfer: [b]}); return b; })()`: "no",
	} {
		got := "no"
		if data, ok := Bytes(eval(t, expression)); ok {
			got = fmt.Sprintf("%d", data)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", expression, got, want)
		}
	}
	v, err := Array([]byte{7, 8})
	if err != nil || Int(v, "length") != 2 || Int(v, "1") != 8 {
		t.Errorf("an array of 7 and 8 is %v, %v", v, err)
	}
}
