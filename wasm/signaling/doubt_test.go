//go:build !js

package signaling

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

func TestSilenceIsALoss(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.connected()
		w.Established(10*time.Second, testKey)
		server.write(protocol.Notice(text("one to count")))
		for range 5 {
			time.Sleep(19 * time.Second) // longer than the interval, shorter than the patience
			server.write(protocol.Notice(protocol.Ping{}))
			if f := server.read(); f.Type != protocol.TypePong || body[protocol.Pong](t, f).Received != 1 {
				t.Fatalf("a ping was answered by %s %s", f.Type, f.Body)
			}
		}
		if f := server.read(); f.Type != protocol.TypePing {
			t.Errorf("into the silence the client sent %s, want a ping", f.Type)
		}
		server.write(protocol.Notice(protocol.Pong{}))
		silentSince := time.Now()
		if f := server.read(); f.Type != protocol.TypePing || body[protocol.Ping](t, f).Received != 1 {
			t.Errorf("before giving up the client sent %s %s, want a ping", f.Type, f.Body)
		}
		if code := server.closing(); code != protocol.CloseAbandoned {
			t.Errorf("given up with %d, want %d", code, protocol.CloseAbandoned)
		}
		if quiet := time.Since(silentSince); quiet != 25*time.Second+lastChance {
			t.Errorf("given up after %v of silence, want 25 s and a little", quiet)
		}
		server = w.connected()
		server.resume(1, 0)
		silentSince = time.Now()
		if f := server.read(); f.Type != protocol.TypePing || time.Since(silentSince) != 25*time.Second {
			t.Errorf("the next socket's silence was doubted after %v", time.Since(silentSince))
		}
		w.expectLog("up", "down", "resumed")
	})
}

func TestWakeProbesTheSocket(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		for range 3 { // anything heard will do
			w.Wake()
			w.Wake()
			if f := server.read(); f.Type != protocol.TypePing {
				t.Fatalf("woken, the client sent %s, want a ping", f.Type)
			}
			time.Sleep(lastChance / 2)
			server.write(protocol.Notice(protocol.Pong{}))
			time.Sleep(lastChance)
		}
		w.expectLog("up")
		server.unheard()
	})
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		w.Wake()
		asked := time.Now()
		time.AfterFunc(lastChance-1, w.Wake) // is no new chance
		if code := server.closing(); code != protocol.CloseAbandoned || time.Since(asked) != lastChance {
			t.Errorf("closed with %d after %v, want %d after %v", code, time.Since(asked), protocol.CloseAbandoned, lastChance)
		}
		w.connected().resume(0, 0)
		if took := time.Since(asked); took > lastChance+time.Second {
			t.Errorf("back after %v, want %v and the first delay", took, lastChance)
		}
	})
}

// TestSocketThatTakesNothing is half open: even the ping is stuck.
func TestSocketThatTakesNothing(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.Wake()
		asked := time.Now()
		w.connected().resume(0, 0)
		if took := time.Since(asked); took > lastChance+time.Second {
			t.Errorf("back after %v, want %v and the first delay", took, lastChance)
		}
	})
}

func TestTimeoutProbesTheSocket(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		began := time.Now()
		unanswered := w.call(logoutRoom)
		server.read()
		server.pinged()
		if took := time.Since(began); took != doubtAfter {
			t.Errorf("the client doubts its socket after %v, want %v", took, doubtAfter)
		}
		if got := <-unanswered; !errors.Is(got.err, ErrTimeout) {
			t.Fatal(got.err)
		}
		began = time.Now()
		server.pinged()
		if took := time.Since(began); took > 0 {
			t.Errorf("%v after a time-out the client doubts its socket, want at once", took)
		}
	})
}

func TestWakeTriesAtOnce(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.unplug()
		time.Sleep(time.Minute) // the delays are at their longest
		w.plug()
		w.Wake()
		woken := time.Now()
		server := w.connected()
		if time.Since(woken) != 0 {
			t.Errorf("woken, the client came back after %v, want at once", time.Since(woken))
		}
		_ = server.ws.CloseNow()
		w.connected().resume(0, 0)
		if took := time.Since(woken); took > time.Second {
			t.Errorf("the try after that came after %v, want the first delay again", took)
		}
	})
}

func TestWakeIsNotForTheNextLoss(t *testing.T) {
	inWorld(t, func(w *world) {
		w.loggedIn()
		w.unplug()
		w.plug()
		w.Wake()
		server := w.connected()
		w.Wake() // while the server thinks about it
		server.resume(0, 0)
		synctest.Wait()
		lost := time.Now()
		_ = server.ws.CloseNow()
		w.connected()
		if time.Since(lost) < time.Second/2 {
			t.Errorf("the try after a loss came after %v, want the first delay", time.Since(lost))
		}
	})
}

// A page was frozen for an hour, and all its timers are due before anything is read.

func TestFrozenWithALivingSocket(t *testing.T) {
	inWorld(t, func(w *world) {
		server := w.loggedIn()
		asked := w.call(logoutRoom)
		f := server.read()
		w.wire.freeze()
		server.write(protocol.Reply(f.Type, f.ID, nil))
		go server.write(protocol.Notice(protocol.Ping{}))
		time.Sleep(time.Hour)
		w.wire.thaw()
		if got := <-asked; got.err != nil {
			t.Errorf("the reply was there: %v", got.err)
		}
		for _, want := range []protocol.Type{protocol.TypePing, protocol.TypePong} {
			if f := server.read(); f.Type != want {
				t.Errorf("after the thaw the client sent %s, want %s", f.Type, want)
			}
		}
		time.Sleep(10 * time.Second)
		w.expectLog("up")
	})
}

func TestFrozenUntilTheSocketWasGone(t *testing.T) {
	for _, remembered := range []bool{true, false} {
		inWorld(t, func(w *world) {
			server := w.loggedIn()
			asked := w.call(logoutRoom)
			f := server.read()
			w.wire.freeze()
			_ = server.ws.CloseNow()
			time.Sleep(time.Hour)
			w.wire.thaw()
			server = w.connected()
			if !remembered {
				server.refuse()
				if got := <-asked; !errors.Is(got.err, ErrLost) {
					t.Errorf("%v, want ErrLost", got.err)
				}
				w.expectLog("up", "down", "up")
				return
			}
			server.resume(0, 1)
			server.write(protocol.Reply(f.Type, f.ID, nil))
			if got := <-asked; got.err != nil {
				t.Errorf("the reply came on another socket: %v", got.err)
			}
			w.expectLog("up", "down", "resumed")
		})
	}
}
