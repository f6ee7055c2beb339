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

	"github.com/coder/websocket"
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

func TestDelayGrowsWithinBounds(t *testing.T) {
	for try, limit := range []time.Duration{1, 2, 4, 8, 16, 16, 16} {
		limit *= time.Second
		for range 100 {
			if d := delay(try); d < limit/2 || d >= limit {
				t.Fatalf("try %d waits %v, want %v to %v", try, d, limit/2, limit)
			}
		}
	}
}

func TestSilenceIsALoss(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.connected()
		w.Heartbeat(10 * time.Second)
		for range 5 {
			time.Sleep(20 * time.Second) // longer than the interval, shorter than the patience
			server.write(protocol.Notice(protocol.Ping{}))
			if f := server.read(); f.Type != protocol.TypePong {
				t.Fatalf("a ping was answered by %s", f.Type)
			}
		}
		silentSince := time.Now()
		w.connected()
		quiet := time.Since(silentSince)
		if quiet < 25*time.Second || quiet > 40*time.Second {
			t.Errorf("given up after %v of silence, want 25 s and a little", quiet)
		}
	})
}

func TestCloseCodesSayWhetherToComeBack(t *testing.T) {
	for code, want := range map[protocol.CloseCode]string{
		protocol.CloseKicked:   "down: " + ErrFinal.Error(),
		protocol.CloseTooSlow:  "up",
		protocol.CloseStopping: "up",
	} {
		inWorld(t, func(w *world) {
			server := w.connected()
			_ = server.ws.Close(websocket.StatusCode(code), code.String())
			time.Sleep(time.Minute)
			w.mu.Lock()
			defer w.mu.Unlock()
			if last := w.log[len(w.log)-1]; !strings.HasPrefix(last, want) {
				t.Errorf("after close code %d: %q, want %q", code, w.log, want)
			}
		})
	}
}

func TestCloseSendsWhatIsQueued(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.connected()
		for range 100 {
			if err := w.Notify(logoutRoom); err != nil {
				t.Fatal(err)
			}
		}
		w.Close()
		for range 100 {
			server.read()
		}
	})
}

func TestQueueIsBounded(t *testing.T) {
	inWorld(t, func(w *world) {
		w.connected()
		var err error
		for range 2 * maxQueue {
			if err = w.Notify(logoutRoom); err != nil {
				break
			}
		}
		if !errors.Is(err, ErrFull) {
			t.Errorf("queueing without end: %v, want ErrFull", err)
		}
	})
}
