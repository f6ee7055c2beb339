package room

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"expressrtc/server/protocol"
)

// carrier is an end that outlives servers: it publishes a stream of its own, plays those
// of some others, and keeps its sessions as an SDK does.
type carrier struct {
	name  string
	plays []protocol.StreamID
	life  string

	mu       sync.Mutex
	line     *line // to the server of now
	sessions map[protocol.SessionID]protocol.CarriedSession
}

// line is a carrier's connection to one server; a dead server's is cut.
type line struct{ *carrier }

func newCarrier(i int, r *rand.Rand, of int) *carrier {
	e := &carrier{name: fmt.Sprint("u", i), sessions: map[protocol.SessionID]protocol.CarriedSession{}}
	for other := range of {
		if other != i && r.IntN(2) == 0 {
			e.plays = append(e.plays, protocol.StreamID(fmt.Sprint("u", other)))
		}
	}
	return e
}

func (l *line) Crowded() bool { return false }

// Send keeps the sessions.
func (l *line) Send(b protocol.Body) {
	e := l.carrier
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.line != l {
		return
	}
	switch b := b.(type) {
	case protocol.SessionOpen:
		e.sessions[b.Session] = protocol.CarriedSession{Session: b.Session, Stream: b.Stream, Role: b.Role}
	case protocol.SessionClose:
		delete(e.sessions, b.Session)
	}
}

func (e *carrier) login(t *testing.T, h *Hub) {
	t.Helper()
	e.mu.Lock()
	msg := login("r", e.name)
	msg.Carried = &protocol.Carried{
		Life: e.life, Streams: streams(protocol.StreamID(e.name)), Plays: plays(e.plays...),
	}
	for _, s := range e.sessions {
		msg.Carried.Sessions = append(msg.Carried.Sessions, s)
	}
	e.line = &line{e}
	e.mu.Unlock()
	_, err := h.Login(msg, Pass{}, e.line, func(_ *Member, s protocol.RoomSnapshot) { e.life = s.Life })
	if err != nil {
		t.Fatal(err)
	}
}

// cut ends the line, and now and then a session, as one that fails while the server is away.
func (e *carrier) cut(r *rand.Rand) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.line = nil
	for id := range e.sessions {
		if r.IntN(5) == 0 {
			delete(e.sessions, id)
		}
	}
}

// check wants one session for everything that e plays and that is here, at both ends,
// and no other.
func (e *carrier) check(t *testing.T, here []*carrier) {
	t.Helper()
	want := 0
	for _, other := range here {
		for _, id := range other.plays {
			if id == protocol.StreamID(e.name) {
				want++
				e.checkPair(t, other)
			}
		}
		for _, id := range e.plays {
			if id == protocol.StreamID(other.name) {
				want++
			}
		}
	}
	if len(e.sessions) != want {
		t.Errorf("%s has %d sessions, want %d: %v", e.name, len(e.sessions), want, e.sessions)
	}
}

// checkPair wants a session in which e sends to other.
func (e *carrier) checkPair(t *testing.T, other *carrier) {
	t.Helper()
	for id, s := range e.sessions {
		if s.Role == protocol.Send && other.sessions[id].Role == protocol.Receive && string(s.Stream) == e.name {
			return
		}
	}
	t.Errorf("%s does not send to %s", e.name, other.name)
}
