package media

import (
	"context"
	"sync"
)

// The kinds of a single check.
const (
	checkWebRTC        = "webRTC"
	checkCustomCapture = "customCapture"
	checkCamera        = "camera"
	checkMicrophone    = "microphone"
	checkScreen        = "screenSharing"
	checkH264          = "H264"
	checkH265          = "H265"
	checkVP8           = "VP8"
	checkVP9           = "VP9" // in the full check alone
)

// Capability is what a full check found.
type Capability struct {
	WebRTC        bool       `json:"webRTC"`
	CustomCapture bool       `json:"customCapture"`
	Camera        bool       `json:"camera"`
	Microphone    bool       `json:"microphone"`
	VideoCodec    CodecCheck `json:"videoCodec"`
	ScreenSharing bool       `json:"screenSharing"`
	ErrInfo       CheckError `json:"errInfo"`
}

// CodecCheck is which codecs the browser can send and receive.
type CodecCheck struct {
	H264 bool `json:"H264"`
	H265 bool `json:"H265"`
	VP8  bool `json:"VP8"`
	VP9  bool `json:"VP9"`
}

// SingleCheck is the result of a check of one kind.
type SingleCheck struct {
	Result  bool       `json:"result"`
	ErrInfo CheckError `json:"errInfo"`
}

// CheckError says why a check failed. ExtendedDate is the contract's own spelling.
type CheckError struct {
	WebRTC        *NamedError `json:"webRTC,omitempty"`
	CustomCapture *NamedError `json:"customCapture,omitempty"`
	Camera        *NamedError `json:"camera,omitempty"`
	Microphone    *NamedError `json:"microphone,omitempty"`
	ExtendedDate  string      `json:"extendedDate,omitempty"`
}

// NamedError is a browser's error in a check's result.
type NamedError struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// set notes why kind failed, if the contract has a place for it.
func (c *CheckError) set(kind string, err *Error) {
	if err == nil {
		return
	}
	named := &NamedError{err.Name, err.Message}
	switch kind {
	case checkWebRTC:
		c.WebRTC = named
	case checkCustomCapture:
		c.CustomCapture = named
	case checkCamera:
		c.Camera = named
	case checkMicrophone:
		c.Microphone = named
	}
}

// The two refusals to check at all, in the words that pages may compare.
var (
	badCheck  = SingleCheck{ErrInfo: CheckError{ExtendedDate: "param error"}}
	busyCheck = SingleCheck{ErrInfo: CheckError{ExtendedDate: "The last test of the same type has not returned a result "}}
)

// checker lets one check of a kind run at a time.
type checker struct {
	// probe tries one kind and tells why it does not work, or nil.
	probe func(ctx context.Context, kind string, level int) *Error

	mu      sync.Mutex
	running map[string]bool // by kind; "" is the full check
}

var browser = checker{probe: probe, running: map[string]bool{}}

// Check finds out what this browser can do (checkSystemRequirements): everything if
// kind is empty, which opens the camera and the microphone for a moment, or one kind.
// It always answers, with a Capability or a SingleCheck.
func Check(ctx context.Context, kind string, level int) any {
	return browser.check(ctx, kind, level)
}

func (c *checker) check(ctx context.Context, kind string, level int) any {
	if level != 0 && level != 1 {
		return badCheck
	}
	switch kind {
	case "", checkWebRTC, checkCustomCapture, checkCamera, checkMicrophone, checkScreen, checkH264, checkH265, checkVP8:
	default:
		return badCheck
	}
	if !c.begin(kind) {
		return busyCheck
	}
	defer c.end(kind)
	if kind == "" {
		return c.full(ctx, level)
	}
	return c.single(ctx, kind, level)
}

func (c *checker) begin(kind string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running[kind] || c.running[""] {
		return false
	}
	c.running[kind] = true
	return true
}

func (c *checker) end(kind string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.running, kind)
}

func (c *checker) single(ctx context.Context, kind string, level int) SingleCheck {
	err := c.probe(ctx, kind, level)
	s := SingleCheck{Result: err == nil}
	s.ErrInfo.set(kind, err)
	return s
}

func (c *checker) full(ctx context.Context, level int) Capability {
	var all Capability
	works := func(kind string) bool {
		err := c.probe(ctx, kind, level)
		all.ErrInfo.set(kind, err)
		return err == nil
	}
	all.WebRTC = works(checkWebRTC)
	all.CustomCapture = works(checkCustomCapture)
	all.Camera = works(checkCamera)
	all.Microphone = works(checkMicrophone)
	all.ScreenSharing = works(checkScreen)
	all.VideoCodec = CodecCheck{H264: works(checkH264), H265: works(checkH265), VP8: works(checkVP8), VP9: works(checkVP9)}
	return all
}
