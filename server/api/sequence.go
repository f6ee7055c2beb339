package api

import (
	"maps"
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

// take notes an action about streams; false when one with this number, or a higher one,
// came already about any of them.
func (q *sequences) take(app protocol.AppID, ids []protocol.StreamID, number uint64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	now := time.Now()
	for _, id := range ids {
		if last, ok := q.last[streamKey{app, id}]; ok && now.Sub(last.at) < inOrder && number <= last.number {
			return false
		}
	}
	if len(q.last) >= 1024 {
		maps.DeleteFunc(q.last, func(_ streamKey, last sequence) bool { return now.Sub(last.at) >= inOrder })
	}
	for _, id := range ids {
		q.last[streamKey{app, id}] = sequence{number, now}
	}
	return true
}
