//go:build js && wasm

package media

import (
	"encoding/binary"
	"math"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// meterWindow is how many samples a reading of a captured track looks at: 85 ms of 48 kHz.
const meterWindow = 4096

// Meter tells how loud tracks are: those that were received by what their packets say of
// themselves, which costs nothing, all others by an analyser each.
type Meter struct {
	hold *audioHold // nil until a track needs it
	// samples is what every analyser writes to, bytes the same memory.
	samples, bytes safejs.Value
	data           []byte             // what bytes is copied to
	taps           map[string]*tap    // by the track's id
	clocks         map[string]float64 // of the newest packet of a received track, by its id
}

// tap is an analyser on one track.
type tap struct {
	source, analyser safejs.Value
	asked            bool // for in this reading
}

// NewMeter makes a meter; nothing runs before the first reading.
func NewMeter() *Meter {
	return &Meter{taps: map[string]*tap{}, clocks: map[string]float64{}}
}

// Levels reads how loud each track is at this moment, 0 to 1; nil is silence. What it
// holds for tracks that are not asked for any more is released.
func (m *Meter) Levels(tracks []*Track) []float64 {
	levels := make([]float64, len(tracks))
	var reports []any
	var received []int
	for i, t := range tracks {
		switch {
		case t == nil || !t.Live():
		case t.receiver.IsUndefined():
			levels[i] = m.tapped(t)
		default:
			reports = append(reports, call(t.receiver, "getSynchronizationSources"))
			received = append(received, i)
		}
	}
	m.release()
	m.read(reports, func(i int, level float64) { levels[received[i]] = level }, func(i int) string { return tracks[received[i]].ID() })
	return levels
}

// packet is a synchronization source: the level that its newest packet tells.
type packet struct {
	Level float64 `json:"audioLevel"`
	Clock float64 `json:"rtpTimestamp"`
}

// read takes the packets' own levels, all in one crossing. A track whose packets have
// ended is silent, whatever the last of them said.
func (m *Meter) read(reports []any, tell func(int, float64), id func(int) string) {
	clocks := make(map[string]float64, len(reports))
	var packets [][]packet
	if len(reports) > 0 {
		report(jsx.Decode(call(jsx.Global("Array"), "of", reports...), &packets))
	}
	for i, sources := range packets {
		for _, s := range sources {
			clocks[id(i)] = s.Clock
			if s.Clock != m.clocks[id(i)] {
				tell(i, s.Level)
			}
		}
	}
	m.clocks = clocks
}

// tapped is the level of a track that this page captured.
func (m *Meter) tapped(t *Track) float64 {
	tap := m.taps[t.ID()]
	if tap == nil {
		var err error
		if tap, err = m.tap(t); err != nil {
			report(err)
			return 0
		}
		m.taps[t.ID()] = tap
	}
	tap.asked = true
	call(tap.analyser, "getFloatTimeDomainData", m.samples)
	return m.loudness()
}

func (m *Meter) tap(t *Track) (*tap, error) {
	if err := m.open(); err != nil {
		return nil, err
	}
	tap := &tap{source: audio.listen(t), analyser: audio.node("Analyser")}
	set(tap.analyser, "fftSize", meterWindow)
	connect(tap.source, tap.analyser)
	return tap, nil
}

// open makes what the taps share.
func (m *Meter) open() (err error) {
	if m.hold == nil {
		if m.hold, err = holdAudio(func() {}); err != nil {
			return err
		}
		m.data = make([]byte, 4*meterWindow)
		m.samples = floats(make([]float32, meterWindow))
		m.bytes, err = jsx.New("Uint8Array", jsx.Get(m.samples, "buffer"))
	}
	return err
}

// loudness is the root of the mean square of the samples.
func (m *Meter) loudness() float64 {
	data := m.data
	if _, err := safejs.CopyBytesToGo(data, m.bytes); err != nil {
		report(err)
		return 0
	}
	sum := 0.0
	for i := 0; i < len(data); i += 4 {
		x := float64(math.Float32frombits(binary.LittleEndian.Uint32(data[i:])))
		sum += x * x
	}
	return min(math.Sqrt(sum/meterWindow), 1)
}

// release lets go of the taps that were not asked for.
func (m *Meter) release() {
	for id, tap := range m.taps {
		if !tap.asked {
			tap.close()
			delete(m.taps, id)
		}
		tap.asked = false
	}
}

func (t *tap) close() { disconnect(t.source, t.analyser) }

// Close releases everything. A reading after it would begin anew.
func (m *Meter) Close() {
	for _, tap := range m.taps {
		tap.close()
	}
	m.hold.release()
	*m = *NewMeter()
}
