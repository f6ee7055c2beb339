package media

import (
	"errors"
	"reflect"
	"slices"

	"expressrtc/server/protocol/json"
)

// Source says what createStream captures; at most one field is set.
// The JSON names are the contract's (ZegoLocalStreamConfig). Pointers tell "not given"
// from a zero value.
type Source struct {
	Camera *Camera `json:"camera,omitempty"`
	Screen *Screen `json:"screen,omitempty"`
	Custom *Custom `json:"custom,omitempty"`
}

// Several reports whether more than one source is set, which is one too many.
func (s Source) Several() bool {
	n := 0
	for _, set := range []bool{s.Camera != nil, s.screen() != nil, s.Custom != nil} {
		if set {
			n++
		}
	}
	return n > 1
}

// Kinds are those that the sources may give, audio first.
func Kinds(sources ...Source) []Kind {
	return slices.DeleteFunc([]Kind{Audio, Video}, func(kind Kind) bool {
		return !slices.ContainsFunc(sources, func(s Source) bool { return s.mayGive(kind) })
	})
}

func (s Source) mayGive(kind Kind) bool {
	switch {
	case s.Custom != nil:
		return s.Custom.Only == "" || s.Custom.Only == kind
	case s.screen() != nil:
		return kind == Video || deref(s.Screen.Audio, true)
	case s.Camera == nil:
		return true
	case kind == Video:
		return deref(s.Camera.Video, true)
	default:
		return deref(s.Camera.Audio, true)
	}
}

// screen is the screen unless the page said screen:false.
func (s Source) screen() *Screen {
	if s.Screen == nil || s.Screen.Off {
		return nil
	}
	return s.Screen
}

// Camera configures camera and microphone (ZegoCamera).
type Camera struct {
	Audio      *bool  `json:"audio,omitempty"`
	Video      *bool  `json:"video,omitempty"`
	AudioInput string `json:"audioInput,omitempty"`
	VideoInput string `json:"videoInput,omitempty"`
	FacingMode string `json:"facingMode,omitempty"`
	Picture
	Sound
	Coding
}

// Screen configures screen sharing (ZegoScreen). In JSON it may be just true.
type Screen struct {
	Audio    *bool  `json:"audio,omitempty"`
	SourceID string `json:"sourceID,omitempty"`
	Picture
	Sound
	Coding

	// CaptureElement is the HTMLElement whose region is captured, a safejs.Value, or nil.
	CaptureElement any `json:"-"`
	// Off is what screen:false means.
	Off bool `json:"-"`
}

// Custom configures a stream of the page's own media (ZegoCustom).
type Custom struct {
	Coding

	// Source is an HTMLMediaElement or a MediaStream, as a safejs.Value. In the native
	// build it is a []*Track to use, an error to answer with, or a channel that is waited for.
	Source any `json:"-"`
	// Only is the one kind to be taken of it; "" for all.
	Only Kind `json:"-"`
}

// Picture is the size and rate of captured video.
type Picture struct {
	VideoQuality *int  `json:"videoQuality,omitempty"`
	Width        *Size `json:"width,omitempty"`
	Height       *Size `json:"height,omitempty"`
	FrameRate    *Size `json:"frameRate,omitempty"`
}

// Sound is how captured sound is cleaned.
type Sound struct {
	ANS *bool `json:"ANS,omitempty"`
	AGC *bool `json:"AGC,omitempty"`
	AEC *bool `json:"AEC,omitempty"`
}

// Coding is what the encoders are asked for.
type Coding struct {
	Bitrate               *int   `json:"bitrate,omitempty"`
	BitRate               *int   `json:"bitRate,omitempty"` // the old spelling
	AudioBitrate          *int   `json:"audioBitrate,omitempty"`
	ChannelCount          *int   `json:"channelCount,omitempty"`
	StartBitrate          string `json:"startBitrate,omitempty"`
	VideoOptimizationMode string `json:"videoOptimizationMode,omitempty"`
	MinBitrate            *int   `json:"minBitrate,omitempty"`
	// KeyFrameInterval is checked only: browsers send key frames when a receiver asks.
	KeyFrameInterval *int `json:"keyFrameInterval,omitempty"`

	// always says that the bitrate counts with every quality.
	always bool
}

// bitrate is the one that was given, under either spelling.
func (c *Coding) bitrate() *int {
	if c.Bitrate == nil {
		return c.BitRate
	}
	return c.Bitrate
}

// Size is a number or a constraint {exact, ideal, max, min} of pixels or frames per second.
type Size struct {
	Exact int `json:"exact,omitempty"`
	Ideal int `json:"ideal,omitempty"`
	Max   int `json:"max,omitempty"`
	Min   int `json:"min,omitempty"`
}

// UnmarshalJSON takes a plain number as the ideal one.
func (s *Size) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return json.Unmarshal(b, &s.Ideal)
	}
	type plain Size
	return json.Unmarshal(b, (*plain)(s))
}

// UnmarshalJSON takes true as a screen with the default options.
func (s *Screen) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		var on bool
		err := json.Unmarshal(b, &on)
		s.Off = !on
		return err
	}
	type plain Screen
	return json.Unmarshal(b, (*plain)(s))
}

// ParseSource reads the plain fields of createStream's argument. What does not fit is
// an *ArgumentError that names the field.
func ParseSource(b []byte) (Source, error) {
	var s Source
	if err := json.Unmarshal(b, &s); err != nil {
		return s, unfit(err, "createStream takes an object with camera, screen or custom")
	}
	return s, nil
}

// unfit says what is wrong with options; whole is what they should be.
func unfit(err error, whole string) *ArgumentError {
	var wrong *json.UnmarshalTypeError
	switch {
	case !errors.As(err, &wrong):
		return &ArgumentError{"the argument cannot be read: " + err.Error()}
	case wrong.Field == "":
		return &ArgumentError{whole + "; given: " + wrong.Value}
	default:
		return &ArgumentError{wrong.Field + " must be " + wanted(wrong.Type) + "; given: " + wrong.Value}
	}
}

func wanted(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	case reflect.String:
		return "a text"
	default:
		return "an object"
	}
}
