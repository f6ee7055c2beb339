package media

import (
	"context"
	"errors"
)

// CaptureOptions is what a capture needs to know of the engine that asks for it.
type CaptureOptions struct {
	// Scenario is the number 3 to 9 that decides where the camera's options say nothing.
	Scenario int
	// KeepAudioTrack gives a stream without audio a silent, disabled track, so that
	// audio can be put in its place later without a new negotiation.
	KeepAudioTrack bool
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
	l := &Local{Stream: stream, Origin: p.origin, Encoding: p.encoding, plan: p, options: opt}
	for _, t := range stream.Tracks() {
		l.take(t, p)
	}
	if err := l.keepAudio(); err != nil {
		l.Stop()
		return nil, err
	}
	return l, nil
}

// take sets what the options say of a track that was captured by p and watches its end.
// It is false, and the track ended, if the stream has been stopped meanwhile.
func (l *Local) take(t *Track, p *plan) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		t.Stop()
		return false
	}
	l.plan.keep(p.wish)
	if t.Kind() == Video {
		l.FrameRate = t.Settings().FrameRate
		t.setHint(l.plan.hint)
	}
	c := opened{t, t.Info(), func() {}}
	if onEnded := l.options.reaction(l.plan.origin, t.Kind()); onEnded != nil {
		c.unwatch = t.onEnded(onEnded)
	}
	l.captures = append(l.captures, c)
	return true
}

// Device says what is to be different when a camera or microphone is opened again; what
// is left out stays as it was.
type Device struct {
	ID            string
	FacingMode    string
	ANS, AGC, AEC *bool
}

// Reopen opens the stream's camera or microphone once more, with d's changes, which stay
// for the next time. The new track is not in the stream yet, and the old one goes on:
// some systems do not open a device twice, so End it before. It waits, and fails, as
// Capture does; with ErrNoDevice for a kind that the stream was not captured with.
func (l *Local) Reopen(ctx context.Context, kind Kind, d Device) (*Track, error) {
	p := l.again(kind, d)
	if p == nil {
		return nil, ErrNoDevice
	}
	stream, err := p.open(ctx)
	if err != nil {
		return nil, err
	}
	t := stream.Track(kind)
	if t == nil {
		return nil, ErrNoDevice
	}
	if !l.take(t, p) {
		return nil, ErrStopped
	}
	return t, nil
}

// ErrNoDevice means that the stream has no camera, or no microphone, that could be opened again.
var ErrNoDevice = errors.New("the stream was not captured from such a device")

// ErrStopped means that the stream was stopped while the user was asked for a device.
var ErrStopped = errors.New("the stream has been destroyed")

func (l *Local) again(kind Kind, d Device) *plan {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.plan.again(kind, d)
}

// again is the plan for one kind alone, nil if it was not part of p.
func (p *plan) again(kind Kind, d Device) *plan {
	next := *p
	audio, _ := p.wish.Audio.(*audioConstraints)
	video, _ := p.wish.Video.(*videoConstraints)
	switch {
	case p.origin != FromCamera:
		return nil
	case kind == Audio && audio != nil:
		next.wish = wish{Audio: audio.with(d), Video: false}
	case kind == Video && video != nil:
		next.wish = wish{Audio: false, Video: video.with(d)}
	default:
		return nil
	}
	return &next
}

// keep remembers the constraints that were fulfilled last.
func (p *plan) keep(w wish) {
	if w.Audio != false {
		p.wish.Audio = w.Audio
	}
	if w.Video != false {
		p.wish.Video = w.Video
	}
}

func (c audioConstraints) with(d Device) *audioConstraints {
	if d.ID != "" {
		c.DeviceID = device(d.ID)
	}
	c.NoiseSuppression = deref(d.ANS, c.NoiseSuppression)
	c.AutoGainControl = deref(d.AGC, c.AutoGainControl)
	c.EchoCancellation = deref(d.AEC, c.EchoCancellation)
	return &c
}

func (c videoConstraints) with(d Device) *videoConstraints {
	if d.ID != "" {
		c.DeviceID, c.FacingMode = device(d.ID), ""
	}
	if d.FacingMode != "" {
		c.DeviceID, c.FacingMode = nil, d.FacingMode
	}
	return &c
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
func (l *Local) keepAudio() error {
	if !l.options.KeepAudioTrack || l.Track(Audio) != nil {
		return nil
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
