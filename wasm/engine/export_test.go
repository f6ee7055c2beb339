//go:build !js

package engine

import (
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

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

// SentSound is what those who play a local stream hear, and what it is made of.
func (e *Engine) SentSound(id string) (sent, source *media.Track) {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[id]
	return l.outgoing(media.Audio), l.sound.Source()
}

// StandIn tells whether a local stream has a picture to be sent while it is muted, also
// when the stream is destroyed.
func (e *Engine) StandIn(id string) func() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	l := e.locals[id]
	return func() bool {
		e.mu.Lock()
		defer e.mu.Unlock()
		return l.still != nil
	}
}

// Still is sent of a local stream while it is muted.
func (e *Engine) Still(id string) *media.Track {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.locals[id].still.Track()
}

// StreamExtraInfo is what a login brings back of a stream that is published.
func (e *Engine) StreamExtraInfo(id protocol.StreamID) string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.publishers[id].option.ExtraInfo.S
}

// Locals is how many local streams it keeps.
func (e *Engine) Locals() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.locals)
}

// Oversleep loses the timer for a room's token.
func (e *Engine) Oversleep(id protocol.RoomID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	stopTimers(e.rooms[id].expiry)
}

// ClockAhead makes the server's clock another one than this machine's.
func (e *Engine) ClockAhead(d time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.clock.least, e.clock.most = e.clock.least+d, e.clock.most+d
}

// Sequence is the number of the last ordered message to a room.
func (e *Engine) Sequence(id protocol.RoomID) int64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.rooms[id].sequence
}
