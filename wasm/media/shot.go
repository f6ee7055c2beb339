package media

import (
	"context"
	"slices"
)

// Shot is one kind of a capture that is in no local stream yet: Put takes it into one.
type Shot struct {
	Track  *Track
	plan   *plan
	opened opened
}

// Shoot opens src as Capture does; there is no silent track for a kind that is missing.
func Shoot(ctx context.Context, src Source, opt CaptureOptions) ([]*Shot, error) {
	opt.KeepAudioTrack = false
	l, err := Capture(ctx, src, opt)
	if err != nil {
		return nil, err
	}
	var shots []*Shot
	for _, c := range l.captures {
		shots = append(shots, &Shot{c.track, l.plan, c})
	}
	return shots, nil
}

// End ends a shot that no stream has taken. If another capture uses the very track, as of
// a source of the page's, that goes on.
func (s *Shot) End(other *Track) {
	s.opened.unwatch()
	if !s.Track.Same(other) {
		s.Track.Stop()
	}
}

// NewLocal makes a local stream that has nothing in it. opt is for what is opened again.
func NewLocal(opt CaptureOptions) *Local {
	p := &plan{origin: FromCamera, wish: wish{Audio: false, Video: false}}
	return &Local{Stream: NewStream(), plan: p, options: opt}
}

// Put makes s the capture of its kind: what the encoders are to do, and what is opened
// again later. The track itself is not in the stream yet, and older captures go on.
func (l *Local) Put(s *Shot) {
	l.mu.Lock()
	defer l.mu.Unlock()
	kind, from := s.Track.Kind(), s.plan.encoding
	if l.origins == nil {
		l.origins = map[Kind]Origin{}
	}
	l.origins[kind] = s.plan.origin
	l.captures = append(l.captures, s.opened)
	if kind == Audio {
		l.plan.wish.Audio = s.plan.device(s.plan.wish.Audio)
		l.Encoding.AudioBitrate, l.Encoding.Channels = from.AudioBitrate, from.Channels
		return
	}
	l.FrameRate = s.Track.Settings().FrameRate
	l.plan.wish.Video, l.plan.hint = s.plan.device(s.plan.wish.Video), s.plan.hint
	l.Encoding.VideoBitrate, l.Encoding.MinBitrate, l.Encoding.StartBitrate = from.VideoBitrate, from.MinBitrate, from.StartBitrate
}

// Fit asks the stream's camera once more for what it was captured with. Browsers give a
// camera that is open already as it is, so a second capture of the same one may have its
// size only when the first has ended. It waits for the browser.
func (l *Local) Fit(ctx context.Context) error {
	t, wished := l.Track(Video), l.wishedVideo()
	if t == nil || !t.Live() || wished == nil {
		return nil
	}
	if now := t.Settings(); now.Width >= wished.Width.largest() && now.Height >= wished.Height.largest() {
		return nil
	}
	return t.constrain(ctx, videoConstraints{Width: wished.Width, Height: wished.Height, FrameRate: wished.FrameRate})
}

// wishedVideo is what the camera was captured with, nil if the video is none's.
func (l *Local) wishedVideo() *videoConstraints {
	l.mu.Lock()
	defer l.mu.Unlock()
	wished, _ := l.plan.wish.Video.(*videoConstraints)
	if l.fromLocked(Video) != FromCamera {
		return nil
	}
	return wished
}

// From is where the media of a kind come from.
func (l *Local) From(kind Kind) Origin {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fromLocked(kind)
}

func (l *Local) fromLocked(kind Kind) Origin {
	if origin, ok := l.origins[kind]; ok {
		return origin
	}
	return l.Origin
}

// device is a wish that Reopen may fulfil again: only devices can be opened twice.
func (p *plan) device(wish any) any {
	if p.origin != FromCamera {
		return false
	}
	return wish
}

// EndCaptures ends all that was captured of a kind, but not keep.
func (l *Local) EndCaptures(kind Kind, keep *Track) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.captures = slices.DeleteFunc(l.captures, func(c opened) bool {
		if c.track.Kind() != kind || c.track.Same(keep) {
			return false
		}
		c.end()
		return true
	})
}
