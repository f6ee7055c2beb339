package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

const (
	lobbyBudget = 1000.0 // ms from navigation until the name can be typed in, warm
	shiftBudget = 0.05
)

// TestPagesBudget: the lobby is painted and usable within its time when the browser has
// the files already, and nothing jumps until the preview is there. It measures time, so
// it has the machine for itself; the best of three counts, for others may have it, too.
func TestPagesBudget(t *testing.T) {
	s := newSite(t, signaling.Config{})
	p := s.arrive(usual, "")
	p.inject(`globalThis.usable = visit.usable("#name")`)
	p.navigate(s.url + "/")
	p.sees("#preview-video video")
	best := 2 * patience.Seconds() * 1000
	for range 3 {
		p.navigate(s.url + "/?room=" + hall)
		usable := eval[float64](p.tab, `return usable`)
		painted := eval[float64](p.tab, `return new Promise((told) => new PerformanceObserver((list) => {
				for (const entry of list.getEntriesByName("first-contentful-paint")) told(entry.startTime);
			}).observe({type: "paint", buffered: true}))`)
		p.sees("#preview-video video")
		p.do(`await visit.settled()`)
		t.Logf("painted after %.0f ms, usable after %.0f ms, shift %.4f", painted, usable, p.shift())
		best = min(best, max(usable, painted))
		if shift := p.shift(); shift >= shiftBudget {
			t.Errorf("the page has shifted by %.4f: %v", shift, eval[[]string](p.tab, `return visit.shifts`))
		}
	}
	if best > lobbyBudget {
		t.Errorf("the lobby is usable after %.0f ms", best)
	}
}
