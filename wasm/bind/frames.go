//go:build js && wasm

package bind

import (
	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

func setAudioFrameCallback(c call) (any, error) {
	return c.engine.SetAudioFrameCallback(c.ctx, c.arg(0), c.frameSink(1), c.frameOptions(2))
}

func setCaptureAudioFrameCallback(c call) (any, error) {
	return c.engine.SetCaptureAudioFrameCallback(c.ctx, c.localID(0), c.frameSink(1), c.frameOptions(2))
}

// frameOptions are options of a frame callback.
func (c call) frameOptions(i int) engine.AudioFrameOptions {
	if !c.given(i) {
		return engine.AudioFrameOptions{}
	}
	if !c.isObject(i) {
		c.refuse(i, "must be an object")
	}
	return pick[engine.AudioFrameOptions](c, i, "frameSize", "sampleRate", "channelCount", "bitDepth")
}

// maxFrames bounds the frames that wait for a listener that is slow; then some are left out.
const maxFrames = 50

// frameSink hands frames to the function that argument i is; nil for null. They come in
// the order of the events and under their rules.
func (c call) frameSink(i int) *media.FrameSink {
	if c.value(i).IsNull() {
		return nil
	}
	s, events := &subscription{fn: c.function(i), most: maxFrames}, c.events
	return &media.FrameSink{
		Frame: func(f media.Frame) {
			v, err := frameValue(f)
			if err != nil {
				logWhole(err)
				return
			}
			events.call(s, c.method, v)
		},
		Stop: func() { events.cancel(s) },
	}
}

// frameValue is the contract's ZegoAudioFrame.
func frameValue(f media.Frame) (safejs.Value, error) {
	class := "Float32Array"
	if f.Bits == 16 {
		class = "Int16Array"
	}
	channels := make([]any, len(f.Channels))
	for i := range channels {
		data := f.Bytes(i)
		bytes, err := jsx.New("Uint8Array", len(data))
		if err != nil {
			return bytes, err
		}
		if _, err := safejs.CopyBytesToJS(bytes, data); err != nil {
			return bytes, err
		}
		if channels[i], err = jsx.New(class, jsx.Get(bytes, "buffer")); err != nil {
			return bytes, err
		}
	}
	return jsx.Call(jsx.Global("Object"), "assign", map[string]any{"channels": channels, "channelCount": len(channels), "sampleRate": f.Rate})
}
