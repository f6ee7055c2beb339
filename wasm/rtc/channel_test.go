//go:build !js

package rtc

import (
	"testing"
	"time"
)

// TestDataKeepsItsOrder: the browser has opened the channel, which the peer has yet to
// hear, and what waited for that is not sent yet.
func TestDataKeepsItsOrder(t *testing.T) {
	p := newPair(t)
	came := make(chan string, 10)
	p.receiver.cfg.OnData = func(message []byte) { came <- string(message) }
	p.sender.OpenChannel()
	p.sender.SendData([][]byte{[]byte("first")})
	done := make(chan struct{})
	defer close(done)
	go p.relay(done)
	wait := func(want string) {
		t.Helper()
		select {
		case got := <-came:
			if got != want {
				t.Errorf("%q came, want %q", got, want)
			}
		case <-time.After(patience):
			t.Fatalf("%q did not come", want)
		}
	}
	wait("first")
	late := []byte("second")
	p.sender.post(func() { p.sender.channel.waiting, p.sender.channel.size = [][]byte{late}, len(late) })
	p.sender.SendData([][]byte{[]byte("third")})
	p.sender.post(p.sender.onChannelOpen)
	wait("second")
	wait("third")
}
