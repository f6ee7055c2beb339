//go:build !js

package engine_test

import (
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

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
