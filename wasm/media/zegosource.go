package media

import "expressrtc/server/protocol/json"

// CaptureCamera says how ZegoLocalStream captures a camera (ZegoCaptureCamera).
type CaptureCamera struct {
	Input      string `json:"input"`
	FacingMode string `json:"facingMode"`
	ZegoPicture
}

// CaptureMicrophone says how it captures a microphone (ZegoCaptureMicrophone).
type CaptureMicrophone struct {
	Input        string `json:"input"`
	ChannelCount *int   `json:"channelCount"`
	Sound
}

// CaptureScreen says how it captures a screen's picture (ZegoCaptureScreenVideo).
type CaptureScreen struct {
	SourceID string `json:"sourceID"`
	ZegoPicture

	// CaptureElement is as Screen has it.
	CaptureElement any `json:"-"`
}

// CaptureScreenAudio says how it captures a screen's sound (ZegoCaptureScreenAudio).
type CaptureScreenAudio struct{ Sound }

// CaptureCustom says how it captures what the page gives (ZegoCustomAudio, ZegoCustomVideo).
type CaptureCustom struct {
	ChannelCount *int `json:"channelCount"`
	ZegoPicture

	// Source is as Custom has it.
	Source any `json:"-"`
}

// ZegoPicture is what all pictures have, under the names of these options.
type ZegoPicture struct {
	Quality          *int   `json:"quality"`
	Width            *Size  `json:"width"`
	Height           *Size  `json:"height"`
	FrameRate        *Size  `json:"frameRate"`
	OptimizationMode string `json:"optimizationMode"`
	KeyFrameInterval *int   `json:"keyFrameInterval"`
}

func (p *ZegoPicture) picture() Picture {
	return Picture{VideoQuality: p.Quality, Width: p.Width, Height: p.Height, FrameRate: p.FrameRate}
}

// Bitrates are what createZegoStream says of the encoders, for all captures.
type Bitrates struct {
	Video VideoBitrate `json:"videoBitrate"`
	Audio *int         `json:"audioBitrate"`
}

// VideoBitrate is a number of kbit/s or {bitrate, startBitrate, minBitrate}.
type VideoBitrate struct {
	Bitrate      *int   `json:"bitrate"`
	StartBitrate string `json:"startBitrate"`
	MinBitrate   *int   `json:"minBitrate"`
}

// UnmarshalJSON takes a plain number as the bitrate.
func (v *VideoBitrate) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		return json.Unmarshal(b, &v.Bitrate)
	}
	type plain VideoBitrate
	return json.Unmarshal(b, (*plain)(v))
}

// coding is what the encoders are asked for. Quality 4 takes its bitrate from here; the
// standard one's goes for it otherwise.
func (b *Bitrates) coding(p ZegoPicture, otherwise preset) Coding {
	c := Coding{
		Bitrate: b.Video.Bitrate, StartBitrate: b.Video.StartBitrate, MinBitrate: b.Video.MinBitrate, AudioBitrate: b.Audio,
		VideoOptimizationMode: p.OptimizationMode, KeyFrameInterval: p.KeyFrameInterval,
		always: b.Video.Bitrate != nil,
	}
	if c.Bitrate == nil && deref(p.Quality, 0) == customQuality {
		c.Bitrate = &otherwise.bitrate
	}
	return c
}

// CameraSource is camera and microphone together; nil leaves one out.
func CameraSource(b Bitrates, video *CaptureCamera, audio *CaptureMicrophone) Source {
	withVideo, withAudio := video != nil, audio != nil
	c := &Camera{Video: &withVideo, Audio: &withAudio}
	if withVideo {
		c.VideoInput, c.FacingMode, c.Picture = video.Input, video.FacingMode, video.picture()
		c.Coding = b.coding(video.ZegoPicture, cameraPresets[defaultQuality])
	} else {
		c.Coding = b.coding(ZegoPicture{}, preset{})
	}
	if withAudio {
		c.AudioInput, c.Sound, c.ChannelCount = audio.Input, audio.Sound, audio.ChannelCount
	}
	return Source{Camera: c}
}

// ScreenSource is a screen, and with audio its sound.
func ScreenSource(b Bitrates, video *CaptureScreen, audio *CaptureScreenAudio) Source {
	withAudio := audio != nil
	s := &Screen{
		Audio: &withAudio, SourceID: video.SourceID, CaptureElement: video.CaptureElement,
		Picture: video.picture(), Coding: b.coding(video.ZegoPicture, screenPresets[defaultQuality]),
	}
	if withAudio {
		s.Sound = audio.Sound
	}
	return Source{Screen: s}
}

// CustomSource is one kind of what the page gives.
func CustomSource(b Bitrates, kind Kind, c CaptureCustom) Source {
	custom := &Custom{Source: c.Source, Only: kind, Coding: b.coding(c.ZegoPicture, preset{})}
	custom.ChannelCount = c.ChannelCount
	return Source{Custom: custom}
}

// Choice is an option that may be just true or false.
type Choice[T any] struct {
	// Not is what false means.
	Not bool
	Of  T
}

// UnmarshalJSON takes true as the default options.
func (c *Choice[T]) UnmarshalJSON(b []byte) error {
	if b[0] != '{' {
		var on bool
		err := json.Unmarshal(b, &on)
		c.Not = !on
		return err
	}
	return json.Unmarshal(b, &c.Of)
}

// wanted is the options, nil if they are not to be: as said, or otherwise as it is usual.
func (c *Choice[T]) wanted(usual bool) *T {
	switch {
	case c == nil && usual:
		return new(T)
	case c == nil || c.Not:
		return nil
	default:
		return &c.Of
	}
}

// ZegoOptions are createZegoStream's (ZegoStreamOptions), but for the elements of the page.
type ZegoOptions struct {
	Bitrates
	AutoCapture       *bool       `json:"autoCapture"`
	AutoPlay          *bool       `json:"autoPlay"`
	MultiplacePreview bool        `json:"multiplacePreview"`
	Camera            *ZegoCamera `json:"camera"`
	Screen            *ZegoScreen `json:"screen"`
	Custom            *ZegoCustom `json:"custom"`
}

// ZegoCamera is the option camera.
type ZegoCamera struct {
	Video *Choice[CaptureCamera]     `json:"video"`
	Audio *Choice[CaptureMicrophone] `json:"audio"`
}

// ZegoScreen is the option screen.
type ZegoScreen struct {
	Video *Choice[CaptureScreen]      `json:"video"`
	Audio *Choice[CaptureScreenAudio] `json:"audio"`
}

// ZegoCustom is the option custom.
type ZegoCustom struct {
	Video *CaptureCustom `json:"video"`
	Audio *CaptureCustom `json:"audio"`
}

// parseOptions reads plain fields; what does not fit is an *ArgumentError.
func parseOptions(b []byte, into any) error {
	if err := json.Unmarshal(b, into); err != nil {
		return unfit(err, "the options must be an object")
	}
	return nil
}

// Several reports whether more than one source is set, which is one too many.
func (o *ZegoOptions) Several() bool {
	n := 0
	for _, set := range []bool{o.Camera != nil, o.Screen != nil, o.Custom != nil} {
		if set {
			n++
		}
	}
	return n > 1
}

// Sources are what is to be captured at once, one after the other.
func (o *ZegoOptions) Sources() []Source {
	switch {
	case !deref(o.AutoCapture, true):
		return nil
	case o.Screen != nil:
		video := o.Screen.Video.wanted(true)
		if video == nil { // browsers give the sound of a screen only with its picture
			video = &CaptureScreen{}
		}
		return []Source{ScreenSource(o.Bitrates, video, o.Screen.Audio.wanted(false))}
	case o.Custom != nil:
		return o.Custom.sources(o.Bitrates)
	case o.Camera != nil:
		return []Source{CameraSource(o.Bitrates, o.Camera.Video.wanted(true), o.Camera.Audio.wanted(true))}
	default:
		src := CameraSource(o.Bitrates, &CaptureCamera{}, &CaptureMicrophone{})
		src.Camera.Video = nil // as the scenario has it
		return []Source{src}
	}
}

func (c *ZegoCustom) sources(b Bitrates) []Source {
	var all []Source
	if c.Video != nil {
		all = append(all, CustomSource(b, Video, *c.Video))
	}
	if c.Audio != nil {
		all = append(all, CustomSource(b, Audio, *c.Audio))
	}
	return all
}
