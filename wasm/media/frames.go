package media

import (
	"encoding/binary"
	"math"
)

// FrameOptions is the form in which sound is handed to the page as samples.
type FrameOptions struct {
	// Size is how many samples of each channel a frame has.
	Size int
	// Rate in Hz; 0 is that of the page's sound.
	Rate int
	// Channels is 1 or 2.
	Channels int
	// Bits is 32 for floating point, 16 for whole numbers.
	Bits int
	// Received says that the track comes from somebody else.
	Received bool
}

// Frame is some samples of each channel, from -1 to 1.
type Frame struct {
	Rate     int
	Bits     int
	Channels [][]float32
}

// Bytes are the samples of a channel as a browser keeps them: floats, or with 16 bits
// whole numbers.
func (f Frame) Bytes(channel int) []byte {
	samples := f.Channels[channel]
	data := make([]byte, 0, len(samples)*f.Bits/8)
	for _, x := range samples {
		if f.Bits == 16 {
			n := math.Round(float64(min(max(x, -1), 1)) * math.MaxInt16)
			data = binary.LittleEndian.AppendUint16(data, uint16(int16(n)))
		} else {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(x))
		}
	}
	return data
}

// FrameSink takes what is heard; neither function blocks.
type FrameSink struct {
	Frame func(Frame)
	// Stop is told once that no frame follows.
	Stop func()
}

// framer makes frames of one rate out of blocks of another. What is too high for the new
// rate was filtered out before.
type framer struct {
	opt  FrameOptions
	step float64 // how many samples of the input one of the output takes
	at   float64 // where in pending the next one is taken
	// pending is the input that is not used up, filled the frame so far.
	pending, filled [][]float32
}

func newFramer(opt FrameOptions, rate int) *framer {
	if opt.Rate == 0 {
		opt.Rate = rate
	}
	return &framer{
		opt: opt, step: float64(rate) / float64(opt.Rate),
		pending: make([][]float32, opt.Channels), filled: make([][]float32, opt.Channels),
	}
}

// add takes a block of every channel, and tells each frame that is full.
func (f *framer) add(block [][]float32, tell func(Frame)) {
	for c := range f.pending {
		f.pending[c] = append(f.pending[c], block[c]...)
	}
	for int(f.at)+1 < len(f.pending[0]) {
		whole, part := int(f.at), float32(f.at-math.Floor(f.at))
		for c, in := range f.pending {
			f.filled[c] = append(f.filled[c], in[whole]+part*(in[whole+1]-in[whole]))
		}
		f.at += f.step
		if len(f.filled[0]) == f.opt.Size {
			tell(Frame{f.opt.Rate, f.opt.Bits, f.filled})
			f.filled = make([][]float32, f.opt.Channels)
		}
	}
	used := min(int(f.at), len(f.pending[0]))
	for c, in := range f.pending {
		f.pending[c] = append(in[:0:0], in[used:]...)
	}
	f.at -= float64(used)
}
