//go:build !js

package engine_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

// restartable is a server that can be killed and started again on its port.
type restartable struct {
	t       *testing.T
	address string
	server  *http.Server
	signals *signaling.Server
}

func newRestartable(t *testing.T) *restartable {
	r := &restartable{t: t, address: "127.0.0.1:0"}
	r.start()
	t.Cleanup(r.kill)
	return r
}

func (r *restartable) start() {
	r.t.Helper()
	listener, err := net.Listen("tcp", r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.address = listener.Addr().String()
	r.signals = signaling.New(signaling.Config{})
	r.server = &http.Server{Handler: r.signals, ReadHeaderTimeout: patience}
	go func() { _ = r.server.Serve(listener) }() // ends with kill
}

func (r *restartable) kill() {
	_ = r.server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = r.signals.Shutdown(ctx)
}

func TestServerRestartRestoresTheCall(t *testing.T) {
	server := newRestartable(t)
	a, b := newPage(t, "http://"+server.address, "a"), newPage(t, "http://"+server.address, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("s1")
	stream := b.play("s1")
	b.await("playerStateUpdate", `"PLAYING"`)
	server.kill()
	server.start()
	b.await("playerStateUpdate", `"PLAYING"`)
	b.seesPacket(stream)
	// Back within eight seconds: no event of the room's state.
	for _, p := range []*page{a, b} {
		for _, line := range p.lines() {
			if strings.Contains(line, "1000017") {
				t.Errorf("%s was told %s", p.name, line)
			}
		}
	}
	if _, err := a.SendBroadcastMessage(context.Background(), given("room"), given("still here")); err != nil {
		t.Error(err)
	}
	b.await("IMRecvBroadcastMessage", "still here")
}

func TestLongLossIsTold(t *testing.T) {
	server := newRestartable(t)
	p := newPage(t, "http://"+server.address, "a")
	p.mustLogin("room")
	p.await("LOGINED")
	lost := time.Now()
	server.kill()
	p.await("roomStateUpdate", "CONNECTING", "1000017")
	p.await("roomStateChanged", "RECONNECTING", "1000017")
	if silent := time.Since(lost); silent < 7*time.Second {
		t.Errorf("told after %v, want 8 s of silence", silent)
	}
	if _, err := p.SendBroadcastMessage(context.Background(), given("room"), given("x")); codeIn(err) != 1000002 {
		t.Errorf("a message meanwhile: %v", err)
	}
	server.start()
	p.await("roomStateUpdate", "CONNECTED", "0")
	p.await("roomStateChanged", "RECONNECTED", "0")
}
