package media

import "time"

// MixerOptions is what a Mixer needs to know of the engine that makes it.
type MixerOptions struct {
	// Changed is told, on a goroutine of its own, that Output may be another now.
	Changed func()
	// Failed is told what the browser refused.
	Failed func(error)
	// MixingDelay is how much later mixed-in sound is sent.
	MixingDelay time.Duration
}

// unchanged is the volume of sound as it is, in percent.
const unchanged = 100

// Reverbs is how many presets of Voice.Reverb there are beside none.
const Reverbs = 12

// AllRound is the angle of a voice that comes from everywhere.
const AllRound = -1

// Voice is what becomes of the captured sound, before other sounds join it.
type Voice struct {
	// Volume in percent.
	Volume float64
	// Reverb is one of the presets 1 to 12, 0 none.
	Reverb int
	// Stereo puts the voice at an angle: 90 is in front, 0 on the right; or AllRound.
	Stereo bool
	Angle  float64
	// Ducking turns mixed-in sound down while somebody speaks.
	Ducking bool
}

// plainVoice is sound as it was captured.
var plainVoice = Voice{Volume: unchanged}
