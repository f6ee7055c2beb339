package webhook

import (
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// BenchmarkHear is what an event costs the room that it happens in, while a receiver is
// dead and its outbox full.
func BenchmarkHear(b *testing.B) {
	s := New(Config{Timeout: time.Millisecond, App: func(id uint32) (auth.App, bool) {
		return auth.App{ID: id, CallbackURL: "http://127.0.0.1:1/"}, true
	}})
	r := room.Report{Kind: room.UserIn, Time: time.Now(), Room: room.Info{App: 1}}
	rooms := make([]protocol.RoomID, 2000)
	for i := range rooms {
		rooms[i] = protocol.RoomID(rune('a' + i))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r.Room.ID = rooms[i%len(rooms)]
		s.Hear(r)
	}
}
