package media

import "cmp"

// plan is a source with every default filled in: what to ask the browser for, and what
// the encoders are to make of it.
type plan struct {
	origin   Origin
	wish     wish
	encoding Encoding
	hint     string // the video tracks' contentHint
	element  any    // captureElement of a screen
	custom   any    // source of a custom stream
	only     Kind   // the one kind of it, or ""
}

// wish is the argument of getUserMedia or getDisplayMedia. Audio and Video are
// constraints or false.
type wish struct {
	Audio any `json:"audio"`
	Video any `json:"video"`
	*display
}

// display holds the options that only getDisplayMedia has: the picker offers everything.
type display struct {
	PreferCurrentTab   bool   `json:"preferCurrentTab"`
	SystemAudio        string `json:"systemAudio"`
	SelfBrowserSurface string `json:"selfBrowserSurface"`
	SurfaceSwitching   string `json:"surfaceSwitching"`
}

type audioConstraints struct {
	DeviceID         *exactly `json:"deviceId,omitempty"`
	ChannelCount     int      `json:"channelCount,omitempty"`
	NoiseSuppression bool     `json:"noiseSuppression"`
	AutoGainControl  bool     `json:"autoGainControl"`
	EchoCancellation bool     `json:"echoCancellation"`
	// RestrictOwnAudio leaves out what this page plays, so that the others do not hear
	// themselves. Browsers without it pass over it.
	RestrictOwnAudio bool `json:"restrictOwnAudio,omitempty"`
}

type videoConstraints struct {
	DeviceID   *exactly `json:"deviceId,omitempty"`
	FacingMode string   `json:"facingMode,omitempty"`
	Width      *Size    `json:"width,omitempty"`
	Height     *Size    `json:"height,omitempty"`
	FrameRate  *Size    `json:"frameRate,omitempty"`
}

// exactly asks for one device and no other.
type exactly struct {
	Exact string `json:"exact"`
}

func device(id string) *exactly {
	if id == "" {
		return nil
	}
	return &exactly{id}
}

// newPlan checks src and fills in what it leaves open.
func newPlan(src Source, scene int) (*plan, error) {
	screen := src.screen()
	switch {
	case src.Several():
		return nil, &ArgumentError{"createStream takes one of camera, screen and custom, not several"}
	case screen != nil:
		return screenPlan(screen)
	case src.Custom != nil:
		return customPlan(src.Custom)
	default:
		return cameraPlan(cmp.Or(src.Camera, &Camera{}), scenarioOf(scene))
	}
}

func cameraPlan(c *Camera, scene *scenario) (*plan, error) {
	o := options{of: FromCamera}
	o.coding(&c.Coding)
	o.picture(&c.Picture)
	o.oneOf("facingMode", c.FacingMode, "user", "environment")
	video, bitrate := c.quality(&o, &scene.preset)
	video.FacingMode = c.FacingMode
	if c.FacingMode == "" {
		video.DeviceID = device(c.VideoInput)
	}
	p := &plan{
		origin:   FromCamera,
		wish:     wish{Audio: false, Video: false},
		encoding: c.encoding(bitrate, scene.audioBitrate, scene.channels),
		hint:     c.hint(),
	}
	if deref(c.Audio, true) {
		audio := c.Sound.constraints(true, p.encoding.Channels)
		audio.DeviceID = device(c.AudioInput)
		p.wish.Audio = audio
	}
	if deref(c.Video, scene.video) {
		p.wish.Video = video
	}
	return p, o.failed()
}

// quality is the picture to ask for and its bitrate: those of a preset, those given
// with quality 4, or the scenario's.
func (c *Camera) quality(o *options, otherwise *preset) (*videoConstraints, int) {
	q := deref(c.VideoQuality, 0)
	if q == customQuality {
		o.given("width", c.Width != nil)
		o.given("height", c.Height != nil)
		o.given("frameRate", c.FrameRate != nil)
		return c.Picture.custom(), o.customBitrate(&c.Coding)
	}
	if q > 0 && q < customQuality {
		otherwise = &cameraPresets[q]
	}
	return otherwise.constraints(), otherwise.bitrate
}

func screenPlan(s *Screen) (*plan, error) {
	o := options{of: FromScreen}
	o.coding(&s.Coding)
	o.picture(&s.Picture)
	video, bitrate := s.quality(&o)
	p := &plan{
		origin:   FromScreen,
		wish:     wish{Audio: false, Video: video, display: &display{s.CaptureElement != nil, "include", "include", "include"}},
		encoding: s.encoding(bitrate, 48, 1),
		hint:     s.hint(),
		element:  s.CaptureElement,
	}
	if deref(s.Audio, false) {
		audio := s.Sound.constraints(false, p.encoding.Channels)
		audio.RestrictOwnAudio = true
		p.wish.Audio = audio
	}
	if s.SourceID != "" {
		p.wish = desktopWish(s, video)
	}
	return p, o.failed()
}

func (s *Screen) quality(o *options) (*videoConstraints, int) {
	q := deref(s.VideoQuality, defaultQuality)
	if q == customQuality {
		o.given("frameRate", s.FrameRate != nil)
		return s.Picture.custom(), o.customBitrate(&s.Coding)
	}
	if q < 1 || q > customQuality {
		q = defaultQuality // picture has complained already
	}
	return screenPresets[q].constraints(), screenPresets[q].bitrate
}

// desktopWish asks for a source that an Electron program chose itself, which
// getUserMedia gives under names of its own.
func desktopWish(s *Screen, video *videoConstraints) wish {
	w := wish{Audio: false, Video: desktopConstraints{desktopSource{
		Source: "desktop", SourceID: s.SourceID,
		MaxWidth: video.Width.largest(), MaxHeight: video.Height.largest(), MaxFrameRate: video.FrameRate.largest(),
	}}}
	if deref(s.Audio, false) {
		w.Audio = desktopConstraints{desktopSource{Source: "desktop"}}
	}
	return w
}

type desktopConstraints struct {
	Mandatory desktopSource `json:"mandatory"`
}

type desktopSource struct {
	Source       string `json:"chromeMediaSource"`
	SourceID     string `json:"chromeMediaSourceId,omitempty"`
	MaxWidth     int    `json:"maxWidth,omitempty"`
	MaxHeight    int    `json:"maxHeight,omitempty"`
	MaxFrameRate int    `json:"maxFrameRate,omitempty"`
}

func customPlan(c *Custom) (*plan, error) {
	o := options{of: FromCustom}
	o.coding(&c.Coding)
	if c.Source == nil {
		o.wrong("source", "an HTMLMediaElement or a MediaStream")
	}
	p := &plan{
		origin:   FromCustom,
		encoding: c.encoding(deref(c.bitrate(), 0), 48, 1),
		hint:     c.hint(),
		custom:   c.Source,
		only:     c.Only,
	}
	return p, o.failed()
}

// constraints of a microphone or, with clean false, of the sound of a screen: music and
// speech of others suffer from noise suppression and gain control.
func (s *Sound) constraints(clean bool, channels int) *audioConstraints {
	return &audioConstraints{
		ChannelCount:     channels,
		NoiseSuppression: deref(s.ANS, clean),
		AutoGainControl:  deref(s.AGC, clean),
		EchoCancellation: deref(s.AEC, true),
	}
}

func (p *preset) constraints() *videoConstraints {
	return &videoConstraints{Width: ideal(p.width), Height: ideal(p.height), FrameRate: ideal(p.frameRate)}
}

func ideal(n int) *Size {
	if n == 0 {
		return nil
	}
	return &Size{Ideal: n}
}

// custom is the picture of quality 4.
func (p *Picture) custom() *videoConstraints {
	return &videoConstraints{Width: p.Width.even(), Height: p.Height.even(), FrameRate: p.FrameRate}
}

// even rounds to the next even figure: encoders halve the colours' resolution.
func (s *Size) even() *Size {
	if s == nil {
		return nil
	}
	return &Size{s.Exact + s.Exact&1, s.Ideal + s.Ideal&1, s.Max + s.Max&1, s.Min + s.Min&1}
}

// largest is the largest figure that s allows for, 0 if it sets no limit.
func (s *Size) largest() int {
	if s == nil {
		return 0
	}
	return max(s.Exact, s.Ideal, s.Max)
}

// customBitrate is the bitrate that quality 4 needs.
func (o *options) customBitrate(c *Coding) int {
	b := c.bitrate()
	o.given("bitrate", b != nil)
	o.between("bitrate", b, 1, maxBitrate)
	return deref(b, 0)
}

// encoding fills in the encoders' figures. A target of 0 is the browser's own choice,
// which has no share to be a floor or a start.
func (c *Coding) encoding(bitrate, audioBitrate, channels int) Encoding {
	if c.always {
		bitrate = *c.bitrate()
	}
	e := Encoding{
		VideoBitrate: bitrate,
		MinBitrate:   deref(c.MinBitrate, bitrate*6/10),
		AudioBitrate: deref(c.AudioBitrate, audioBitrate),
		Channels:     deref(c.ChannelCount, channels),
	}
	if c.StartBitrate == "target" {
		e.StartBitrate = bitrate
	}
	return e
}

// hint is the contentHint of a mode; the default mode is the browser's own judgement.
func (c *Coding) hint() string {
	if c.VideoOptimizationMode == "default" {
		return ""
	}
	return c.VideoOptimizationMode
}
