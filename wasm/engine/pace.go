package engine

import (
	"context"
	"time"
)

// pace spaces out what pages call in bursts: the first call acts at once; one that comes
// within gap of the last is put off by wait, and a newer one takes its place.
type pace struct {
	gap, wait time.Duration
	last      time.Time
	timer     *time.Timer // while a call is put off
	next      func()      // that call
	waiting   []chan bool // for the result of the call that acts, see gatherLocked
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

// gatherLocked runs do under the lock, now or later; in a burst the last one counts for
// all. done tells its result to all who waited for it, at once or later.
func (e *Engine) gatherLocked(p *pace, do func(done func(ok bool))) <-chan bool {
	p.gap, p.wait = 100*time.Millisecond, 500*time.Millisecond
	result := make(chan bool, 1)
	p.waiting = append(p.waiting, result)
	e.paceLocked(p, func() {
		waiting := p.waiting
		p.waiting = nil
		do(func(ok bool) {
			for _, result := range waiting {
				result <- ok
			}
		})
	})
	return result
}

// gathered waits for a result of gatherLocked.
func gathered(ctx context.Context, result <-chan bool) (ok bool, err error) {
	select {
	case ok := <-result:
		return ok, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}
