//go:build !js

package signaling

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

var logoutRoom = protocol.RoomLogout{Room: "r"}

func TestReplyComesBeforeTheNoticeAfterIt(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.connected()
		seen := -1
		w.Call(logoutRoom, func(json.RawMessage, error) {
			time.Sleep(time.Second) // virtual: were the next frame read meanwhile, its notice would be there
			w.mu.Lock()
			defer w.mu.Unlock()
			seen = len(w.notices)
		})
		f := server.read()
		server.write(protocol.Notice(protocol.RoomUsers{Room: "before"}))
		server.write(protocol.Reply(f.Type, f.ID, nil))
		server.write(protocol.Notice(protocol.RoomUsers{Room: "after"}))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if w.mu.Lock(); seen != 1 || len(w.notices) != 2 {
			t.Errorf("the reply came after %d of %d notices, want 1 of 2", seen, len(w.notices))
		}
		w.mu.Unlock()
	})
}

func TestErrorsOfACall(t *testing.T) {
	inWorld(t, func(w *world) {
		if got := <-w.call(logoutRoom); !errors.Is(got.err, ErrDown) {
			t.Errorf("before the connection stands: %v, want ErrDown", got.err)
		}
		server := w.connected()
		refused := w.call(logoutRoom)
		f := server.read()
		server.write(protocol.ErrorReply(f.Type, f.ID, protocol.Errorf(7, "no")))
		var e *protocol.Error
		if got := <-refused; !errors.As(got.err, &e) || e.Code != 7 {
			t.Errorf("refused: %v, want code 7", got.err)
		}
		began := time.Now()
		unanswered := w.call(logoutRoom)
		server.read()
		server.pinged()
		if got := <-unanswered; !errors.Is(got.err, ErrTimeout) || time.Since(began) != requestTimeout {
			t.Errorf("unanswered: %v after %v, want ErrTimeout after %v", got.err, time.Since(began), requestTimeout)
		}
		lost := w.call(logoutRoom)
		server.read()
		_ = server.ws.CloseNow()
		if got := <-lost; !errors.Is(got.err, ErrLost) {
			t.Errorf("connection gone: %v, want ErrLost", got.err)
		}
	})
}

func TestComesBackAfterALoss(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.connected()
		lostAt := time.Now()
		_ = server.ws.CloseNow()
		server = w.connected()
		if wait := time.Since(lostAt); wait <= 0 || wait > time.Second {
			t.Errorf("back after %v, want within a second, but not at once", wait)
		}
		if err := w.Notify(logoutRoom); err != nil {
			t.Fatal(err)
		}
		if f := server.read(); f.Type != protocol.TypeRoomLogout {
			t.Errorf("read %s, want room.logout", f.Type)
		}
	})
}

func TestQueueIsBounded(t *testing.T) {
	for size, most := range map[int]int{10: maxQueue, 128 << 10: maxQueueBytes >> 17} {
		inWorld(t, func(w *world) {
			w.connected() // and reads nothing
			queued := 0
			for err := error(nil); err == nil && queued <= most; queued++ {
				if err = w.Notify(text(strings.Repeat("x", size))); err != nil && !errors.Is(err, ErrFull) {
					t.Errorf("queueing without end: %v, want ErrFull", err)
				}
			}
			if queued > most+1 {
				t.Errorf("%d frames of %d bytes were queued, want at most %d", queued, size, most)
			}
		})
	}
}

func TestAcknowledgedFramesAreNotKept(t *testing.T) {
	const frames = 10_000
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		last := uint64(0)
		for n := 1; n <= frames; n++ {
			w.notifyAll("forth")
			f := server.read()
			if f.Type == protocol.TypeAck {
				received := body[protocol.Ack](t, f).Received
				if received < last+protocol.AckEvery || received > last+2*protocol.AckEvery {
					t.Fatalf("the client acknowledged %d, then %d", last, received)
				}
				last = received
				f = server.read()
			}
			if f.Type != protocol.TypeMessageBroadcast {
				t.Fatalf("the server read %s", f.Type)
			}
			server.write(protocol.Notice(text("back")))
			if n%protocol.AckEvery == 0 {
				server.write(protocol.Notice(protocol.Ack{Received: uint64(n)}))
			}
			synctest.Wait()
		}
		if last < frames-2*protocol.AckEvery {
			t.Errorf("the client acknowledged %d of %d frames", last, frames)
		}
	})
}

// TestFewLargeFramesAreAcknowledged: the server keeps bytes, and not only frames.
func TestFewLargeFramesAreAcknowledged(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		const frames = 4
		for range frames {
			server.write(protocol.Notice(text(strings.Repeat("x", protocol.AckBytes/frames))))
		}
		f := server.read()
		if f.Type != protocol.TypeAck || body[protocol.Ack](t, f).Received != frames {
			t.Errorf("the server read %s %s, want the acknowledgement of all %d frames", f.Type, f.Body, frames)
		}
	})
}

func TestWithoutKeyNothingIsKept(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.connected()
		w.Established(time.Minute, "")
		for range 2 * maxQueue {
			if err := w.Notify(text("forth")); err != nil {
				t.Fatal(err)
			}
			server.expect("forth")
		}
		if w.Key() != "" || !w.Resumable() {
			t.Errorf("key %q, resumable %v; want none, and true while up", w.Key(), w.Resumable())
		}
		unanswered := w.call(logoutRoom)
		server.read()
		w.unplug()
		if got := <-unanswered; !errors.Is(got.err, ErrLost) {
			t.Errorf("the socket is gone: %v, want ErrLost", got.err)
		}
		if err := w.Notify(logoutRoom); !errors.Is(err, ErrDown) || w.Resumable() {
			t.Errorf("queueing while down: %v, want ErrDown", err)
		}
		w.plug()
		server = w.connected()
		w.expectLog("up", "down", "up")
		w.notifyAll("c1")
		server.expect("c1") // no resume, nothing of before
		w.Established(time.Minute, testKey)
		_ = server.ws.CloseNow()
		server = w.connected()
		server.resume(0, 0)
		server.expect("c1") // kept before the key came
	})
}
