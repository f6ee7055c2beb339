package e2e

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

//go:embed testdata/leak.js
var leakJS string

// weight is what a page holds.
type weight struct {
	Peers   int     `json:"peers"`   // connections that are not closed
	Handles int     `json:"handles"` // JavaScript values that Go keeps
	Memory  float64 `json:"memory"`  // bytes of WebAssembly, which never shrinks
	Heap    float64 // bytes of JavaScript
}

// weigh collects the garbage of both languages and takes what is left.
func (p *tab) weigh() weight {
	p.t.Helper()
	p.do(`e2e.log.length = 0; e2e.played.clear()`)
	p.do(`await e2e.collect(zg)`) // what one language lets go of frees something in the other
	p.collectGarbage()
	w := eval[weight](p, `return e2e.weigh(zg)`)
	p.collectGarbage()
	usage, err := chromedp.Call(p.ctx, cdpruntime.GetHeapUsage, cdp.Empty{})
	if err != nil {
		p.fatalf("%v", err)
	}
	w.Heap = usage.UsedSize
	return w
}

func (p *tab) collectGarbage() {
	p.t.Helper()
	p.run(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, heapprofiler.CollectGarbage, cdp.Empty{})
		return err
	}))
}

// wantNoGrowth compares the weights in the middle and at the end of many rounds.
func wantNoGrowth(t *testing.T, who string, middle, end weight, rounds int) {
	t.Helper()
	t.Logf("%s, over %d rounds: %+v, then %+v", who, rounds, middle, end)
	if end.Peers > 0 {
		t.Errorf("%s: %d connections are not closed", who, end.Peers)
	}
	if grown := end.Handles - middle.Handles; grown >= rounds {
		t.Errorf("%s: Go keeps %d more JavaScript values after %d more rounds", who, grown, rounds)
	}
	if grown := end.Heap - middle.Heap; grown > 200_000 {
		t.Errorf("%s: the heap grew by %.0f bytes in %d rounds", who, grown, rounds)
	}
	if grown := end.Memory - middle.Memory; grown > 2<<20 {
		t.Errorf("%s: the memory of WebAssembly grew by %.0f bytes in %d rounds", who, grown, rounds)
	}
}

// rounds is how many of full a run makes: a third, unless EXPRESSRTC_FULL is set.
func rounds(full int) int {
	if os.Getenv("EXPRESSRTC_FULL") != "" {
		return full
	}
	return full / 3
}

// weighed is a page of a site whose weight can be taken. Its events are not recorded.
func (s *site) weighed(user string) *tab {
	s.t.Helper()
	p := newTab(s.t, usual, user)
	p.inject(leakJS)
	p.run(chromedp.Navigate(elsewhere(s.t, fill(s.t, "sdk.html", visit{SDK: s.sdk()}), nil)))
	p.do(`globalThis.zg = new ZegoExpressEngine(1, ""); await zg.checkSystemRequirements("webRTC")`)
	return p
}

func TestLoginsLeakNothing(t *testing.T) {
	wantGoroutinesBack(t)
	s := newSite(t, signaling.Config{Rooms: room.Config{MaxRooms: 2}}) // one that is left over refuses a later login
	p := s.weighed("anna")
	n := rounds(200)
	log := func(from, to int) {
		p.do(`for (let i = %s; i < %s; i++) {
			await zg.loginRoom("room" + i, "", {userID: "anna"}, {userUpdate: true});
			zg.logoutRoom();
		}`, from, to)
	}
	log(0, n/2)
	middle := p.weigh()
	log(n/2, n)
	wantNoGrowth(t, "logging in", middle, p.weigh(), n-n/2)
}

func TestCallsLeakNothing(t *testing.T) {
	wantGoroutinesBack(t)
	s := newSite(t, signaling.Config{})
	a, b := s.weighed("anna"), s.weighed("bert")
	for _, p := range []*tab{a, b} {
		p.do(`await zg.loginRoom("room", "", {userID: %s})`, p.name)
	}
	b.do(`zg.on("roomStreamUpdate", async (room, change, [{streamID}]) => {
		if (change === "ADD") {
			const stream = await zg.startPlayingStream(streamID);
			zg.createRemoteStreamView(stream).play("remote");
			await e2e.seesPicture(await e2e.element("#remote video"));
		} else {
			zg.stopPlayingStream(streamID);
		}
		e2e.note(change, streamID);
	})`)
	n := rounds(50)
	call := func(from, to int) {
		for i := range to - from {
			id := fmt.Sprint("cam", from+i)
			a.do(`globalThis.local = await zg.createStream();
				zg.createLocalStreamView(local).play("local");
				zg.startPublishingStream(%s, local)`, id)
			b.await("ADD", id)
			a.do(`zg.stopPublishingStream(%s); zg.destroyStream(local); globalThis.local = null`, id)
			b.await("DELETE", id)
		}
	}
	call(0, n/2)
	middleA, middleB := a.weigh(), b.weigh()
	call(n/2, n)
	wantNoGrowth(t, "publishing", middleA, a.weigh(), n-n/2)
	wantNoGrowth(t, "playing", middleB, b.weigh(), n-n/2)
}

// wantGoroutinesBack fails the test if it leaves goroutines of the server behind. It is
// called before anything else, so it looks after everything else has ended.
func wantGoroutinesBack(t *testing.T) {
	t.Helper()
	browserOf(t, usual)
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		deadline := time.Now().Add(patience)
		for runtime.NumGoroutine() > before && time.Now().Before(deadline) {
			time.Sleep(10 * time.Millisecond) // nothing tells the end of a goroutine
		}
		if n := runtime.NumGoroutine(); n > before {
			stacks := make([]byte, 1<<20)
			t.Errorf("%d goroutines before the test, %d after it:\n%s", before, n, stacks[:runtime.Stack(stacks, true)])
		}
	})
}
