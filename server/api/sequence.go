package api

import (
	"sync"
	"time"

	"expressrtc/server/protocol"
)

// inOrder is how long the sequence of an action about a stream is remembered.
const inOrder = 10 * time.Second

// sequences remember the newest action about each stream, so that one that was overtaken
// on its way does not undo it. The actions' paces bound how many there are.
type sequences struct {
	mu   sync.Mutex
	last map[streamKey]sequence
}

type (
	streamKey struct {
		app protocol.AppID
		id  protocol.StreamID
	}
	sequence struct {
		number uint64
		at     time.Time
	}
)

func newSequences() *sequences { return &sequences{last: map[streamKey]sequence{}} }

// take notes an action; false when one with this number, or a higher one, came already.
func (q *sequences) take(key streamKey, number uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	if last, ok := q.last[key]; ok && now.Sub(last.at) < inOrder && number <= last.number {
		return false
	}
	if len(q.last) >= 1024 {
		for old, last := range q.last {
			if now.Sub(last.at) >= inOrder {
				delete(q.last, old)
			}
		}
	}
	q.last[key] = sequence{number, now}
	return true
}
