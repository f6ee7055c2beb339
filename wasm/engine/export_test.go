package engine

import "time"

// Retry shortens how long a room and a stream are tried for.
func (e *Engine) Retry(room, stream time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings.roomRetry, e.settings.streamRetry = room, stream
}

// Settle shortens how long the others may take to come back.
func (e *Engine) Settle(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.settings.settle = d
}

// Listens reports whether it measures how loud streams are.
func (e *Engine) Listens() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.stopSound != nil
}
