package media

import "time"

// Still is a picture that stands still, as a video track.
type Still struct {
	track *Track
	stop  chan struct{} // ends the drawing; nil while nobody sees it
	still
}

// Track is the picture's track. It ends with Close.
func (s *Still) Track() *Track { return s.track }

// Show gives the track a frame now and then, or ends that: encoders make none of a
// picture that is not drawn.
func (s *Still) Show(on bool, every time.Duration) {
	if on == (s.stop != nil) {
		return
	}
	if !on {
		close(s.stop)
		s.stop = nil
		return
	}
	s.draw()
	s.stop = make(chan struct{})
	go s.run(every, s.stop)
}

func (s *Still) run(every time.Duration, stop <-chan struct{}) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			s.draw()
		case <-stop:
			return
		}
	}
}

// Close ends the track.
func (s *Still) Close() {
	s.Show(false, 0)
	s.track.Stop()
}
