package engine

import "time"

// pace spaces out what pages call in bursts: the first call acts at once; one that comes
// within gap of the last is put off by wait, and a newer one takes its place.
type pace struct {
	gap, wait time.Duration
	last      time.Time
	timer     *time.Timer // while a call is put off
	next      func()      // that call
}

// paceLocked runs f under the lock, now or later.
func (e *Engine) paceLocked(p *pace, f func()) {
	switch {
	case p.timer != nil:
		p.next = f
	case time.Since(p.last) < p.gap:
		p.next = f
		p.timer = time.AfterFunc(p.wait, func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			p.timer, p.last = nil, time.Now()
			p.next()
		})
	default:
		p.last = time.Now()
		f()
	}
}
