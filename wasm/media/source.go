package media

// Source says what createStream captures; at most one field is set.
// The JSON names are the contract's (ZegoLocalStreamConfig).
type Source struct {
	Camera *Camera `json:"camera,omitempty"`
	Screen *Screen `json:"screen,omitempty"`
	Custom *Custom `json:"custom,omitempty"`
}

// Size is a number or a constraint {exact, ideal, max, min} of pixels or frames per second.
type Size struct {
	Exact int `json:"exact,omitempty"`
	Ideal int `json:"ideal,omitempty"`
	Max   int `json:"max,omitempty"`
	Min   int `json:"min,omitempty"`
}

// Camera configures camera and microphone (ZegoCamera). Pointers tell "not given" from a zero value.
type Camera struct {
	Audio                 *bool  `json:"audio,omitempty"`
	Video                 *bool  `json:"video,omitempty"`
	AudioInput            string `json:"audioInput,omitempty"`
	VideoInput            string `json:"videoInput,omitempty"`
	FacingMode            string `json:"facingMode,omitempty"`
	VideoQuality          *int   `json:"videoQuality,omitempty"`
	Width                 *Size  `json:"width,omitempty"`
	Height                *Size  `json:"height,omitempty"`
	FrameRate             *Size  `json:"frameRate,omitempty"`
	Bitrate               *int   `json:"bitrate,omitempty"`
	BitRate               *int   `json:"bitRate,omitempty"`
	AudioBitrate          *int   `json:"audioBitrate,omitempty"`
	ChannelCount          *int   `json:"channelCount,omitempty"`
	ANS                   *bool  `json:"ANS,omitempty"`
	AGC                   *bool  `json:"AGC,omitempty"`
	AEC                   *bool  `json:"AEC,omitempty"`
	StartBitrate          string `json:"startBitrate,omitempty"`
	VideoOptimizationMode string `json:"videoOptimizationMode,omitempty"`
	MinBitrate            *int   `json:"minBitrate,omitempty"`
	KeyFrameInterval      *int   `json:"keyFrameInterval,omitempty"`
}
