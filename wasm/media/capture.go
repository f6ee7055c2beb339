package media

import "context"

// CaptureOptions is what a capture needs to know of the engine that asks for it.
type CaptureOptions struct {
	// Scenario is the number 3 to 9 that decides where the camera's options say nothing.
	Scenario int
	// KeepAudioTrack gives a stream without audio a silent, disabled track, so that
	// audio can be put in its place later without a new negotiation.
	KeepAudioTrack bool
	// MicrophoneMuted starts the microphone's track disabled.
	MicrophoneMuted bool
	// OnEnded reports that the user stopped sharing the screen; may be nil.
	OnEnded func()
	// OnTrackEnded reports that a track of a camera, microphone or custom source ended
	// by itself, as when the device was unplugged; may be nil.
	OnTrackEnded func(Kind)
}

// Capture opens src and waits until the user has answered. It fails with an *Error, a
// refusal by the browser, or an *ArgumentError, a wrong option. When ctx ends first, so
// does the wait, and a device that the user grants later is closed at once.
func Capture(ctx context.Context, src Source, opt CaptureOptions) (*Local, error) {
	p, err := newPlan(src, opt.Scenario)
	if err != nil {
		return nil, err
	}
	stream, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	l := &Local{Stream: stream, Origin: p.origin, Encoding: p.encoding, captured: stream.Tracks()}
	l.prepare(p.hint, opt)
	if err := l.keepAudio(opt); err != nil {
		l.Stop()
		return nil, err
	}
	return l, nil
}

// prepare sets what the options say of the captured tracks and watches their end.
func (l *Local) prepare(hint string, opt CaptureOptions) {
	for _, t := range l.captured {
		if t.Kind() == Video {
			t.setHint(hint)
		} else if opt.MicrophoneMuted && l.Origin == FromCamera {
			t.SetEnabled(false)
		}
		if onEnded := opt.reaction(l.Origin, t.Kind()); onEnded != nil {
			l.release = append(l.release, t.onEnded(onEnded))
		}
	}
}

// reaction is whom the end of a track concerns, or nil. A shared screen ends as a whole,
// which its video tells.
func (opt CaptureOptions) reaction(origin Origin, kind Kind) func() {
	switch {
	case origin != FromScreen && opt.OnTrackEnded != nil:
		return func() { opt.OnTrackEnded(kind) }
	case origin == FromScreen && kind == Video:
		return opt.OnEnded
	default:
		return nil
	}
}

// keepAudio adds the silent track to a stream that has no audio.
func (l *Local) keepAudio(opt CaptureOptions) error {
	if !opt.KeepAudioTrack {
		return nil
	}
	for _, t := range l.captured {
		if t.Kind() == Audio {
			return nil
		}
	}
	filler, release, err := newSilence()
	if err != nil {
		return err
	}
	l.Filler = filler
	l.release = append(l.release, func() { filler.Stop(); release() })
	filler.SetEnabled(false)
	l.Add(filler)
	return nil
}
