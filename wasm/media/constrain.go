package media

import "context"

// VideoConfig is what setVideoConfig changes (ZegoPublishStreamConfig); what is left out
// stays as it was. A VideoQuality of 1 to 3 stands for its size, rate and bitrate.
type VideoConfig struct {
	Picture
	MaxBitrate *int `json:"maxBitrate"`
}

// AudioConfig is what setAudioConfig changes (ZegoPublishStreamAudioConfig).
type AudioConfig = Sound

// Check tells which field is wrong, as an *ArgumentError.
func (c VideoConfig) Check() error {
	o := options{of: "constraints"}
	o.picture(&c.Picture)
	o.between("maxBitrate", c.MaxBitrate, 1, maxBitrate)
	return o.failed()
}

// Constrain asks the stream's picture for another size and rate, now and whenever its
// camera is opened again, and tells the bitrate for it in kbit/s, 0 for the one it had. It
// waits for the browser, and fails with an *Error; then all is as it was.
func (l *Local) Constrain(ctx context.Context, c VideoConfig) (bitrate int, err error) {
	t := l.Track(Video)
	next, bitrate := l.constrained(t, c)
	if t.Live() { // a camera that is off gets it when it is opened
		if err := t.constrain(ctx, videoConstraints{Width: next.Width, Height: next.Height, FrameRate: next.FrameRate}); err != nil {
			return 0, err
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, wished := l.plan.wish.Video.(*videoConstraints); wished && l.capturesLocked(t) {
		l.plan.wish.Video = next
	}
	return bitrate, nil
}

// constrained is what is to be asked for instead of what t was captured with.
func (l *Local) constrained(t *Track, c VideoConfig) (*videoConstraints, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := videoConstraints{}
	if wished, ok := l.plan.wish.Video.(*videoConstraints); ok && l.capturesLocked(t) {
		next = *wished
	}
	bitrate := deref(c.MaxBitrate, 0)
	if q := deref(c.VideoQuality, customQuality); q < customQuality {
		p := &cameraPresets[q]
		if l.fromLocked(Video) == FromScreen {
			p = &screenPresets[q]
		}
		next.Width, next.Height, next.FrameRate = ideal(p.width), ideal(p.height), ideal(p.frameRate)
		return &next, deref(c.MaxBitrate, p.bitrate)
	}
	wish := c.Picture.custom()
	next.Width, next.Height, next.FrameRate = or(wish.Width, next.Width), or(wish.Height, next.Height), or(wish.FrameRate, next.FrameRate)
	return &next, bitrate
}

func or(given, otherwise *Size) *Size {
	if given == nil {
		return otherwise
	}
	return given
}

// capturesLocked reports whether t was opened for the stream, or was until it was ended.
func (l *Local) capturesLocked(t *Track) bool {
	for _, c := range l.captures {
		if c.track.Same(t) {
			return true
		}
	}
	return !t.Live()
}
