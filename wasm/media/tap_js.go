//go:build js && wasm

package media

import (
	"context"
	"encoding/binary"
	"math"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// Tap hands the samples of a track to the page.
type Tap struct {
	opt    FrameOptions
	sink   FrameSink
	framer *framer
	hold   *audioHold
	track  *Track
	source safejs.Value
	// nodes are a low-pass where the rate becomes lower, and last the one that taps.
	nodes []safejs.Value
	// player plays what was received, without sound: Chromium decodes nothing else.
	player safejs.Value
	stops  []func()
}

// TapCode is the code of the tap for a worklet, which runs beside the page. URL is where
// it is served, "" if nowhere; Source is the same as a text.
type TapCode struct{ URL, Source string }

// tapProcessor is the name under which the code registers, see static/tap.js.
const tapProcessor = "expressrtc-tap"

// NewTap makes a tap that has no source yet. It waits until the browser has the code; where
// it does not take that, the page's own thread takes the samples.
func NewTap(ctx context.Context, code TapCode, opt FrameOptions, sink FrameSink) (*Tap, error) {
	hold, err := holdAudio(func() {})
	if err != nil {
		return nil, err
	}
	t := &Tap{opt: opt, sink: sink, hold: hold}
	rate := jsx.Int(audio.value, "sampleRate")
	t.framer = newFramer(opt, rate)
	if opt.Rate > 0 && opt.Rate < rate {
		high := 0.45 * float64(opt.Rate)
		t.nodes = []safejs.Value{audio.filter("lowpass", high), audio.filter("lowpass", high)}
	}
	node, err := t.newWorklet(ctx, code)
	if err != nil {
		node = t.newProcessor()
	}
	if ctx.Err() != nil {
		t.Close()
		return nil, context.Cause(ctx)
	}
	t.nodes = append(t.nodes, node)
	connect(append(t.nodes, jsx.Get(audio.value, "destination"))...) // or nothing runs
	return t, nil
}

// blockSize is how many samples come at once.
func (t *Tap) blockSize() int { return min(t.opt.Size, 2048) }

func (t *Tap) newWorklet(ctx context.Context, code TapCode) (safejs.Value, error) {
	if err := audio.loadTap(ctx, code); err != nil {
		return safejs.Undefined(), err
	}
	node, err := jsx.New("AudioWorkletNode", audio.value, tapProcessor, map[string]any{
		"channelCount": t.opt.Channels, "channelCountMode": "explicit",
		"processorOptions": map[string]any{"size": t.blockSize()},
	})
	if err != nil {
		return node, err
	}
	port := jsx.Get(node, "port")
	t.stops = append(t.stops,
		jsx.Listen(port, "message", func(event safejs.Value) { t.take(jsx.Get(event, "data")) }),
		func() { call(port, "postMessage", 0) }) // ends the processor
	call(port, "start")
	return node, nil
}

// loadTap gives the context the code, once.
func (a *audioContext) loadTap(ctx context.Context, code TapCode) error {
	if a.tapCode.IsUndefined() {
		url := code.URL
		if url == "" {
			blob, err := jsx.New("Blob", []any{code.Source}, map[string]any{"type": "text/javascript"})
			if err != nil {
				return err
			}
			url = jsx.String(call(jsx.Global("URL"), "createObjectURL", blob))
			defer call(jsx.Global("URL"), "revokeObjectURL", url)
		}
		promise, err := jsx.Call(jsx.Get(a.value, "audioWorklet"), "addModule", url)
		if err != nil {
			return err
		}
		a.tapCode = promise
	}
	_, err := jsx.Await(ctx, a.tapCode)
	return err
}

// newProcessor is the old way, of browsers and pages that load no worklet.
func (t *Tap) newProcessor() safejs.Value {
	node := audio.node("ScriptProcessor", t.blockSize(), t.opt.Channels, 1)
	t.stops = append(t.stops, jsx.Listen(node, "audioprocess", func(event safejs.Value) {
		input := jsx.Get(event, "inputBuffer")
		all := make([]any, t.opt.Channels)
		for c := range all {
			all[c] = call(input, "getChannelData", c)
		}
		t.take(call(jsx.Global("Array"), "of", all...))
	}))
	return node
}

// take gets a Float32Array a channel.
func (t *Tap) take(channels safejs.Value) {
	if jsx.Int(channels, "length") != t.opt.Channels {
		return
	}
	block := make([][]float32, t.opt.Channels)
	for c := range block {
		block[c] = samples(at(channels, c))
	}
	t.framer.add(block, t.sink.Frame)
}

// samples copies a Float32Array.
func samples(list safejs.Value) []float32 {
	data := make([]byte, jsx.Int(list, "byteLength"))
	bytes, err := jsx.New("Uint8Array", jsx.Get(list, "buffer"), jsx.Int(list, "byteOffset"), len(data))
	if err == nil {
		_, err = safejs.CopyBytesToGo(data, bytes)
	}
	report(err)
	floats := make([]float32, len(data)/4)
	for i := range floats {
		floats[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return floats
}

// SetSource takes another track; nil is none.
func (t *Tap) SetSource(track *Track) {
	if track.Same(t.track) {
		return
	}
	t.unplug()
	if t.track = track; track == nil {
		return
	}
	if t.opt.Received {
		t.player = newElement("audio")
		set(t.player, "muted", true)
		set(t.player, "srcObject", newMediaStream([]any{track.value}))
		quietly(call(t.player, "play"))
	}
	t.source = audio.listen(track)
	connect(t.source, t.nodes[0])
}

func (t *Tap) unplug() {
	disconnect(t.source)
	t.source = safejs.Undefined()
	if !t.player.IsUndefined() {
		set(t.player, "srcObject", nil)
		t.player = safejs.Undefined()
	}
}

// Close ends it.
func (t *Tap) Close() {
	t.sink.Stop()
	t.unplug()
	disconnect(t.nodes...)
	stopAll(&t.stops)
	t.hold.release()
	t.hold = nil
}
