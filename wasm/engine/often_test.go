//go:build !js

package engine_test

import (
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// onceTooOften refuses every other login: there are too many just now.
func onceTooOften() signaling.Config {
	var logins atomic.Int64
	return signaling.Config{Authorize: func(protocol.RoomLogin, netip.Addr) (room.Pass, error) {
		if logins.Add(1)%2 == 1 {
			return room.Pass{}, protocol.Errorf(protocol.CodeTooOften, "too many logins")
		}
		return room.Pass{}, nil
	}}
}

// TestLoginTooOften: the page of a user who comes at the same moment as very many others
// hears nothing of it, when it comes and when it comes back.
func TestLoginTooOften(t *testing.T) {
	t.Parallel()
	server := newRestartableWith(t, onceTooOften())
	p := newPage(t, "http://"+server.address, "a")
	p.mustLogin("room")
	p.await("roomStateChanged", "LOGINED")
	server.kill()
	server.startWith(onceTooOften())
	p.await("roomStateChanged", "RECONNECTED")
	for _, line := range p.lines() {
		if strings.Contains(line, "FAILED") {
			t.Error(line)
		}
	}
}

// TestRenewalTooOften: a renewed token that comes at such a moment is not thrown away.
func TestRenewalTooOften(t *testing.T) {
	t.Parallel()
	shown := make(chan string, 8)
	var renewals atomic.Int64
	server := serveConfig(t, signaling.Config{Authorize: func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		if msg.Token == "new" && renewals.Add(1) == 1 {
			return room.Pass{}, protocol.Errorf(protocol.CodeTooOften, "too many logins")
		}
		shown <- msg.Token
		return room.Pass{}, nil
	}})
	p := newPage(t, server.URL, "a")
	p.mustLogin("room")
	p.RenewToken(given("new"), nil)
	for _, want := range []string{"", "new"} {
		select {
		case got := <-shown:
			if got != want {
				t.Errorf("the server was shown %q, want %q", got, want)
			}
		case <-time.After(patience):
			t.Fatalf("the server was not shown %q", want)
		}
	}
}
