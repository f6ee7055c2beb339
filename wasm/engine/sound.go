package engine

import (
	"fmt"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// soundLocked is what is done to l's sound before it is sent.
func (e *Engine) soundLocked(l *local) *media.Mixer {
	if l.sound == nil {
		l.sound = media.NewMixer(l.microphone(), media.MixerOptions{
			Changed:     func() { e.onSoundChanged(l) },
			Failed:      func(err error) { e.log("error", "the stream is sent as it was captured: "+err.Error()) },
			MixingDelay: e.settings.mixingDelay,
		})
	}
	return l.sound
}

// microphone is the stream's own sound, nil if it has none.
func (l *local) microphone() *media.Track {
	if t := l.Track(media.Audio); !t.Same(l.Filler) {
		return t
	}
	return nil
}

// onSoundChanged sends what is to be sent now: the page changed something, or the browser
// began or ceased to let sound through.
func (e *Engine) onSoundChanged(l *local) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.locals[l.ID()] != l {
		return
	}
	if l.sound.Waiting() {
		e.tellSoundWaitsLocked(l)
	}
	t := l.sound.Output()
	if t.Same(l.processed[media.Audio]) {
		return
	}
	e.processLocked(l, media.Audio, t)
}

// tellSoundWaitsLocked tells the page's developer, once, unless the sound is let through
// in a moment.
func (e *Engine) tellSoundWaitsLocked(l *local) {
	if l.soundWaits {
		return
	}
	l.soundWaits = true
	time.AfterFunc(time.Second, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.locals[l.ID()] == l && l.sound.Waiting() {
			e.log("warn", "the browser changes no sound before the user has touched the page; until then the stream is sent as it was captured")
		}
	})
}

// captureVolumeFailure is the form in which setCaptureVolume tells what is wrong.
func captureVolumeFailure(reason string) Result {
	return Result{codePublishParam, marshal(map[string]string{"fail_reason": reason})}
}

// maxVolume in percent is twice as loud.
const maxVolume = 200

// SetCaptureVolume sets how loud a local stream is sent, in percent, without what is
// mixed in. It tells every failure in its result.
func (e *Engine) SetCaptureVolume(localID string, percent float64, isNumber bool) Result {
	if !isNumber || !(percent >= 0 && percent <= maxVolume) {
		return captureVolumeFailure("volume must be a number from 0 to 200")
	}
	if err := e.changeVoice(localID, func(v *media.Voice) { v.Volume = percent }); err != nil {
		return captureVolumeFailure(err.Error())
	}
	return Result{}
}

// changeVoice changes what becomes of a local stream's captured sound.
func (e *Engine) changeVoice(localID string, change func(*media.Voice)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[localID]
	if l == nil {
		return shapeResult.error(codeForeignStream, "")
	}
	s := e.soundLocked(l)
	v := s.Voice()
	change(&v)
	s.SetVoice(v)
	return nil
}

// SetReverbPreset makes a local stream sound as in a room, one of 12, or in none.
func (e *Engine) SetReverbPreset(localID string, preset float64, isNumber bool) (Result, error) {
	n := int(preset)
	if !isNumber || float64(n) != preset || n < 0 || n > media.Reverbs {
		return Result{}, &Error{Code: protocol.CodeInput, Data: "Invalid 'preset' parameter", shape: shapeResult}
	}
	return Result{}, e.changeVoice(localID, func(v *media.Voice) { v.Reverb = n })
}

// EnableVirtualStereo puts the voice of a local stream at an angle: 90 is in front, 0 on
// the right, media.AllRound everywhere.
func (e *Engine) EnableVirtualStereo(localID string, on bool, angle float64, ok bool) (Result, error) {
	if !ok || on && !(angle >= media.AllRound && angle <= 360) {
		return Result{}, &Error{Code: protocol.CodeInput, Data: "Invalid 'angle' parameter", shape: shapeResult}
	}
	if !on {
		angle = 0
	}
	err := e.changeVoice(localID, func(v *media.Voice) { v.Stereo, v.Angle = on, angle })
	if err == nil && on {
		e.warnOfMono(localID)
	}
	return Result{}, err
}

func (e *Engine) warnOfMono(localID string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if l := e.locals[localID]; l != nil && l.Encoding.Channels < 2 {
		e.log("warn", "enableVirtualStereo: nobody hears it on a stream of one channel: make it with channelCount 2")
	}
}

// EnableVolumeDucking turns what is mixed in down while somebody speaks.
func (e *Engine) EnableVolumeDucking(localID string, on bool) (Result, error) {
	return Result{}, e.changeVoice(localID, func(v *media.Voice) { v.Ducking = on })
}

// StreamRef names a local stream: by the id that it is published as, or by the stream.
type StreamRef struct {
	Published string
	LocalID   string
}

// mixLocked finds the stream that something is to be mixed into.
func (e *Engine) mixLocked(ref StreamRef) *local {
	id := ref.LocalID
	if p := e.publishers[protocol.StreamID(ref.Published)]; p != nil {
		id = p.local.ID()
	}
	return e.locals[id]
}

// StartMixingAudio mixes elements of the page into a local stream; false if the stream or
// one of the elements is none.
func (e *Engine) StartMixingAudio(ref StreamRef, elements []*media.Element) bool {
	return e.mix("startMixingAudio", ref, elements, func(s *media.Mixer, el *media.Element) error { return s.Mix(el) })
}

// StopMixingAudio takes elements out again, all without a list.
func (e *Engine) StopMixingAudio(ref StreamRef, elements []*media.Element, all bool) bool {
	if all {
		return e.mix("stopMixingAudio", ref, []*media.Element{nil}, func(s *media.Mixer, _ *media.Element) error {
			s.UnmixAll()
			return nil
		})
	}
	return e.mix("stopMixingAudio", ref, elements, func(s *media.Mixer, el *media.Element) error {
		if !s.Unmix(el) {
			return errNotMixed
		}
		return nil
	})
}

// SetMixingAudioVolume sets how loud an element is mixed in, in percent.
func (e *Engine) SetMixingAudioVolume(ref StreamRef, percent float64, el *media.Element) bool {
	if !(percent >= 0 && percent <= maxVolume) {
		e.log("error", "setMixingAudioVolume: the volume must be a number from 0 to 200")
		return false
	}
	return e.mix("setMixingAudioVolume", ref, []*media.Element{el}, func(s *media.Mixer, el *media.Element) error {
		if !s.SetMixVolume(el, percent) {
			return errNotMixed
		}
		return nil
	})
}

var errNotMixed = plain("the element is not mixed into the stream: call startMixingAudio first")

// mix does something with each element; what goes wrong is logged.
func (e *Engine) mix(method string, ref StreamRef, elements []*media.Element, do func(*media.Mixer, *media.Element) error) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.mixLocked(ref)
	if l == nil || len(elements) == 0 {
		e.log("error", fmt.Sprintf("%s: argument 1 must be a local stream or the id of one that is published, argument 2 a list of audio and video elements", method))
		return false
	}
	ok := true
	for _, el := range elements {
		if err := do(e.soundLocked(l), el); err != nil {
			e.log("error", method+": "+err.Error())
			ok = false
		}
	}
	return ok
}
