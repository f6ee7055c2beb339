//go:build !js

package media

// Mixer changes nothing here: while something is to be done, it sends a track of its own.
type Mixer struct {
	opt    MixerOptions
	source *Track
	voice  Voice
	track  *Track
	player *EffectPlayer
}

// NewMixer makes the sound of a stream whose own track is source, which may be nil.
func NewMixer(source *Track, opt MixerOptions) *Mixer {
	return &Mixer{source: source, voice: plainVoice, opt: opt}
}

// Output is the track to be sent, or nil for the stream's own.
func (s *Mixer) Output() *Track { return s.track }

// Waiting is never true: nothing stands in the way.
func (s *Mixer) Waiting() bool { return false }

// SetSource takes another track as the stream's own; nil is none.
func (s *Mixer) SetSource(t *Track) { s.source = t }

// Source is the stream's own track, for tests.
func (s *Mixer) Source() *Track { return s.source }

// Voice is what becomes of the captured sound.
func (s *Mixer) Voice() Voice { return s.voice }

// SetVoice changes it.
func (s *Mixer) SetVoice(v Voice) {
	s.voice, s.track = v, nil
	if v != plainVoice {
		s.track = NewTrack(Audio, nil)
	}
	go s.opt.Changed()
}

// Close releases everything.
func (s *Mixer) Close() { s.track = nil }

// Element is an audio or video element of the page's.
type Element struct{}

// Mix mixes nothing.
func (s *Mixer) Mix(*Element) error { return nil }

// Unmix reports that nothing was mixed.
func (s *Mixer) Unmix(*Element) bool { return false }

// UnmixAll does nothing.
func (s *Mixer) UnmixAll() {}

// SetMixVolume reports that nothing was mixed.
func (s *Mixer) SetMixVolume(*Element, float64) bool { return false }
