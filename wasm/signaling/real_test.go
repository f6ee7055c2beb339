//go:build !js

package signaling

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
	server "expressrtc/server/signaling"
)

// withServer runs f with the real server and clients that it knows by these names.
func withServer(t *testing.T, lag time.Duration, f func(a, b *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := server.New(server.Config{Rate: 1e6, Burst: 1e6, BroadcastRate: 1e6})
		a, b := newWorld(t), newWorld(t)
		a.wire.lag, b.wire.lag = lag, lag
		stopA, stopB := a.connect(s), b.connect(s)
		defer func() {
			stopA()
			stopB()
			if err := s.Shutdown(context.Background()); err != nil {
				t.Error(err)
			}
		}()
		a.enter("a")
		b.enter("b")
		f(a, b)
	})
}

// enter logs in so that the connection can be resumed.
func (w *world) enter(user protocol.UserID) {
	w.t.Helper()
	time.Sleep(time.Second) // virtual: the wire may lag
	got := <-w.call(protocol.RoomLogin{
		Version: protocol.Version, App: 7, Room: "r", User: protocol.User{ID: user}, Users: true, Resume: true,
	})
	if got.err != nil {
		w.t.Fatal(got.err)
	}
	var s protocol.RoomSnapshot
	if err := json.Unmarshal(got.body, &s); err != nil || s.Key == "" {
		w.t.Fatalf("login: %s, %v; want a key", got.body, err)
	}
	w.Established(time.Duration(s.Heartbeat)*time.Millisecond, s.Key)
}

// heard tells the texts of the broadcasts that came.
func (w *world) heard() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var texts []string
	for _, f := range w.notices {
		if f.Type == protocol.TypeMessageBroadcast {
			texts = append(texts, body[protocol.MessageBroadcast](w.t, f).Text)
		}
	}
	return texts
}

// TestNothingIsLostOrDoubled talks both ways while sockets break, again and again, with
// frames and the greeting itself on their way.
func TestNothingIsLostOrDoubled(t *testing.T) {
	const texts = 1000
	withServer(t, time.Millisecond, func(a, b *world) {
		var answers []<-chan answer
		for i := range texts {
			for _, w := range []*world{a, b} {
				answers = append(answers, w.call(text(fmt.Sprint(i))))
				if rand.N(20) == 0 {
					w.wire.cut()
				}
				w.Wake() // or its requests would time out
			}
			time.Sleep(rand.N(2 * time.Millisecond))
		}
		for i, got := range answers {
			if got := <-got; got.err != nil {
				t.Fatalf("broadcast %d: %v", i, got.err)
			}
		}
		time.Sleep(20 * time.Second)
		for name, w := range map[string]*world{"a": a, "b": b} {
			heard := w.heard()
			for i := range max(texts, len(heard)) {
				if i >= len(heard) || heard[i] != fmt.Sprint(i) {
					t.Fatalf("%s heard %d texts, number %d is wrong: %q", name, len(heard), i, heard[max(0, i-2):min(i+3, len(heard))])
				}
			}
			w.mu.Lock()
			t.Logf("%s: %d times up", name, len(w.log)/2+1)
			for i, line := range w.log {
				if want := []string{"down", "resumed"}[(i+1)%2]; i > 0 && line != want {
					t.Fatalf("%s told %q at %d, want %q", name, line, i, want)
				}
			}
			w.mu.Unlock()
		}
	})
}

func TestGraceIsOver(t *testing.T) {
	withServer(t, 0, func(a, b *world) {
		a.unplug()
		time.Sleep(time.Minute)
		if got := <-b.call(protocol.MessageBroadcast{Room: "r", Text: "is anybody there"}); got.err != nil {
			t.Fatal(got.err)
		}
		a.plug()
		a.Wake()
		a.expectLog("up", "down", "up")
		a.enter("a")
		if got := <-a.call(text("back")); got.err != nil {
			t.Fatal(got.err)
		}
		synctest.Wait()
		if heard := b.heard(); len(heard) != 1 || heard[0] != "back" {
			t.Errorf("heard %q, want what the new connection said", heard)
		}
	})
}

func TestLogoutWhileAwayArrives(t *testing.T) {
	withServer(t, 0, func(a, b *world) {
		a.unplug()
		a.Call(protocol.RoomLogout{Room: "r"}, func(_ json.RawMessage, err error) {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%v, want ErrClosed", err)
			}
		})
		a.Close()
		time.Sleep(time.Second)
		a.plug()
		time.Sleep(steps[len(steps)-1])
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, f := range b.notices {
			if f.Type == protocol.TypeRoomUsers && body[protocol.RoomUsers](t, f).Change == protocol.Delete {
				return
			}
		}
		t.Errorf("b was told %v, want that a left", b.notices)
	})
}

func TestServerAnswersAProbe(t *testing.T) {
	withServer(t, 0, func(a, _ *world) {
		for range 3 {
			a.Wake()
			time.Sleep(2 * lastChance)
		}
		time.Sleep(10 * time.Minute)
		a.expectLog("up")
	})
}
