//go:build js && wasm

package media

import (
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// plainOptions are the fields of these options that JSON can carry: the others are live
// objects of the browser, in which a framework may have hung cycles.
var plainOptions = []any{
	"input", "facingMode", "channelCount", "ANS", "AGC", "AEC", "sourceID",
	"quality", "width", "height", "frameRate", "exact", "ideal", "max", "min", "optimizationMode", "keyFrameInterval",
	"videoBitrate", "audioBitrate", "bitrate", "startBitrate", "minBitrate",
	"autoCapture", "autoPlay", "multiplacePreview", "camera", "screen", "custom", "video", "audio",
}

// ReadOptions reads the options of a capture or of createZegoStream. What does not fit is
// an *ArgumentError; undefined and null are no options.
func ReadOptions[T any](v safejs.Value) (T, error) {
	var into T
	if v.IsUndefined() || v.IsNull() {
		return into, nil
	}
	text, err := jsx.Call(jsx.Global("JSON"), "stringify", v, plainOptions)
	if err != nil {
		return into, unfit(err, "")
	}
	if err := parseOptions([]byte(jsx.String(text)), &into); err != nil {
		return into, err
	}
	if o, ok := any(&into).(interface{ takeLive(safejs.Value) }); ok {
		o.takeLive(v)
	}
	return into, nil
}

func (c *CaptureScreen) takeLive(v safejs.Value) { c.CaptureElement = object(v, "captureElement") }

func (c *CaptureCustom) takeLive(v safejs.Value) { c.Source = object(v, "source") }

func (o *ZegoOptions) takeLive(v safejs.Value) {
	if o.Screen != nil && o.Screen.Video != nil {
		o.Screen.Video.Of.takeLive(jsx.Get(v, "screen", "video"))
	}
	if o.Custom != nil && o.Custom.Video != nil {
		o.Custom.Video.takeLive(jsx.Get(v, "custom", "video"))
	}
	if o.Custom != nil && o.Custom.Audio != nil {
		o.Custom.Audio.takeLive(jsx.Get(v, "custom", "audio"))
	}
}
