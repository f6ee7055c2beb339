//go:build !js

package engine_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"

	"github.com/pion/webrtc/v4"
)

// wantQuiet fails when p was told anything but the reports that come every few seconds.
func (p *page) wantQuiet(allowed ...string) {
	p.t.Helper()
	allowed = append(allowed, "exceptionUpdate", // pion decodes nothing, which is too little
		"publishQualityUpdate", "networkQuality", "playQualityUpdate", "roomOnlineUserCountUpdate")
	for _, line := range p.lines() {
		if !slices.ContainsFunc(allowed, func(name string) bool { return strings.HasPrefix(line, name) }) {
			p.t.Errorf("%s was told %s", p.name, line)
		}
	}
}

// settled empties the log of a page that has heard of the others and of the stream.
func (p *page) settled(parts ...string) {
	p.t.Helper()
	p.await(parts...)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.log = nil
}

// call is two pages, of which b plays what a publishes.
func (r *restartable) call() (a, b *page, played *media.Stream) {
	r.t.Helper()
	a, b = newPage(r.t, "http://"+r.address, "a"), newPage(r.t, "http://"+r.address, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("s1")
	played = b.play("s1")
	a.await("roomUserUpdate", "ADD", `"b"`)
	a.settled("PUBLISHING")
	b.settled("remoteMicStatusUpdate")
	return a, b, played
}

func TestServerRestartIsNoEndOfTheCall(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b, played := server.call()
	before := played.Tracks()[0]
	for range 2 {
		server.kill()
		server.start()
		for _, p := range []*page{a, b} {
			p.await("roomStateUpdate", "CONNECTING", "1002051")
			p.await("roomStateChanged", "RECONNECTING", "1002051")
			p.await("roomStateUpdate", "CONNECTED", " 0 ")
			p.await("roomStateChanged", "RECONNECTED", " 0 ")
		}
	}
	c := newPage(t, "http://"+server.address, "c")
	c.mustLogin("room")
	c.await("roomStreamUpdate", "ADD", `"s1"`)
	c.await("roomUserUpdate", "ADD", `"a"`, `"b"`)
	c.play("s1")
	for _, p := range []*page{a, b} {
		p.await("roomUserUpdate", "ADD", `"c"`)
		p.wantQuiet()
	}
	if played.Tracks()[0] != before {
		t.Error("b's track is another one")
	}
	b.seesPacket(played)
	if _, err := a.SendBroadcastMessage(context.Background(), given("room"), given("still here")); err != nil {
		t.Error(err)
	}
	b.await("IMRecvBroadcastMessage", "still here")
	c.await("IMRecvBroadcastMessage", "still here")
}

// Who does not come back after a restart is told of as gone, once, when all had time to.
func TestWhoIsLostInARestartIsGone(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b, _ := server.call()
	server.kill()
	_ = a.DestroyEngine() // with nobody to tell
	server.start()
	b.await("RECONNECTED")
	back := b.last("roomStateChanged")
	b.await("roomStreamUpdate", "DELETE", `"s1"`, `\"code\":5`)
	b.await("roomUserUpdate", "DELETE", `"a"`)
	if took := b.last("roomUserUpdate").Sub(back); took < 9*time.Second {
		t.Errorf("told after %v, want 10 s", took)
	}
	b.await("playerStateUpdate", "PLAY_REQUESTING", "1004020")
	b.wantQuiet()
}

// While we are away ourselves nobody is told of as gone.
func TestSettlingWaitsForUs(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b, _ := server.call()
	b.Settle(2 * time.Second)
	server.kill()
	_ = a.DestroyEngine()
	server.start()
	b.await("RECONNECTED")
	server.kill()
	time.Sleep(3 * time.Second) // the others' time, if it ran
	if b.has("DELETE") {
		t.Error("told of a DELETE while away")
	}
	server.start()
	b.await("RECONNECTED")
	b.await("roomStreamUpdate", "DELETE", `"s1"`)
	b.await("roomUserUpdate", "DELETE", `"a"`)
}

// has reports whether something in the log has the text.
func (p *page) has(text string) bool {
	return slices.ContainsFunc(p.lines(), func(line string) bool { return strings.Contains(line, text) })
}

// A publication that had no answer while the server was away is not announced once more
// when the login has brought it.
func TestAnnouncedOnce(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	p := newPage(t, "http://"+server.address, "a")
	p.mustLogin("room")
	server.kill()
	p.publish("s1")
	p.await("publisherStateUpdate", "PUBLISH_REQUESTING", "1000017")
	server.start()
	p.Wake() // before the next try
	p.await("publisherStateUpdate", "PUBLISHING")
	for !p.has("publishQualityUpdate") { // longer than the wait before another try
		<-p.changed
	}
	if p.has("publisherStateUpdate") {
		t.Errorf("announced again: %q", p.lines())
	}
}

func TestShortLossIsNotTold(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b, played := server.call()
	for range 3 {
		server.cut()
		done := make(chan error, 2)
		for _, p := range []*page{a, b} { // said while nobody listens
			go func() {
				_, err := p.SendBarrageMessage(context.Background(), given("room"), given("from "+p.name))
				done <- err
			}()
		}
		for deadline := time.Now().Add(patience); !a.has("from b") || !b.has("from a"); time.Sleep(50 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("not all came that was said")
			}
			a.Wake() // the wait before another try may be longer than a message lasts
			b.Wake()
		}
		if err := errors.Join(<-done, <-done); err != nil {
			t.Error(err)
		}
		a.await("IMRecvBarrageMessage", "from b")
		b.await("IMRecvBarrageMessage", "from a")
	}
	a.wantQuiet()
	b.wantQuiet()
	b.seesPacket(played)
}

// What a page begins while its socket is lost goes on when it is back.
func TestBegunWhileLost(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*restartable){
		"socket": (*restartable).cut,
		"server": func(r *restartable) { r.kill(); r.start() },
	} {
		t.Run(name, func(t *testing.T) {
			server := newRestartable(t)
			a, b, _ := server.call()
			lose(server)
			b.publish("s2")
			a.play("s2")
			b.await("publisherStateUpdate", "PUBLISHING")
		})
	}
}

// A stream whose id somebody else has taken meanwhile is refused.
func TestStreamTakenDuringARestart(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, _, _ := server.call()
	server.kill()
	server.shutOut(true)
	server.start()
	aside := httptest.NewServer(server.signals) // the other one is faster
	t.Cleanup(aside.Close)
	thief := newPage(t, aside.URL, "thief")
	thief.mustLogin("elsewhere")
	thief.publish("s1")
	thief.await("PUBLISHING")
	server.shutOut(false)
	a.await("NO_PUBLISH", "1003028")
}

func TestLongLossIsTold(t *testing.T) {
	t.Parallel()
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

// TestChannelOpenedWhileLost: data that a page begins to send while the server is being
// started anew comes, over another session if its offer was lost.
func TestChannelOpenedWhileLost(t *testing.T) {
	t.Parallel()
	for name, order := range map[string][2]int{"sender is back first": {0, 1}, "receiver is back first": {1, 0}} {
		t.Run(name, func(t *testing.T) {
			server := newRestartable(t)
			a, b, _ := server.call()
			sender := a.dataManager("room")
			came := make(chan string, 100)
			receiver := b.CreateRealTimeSequentialDataManager(given("room"), func(data []byte, _ string) { came <- string(data) }, func() {})
			if !receiver.StartSubscribing(context.Background(), given("s1")) {
				t.Fatal("no data of what is played")
			}
			server.kill()
			sender.StartBroadcasting(given("s1"))
			server.start()
			pages := []*page{a, b}
			for _, i := range order {
				pages[i].Wake()
				pages[i].await("RECONNECTED")
			}
			for deadline := time.After(patience); ; {
				sender.SendRealTimeSequentialData(given("s1"), []byte("hello"))
				select {
				case <-came:
					return
				case <-time.After(100 * time.Millisecond):
				case <-deadline:
					t.Fatal("nothing comes")
				}
			}
		})
	}
}

// TestPausedWhileLost: a player's wish reaches the publisher also when the server that it
// was told to is no more.
func TestPausedWhileLost(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	_, b, played := server.call()
	server.kill()
	if _, err := b.MutePlayStreamVideo(context.Background(), given("s1"), engine.Flag{On: true, OK: true}); err != nil {
		t.Fatal(err)
	}
	server.start()
	b.await("RECONNECTED")
	remote := played.Tracks()[0].Source().(*webrtc.TrackRemote)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		_ = remote.SetReadDeadline(time.Now().Add(time.Second))
		if _, _, err := remote.ReadRTP(); err != nil {
			return // nothing for 50 frames
		}
	}
	t.Error("the picture still comes")
}
