package signaling

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

// bystander is an end of a call that has nothing to do with what somebody else is up to.
type bystander struct {
	*client
	session protocol.SessionID
	heard   chan string  // what the other end of the call says
	opened  atomic.Int64 // sessions, beside that of the call
}

// pair starts a call in a room.
func pair(s *site, room string) (caller, callee *bystander) {
	s.t.Helper()
	a, b := s.stay(room, "caller-"+room), s.stay(room, "callee-"+room)
	hears[protocol.RoomUsers](a)
	cam := protocol.StreamID("cam-" + room)
	a.ok2(protocol.StreamPublish{Room: protocol.RoomID(room), Stream: cam})
	hears[protocol.RoomStreams](b)
	b.ok2(protocol.StreamPlay{Room: protocol.RoomID(room), Stream: cam})
	id := hears[protocol.SessionOpen](a).Session
	hears[protocol.SessionOpen](b)
	ends := []*bystander{{client: a, session: id, heard: make(chan string, 16)}, {client: b, session: id, heard: make(chan string, 16)}}
	for _, e := range ends {
		go e.listen()
	}
	return ends[0], ends[1]
}

// listen does what an SDK does, and hands on what belongs to the call.
func (b *bystander) listen() {
	defer close(b.heard)
	bytes := 0
	for {
		f, err := b.read()
		if err != nil {
			return
		}
		var answer []byte
		bytes += len(f.Body)
		switch {
		case f.Type == protocol.TypeSessionDesc && strings.Contains(string(f.Body), string(b.session)):
			b.heard <- string(f.Body)
		case f.Type == protocol.TypeSessionOpen:
			b.opened.Add(1)
		case f.Type == protocol.TypeSessionClose && strings.Contains(string(f.Body), string(b.session)):
			return
		case f.Type == protocol.TypePing, protocol.Counted(f.Type) && (b.received%protocol.AckEvery == 0 || bytes >= protocol.AckBytes):
			bytes = 0
			answer, err = protocol.Notice(protocol.Pong{Received: b.received})
		}
		if err != nil || answer != nil && b.ws.Write(context.Background(), websocket.MessageText, answer) != nil {
			return
		}
	}
}

// call sends something there and back, and tells how long it took.
func call(there, back *bystander) (time.Duration, error) {
	start := time.Now()
	for _, way := range [][2]*bystander{{there, back}, {back, there}} {
		way[0].notify(protocol.SessionDesc{Session: way[0].session, Kind: "offer", SDP: long(2000)})
		select {
		case _, ok := <-way[1].heard:
			if !ok {
				return 0, errors.New("the call has ended")
			}
		case <-time.After(30 * time.Second):
			return 0, errors.New("nothing came for 30 s")
		}
	}
	return time.Since(start), nil
}
