//go:build !js

package engine_test

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// fails is a message while nobody gets through: 6 s.
func (p *page) fails() {
	p.t.Helper()
	if _, err := p.SendBarrageMessage(context.Background(), given("room"), given("x")); err == nil {
		p.t.Error("a message got through")
	}
}

// TestSaidWhileLost: the others hear of it also if the loss outlasts a request: of a
// stream that was muted, of one that was stopped, and of who switched to another room,
// and may come back. The server hears of a token that was renewed.
func TestSaidWhileLost(t *testing.T) {
	t.Parallel()
	renewed := make(chan string, 8)
	server := newRestartableWith(t, signaling.Config{Authorize: func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		if msg.Token != "" {
			renewed <- msg.Token
		}
		return room.Pass{}, nil
	}})
	a, b, _ := server.call()
	c := newPage(t, "http://"+server.address, "c")
	c.mustLogin("room")
	local := a.publish("s2")
	a.await("PUBLISHING")
	b.play("s2")
	b.settled("remoteMicStatusUpdate")
	server.shutOut(true)
	a.fails() // by now the loss is noticed: what was sent before is sent again
	a.MutePublishStreamAudio(local.ID(), true)
	a.StopPublishingStream(given("s1"))
	a.RenewToken(given("new"), nil)
	switched := make(chan error, 1)
	go func() { switched <- c.switchTo("room", "next") }()
	c.await("LOGOUT")
	a.fails()
	server.shutOut(false)
	for _, p := range []*page{a, b, c} {
		p.Wake()
	}
	if err := <-switched; err != nil {
		t.Fatal(err)
	}
	if err := c.switchTo("next", "room"); err != nil {
		t.Error(err)
	}
	b.hears("remoteMicStatusUpdate", `"s2" "MUTE"`)
	b.hears("roomStreamUpdate", "DELETE", `"s1"`)
	b.hears("roomUserUpdate", "DELETE", `"c"`)
	select {
	case <-renewed:
	case <-time.After(patience):
		t.Error("the server was not shown the renewed token")
	}
}

// hears is await for what comes in no certain order: it leaves the log as it is.
func (p *page) hears(parts ...string) {
	p.t.Helper()
	deadline := time.After(patience)
	for !slices.ContainsFunc(p.lines(), func(line string) bool { return hasAll(line, parts) }) {
		select {
		case <-p.changed:
		case <-deadline:
			p.t.Fatalf("%s: no event with %q; the log has\n%s", p.name, parts, strings.Join(p.lines(), "\n"))
		}
	}
}
