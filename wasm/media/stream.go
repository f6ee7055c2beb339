package media

// ID is the stream's id, in the browser its MediaStream's.
func (s *Stream) ID() string { return s.id() }

// Tracks are the stream's tracks, audio before video, also those that have ended.
func (s *Stream) Tracks() []*Track {
	all := s.tracks()
	sorted := make([]*Track, 0, len(all))
	for _, kind := range []Kind{Audio, Video} {
		for _, t := range all {
			if t.Kind() == kind {
				sorted = append(sorted, t)
			}
		}
	}
	return sorted
}

// Track is the stream's track of a kind, or nil.
func (s *Stream) Track(kind Kind) *Track {
	for _, t := range s.tracks() {
		if t.Kind() == kind {
			return t
		}
	}
	return nil
}

// Same reports whether both are one track; nil is the same as nil.
func (t *Track) Same(other *Track) bool {
	if t == nil || other == nil {
		return t == other
	}
	return t.ID() == other.ID()
}

// Replace puts t in the place of the stream's track of that kind; nil leaves it empty.
// The old track goes on.
func (s *Stream) Replace(kind Kind, t *Track) {
	if t != nil {
		s.add(t)
	}
	for _, old := range s.tracks() {
		if old.Kind() == kind && !old.Same(t) {
			s.remove(old)
		}
	}
	s.refresh()
}

// Add puts t into the stream and shows it in the stream's view. It is no error if it is
// there already.
func (s *Stream) Add(t *Track) {
	s.add(t)
	s.refresh()
}

// Remove takes t out of the stream and its view. The track goes on.
func (s *Stream) Remove(t *Track) {
	s.remove(t)
	s.refresh()
}

func (s *Stream) refresh() {
	if v := s.view.Load(); v != nil {
		v.Refresh()
	}
}
