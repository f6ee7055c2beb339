//go:build !js

package media

import (
	"math"
	"testing"
)

// crossings counts how often samples rise through zero.
func crossings(samples []float32) int {
	n := 0
	for i := 1; i < len(samples); i++ {
		if samples[i-1] < 0 && samples[i] >= 0 {
			n++
		}
	}
	return n
}

// TestFramer: a second of a tone is the same tone in every rate, in frames of the wanted
// size, however the blocks are cut.
func TestFramer(t *testing.T) {
	const tone = 440
	for _, c := range []struct{ in, rate, size, channels, block int }{
		{48000, 0, 4096, 1, 1024},
		{48000, 16000, 512, 1, 1024},
		{48000, 8000, 256, 2, 1000},
		{44100, 48000, 1024, 2, 128},
		{48000, 44100, 16384, 1, 2048},
		{48000, 22050, 256, 1, 1},
	} {
		f := newFramer(FrameOptions{Size: c.size, Rate: c.rate, Channels: c.channels, Bits: 32}, c.in)
		var heard [2][]float32
		for at := 0; at+c.block <= c.in; at += c.block {
			block := make([][]float32, c.channels)
			for side := range block {
				for i := range c.block {
					block[side] = append(block[side], float32(math.Sin(2*math.Pi*tone*float64(side+1)*float64(at+i)/float64(c.in))))
				}
			}
			f.add(block, func(frame Frame) {
				if len(frame.Channels) != c.channels || frame.Rate != f.opt.Rate {
					t.Fatalf("%+v: a frame has %d channels, rate %d", c, len(frame.Channels), frame.Rate)
				}
				for side, samples := range frame.Channels {
					if len(samples) != c.size {
						t.Fatalf("%+v: a frame has %d samples", c, len(samples))
					}
					heard[side] = append(heard[side], samples...)
				}
			})
		}
		for side := range c.channels {
			n := len(heard[side])
			if n < f.opt.Rate-c.size-c.block*2 || n > f.opt.Rate {
				t.Errorf("%+v: %d samples of a second", c, n)
			}
			want := float64(tone*(side+1)) * float64(n) / float64(f.opt.Rate)
			if got := crossings(heard[side]); math.Abs(float64(got)-want) > 2 {
				t.Errorf("%+v: %d periods, want %.0f", c, got, want)
			}
		}
	}
}

func TestFrameBytes(t *testing.T) {
	f := Frame{Bits: 16, Channels: [][]float32{{0, 1, -1, 2, -2, 0.5}}}
	want := []int16{0, 32767, -32767, 32767, -32767, 16384}
	data := f.Bytes(0)
	for i, w := range want {
		if got := int16(uint16(data[2*i]) | uint16(data[2*i+1])<<8); got != w {
			t.Errorf("sample %d is %d, want %d", i, got, w)
		}
	}
	f.Bits = 32
	if data := f.Bytes(0); len(data) != 24 || math.Float32frombits(uint32(data[4])|uint32(data[5])<<8|uint32(data[6])<<16|uint32(data[7])<<24) != 1 {
		t.Errorf("floats are %v", data)
	}
}
