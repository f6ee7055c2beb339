//go:build js && wasm

package media

import (
	"math"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// room is what a reverb preset sounds like.
type room struct {
	seconds float64 // until it has died away
	wet     float64 // how loud, beside the voice itself
	early   float64 // seconds until it begins
	low     float64 // Hz: what is lower, and what is higher, is not heard at all; 0 for all
	high    float64
}

// rooms are the reverb presets 1 to 12.
var rooms = [Reverbs]room{
	{0.5, 0.25, 0.005, 0, 0},     // SoftRoom
	{1.4, 0.4, 0.02, 0, 0},       // LargeRoom
	{2.4, 0.5, 0.03, 0, 0},       // ConcertHall
	{3, 0.55, 0.18, 0, 0},        // Valley
	{0.3, 0.2, 0.002, 0, 0},      // RecordingStudio
	{1, 0.5, 0.01, 0, 3000},      // Basement
	{1.2, 0.4, 0.04, 0, 0},       // KTV
	{0.8, 0.3, 0.02, 0, 0},       // Popular
	{0.9, 0.35, 0.012, 0, 0},     // Rock
	{1.8, 0.4, 0.025, 0, 0},      // VocalConcert
	{0.4, 0.15, 0.01, 400, 3400}, // GramoPhone
	{1.5, 0.5, 0.05, 0, 0},       // EnhancedKTV
}

// echoing is a part that sounds like a room: dry and wet side by side.
func echoing(preset int) []safejs.Value {
	r := rooms[preset-1]
	in, out, wet := audio.gain(1), audio.gain(1), audio.gain(r.wet)
	convolver := audio.node("Convolver")
	set(convolver, "buffer", r.response(jsx.Float(audio.value, "sampleRate")))
	delay := audio.delay(r.early)
	part := []safejs.Value{in}
	for _, f := range []struct {
		kind string
		at   float64
	}{{"highpass", r.low}, {"lowpass", r.high}} {
		if f.at > 0 {
			filter := audio.filter(f.kind, f.at)
			connect(part[len(part)-1], filter)
			part = append(part, filter)
		}
	}
	last := part[len(part)-1]
	connect(last, out)
	connect(last, delay, convolver, wet, out)
	return append(part, delay, convolver, wet, out)
}

// response is how a room answers to a click: noise that dies away, another one a side.
func (r room) response(rate float64) safejs.Value {
	n := int(r.seconds * rate)
	buffer := audio.node("Buffer", 2, n, rate)
	samples := make([]float32, n)
	seed := uint32(1)
	for side := range 2 {
		for i := range samples {
			seed ^= seed << 13
			seed ^= seed >> 17
			seed ^= seed << 5
			noise := float64(seed)/(1<<31) - 1
			samples[i] = float32(noise * math.Exp(-6.9*float64(i)/float64(n))) // 60 dB
		}
		call(buffer, "copyToChannel", floats(samples), side)
	}
	return buffer
}

// placed is a part that puts a voice somewhere around the head.
func placed(angle float64) []safejs.Value {
	if angle == AllRound {
		return wide()
	}
	panner := audio.node("Panner")
	set(panner, "panningModel", "HRTF")
	sin, cos := math.Sincos(angle * math.Pi / 180)
	call(panner, "setPosition", cos, 0, -sin)
	return []safejs.Value{panner}
}

// wide is a part that comes from both sides: what one ear hears a little later than the
// other has no direction, but width.
func wide() []safejs.Value {
	in, merger, late := audio.gain(1), audio.node("ChannelMerger", 2), audio.delay(0.014)
	set(in, "channelCount", 1)
	set(in, "channelCountMode", "explicit")
	connect(in, late)
	call(in, "connect", merger, 0, 0)
	call(late, "connect", merger, 0, 1)
	return []safejs.Value{in, late, merger}
}

// ducking turns a volume down by how loud the voice is, without any timer: its level is
// made a signal, and that is what is taken off.
func ducking(voice, volume safejs.Value) []safejs.Value {
	level, smooth, less := audio.node("WaveShaper"), audio.filter("lowpass", 3), audio.node("WaveShaper")
	set(level, "curve", curve(math.Abs))
	set(less, "curve", curve(func(x float64) float64 { return -0.8 * min(max((x-0.01)/0.03, 0), 1) }))
	connect(voice, level, smooth, less, volume)
	return []safejs.Value{level, smooth, less}
}

// curve is f from -1 to 1.
func curve(f func(float64) float64) safejs.Value {
	points := make([]float32, 1025)
	for i := range points {
		points[i] = float32(f(float64(i-512) / 512))
	}
	return floats(points)
}
