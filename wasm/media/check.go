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
	WebRTC        bool            `json:"webRTC"`
	CustomCapture bool            `json:"customCapture"`
	Camera        bool            `json:"camera"`
	Microphone    bool            `json:"microphone"`
	VideoCodec    map[string]bool `json:"videoCodec"` // what can be sent and received
	ScreenSharing bool            `json:"screenSharing"`
	ErrInfo       map[string]any  `json:"errInfo"`
}

// SingleCheck is the result of a check of one kind. ErrInfo has a NamedError by the
// kind that failed, or a text by extendedDate, the contract's own spelling.
type SingleCheck struct {
	Result  bool           `json:"result"`
	ErrInfo map[string]any `json:"errInfo"`
}

// NamedError is a browser's error in a check's result.
type NamedError struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// The two refusals to check at all, in the words that pages may compare.
const (
	badCheck  = "param error"
	busyCheck = "The last test of the same type has not returned a result "
)

func refused(text string) *SingleCheck {
	return &SingleCheck{ErrInfo: map[string]any{"extendedDate": text}}
}

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
// It always answers, with a *Capability or a *SingleCheck.
func Check(ctx context.Context, kind string, level int) any {
	return browser.check(ctx, kind, level)
}

func (c *checker) check(ctx context.Context, kind string, level int) any {
	if level != 0 && level != 1 {
		return refused(badCheck)
	}
	switch kind {
	case "", checkWebRTC, checkCustomCapture, checkCamera, checkMicrophone, checkScreen, checkH264, checkH265, checkVP8:
	default:
		return refused(badCheck)
	}
	if !c.begin(kind) {
		return refused(busyCheck)
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

func (c *checker) single(ctx context.Context, kind string, level int) *SingleCheck {
	s := &SingleCheck{ErrInfo: map[string]any{}}
	s.Result = c.works(ctx, kind, level, s.ErrInfo)
	return s
}

func (c *checker) full(ctx context.Context, level int) *Capability {
	all := &Capability{VideoCodec: map[string]bool{}, ErrInfo: map[string]any{}}
	all.WebRTC = c.works(ctx, checkWebRTC, level, all.ErrInfo)
	all.CustomCapture = c.works(ctx, checkCustomCapture, level, all.ErrInfo)
	all.ScreenSharing = c.works(ctx, checkScreen, level, all.ErrInfo)
	for _, codec := range []string{checkH264, checkH265, checkVP8, checkVP9} {
		all.VideoCodec[codec] = c.works(ctx, codec, level, all.ErrInfo)
	}
	// The user is asked for one device after the other, always in this order.
	all.Camera = c.works(ctx, checkCamera, level, all.ErrInfo)
	all.Microphone = c.works(ctx, checkMicrophone, level, all.ErrInfo)
	return all
}

// works probes one kind, and notes why it failed if the contract has a place for that.
func (c *checker) works(ctx context.Context, kind string, level int, errInfo map[string]any) bool {
	err := c.probe(ctx, kind, level)
	if err == nil {
		return true
	}
	switch kind {
	case checkWebRTC, checkCustomCapture, checkCamera, checkMicrophone:
		errInfo[kind] = NamedError{err.Name, err.Message}
	}
	return false
}
