//go:build !js

package signaling

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"

	"github.com/coder/websocket"
)

func TestDelayGrowsWithinBounds(t *testing.T) {
	for try, limit := range []time.Duration{1, 2, 3, 3, 6, 6} {
		limit *= time.Second
		for range 100 {
			if d := Delay(try); d < limit/2 || d >= limit {
				t.Fatalf("try %d waits %v, want %v to %v", try, d, limit/2, limit)
			}
		}
	}
}

// TestThousandClientsAreSpread: all begin at the same moment and nobody answers.
func TestThousandClientsAreSpread(t *testing.T) {
	const clients, seconds = 1000, 60
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		dials := map[time.Duration]int{} // by tenths of a second
		began := time.Now()
		for range clients {
			var last time.Time
			c := newClient(Config{URLs: []string{"ws://test/ws"}, Logf: func(string, ...any) {}})
			c.dial = func(context.Context, string) (*websocket.Conn, error) {
				mu.Lock()
				defer mu.Unlock()
				if gap := time.Since(last); !last.IsZero() && (gap < time.Second/2 || gap > steps[len(steps)-1]) {
					t.Errorf("a client tried again after %v, want %v to %v", gap, time.Second/2, steps[len(steps)-1])
				}
				last = time.Now()
				dials[time.Since(began)/(100*time.Millisecond)]++
				return nil, errors.New("refused")
			}
			go c.run()
			defer c.Close()
		}
		time.Sleep(seconds * time.Second)
		mu.Lock()
		defer mu.Unlock()
		for tenth, n := range dials {
			if limit := map[bool]int{true: 100, false: 280}[tenth > 200]; tenth > 0 && n > limit {
				t.Errorf("%d tries in the tenth of a second after %v, want at most %d", n, tenth*100*time.Millisecond, limit)
			}
		}
	})
}

func TestStableConnectionBeginsAgain(t *testing.T) {
	for stood, most := range map[time.Duration]time.Duration{2 * stable: time.Second, stable / 2: steps[len(steps)-1]} {
		inWorld(t, func(w *world) {
			w.connected()
			w.unplug()
			time.Sleep(time.Minute) // the delays are at their longest
			w.plug()
			server := w.connected()
			time.Sleep(stood)
			lost := time.Now()
			_ = server.ws.CloseNow()
			w.connected()
			if took := time.Since(lost); took > most || took < most/2 {
				t.Errorf("back %v after a connection that stood for %v, want %v to %v", took, stood, most/2, most)
			}
		})
	}
}

func TestCloseCodesSayWhetherToComeBack(t *testing.T) {
	for code, back := range map[protocol.CloseCode]bool{
		protocol.CloseBye: true, protocol.CloseKicked: false, protocol.CloseVersion: false,
		protocol.CloseTooSlow: true, protocol.CloseStopping: true, protocol.CloseResumed: true,
	} {
		inWorld(t, func(w *world) {
			server := w.connected()
			_ = server.ws.Close(websocket.StatusCode(code), code.String())
			time.Sleep(time.Minute)
			want := []string{"up", "down", "up"}
			if !back {
				want = []string{"up", "final"}
			}
			w.expectLog(want...)
		})
	}
}
