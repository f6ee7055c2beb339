package e2e

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// hide opens another tab in front of the page, and returns what closes it again.
func (p *tab) hide() (reveal func()) {
	p.t.Helper()
	p.do(`globalThis.hiding = new Promise((resolve) => document.addEventListener("visibilitychange", resolve, {once: true}))`)
	front, end := chromedp.NewContext(p.ctx, chromedp.WithNewWindow(false))
	if err := chromedp.Do(front, chromedp.Navigate("about:blank")); err != nil {
		end()
		p.t.Fatal(err)
	}
	p.do(`await hiding; if (document.visibilityState !== "hidden") throw new Error("the page is " + document.visibilityState)`)
	p.t.Cleanup(end)
	return end
}

// tick begins to count timers of 50 ms that go off.
func (p *tab) tick() {
	p.t.Helper()
	p.do(`globalThis.ticks = 0; globalThis.ticking = performance.now(); setInterval(() => ticks++, 50)`)
}

// wantThrottled fails the test unless timers went off about once a second or less.
func (p *tab) wantThrottled() {
	p.t.Helper()
	n, in := eval[int](p, `return ticks`), ms(eval[float64](p, `return performance.now() - ticking`))
	p.t.Logf("page %s: timers of 50 ms went off %d times in %v", p.name, n, in)
	if n > int(2*in.Seconds()) {
		p.t.Errorf("page %s is not throttled: timers of 50 ms went off %d times in %v", p.name, n, in)
	}
}

// TestHidden: a page that nobody looks at for long is as present as any other.
func TestHidden(t *testing.T) {
	t.Parallel()
	const heartbeat = 2 * time.Second // the short form must see some
	server := newProcess(t, "--heartbeat", orFull(heartbeat, 25*time.Second).String())
	hidden := orFull(12*time.Second, 10*time.Minute)
	a := caller(t, usual, server.addr, "anna")
	b := caller(t, drowsy, server.addr, "bert")
	c := pairOf(t, a, b)
	idle := caller(t, drowsy, server.addr, "carl")
	a.await("roomUserUpdate", callRoom, "ADD", list(map[string]any{"userID": "carl"}))
	b.await("roomUserUpdate", callRoom, "ADD", list(map[string]any{"userID": "carl"}))
	b.hide()
	idle.hide()
	c.mark()
	before := len(idle.lines(chatter...))
	idle.tick()
	played := b.received()
	for _, at := range []time.Duration{hidden / 2, hidden} {
		c.pass(at)
		a.reaches("are you there after "+at.String(), b, idle)
	}
	idle.wantThrottled()
	if now := b.received(); now < played+hidden.Seconds()*1000 {
		t.Errorf("the hidden page received %v bytes in %v", now-played, hidden)
	}
	c.wantNews(a)
	c.wantNews(b)
	wantLines(t, "page carl", idle.lines(chatter...)[before:], nil)
	a.sees("#remote video")
	idle.says("I am", a, b)
}

// received is how many bytes of media have come.
func (p *tab) received() float64 {
	p.t.Helper()
	return eval[float64](p, `let bytes = 0;
		for (const peer of e2e.peers) {
			for (const report of (await peer.getStats()).values()) {
				if (report.type === "inbound-rtp") bytes += report.bytesReceived;
			}
		}
		return bytes`)
}

// reaches sends a message and fails the test unless the others have it within a second;
// in the short form, which runs beside others, that it has it is enough.
func (p *tab) reaches(text string, others ...*tab) {
	p.t.Helper()
	sent := eval[float64](p, `const now = performance.timeOrigin + performance.now();
		await zg.sendBroadcastMessage(%s, %s);
		return now`, callRoom, text)
	for _, other := range others {
		e := other.await("IMRecvBroadcastMessage", callRoom, list(map[string]any{"message": text}))
		if took := ms(eval[float64](other, `return performance.timeOrigin + %s`, e.At) - sent); took > orFull(patience, time.Second) {
			p.t.Errorf("page %s had the message after %v", other.name, took)
		}
	}
}

// freeze stops the page's scripts, as browsers do with hidden pages to save power.
func (p *tab) freeze() { p.lifecycle(page.SetWebLifecycleStateStateFrozen) }

// thaw lets them go on.
func (p *tab) thaw() { p.lifecycle(page.SetWebLifecycleStateStateActive) }

func (p *tab) lifecycle(state page.SetWebLifecycleStateState) {
	p.t.Helper()
	p.run(chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.SetWebLifecycleState, page.SetWebLifecycleStateParams{State: state})
		return err
	}))
}

// TestFrozen: a page that was stopped for a while comes back by itself.
func TestFrozen(t *testing.T) {
	t.Parallel()
	t.Run("within the grace time", func(t *testing.T) {
		t.Parallel()
		server := newProcess(t, "--heartbeat", "1s")
		c := newPair(t, server.addr, server.addr)
		c.a.hide()
		c.a.freeze()
		c.b.talks(c.a, 10)
		time.Sleep(6 * time.Second)
		c.a.thaw()
		c.wantHeard(c.b, c.a, 10)
		c.a.says("awake", c.b)
		c.wantNews(c.b)
	})
	t.Run("after it", func(t *testing.T) {
		t.Parallel()
		server := newProcess(t, "--heartbeat", "1s", "--grace", "2s")
		c := newPair(t, server.addr, server.addr)
		c.a.hide()
		c.a.freeze()
		c.b.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "anna"}))
		c.a.thaw()
		c.back(c.a)
		c.b.await("roomUserUpdate", callRoom, "ADD", list(map[string]any{"userID": "anna"}))
		c.b.await("roomStreamUpdate", callRoom, "ADD", list(map[string]any{"streamID": "anna-cam"}))
		c.wantPlayingAgain(c.b)
		c.wantSameElement(c.b)
		c.a.says("awake", c.b)
	})
}

// TestBackForward: who follows a link has left, whether the browser keeps the page or
// not; a page that it kept comes back by itself when the user does.
func TestBackForward(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	a, b := caller(t, usual, server.addr, "anna"), caller(t, usual, server.addr, "bert")
	a.await("roomUserUpdate", callRoom, "ADD", list(map[string]any{"userID": "bert"}))
	b.do(`addEventListener("pageshow", ({persisted}) => e2e.note("pageshow", persisted));
		addEventListener("pagehide", () => { globalThis.hid = performance.timeOrigin + performance.now(); })`)
	before := len(b.lines(chatter...))
	b.run(chromedp.Navigate(elsewhere(t, fill(t, "empty.html", visit{}), nil)))
	gone := a.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "bert"}))
	b.goBack()
	if took := ms(eval[float64](a, `return performance.timeOrigin + %s`, gone.At) - eval[float64](b, `return hid`)); took > leaveLimit {
		t.Errorf("bert was gone after %v", took)
	}
	b.await("roomStateChanged", callRoom, "RECONNECTED", 0)
	a.await("roomUserUpdate", callRoom, "ADD", list(map[string]any{"userID": "bert"}))
	b.says("back again", a)
	a.says("welcome", b)
	wantLines(t, "page bert", b.lines(chatter...)[before:], slices.Concat([]string{"pageshow(true)"}, reconnecting(codeSession), reconnected()))
}

// goBack does what the browser's button does, and waits until the page before is there.
// A page that was kept does not load, so nothing tells that it has.
func (p *tab) goBack() {
	p.t.Helper()
	h, err := chromedp.Call(p.ctx, page.GetNavigationHistory, cdp.Empty{})
	if err == nil {
		_, err = chromedp.Call(p.ctx, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: h.Entries[h.CurrentIndex-1].ID})
	}
	if err != nil {
		p.t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ctx, cancel := context.WithDeadline(context.Background(), deadline)
		raw, err := p.driver.evaluate(ctx, script(`return "zg" in globalThis`), false) // fails as pages change
		cancel()
		if err == nil && string(raw) == "true" {
			return
		}
		if time.Now().After(deadline) {
			p.fatalf("the page before did not come back as it was: %s %v", raw, err)
		}
	}
}
