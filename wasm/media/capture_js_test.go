//go:build js && wasm

package media

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"expressrtc/wasm/jsx"
)

// capture takes createStream's argument and the functions of a browser's mediaDevices.
func capture(t *testing.T, source, devices string) (*Local, error) {
	t.Helper()
	eval(t, `globalThis.asked = []; navigator.mediaDevices = {`+devices+`}`)
	src, err := SourceOf(eval(t, `return `+source))
	if err != nil {
		return nil, err
	}
	return Capture(t.Context(), src, CaptureOptions{Scenario: 3, KeepAudioTrack: true})
}

const (
	camera  = `getUserMedia: async c => (asked.push(JSON.stringify(c)), globalThis.given = streamOf("audio", "video"))`
	noMedia = `enumerateDevices: async () => [{kind: "audioinput", deviceId: "m"}, {kind: "videoinput", deviceId: "c"}, {kind: "videoinput", deviceId: "d"}],
		getUserMedia: async c => { asked.push(JSON.stringify(c)); if (asked.length < 2) throw new DOMException("none", "NotFoundError"); return streamOf("video") }`
)

func TestSourceOf(t *testing.T) {
	tests := []struct{ arg, want string }{
		{`undefined`, `{}`},
		{`null`, `{}`},
		{`({camera: {videoInput: undefined, width: {exact: 5}}})`, `{"camera":{"width":{"exact":5}}}`},
		{`({screen: true})`, `{"screen":{}}`},
		{`(() => { const source = {}; source.cycle = source; return {custom: {source, bitrate: 9}} })()`, `{"custom":{"bitrate":9}}`},
		{`(() => { const e = {}; e.e = e; return {screen: {captureElement: e, audio: true}} })()`, `{"screen":{"audio":true}}`},
	}
	for _, test := range tests {
		src, err := SourceOf(eval(t, `return `+test.arg))
		if err != nil {
			t.Errorf("%s: %v", test.arg, err)
			continue
		}
		if got, _ := json.Marshal(src); string(got) != test.want {
			t.Errorf("%s: %s, want %s", test.arg, got, test.want)
		}
		if src.Custom != nil && src.Custom.Source == nil || src.Screen != nil && src.Screen.CaptureElement == nil && test.arg != `({screen: true})` {
			t.Errorf("%s: the live object is lost", test.arg)
		}
	}
	var wrong *ArgumentError
	for _, arg := range []string{`"camera"`, `({get camera() { throw 1 }})`, `(() => { const c = {}; c.c = c; return {camera: c} })()`} {
		if _, err := SourceOf(eval(t, `return `+arg)); !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want an *ArgumentError", arg, err)
		}
	}
}

func TestCameraIsTheBrowsersStream(t *testing.T) {
	l, err := capture(t, `undefined`, camera)
	if err != nil {
		t.Fatal(err)
	}
	if !l.Value().Equal(jsx.Global("given")) {
		t.Error("another MediaStream than getUserMedia's")
	}
	l.Stop()
	check(t, "stopped", `given.getTracks().map(t => t.readyState)`, "ended,ended")
}

func TestFirstDeviceGetsATry(t *testing.T) {
	l, err := capture(t, `({camera: {audio: false}})`, noMedia)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "second try", `JSON.parse(asked[1]).video.deviceId.exact`, "c")
	if l.Filler == nil || l.Filler.Enabled() {
		t.Errorf("filler %v, want one, disabled", l.Filler)
	}
	eval(t, `globalThis.closedContexts = 0`)
	l.Stop()
	l.Stop()
	check(t, "filler's context", `closedContexts`, "1")

	_, err = capture(t, `undefined`, noMedia)
	var failed *Error
	if !errors.As(err, &failed) || failed.Name != "NotFoundError" || failed.Origin != FromCamera {
		t.Errorf("both wanted: %v", err)
	}
	check(t, "both wanted", `asked.length`, "1")
}

func TestRefusals(t *testing.T) {
	tests := []struct {
		source, devices string
		want            Error
	}{
		{`undefined`, ``, Error{NotSupported, "this page has no getUserMedia: open it over https or on localhost, in a browser that has it", "", FromCamera}},
		{`({screen: true})`, camera, Error{NotSupported, "this page has no getDisplayMedia: open it over https or on localhost, in a browser that has it", "", FromScreen}},
		{`({screen: true})`, `getDisplayMedia: async () => { throw new DOMException("Permission denied", "NotAllowedError") }`, Error{"NotAllowedError", "Permission denied", "", FromScreen}},
		{`undefined`, `getUserMedia: async () => { throw {name: "OverconstrainedError", message: "", constraint: "width"} }`, Error{"OverconstrainedError", "", "width", FromCamera}},
		{`undefined`, `getUserMedia() { throw new TypeError("bad") }`, Error{"TypeError", "bad", "", FromCamera}},
		{`undefined`, `getUserMedia: () => Promise.reject("text")`, Error{"", "text", "", FromCamera}},
		{`({custom: {source: {canPlayType() {}}}})`, ``, Error{NotSupported, "this browser cannot capture a media element (custom.source)", "", FromCustom}},
		{`({custom: {source: {captureStream() { throw new DOMException("tainted", "SecurityError") }}}})`, ``, Error{"SecurityError", "tainted", "", FromCustom}},
	}
	for _, test := range tests {
		_, err := capture(t, test.source, test.devices)
		var got *Error
		if !errors.As(err, &got) || *got != test.want {
			t.Errorf("%s with %s: %v, want %v", test.source, test.devices, err, &test.want)
		}
	}
}

func TestCroppedScreen(t *testing.T) {
	const screen = `getDisplayMedia: async c => (asked.push(JSON.stringify(c)), globalThis.given = streamOf("video"))`
	const source = `({screen: {captureElement: document.getElementById("a")}})`
	if _, err := capture(t, source, screen); err == nil {
		t.Error("cropped without CropTarget")
	}
	check(t, "what was given is stopped", `given.getTracks()[0].readyState`, "ended")
	eval(t, `globalThis.CropTarget = {fromElement: async e => ["target", e]};
		MediaStreamTrack.prototype.cropTo = async ([name, e]) => { globalThis.croppedTo = e }`)
	if _, err := capture(t, source, screen); err != nil {
		t.Fatal(err)
	}
	check(t, "cropped", `croppedTo === document.getElementById("a")`, "true")
	check(t, "asked for", `JSON.parse(asked[0]).preferCurrentTab`, "true")
}

func TestCustomSources(t *testing.T) {
	own, err := capture(t, `({custom: {source: globalThis.own = streamOf("video", "audio")}})`, ``)
	if err != nil {
		t.Fatal(err)
	}
	if own.Value().Equal(jsx.Global("own")) || len(own.Tracks()) != 2 || !own.Tracks()[1].value.Equal(at(call(jsx.Global("own"), "getVideoTracks"), 0)) {
		t.Error("want another MediaStream with the same tracks")
	}
	eval(t, `globalThis.captures = 0; globalThis.element = {captureStream() { captures++; return streamOf("audio", "video") }}`)
	first, err := capture(t, `({custom: {source: element}})`, ``)
	if err != nil {
		t.Fatal(err)
	}
	first.Stop()
	second, err := capture(t, `({custom: {source: element}})`, ``)
	if err != nil {
		t.Fatal(err)
	}
	check(t, "captured once", `captures`, "1")
	if first.ID() == second.ID() || first.Tracks()[0].Live() || !second.Tracks()[0].Live() {
		t.Error("want a stream of its own for each, the second live")
	}
	var wrong *ArgumentError
	for _, source := range []string{`{}`, `5`, `{captureStream: () => new MediaStream}`} {
		if _, err := capture(t, `({custom: {source: `+source+`}})`, ``); !errors.As(err, &wrong) {
			t.Errorf("%s: %v, want an *ArgumentError", source, err)
		}
	}
}

func TestLateGrantIsStopped(t *testing.T) {
	eval(t, `navigator.mediaDevices = {getUserMedia: () => new Promise(give => { globalThis.give = give })}`)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error)
	go func() {
		_, err := Capture(ctx, Source{}, CaptureOptions{})
		failed <- err
	}()
	eventually(t, "asked", `typeof globalThis.give`, "function")
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	eval(t, `globalThis.late = streamOf("video"); give(late)`)
	eventually(t, "late", `late.getTracks()[0].readyState`, "ended")
}

// TestOneKindOfACustomSource: tracks of the page's own stream go on, clones of an element
// that nobody needs do not.
func TestOneKindOfACustomSource(t *testing.T) {
	eval(t, `globalThis.own = streamOf("video", "audio");
		globalThis.clones = [];
		globalThis.element = {captureStream() { return {clone() { const s = streamOf("video", "audio"); clones.push(s); s.all = s.getTracks(); return s }} }}`)
	for _, source := range []string{"own", "element"} {
		c, err := ReadOptions[CaptureCustom](eval(t, `const source = `+source+`; source.cycle = source; return {source, optimizationMode: "detail"}`))
		if err != nil {
			t.Fatal(err)
		}
		shots, err := Shoot(t.Context(), CustomSource(Bitrates{}, Audio, c), CaptureOptions{KeepAudioTrack: true})
		if err != nil || len(shots) != 1 || shots[0].Track.Kind() != Audio {
			t.Errorf("%s: %v, %v", source, shots, err)
		}
	}
	check(t, "own", `own.getTracks().map(t => t.kind + " " + t.readyState).sort()`, "audio live,video live")
	check(t, "clone", `clones[0].all.map(t => t.kind + " " + t.readyState).sort()`, "audio live,video ended")
	c, _ := ReadOptions[CaptureCustom](eval(t, `return {source: streamOf("video")}`))
	if _, err := Shoot(t.Context(), CustomSource(Bitrates{}, Audio, c), CaptureOptions{}); err == nil || err.Error() != "the source has no audio track" {
		t.Errorf("without audio: %v", err)
	}
}
