//go:build !js

package media

import "context"

// open answers at once, unless it is given a channel to wait for: with a custom source's
// own tracks or error, otherwise with a track of each kind that is wished for, whose
// Source is nil.
func (p *plan) open(ctx context.Context) (*Stream, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	s := NewStream()
	switch source := p.custom.(type) {
	case error:
		return nil, source
	case chan []*Track:
		select {
		case tracks := <-source:
			p.custom = tracks
			return p.open(ctx)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	case []*Track:
		for _, t := range source {
			if p.only == "" || t.Kind() == p.only {
				s.Add(t)
			}
		}
		return s, nil
	}
	if p.wish.Audio == false && p.wish.Video == false {
		return nil, &Error{Name: "TypeError", Message: "at least one of audio and video must be requested", Origin: p.origin}
	}
	if p.wish.Audio != false {
		s.Add(newCaptured(Audio))
	}
	if p.wish.Video != false {
		s.Add(newCaptured(Video))
	}
	return s, nil
}

func newSilence() (t *Track, release func(), err error) {
	return NewTrack(Audio, nil), func() {}, nil
}
