package e2e

import (
	"fmt"
	"sync"
	"time"
)

// stalls are the times in which this process did not run although it could: on a machine
// that is too busy a socket may be given up for silence without anybody's fault.
type stalls struct {
	mu      sync.Mutex
	longest time.Duration
	at      time.Duration
}

// watchStalls looks for them until the test ends.
func (c *chaos) watchStalls() {
	const beat = 50 * time.Millisecond
	ticker := time.NewTicker(beat)
	done := make(chan struct{})
	c.t.Cleanup(func() { close(done) })
	go func() {
		defer ticker.Stop()
		for last := time.Now(); ; {
			select {
			case <-ticker.C:
				now := time.Now()
				c.stalls.note(now.Sub(last)-beat, last.Sub(c.plan.began))
				last = now
			case <-done:
				return
			}
		}
	}()
}

func (s *stalls) note(gap, at time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if gap > s.longest {
		s.longest, s.at = gap, at
	}
}

func (s *stalls) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprintf("longest stall %.2f s, at %.2f s", s.longest.Seconds(), s.at.Seconds())
}
