//go:build !js

package engine_test

import (
	"testing"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// TestComposedStream: nothing is kept of one that is composed no more, and the page may
// destroy it nevertheless.
func TestComposedStream(t *testing.T) {
	var lines []string
	e := engine.New(engine.Config{
		App: "7", ScriptOrigin: "http://127.0.0.1:1",
		Emit: func(engine.Event) {},
		Log:  func(_, line string) { lines = append(lines, line) },
	})
	defer func() { _ = e.DestroyEngine() }()
	for range 3 {
		made, err := e.AdoptStream(&media.Local{Stream: media.NewStream()})
		if err != nil || e.StreamOf(made.ID(), "") == nil {
			t.Fatalf("adopting: %v", err)
		}
		made.Stop()
		e.ReleaseStream(made.ID())
		if n := e.Locals(); n != 0 {
			t.Errorf("%d streams are kept", n)
		}
		lines = nil
		e.DestroyStream(made.ID())
		if len(lines) != 0 {
			t.Errorf("destroying it said %q", lines)
		}
		if e.DestroyStream(made.ID()); len(lines) != 1 {
			t.Errorf("destroying it twice said %q", lines)
		}
	}
}
