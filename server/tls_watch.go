package main

import (
	"context"
	"sync"
	"time"

	"expressrtc/server/metrics"
)

// certificateLooks is how often a certificate's end is looked at.
const certificateLooks = 12 * time.Hour

// lookAgain looks now and then, until ctx ends.
func lookAgain(ctx context.Context, look func()) {
	tick := time.NewTicker(certificateLooks)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			look()
		}
	}
}

// addCertificateFigure tells when the certificate ends, if there is TLS.
func (s *site) addCertificateFigure() {
	s.metrics.Add(metrics.Series{
		Name: "certificate_ends_seconds",
		Help: "When the certificate ends, of several the first, in Unix time; 0 while one is missing.",
		Read: func() map[string]float64 {
			ends := s.secure.ends()
			if ends.IsZero() {
				return metrics.One(0)
			}
			return metrics.One(ends.Unix())
		},
	})
}

// ends is when certificates end, by name; zero means that there is none. Its mutex guards
// the map.
type ends struct {
	mu   sync.Mutex
	when map[string]time.Time
}

func newEnds(names []string) *ends {
	e := &ends{when: map[string]time.Time{}}
	for _, name := range names {
		e.when[name] = time.Time{}
	}
	return e
}

func (e *ends) note(name string, when time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.when[name] = when
}

// first is the end that comes before all others.
func (e *ends) first() (first time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	some := false
	for _, when := range e.when {
		if !some || when.Before(first) {
			first, some = when, true
		}
	}
	return first
}
