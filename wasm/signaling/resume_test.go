//go:build !js

package signaling

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"

	"github.com/coder/websocket"
)

func TestLostFramesAreSentAgain(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		server.write(protocol.Notice(text("s1")))
		w.notifyAll("c1", "c2", "c3")
		server.expect("c1")
		server.expect("c2")
		server.expect("c3") // read, but say that it was not handled
		w.unplug()
		if w.Up() || !w.Resumable() || w.Key() != testKey || w.URL() != "ws://test/ws" {
			t.Errorf("away: up %v, resumable %v, key %q, url %q", w.Up(), w.Resumable(), w.Key(), w.URL())
		}
		w.notifyAll("c4")
		w.plug()
		server = w.connected()
		w.expectLog("up", "down") // no word before the server has agreed
		server.resume(1, 2)
		w.notifyAll("c5")
		server.write(protocol.Notice(text("s2")))
		for _, s := range []string{"c3", "c4", "c5"} {
			server.expect(s)
		}
		w.expectNotices("s1", "s2")
		w.expectLog("up", "down", "resumed")
	})
}

func TestLossDuringTheGreeting(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		w.notifyAll("c1", "c2", "c3")
		for range 3 {
			server.read()
		}
		_ = server.ws.CloseNow()
		server = w.connected()
		server.greeting()
		_ = server.ws.CloseNow() // without an answer
		server = w.connected()
		server.resume(0, 1) // with one, and gone before all is sent again
		server.write(protocol.Notice(text("s1")))
		synctest.Wait() // what was not handled when a socket ends does not count
		server.expect("c2")
		_ = server.ws.CloseNow()
		server = w.connected()
		server.resume(1, 2)
		server.expect("c3")
		w.expectNotices("s1")
		w.expectLog("up", "down", "resumed", "down", "resumed")
	})
}

func TestGreetingWithoutAnswerIsGivenUp(t *testing.T) {
	inWorld(t, func(w *world) {
		_ = w.loggedIn().ws.CloseNow()
		began := time.Now()
		server := w.connected()
		server.greeting()
		if code := server.closing(); code != protocol.CloseAbandoned {
			t.Errorf("closed with %d, want %d", code, protocol.CloseAbandoned)
		}
		if took := time.Since(began); took < requestTimeout || took > requestTimeout+time.Second {
			t.Errorf("given up after %v, want %v", took, requestTimeout)
		}
		w.connected().resume(0, 0)
		w.expectLog("up", "down", "resumed")
	})
}

func TestRefusedResumeBeginsAnew(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		server.write(protocol.Notice(text("s1")))
		unanswered := w.call(logoutRoom)
		server.read()
		w.unplug()
		w.notifyAll("never sent")
		w.plug()
		server = w.connected()
		server.refuse()
		if got := <-unanswered; !errors.Is(got.err, ErrLost) {
			t.Errorf("a request of the old connection: %v, want ErrLost", got.err)
		}
		w.expectLog("up", "down", "up")
		if w.Key() != "" || !w.Up() {
			t.Errorf("key %q, up %v; want a new connection on the same socket", w.Key(), w.Up())
		}
		w.notifyAll("login")
		server.expect("login")
		w.Established(time.Minute, testKey)
		_ = server.ws.CloseNow()
		w.connected().resume(0, 1) // counted anew
		w.expectLog("up", "down", "up", "down", "resumed")
	})
}

// TestCountsThatCannotBe are those of a server that lost its mind, not its memory.
func TestCountsThatCannotBe(t *testing.T) {
	inWorld(t, func(w *world) {
		givenUp := func(server peer, after string) {
			began := time.Now()
			if code := server.closing(); code != protocol.CloseAbandoned || time.Since(began) > 0 {
				t.Errorf("%s: closed with %d after %v, want %d at once", after, code, time.Since(began), protocol.CloseAbandoned)
			}
		}
		_ = w.loggedIn().ws.CloseNow()
		server := w.connected()
		server.resume(0, 7)
		givenUp(server, "resumed from 7 of 0")
		server = w.loggedIn() // a new one
		server.write(protocol.Notice(protocol.Ack{Received: 1}))
		givenUp(server, "acknowledged 1 of 0")
		server = w.connected()
		_, _ = server.greeting()
		server.write(protocol.Notice(text("before the answer")))
		server.write(protocol.Notice(text("and one that nobody reads")))
		givenUp(server, "a frame before the answer")
		w.expectLog("up", "down", "up", "down")
		w.expectNotices()
	})
}

func TestCallSurvivesALoss(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		sent := w.call(logoutRoom)
		f := server.read()
		w.unplug()
		queued := w.call(text("queued"))
		w.plug()
		server = w.connected()
		server.resume(0, 1)
		server.write(protocol.Reply(f.Type, f.ID, nil))
		f = server.read()
		server.write(protocol.Reply(f.Type, f.ID, nil))
		for _, answers := range []<-chan answer{sent, queued} {
			if got := <-answers; got.err != nil {
				t.Errorf("a request that a loss came between: %v", got.err)
			}
		}
	})
}

func TestCallThatTimesOutUnsentIsNotSent(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.unplug()
		began := time.Now()
		queued := w.call(text("too late"))
		w.notifyAll("in time")
		if got := <-queued; !errors.Is(got.err, ErrTimeout) || time.Since(began) != requestTimeout {
			t.Errorf("%v after %v, want ErrTimeout after %v", got.err, time.Since(began), requestTimeout)
		}
		w.plug()
		server := w.connected()
		server.resume(0, 0)
		server.expect("in time")
	})
}

func TestQueueIsBoundedWhileAway(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.unplug()
		for range maxQueue {
			w.notifyAll("more")
		}
		if err := w.Notify(text("too much")); !errors.Is(err, ErrFull) {
			t.Errorf("%v, want ErrFull", err)
		}
	})
}

func TestKickedWhileAway(t *testing.T) {
	inWorld(t, func(w *world) {
		_ = w.loggedIn().ws.CloseNow()
		server := w.connected()
		server.resume(0, 0)
		server.write(protocol.Notice(protocol.RoomKickout{Room: "r", Code: protocol.CodeKicked}))
		_ = server.ws.Close(websocket.StatusCode(protocol.CloseKicked), "")
		time.Sleep(time.Minute)
		w.expectLog("up", "down", "resumed", "final")
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.notices) != 1 || w.notices[0].Type != protocol.TypeRoomKickout {
			t.Errorf("told %v, want one room.kickout", w.notices)
		}
		if len(w.accepted) > 0 || w.Resumable() {
			t.Errorf("%d more sockets, resumable %v; want to stay away", len(w.accepted), w.Resumable())
		}
	})
}

// TestReplacedSocketIsNoEnd: a resume that was given up arrived after all, and won.
func TestReplacedSocketIsNoEnd(t *testing.T) {
	inWorld(t, func(w *world) {
		began := time.Now()
		server := w.loggedIn()
		for range 5 {
			_ = server.ws.Close(websocket.StatusCode(protocol.CloseResumed), "")
			server = w.connected()
			server.resume(0, 0)
		}
		synctest.Wait()
		w.expectLog("up", "down", "resumed", "down", "resumed", "down", "resumed", "down", "resumed", "down", "resumed")
		// The least that five growing waits can take; without growth they take 5 s at most.
		if took := time.Since(began); took < 7500*time.Millisecond {
			t.Errorf("replaced five times in %v, want to slow down", took)
		}
	})
}

func TestSecondLoginKeepsTheKey(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		w.notifyAll("c1")
		server.expect("c1")
		w.Established(time.Minute, testKey)
		w.Established(time.Minute, "")
		_ = server.ws.CloseNow()
		server = w.connected()
		server.resume(0, 0)
		server.expect("c1")
	})
}

// TestGivenUpLinkTakesNothing: its writer may still be about to.
func TestGivenUpLinkTakesNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.Client.mu.Lock()
		old := w.link
		w.Client.mu.Unlock()
		w.unplug()
		w.notifyAll("c1")
		if data, err := w.next(old); !errors.Is(err, ErrLost) {
			t.Errorf("a link that is gone took %s, %v", data, err)
		}
	})
}
