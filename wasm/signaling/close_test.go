//go:build !js

package signaling

import (
	"errors"
	"testing"
	"time"

	"expressrtc/server/protocol"
)

func TestCloseSendsWhatIsQueued(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		for range 100 {
			w.notifyAll("queued")
		}
		unanswered := w.call(text("the last"))
		w.Close()
		for range 100 {
			server.expect("queued")
		}
		server.expect("the last")
		if code := server.finished(101); code != protocol.CloseBye {
			t.Errorf("closed with %d, want %d", code, protocol.CloseBye)
		}
		if got := <-unanswered; !errors.Is(got.err, ErrClosed) {
			t.Errorf("waiting at Close: %v, want ErrClosed", got.err)
		}
		if got := <-w.call(logoutRoom); !errors.Is(got.err, ErrClosed) {
			t.Errorf("after Close: %v, want ErrClosed", got.err)
		}
		w.expectLog("up")
	})
}

func TestCloseOfASocketThatTakesNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.notifyAll("stuck")
		w.Close()
		time.Sleep(time.Minute)
		if w.ctx.Err() == nil {
			t.Error("the client goes on after Close")
		}
		w.expectLog("up")
	})
}

// TestCloseOfASocketThatIsDead: written is not received. What the server does not
// acknowledge is sent again on another socket.
func TestCloseOfASocketThatIsDead(t *testing.T) {
	inWorld(t, func(w *world) {
		dead := w.loggedIn()
		w.notifyAll("logout")
		w.Close()
		dead.expect("logout") // and nobody handles it
		dead.read()           // nor the ping
		server := w.connected()
		server.resume(0, 0)
		server.expect("logout")
		if code := server.finished(1); code != protocol.CloseBye {
			t.Errorf("closed with %d, want %d", code, protocol.CloseBye)
		}
	})
}

func TestCloseWhileAwayComesBackOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.unplug()
		time.Sleep(20 * time.Second) // the delays are at their longest
		w.notifyAll("logout")
		w.plug()
		w.Close()
		closed := time.Now()
		server := w.connected()
		if time.Since(closed) > 0 {
			t.Errorf("came back after %v, want at once", time.Since(closed))
		}
		server.resume(0, 0)
		server.write(protocol.Notice(text("unheard")))
		server.expect("logout")
		if code := server.finished(1); code != protocol.CloseBye {
			t.Errorf("closed with %d, want %d", code, protocol.CloseBye)
		}
		w.expectLog("up", "down")
		w.expectNotices()
		time.Sleep(time.Minute)
		if len(w.accepted) > 0 {
			t.Errorf("%d more sockets after that", len(w.accepted))
		}
	})
}

func TestCloseWhileAwayGivesUp(t *testing.T) {
	for name, answer := range map[string]func(*world){
		"without network": func(w *world) { time.Sleep(closeTimeout); w.plug() },
		"refused":         func(w *world) { w.plug(); w.connected().refuse() },
	} {
		inWorld(t, func(w *world) {
			w.loggedIn()
			w.unplug()
			w.notifyAll("logout")
			w.Close()
			answer(w)
			time.Sleep(time.Minute)
			if len(w.accepted) > 0 || w.ctx.Err() == nil {
				t.Errorf("%s: %d more sockets, ended %v", name, len(w.accepted), w.ctx.Err())
			}
			w.expectLog("up", "down")
		})
	}
}

func TestCloseOfAnIdleSocket(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		w.Close()
		began := time.Now()
		if code := server.finished(0); code != protocol.CloseBye || time.Since(began) > 0 {
			t.Errorf("closed with %d after %v, want %d at once", code, time.Since(began), protocol.CloseBye)
		}
	})
}

// TestCloseWithoutKeyDoesNotComeBack: there is nothing to come back to.
func TestCloseWithoutKeyDoesNotComeBack(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.connected()
		w.notifyAll("c1", "c2")
		server.expect("c1")
		w.Close()
		_ = server.ws.CloseNow()
		time.Sleep(time.Minute)
		if len(w.accepted) > 0 {
			t.Errorf("%d more sockets", len(w.accepted))
		}
	})
}

// TestCloseOfASocketThatBreaks: what was not through is sent again on another.
func TestCloseOfASocketThatBreaks(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		w.notifyAll("c1", "c2")
		server.expect("c1")
		w.notifyAll("c3", "c4")
		w.Close()
		_ = server.ws.CloseNow()
		server = w.connected()
		server.resume(0, 1)
		for _, s := range []string{"c2", "c3", "c4"} {
			server.expect(s)
		}
		if code := server.finished(4); code != protocol.CloseBye {
			t.Errorf("closed with %d, want %d", code, protocol.CloseBye)
		}
		w.expectLog("up")
	})
}
