package signaling

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

// byUser finds the server's side of a user's connection.
func (s *site) byUser(user protocol.UserID) *conn {
	s.t.Helper()
	return s.conn(func(c *conn) bool { return c.user == user })
}

// What an older socket brings after another took its place counts for nothing: the
// client says it again over the new one.
func TestOlderSocketIsNotHeard(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		hears[protocol.RoomUsers](a)
		server := s.byUser("a")
		older := server.socket
		s.back(a)
		server.dispatch(older, []byte(`{"type":"message.broadcast","id":2,"body":{"room":"r","text":"x"}}`))
		server.dispatch(older, []byte(`{"type":"ack","body":{"received":1000}}`))
		server.dispatch(older, []byte(`nonsense`))
		older.onReadError(errBinary)
		older.onReadError(errOversized)
		older.onReadError(websocket.CloseError{Code: websocket.StatusNormalClosure})
		older.onReadError(websocket.CloseError{Code: websocket.StatusGoingAway})
		older.onReadError(io.EOF)
		heard := server.heard
		time.Sleep(time.Second) // virtual
		if server.hear(older) || server.heard != heard {
			t.Error("a frame of the older socket is a sign of life")
		}
		b.quiet()
		a.quiet()
		if server.received != 2 {
			t.Errorf("%d frames counted, want 2", server.received)
		}
	})
}

// A page that goes away may be one that is frozen or reloads: only 1000 means goodbye.
func TestGoingAwayIsNoGoodbye(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		hears[protocol.RoomUsers](a)
		a.ws.Close(websocket.StatusGoingAway, "")
		synctest.Wait()
		b.quiet()
		s.back(a)
		a.ws.Close(websocket.StatusGoingAway, "")
		time.Sleep(leaving - time.Second) // virtual
		b.quiet()
		s.back(a)
		start := time.Now()
		a.ws.Close(websocket.StatusNormalClosure, "")
		if got := hears[protocol.RoomUsers](b); got.Change != protocol.Delete {
			t.Errorf("b heard %+v", got)
		}
		elapsed(t, start, 0)
		s.dial().refused(a.resume(), protocol.CodeSessionLost)
	})
}

// But who said so is not waited for as long as one whose line broke.
func TestGoingAwayIsSoonGone(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		hears[protocol.RoomUsers](a)
		start := time.Now()
		a.ws.Close(websocket.StatusGoingAway, "")
		if got := hears[protocol.RoomUsers](b); got.Change != protocol.Delete {
			t.Errorf("b heard %+v", got)
		}
		elapsed(t, start, leaving)
	})
}

// Who comes back makes place for another to be away, and so does who is given up.
func TestAwayIsCountedOut(t *testing.T) {
	bubble(t, Config{MaxPerAddress: 2}, func(s *site) {
		for _, where := range []string{"192.0.2.1:1", "192.0.2.2:1"} { // it may come back from elsewhere
			a := s.from("192.0.2.1:1").stay("r", "a")
			for range 5 {
				a.drop()
				if n := s.server.away.All(); n != 1 {
					t.Errorf("%d are away, want 1", n)
				}
				s.from(where).back(a)
				if got := s.byUser("a").network; got != Network(where) {
					t.Errorf("it is at %v now, not %v", where, got)
				}
				if n := s.server.away; n.All() != 0 || n.Networks() != 0 {
					t.Errorf("%v are away, want nobody", n)
				}
			}
			a.drop()
			time.Sleep(31 * time.Second) // virtual
			synctest.Wait()
			if n := s.server.away; n.All() != 0 || n.Networks() != 0 || len(s.server.keys) != 0 {
				t.Errorf("%v are away, %d keys, want nobody", n, len(s.server.keys))
			}
		}
	})
}

// A timer that fires while it is being stopped must not act for the one after it.
func TestTimersOfBefore(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		hears[protocol.RoomUsers](a)
		server := s.byUser("a")
		a.drop()
		for range 4 {
			time.Sleep(7 * time.Second) // virtual
			b.quiet()                   // and reads its pings
		}
		s.back(a)
		server.onGrace()
		a.drop()
		server.onGrace() // of the first time
		server.onBeat()
		server.onLoginDeadline()
		b.quiet()
		s.back(a)

		a.drop()
		s.login("r", "a")
		hears[protocol.RoomUsers](b)
		hears[protocol.RoomUsers](b)
		s.back(a) // kicked out, it has some time to read so
		a.drop()
		server.onKickGrace()
		s.back(a)
		hears[protocol.RoomKickout](a)
		server.onKickGrace()
		start := time.Now()
		a.closed(protocol.CloseKicked)
		elapsed(t, start, kickGrace)
	})
}

// The first to end a connection says why, and nothing is taken from it after that.
func TestFirstEndCounts(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		server := s.byUser("a")
		server.Send(protocol.RoomKickout{Room: "other"}) // it waits to be read
		server.end(protocol.CloseVersion, nil)
		server.end(protocol.CloseTooSlow, nil)
		server.onKickGrace()
		if server.hear(server.socket) || server.count(server.socket, protocol.TypeRoomLogin) {
			t.Error("it is still heard")
		}
		server.Send(protocol.RoomKickout{Room: "other"})
		if n := a.closed(protocol.CloseVersion); n != 1 {
			t.Errorf("%d frames came, want 1", n)
		}
	})
}

// A ping that came due while the socket was lost changes nothing about the grace time.
func TestGraceTimeOfABeat(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		server := s.byUser("a")
		a.drop()
		start := time.Now()
		server.onBeat()
		if got := hears[protocol.RoomUsers](b); got.Change != protocol.Delete {
			t.Errorf("b heard %+v", got)
		}
		elapsed(t, start, 30*time.Second)
	})
}

// A connection has one key, whatever else its client logs into.
func TestOneKeyAConnection(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		msg := enter("r2", "a")
		msg.Resume = true
		if f := a.ok(msg); !strings.Contains(string(f.Body), a.key) || len(s.server.keys) != 1 {
			t.Errorf("%d keys: %s", len(s.server.keys), f.Body)
		}
		if f := a.ok(enter("r3", "a")); !strings.Contains(string(f.Body), a.key) {
			t.Errorf("no key: %s", f.Body)
		}
	})
}

// A client that reads as slowly as it may must not keep a connection that has ended.
func TestEndDoesNotWaitForASlowReader(t *testing.T) {
	bubble(t, Config{BroadcastRate: 1000}, func(s *site) {
		slow := s.stay("r", "slow")
		server := s.byUser("slow")
		b := s.login("r", "b")
		for range 50 {
			b.ok(protocol.MessageBroadcast{Room: "r", Text: "x"})
		}
		go b.listen()
		start := time.Now()
		slow.send("nonsense")
		synctest.Wait() // it is read before the resume of another socket is
		late := s.dial()
		late.refused(slow.resume(), protocol.CodeSessionLost)
		late.ws.CloseNow()
		server.Send(protocol.RoomKickout{Room: "r"})
		server.onBeat()
		for {
			if _, err := slow.read(); err != nil {
				break
			}
			time.Sleep(9 * time.Second) // virtual
		}
		synctest.Wait()
		if got := time.Since(start); got > 20*time.Second {
			t.Errorf("it took %v", got)
		}
		if n := s.server.sockets.All(); n != 1 || len(s.server.conns) != 1 || len(s.server.keys) != 0 {
			t.Errorf("%d sockets, %d connections, %d keys, want 1, 1 and 0", n, len(s.server.conns), len(s.server.keys))
		}
	})
}

// Who is in no room has nothing to come back to.
func TestLoggedOutIsNotKept(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		a.ok(protocol.RoomLogout{Room: "r"})
		a.drop()
		s.dial().refused(a.resume(), protocol.CodeSessionLost)
	})
}

// What is about a socket goes with it.
func TestControlFramesAreNotSentAgain(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		server := s.byUser("a")
		for range 2 * maxControl {
			server.Send(protocol.Pong{})
		}
		server.mu.Lock()
		n := len(server.control)
		server.mu.Unlock()
		if n > maxControl {
			t.Errorf("%d frames wait, want %d at most", n, maxControl)
		}
		a.drop()
		s.back(a) // and hears of that first
		a.quiet()
		for range 5 {
			server.Send(protocol.Pong{})
		}
		s.back(a) // the older socket has not had all of them
		a.quiet()
	})
}

// A socket that has ended itself takes nothing over.
func TestEndedSocketDoesNotResume(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		server := s.byUser("a")
		s.dial()
		fresh := s.byUser("")
		fresh.end(protocol.CloseStopping, nil)
		if err := server.takeOver(fresh, 1, a.received); err == nil {
			t.Error("it did")
		}
		a.quiet()
	})
}

// Sockets that break while the server stops are no news either.
func TestLossWhileStopping(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, c, b := s.stay("r", "a"), s.login("r", "c"), s.stay("r", "b")
		s.server.mu.Lock()
		s.server.stopping = true
		s.server.mu.Unlock()
		a.drop()
		c.ws.Close(websocket.StatusNormalClosure, "")
		synctest.Wait()
		b.quiet()
		if n := s.server.away.All(); n != 0 {
			t.Errorf("%d are away", n)
		}
	})
}

// Those who are told by a close code to come later are bounded, too.
func TestRefusalsAreBounded(t *testing.T) {
	bubble(t, Config{MaxConnections: 1}, func(s *site) {
		s.dial()
		refused := 0
		for range maxBusy + 3 {
			_, response, err := websocket.Dial(s.t.Context(), "ws://site/ws", &websocket.DialOptions{HTTPClient: &s.http})
			if err == nil { // it reads nothing, and so does not hear that it is refused
				continue
			}
			if response == nil || response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
				t.Fatalf("got %v, %v", response, err)
			}
			refused++
		}
		if refused != 3 {
			t.Errorf("%d were refused at once, want 3", refused)
		}
		time.Sleep(2 * closeTimeout) // virtual
		s.dial().closed(protocol.CloseBusy)
	})
}

// Two sockets that come with the same key at once: one of them has the connection.
func TestResumedTwiceAtOnce(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		hears[protocol.RoomUsers](a)
		for range 50 {
			var ready sync.WaitGroup
			sockets := []*client{s.dial(), s.dial()}
			for _, c := range sockets {
				ready.Go(func() {
					c.request(a.resume())
					if f, err := c.read(); err == nil && (f.Type != protocol.TypeResume || f.Error != nil) {
						t.Errorf("got %+v", f)
					}
				})
			}
			ready.Wait()
			synctest.Wait()
			if n := s.server.sockets.All(); n != 2 {
				t.Fatalf("%d sockets, want 2", n)
			}
		}
		s.back(a)
		a.quiet()
		b.quiet()
	})
}
