//go:build js && wasm

package media

import (
	_ "embed"
	"testing"
	"time"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

//go:embed testdata/dom.js
var dom string

func init() {
	if _, err := jsx.Call(safejs.Global(), "eval", dom); err != nil {
		panic(err)
	}
}

// eval runs code of a page, a function's body.
func eval(t *testing.T, code string) safejs.Value {
	t.Helper()
	v, err := jsx.Call(safejs.Global(), "eval", "(() => {"+code+"})()")
	if err != nil {
		t.Fatalf("%s: %v", code, err)
	}
	return v
}

func text(t *testing.T, code string) string {
	t.Helper()
	return jsx.String(eval(t, "return String("+code+")"))
}

// check compares what the page has with what it should.
func check(t *testing.T, what, code, want string) {
	t.Helper()
	if got := text(t, code); got != want {
		t.Errorf("%s: %s is\n %s\nwant\n %s", what, code, got, want)
	}
}

// eventually waits until the page has what it should.
func eventually(t *testing.T, what, code, want string) {
	t.Helper()
	if !within(func() bool { return text(t, code) == want }) {
		check(t, what, code, want)
		t.FailNow()
	}
}

// within waits until ok, which what the browser does next decides.
func within(ok func() bool) bool {
	for deadline := time.Now().Add(5 * time.Second); !ok(); {
		if time.Now().After(deadline) {
			return false
		}
		<-time.After(2 * time.Millisecond)
	}
	return true
}

// newView makes a view of a stream with tracks of kinds, and a page without a past.
func newView(t *testing.T, local bool, kinds string) *View {
	t.Helper()
	stream := eval(t, `made.length = 0; refuse = false; return globalThis.stream = streamOf(`+kinds+`)`)
	v := NewView(StreamOf(stream), local)
	t.Cleanup(v.Close)
	return v
}

func play(t *testing.T, v *View, container string, opt ViewOptions) {
	t.Helper()
	if err := v.Play(eval(t, `return "`+container+`"`), opt); err != nil {
		t.Fatal(err)
	}
}
