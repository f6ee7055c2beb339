package signaling

import (
	"maps"
	"slices"
	"sync/atomic"

	"expressrtc/server/protocol"
)

// Stats is what a Server has, and what it has done since it began. Its maps have the same
// keys every time.
type Stats struct {
	Connections int // with a socket
	Away        int // whose clients may come back

	// Received and Sent count frames by type; those of no known type are "other". What is
	// sent again to a client that came back is counted once.
	Received, Sent map[protocol.Type]uint64
	// ReceivedBytes and SentBytes are those of frames.
	ReceivedBytes, SentBytes uint64

	Resumed, NotResumed uint64                        // attempts to go on with a connection
	Ended               map[protocol.CloseCode]uint64 // connections that are gone for good; 0 is a lost one
	Refused             map[string]uint64             // connections that found no place, by reason

	Queues Queues
	Held   int64 // bytes of large replies in memory
}

// Queues are what waits to be written to clients, or to be acknowledged by them.
type Queues struct {
	// Fill counts the connections whose queue is filled up to that part of what it takes.
	Fill map[float64]int
	// Fullest is the part to which the fullest one is filled.
	Fullest float64
}

// fills are the keys of Queues.Fill.
var fills = []float64{0, 0.01, 0.1, 0.25, 0.5, 0.75, 1}

// Other stands for what is none of the known types.
const Other protocol.Type = "other"

// notices are what the server sends of itself.
var notices = []protocol.Type{
	protocol.TypeRoomUsers, protocol.TypeRoomStreams, protocol.TypeRoomKickout, protocol.TypeSessionOpen, protocol.TypeStreamEnd,
}

// traffic counts what goes through a Server.
type traffic struct {
	received, sent           counters[protocol.Type]
	receivedBytes, sentBytes atomic.Uint64
	resumed, lost            atomic.Uint64
	ended                    counters[protocol.CloseCode]
	refused                  counters[error]
}

func newTraffic() *traffic {
	requests := slices.Collect(maps.Keys(handlers))
	return &traffic{
		received: newCounters(Other, requests...),
		sent:     newCounters(Other, append(requests, notices...)...),
		ended:    newCounters(lost, protocol.CloseCodes()...),
		refused:  newCounters(errFull, errCrowded, errOften, errStopping),
	}
}

// counters count by keys that are known in advance: its map never changes, so it takes no lock.
type counters[K comparable] struct {
	of    map[K]*atomic.Uint64
	other *atomic.Uint64
}

// newCounters makes counters; other is counted where a key is none of the rest.
func newCounters[K comparable](other K, keys ...K) counters[K] {
	c := counters[K]{map[K]*atomic.Uint64{}, new(atomic.Uint64)}
	c.of[other] = c.other
	for _, key := range keys {
		c.of[key] = new(atomic.Uint64)
	}
	return c
}

func (c counters[K]) count(key K) {
	if n := c.of[key]; n != nil {
		n.Add(1)
		return
	}
	c.other.Add(1)
}

func (c counters[K]) all() map[K]uint64 {
	all := make(map[K]uint64, len(c.of))
	for key, n := range c.of {
		all[key] = n.Load()
	}
	return all
}

// Stats tells what there is now. It looks at each connection for a moment.
func (s *Server) Stats() Stats {
	t := s.traffic
	stats := Stats{
		Received: t.received.all(), Sent: t.sent.all(),
		ReceivedBytes: t.receivedBytes.Load(), SentBytes: t.sentBytes.Load(),
		Resumed: t.resumed.Load(), NotResumed: t.lost.Load(),
		Ended: t.ended.all(), Refused: map[string]uint64{},
		Held: s.held.Load(),
	}
	for err, n := range t.refused.all() {
		stats.Refused[err.Error()] = n
	}
	s.mu.Lock()
	stats.Connections, stats.Away = s.sockets.All(), s.away.All()
	conns := slices.Collect(maps.Keys(s.conns))
	s.mu.Unlock()
	stats.Queues = queues(conns)
	return stats
}

func queues(conns []*conn) Queues {
	q := Queues{Fill: map[float64]int{}}
	for _, most := range fills {
		q.Fill[most] = 0
	}
	for _, c := range conns {
		fill := c.fill()
		q.Fullest = max(q.Fullest, fill)
		at, _ := slices.BinarySearch(fills, min(fill, 1)) // one frame may be larger than all it takes
		q.Fill[fills[at]]++
	}
	return q
}

// fill is the part of what the queue takes that it holds.
func (c *conn) fill() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.outbox.Fill()
}
