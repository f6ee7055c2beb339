package engine

import (
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/media"
)

// PlayOption is the contract's ZegoWebPlayOption as far as it is understood. The kinds
// are checked, so they come raw.
type PlayOption struct {
	Video        json.RawMessage `json:"video"`
	Audio        json.RawMessage `json:"audio"`
	StreamParams *Text           `json:"streamParams"`
	// PlayoutDelay, in seconds, and JitterBuffer, in milliseconds, say how much is kept
	// before it is played; LowLatency, nothing more than must be.
	PlayoutDelay json.RawMessage `json:"playoutDelayHint"`
	JitterBuffer json.RawMessage `json:"jitterBufferTarget"`
	LowLatency   Truth           `json:"enableLowLatency"`
	// NotObject is set by whoever decodes an argument that is no object.
	NotObject bool `json:"-"`
}

func off(wanted json.RawMessage) bool { return string(wanted) == "false" }

// wants reports whether the page asked for that kind.
func (o *PlayOption) wants(kind media.Kind) bool {
	if kind == media.Video {
		return !off(o.Video)
	}
	return !off(o.Audio)
}

func (o *PlayOption) check() *Error {
	if o.NotObject {
		return shapePlay.error(codePlayParam, "playOption must be object")
	}
	for _, kind := range []json.RawMessage{o.Video, o.Audio} {
		if s := string(kind); s != "" && s != "null" && s != "true" && s != "false" {
			return shapePlay.error(codePlayParam, "video and audio must be boolean")
		}
	}
	if o.StreamParams != nil && !o.StreamParams.OK {
		return shapePlay.error(codePlayParam, "streamParams must be string")
	}
	if _, err := o.delay(); err != nil {
		return err
	}
	return nil
}

// delay is what the receivers are to keep, in milliseconds; nil is the browser's choice.
func (o *PlayOption) delay() (*float64, *Error) {
	hint, err := number("playoutDelayHint", o.PlayoutDelay, 1, 4)
	target, wrong := number("jitterBufferTarget", o.JitterBuffer, 1, 4000)
	switch {
	case err != nil:
		return nil, err
	case wrong != nil:
		return nil, wrong
	case bool(o.LowLatency):
		return new(float64), nil
	case target != nil:
		return target, nil
	case hint != nil:
		*hint *= 1000
	}
	return hint, nil
}

// number is an option that may be left out.
func number(name string, raw json.RawMessage, least, most float64) (*float64, *Error) {
	if len(raw) == 0 || string(raw) == "null" {
		return nil, nil
	}
	var n float64
	if json.Unmarshal(raw, &n) != nil || n < least || n > most {
		return nil, shapePlay.error(codePlayParam, "%s must be a number from %v to %v", name, least, most)
	}
	return &n, nil
}
