package media

import (
	"strconv"
	"strings"
)

// The limits of the contract.
const (
	maxWidth        = 7680
	maxHeight       = 4320
	maxFrameRate    = 1000 // far above any camera; a bound all the same
	maxBitrate      = 10240
	minAudioBitrate = 6
	maxAudioBitrate = 510
)

// options checks the options of one source and keeps the first complaint.
type options struct {
	of  Origin
	err *ArgumentError
}

func (o *options) wrong(name, rule string) {
	if o.err == nil {
		o.err = &ArgumentError{string(o.of) + "." + name + " must be " + rule}
	}
}

// failed is the first complaint, or nil.
func (o *options) failed() error {
	if o.err == nil {
		return nil
	}
	return o.err
}

// between checks a number that may be left out.
func (o *options) between(name string, n *int, low, high int) {
	if n != nil && (*n < low || *n > high) {
		o.wrong(name, "a whole number from "+strconv.Itoa(low)+" to "+strconv.Itoa(high)+", not "+strconv.Itoa(*n))
	}
}

// oneOf checks a text that may be left out.
func (o *options) oneOf(name, text string, allowed ...string) {
	if text == "" {
		return
	}
	for _, a := range allowed {
		if text == a {
			return
		}
	}
	o.wrong(name, "one of "+strings.Join(allowed, ", ")+", not "+text)
}

// size checks a size that may be left out; each of its figures may be, but not all.
func (o *options) size(name string, s *Size, high int) {
	if s == nil {
		return
	}
	if *s == (Size{}) {
		o.wrong(name, "a whole number from 1, or an object with exact, ideal, max or min")
	}
	for _, n := range []int{s.Exact, s.Ideal, s.Max, s.Min} {
		if n != 0 {
			o.between(name, &n, 1, high)
		}
	}
}

func (o *options) coding(c *Coding) {
	o.between("bitrate", c.bitrate(), 0, maxBitrate)
	o.between("audioBitrate", c.AudioBitrate, minAudioBitrate, maxAudioBitrate)
	o.between("channelCount", c.ChannelCount, 1, 2)
	o.between("minBitrate", c.MinBitrate, 0, maxBitrate)
	o.between("keyFrameInterval", c.KeyFrameInterval, 2, 6)
	o.oneOf("startBitrate", c.StartBitrate, "default", "target")
	o.oneOf("videoOptimizationMode", c.VideoOptimizationMode, "default", "motion", "detail")
}

func (o *options) picture(p *Picture) {
	o.between("videoQuality", p.VideoQuality, 1, customQuality)
	o.size("width", p.Width, maxWidth)
	o.size("height", p.Height, maxHeight)
	o.size("frameRate", p.FrameRate, maxFrameRate)
}

// given complains about a figure that quality 4 needs and did not get.
func (o *options) given(name string, ok bool) {
	if !ok {
		o.wrong(name, "given with videoQuality 4")
	}
}

func deref[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}
