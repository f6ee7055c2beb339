//go:build js && wasm

package media

import (
	"encoding/binary"
	"math"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// audio is the page's one AudioContext, since browsers give few. It lives while somebody
// holds it, and runs once the user has touched the page.
var audio audioContext

type audioContext struct {
	value    safejs.Value // undefined while nobody holds it
	holders  map[*audioHold]bool
	watches  []func()     // listeners to its state
	gestures []func()     // listeners that wait for a gesture
	tapCode  safejs.Value // the promise of the code of taps
	// pinned says that the page has it, or that an element of the page's plays through it,
	// which is for good.
	pinned bool
}

// audioHold is one use of the context.
type audioHold struct {
	// changed is told on a goroutine of its own that the context has begun or ceased to run.
	changed func()
}

// holdAudio makes the context if there is none. It fails where browsers have no WebAudio.
func holdAudio(changed func()) (*audioHold, error) {
	if audio.value.IsUndefined() {
		value, err := jsx.New("AudioContext", map[string]any{"latencyHint": "interactive"})
		if err != nil {
			return nil, refusal("", err)
		}
		audio.value, audio.holders = value, map[*audioHold]bool{}
		audio.watches = []func(){jsx.Listen(value, "statechange", func(safejs.Value) { audio.onState() })}
		audio.onState()
	}
	h := &audioHold{changed: changed}
	audio.holders[h] = true
	return h, nil
}

// release lets the context go with its last holder.
func (h *audioHold) release() {
	if h == nil {
		return
	}
	delete(audio.holders, h)
	if len(audio.holders) > 0 || audio.pinned || audio.value.IsUndefined() {
		return
	}
	stopAll(&audio.watches)
	stopAll(&audio.gestures)
	quietly(call(audio.value, "close"))
	audio = audioContext{}
}

// runs reports whether sound goes through the context.
func (a *audioContext) runs() bool { return jsx.String(a.value, "state") == "running" }

// now is the context's clock in seconds.
func (a *audioContext) now() float64 { return jsx.Float(a.value, "currentTime") }

// onState asks for a gesture while the context stands still: at first, and when a phone
// has interrupted it.
func (a *audioContext) onState() {
	for h := range a.holders {
		go h.changed()
	}
	switch {
	case a.runs():
		stopAll(&a.gestures)
	case len(a.gestures) == 0:
		resume := func(safejs.Value) { quietly(call(a.value, "resume")) }
		for _, event := range []string{"mousedown", "click", "keydown", "touchend", "visibilitychange"} {
			a.gestures = append(a.gestures, jsx.Listen(document(), event, resume))
		}
	}
}

// quietly takes a promise whose rejection means nothing new.
func quietly(promise safejs.Value) { call(promise, "catch", jsx.Global("Object")) }

// node makes a node of the context, of a kind that every browser with WebAudio has.
func (a *audioContext) node(kind string, args ...any) safejs.Value {
	return call(a.value, "create"+kind, args...)
}

// gain makes a volume.
func (a *audioContext) gain(volume float64) safejs.Value {
	n := a.node("Gain")
	set(jsx.Get(n, "gain"), "value", volume)
	return n
}

// slide changes a parameter without a click, within some 50 ms.
func (a *audioContext) slide(param safejs.Value, to float64) {
	call(param, "setTargetAtTime", to, a.now(), 0.015)
}

// listen makes a node of a track.
func (a *audioContext) listen(t *Track) safejs.Value {
	return a.node("MediaStreamSource", newMediaStream([]any{t.value}))
}

// connect puts nodes in a row.
func connect(nodes ...safejs.Value) {
	for i := 1; i < len(nodes); i++ {
		call(nodes[i-1], "connect", nodes[i])
	}
}

// disconnect takes nodes out of the graph.
func disconnect(nodes ...safejs.Value) {
	for _, n := range nodes {
		if !n.IsUndefined() {
			call(n, "disconnect")
		}
	}
}

// delay makes a delay.
func (a *audioContext) delay(seconds float64) safejs.Value {
	n := a.node("Delay", seconds+1)
	set(jsx.Get(n, "delayTime"), "value", seconds)
	return n
}

// filter makes a filter of second order.
func (a *audioContext) filter(kind string, frequency float64) safejs.Value {
	n := a.node("BiquadFilter")
	set(n, "type", kind)
	set(jsx.Get(n, "frequency"), "value", frequency)
	return n
}

// floats is a Float32Array.
func floats(samples []float32) safejs.Value {
	data := make([]byte, 0, 4*len(samples))
	for _, x := range samples {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
	}
	bytes, err := jsx.New("Uint8Array", len(data))
	if err == nil {
		_, err = safejs.CopyBytesToJS(bytes, data)
	}
	report(err)
	list, err := jsx.New("Float32Array", jsx.Get(bytes, "buffer"))
	report(err)
	return list
}
