package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"expressrtc/server/protocol"
)

// What the server is loaded with.
const (
	idlers     = 5000 // connections that do nothing
	idleRoom   = 10   // of them in a room
	talkRoom   = 50   // members that all hear
	talkers    = 4    // of them who talk
	talkBatch  = 25   // messages of each at once; no queue overflows with them
	talkRounds = 20   // batches of one measurement
	crowd      = 1000 // members of a large room
	entries    = 50   // logins into it
)

// benchmarkServer measures what a connection, a message and a login cost the server. The
// floor is a relay that knows nothing of calls. Each runs in a process of its own.
func benchmarkServer(b *testing.B) {
	program := buildProgram(b, "bench")
	start := func(b *testing.B, role string) string { return startProcess(b, program, role) }
	compareMemory(b, start)
	server, relay := start(b, "server"), start(b, "relay")
	compareTalk(b, server, relay)
	compareEntry(b, server, relay)
}

// member opens a socket in a room, logged in if the server knows what that is.
func member(b *testing.B, url string, ours, users bool, room, user string) *socket {
	b.Helper()
	if !ours {
		return openSocket(b, url, "/?room="+room)
	}
	s := openSocket(b, url, "/ws")
	enter(b, s, users, room, user)
	return s
}

// enter logs in and awaits the answer.
func enter(b *testing.B, s *socket, users bool, room, user string) {
	b.Helper()
	frame, err := protocol.Request(1, protocol.RoomLogin{
		Version: protocol.Version, App: 1, Room: protocol.RoomID(room),
		User: protocol.User{ID: protocol.UserID(user)}, Users: users,
	})
	if err != nil {
		b.Fatal(err)
	}
	if err := s.send(string(frame)); err != nil {
		b.Fatal(err)
	}
	if answer, err := s.next(); err != nil || strings.Contains(answer, `"error"`) {
		b.Fatalf("login: %s, %v", answer, err)
	}
}

// usage is what testdata/bench says of itself.
type usage struct{ RSS, Heap, CPU float64 }

func usageOf(b *testing.B, url string) (u usage) {
	b.Helper()
	answer, err := http.Get(url + "/usage")
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if err := json.NewDecoder(answer.Body).Decode(&u); err != nil {
		b.Fatal(err)
	}
	return u
}

// compareMemory fills new processes with idle connections.
func compareMemory(b *testing.B, start func(*testing.B, string) string) {
	var heap figure
	measure := func(role string, heaps *[]float64) side {
		return func(b *testing.B) float64 {
			grown := idle(b, start(b, role), role == "server")
			*heaps = append(*heaps, grown.Heap/idlers/1000)
			return grown.RSS / idlers / 1000
		}
	}
	compare(b, "an idle connection, resident", "kB", 3, atMost(2), measure("server", &heap.ours), measure("relay", &heap.floor))
	heap.name, heap.unit, heap.limit = "an idle connection, heap", "kB", atMost(2)
	figures = append(figures, heap)
}

// idle is what idle connections add to a process.
func idle(b *testing.B, url string, ours bool) usage {
	before := usageOf(b, url)
	for i := range idlers {
		s := member(b, url, ours, false, fmt.Sprint("room", i/idleRoom), fmt.Sprint("user", i))
		defer s.close()
	}
	after := usageOf(b, url)
	return usage{RSS: after.RSS - before.RSS, Heap: after.Heap - before.Heap}
}

// compareTalk has a room in which several talk and all hear.
func compareTalk(b *testing.B, server, relay string) {
	var cpu figure
	ours, floor := newTalk(b, server, true), newTalk(b, relay, false)
	defer ours.close()
	defer floor.close()
	compare(b, "messages delivered", "1000/s", 5, atLeast(0.5), ours.measure(&cpu.ours), floor.measure(&cpu.floor))
	cpu.name, cpu.unit = "a message delivered, processor", "µs"
	figures = append(figures, cpu)
}

// talk is a room whose members count what they hear.
type talk struct {
	url     string
	members []*socket
	text    string // of a message
	done    chan error
}

func newTalk(b *testing.B, url string, ours bool) *talk {
	t := &talk{url: url, done: make(chan error, talkRoom)}
	for i := range talkRoom {
		t.members = append(t.members, member(b, url, ours, false, "talk", fmt.Sprint("talker", i)))
	}
	message := protocol.MessageBarrage{Room: "talk", Text: strings.Repeat("hello ", 10)}
	frame, err := protocol.Request(7, message)
	if !ours { // which delivers what it gets: about what the server makes of it
		frame, err = protocol.Notice(message)
		frame = append(frame, strings.Repeat(" ", 70)...)
	}
	if err != nil {
		b.Fatal(err)
	}
	t.text = string(frame)
	return t
}

func (t *talk) close() {
	for _, s := range t.members {
		s.close()
	}
}

// measure runs rounds and says how many thousand messages a second were delivered.
func (t *talk) measure(cpu *[]float64) side {
	return func(b *testing.B) float64 {
		before, began := usageOf(b, t.url), time.Now()
		for range talkRounds {
			t.batch(b)
		}
		took := time.Since(began).Seconds()
		delivered := float64(talkRounds * talkers * talkBatch * (talkRoom - 1))
		*cpu = append(*cpu, (usageOf(b, t.url).CPU-before.CPU)/delivered*1e6)
		return delivered / took / 1000
	}
}

// batch has every talker say something often, and waits until all have heard all of it.
func (t *talk) batch(b *testing.B) {
	var all sync.WaitGroup
	for i, s := range t.members {
		s.bound()
		all.Go(func() { t.done <- hear(s, i) })
	}
	texts := make([]string, talkBatch)
	for i := range texts {
		texts[i] = t.text
	}
	for _, s := range t.members[:talkers] {
		if err := s.send(texts...); err != nil {
			b.Fatal(err)
		}
	}
	all.Wait()
	for range t.members {
		if err := <-t.done; err != nil {
			b.Fatal(err)
		}
	}
}

// hear reads what a member is told in a batch: what the others say. A talker also gets
// replies, which do not count.
func hear(s *socket, member int) error {
	if member >= talkers {
		for range talkers * talkBatch {
			if err := s.skip(); err != nil {
				return err
			}
		}
		return nil
	}
	for messages := 0; messages < (talkers-1)*talkBatch; {
		text, err := s.next()
		if err != nil {
			return err
		}
		if !strings.HasPrefix(text, replyStart) {
			messages++
		}
	}
	return nil
}

// replyStart is how a reply to a message begins.
const replyStart = `{"type":"message.barrage","id":`

// compareEntry has users come into a large room in which everyone is told of everyone.
func compareEntry(b *testing.B, server, relay string) {
	for i := range crowd {
		defer member(b, server, true, true, "crowd", fmt.Sprint("member", i)).close()
	}
	echo := openSocket(b, relay, "/?room=echo")
	defer echo.close()
	n := 0
	compare(b, "login into a room of 1000", "ms", entries, limit{}, func(b *testing.B) float64 {
		n++
		s := openSocket(b, server, "/ws")
		defer s.close()
		return timed(func() { enter(b, s, true, "crowd", fmt.Sprint("newcomer", n)) })
	}, func(b *testing.B) float64 {
		return timed(func() {
			if err := echo.send("hello"); err != nil {
				b.Fatal(err)
			}
			if _, err := echo.next(); err != nil {
				b.Fatal(err)
			}
		})
	})
}

// timed is how many milliseconds f takes.
func timed(f func()) float64 {
	began := time.Now()
	f()
	return float64(time.Since(began).Microseconds()) / 1000
}
