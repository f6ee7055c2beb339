package e2e

import (
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// leaveLimit is within which the others must know that a page is gone. Without a goodbye it
// would be the five seconds for which the server waits for a page that may be loading anew.
var leaveLimit = orFull(4*time.Second, time.Second)

// closes closes the page's tab with its button: unlike close, the page is asked.
func (p *tab) closes() {
	p.t.Helper()
	if _, err := chromedp.Call(p.ctx, page.Close, cdp.Empty{}); err != nil {
		p.t.Fatal(err)
	}
}

// killBrowser ends the process of a browser as a user or the system does when it hangs.
// Its other processes notice, and end as they like.
func killBrowser(t *testing.T) { endBrowser(t, func(pid int) int { return pid }) }

// killProcesses ends all processes of a browser at once, as a power cut does.
func killProcesses(t *testing.T) { endBrowser(t, func(pid int) int { return -pid }) }

// endBrowser kills the test's doomed browser.
func endBrowser(t *testing.T, victim func(pid int) int) {
	t.Helper()
	browsers.mu.Lock()
	defer browsers.mu.Unlock()
	own := ownFlavor(t, doomed)
	b := browsers.open[own]
	delete(browsers.open, own)
	if err := syscall.Kill(victim(chromedp.FromContext(b.ctx).Browser.Process().Pid), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	b.stop()
}

// TestLeave: whatever way a page goes, the others know at once.
func TestLeave(t *testing.T) {
	away := elsewhere(t, fill(t, "empty.html", visit{}), nil)
	for name, leave := range map[string]func(*tab, *cable){
		"closed":    func(p *tab, _ *cable) { p.closes() },
		"another":   func(p *tab, _ *cable) { p.run(chromedp.Navigate(away)) },
		"blank":     func(p *tab, _ *cable) { p.run(chromedp.Navigate("about:blank")) },
		"reloaded":  func(p *tab, _ *cable) { p.run(chromedp.Reload()) },
		"discarded": func(p *tab, _ *cable) { p.close() },
		"with a dead socket": func(p *tab, way *cable) {
			way.swallow()
			p.closes()
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := newProcess(t)
			way := newCable(t, server.addr)
			c := newPair(t, server.addr, way.addr)
			now := eval[float64](c.a, `return performance.now()`)
			leave(c.b, way)
			for _, e := range []entry{
				c.a.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "bert"})),
				c.a.await("roomStreamUpdate", callRoom, "DELETE", list(map[string]any{"streamID": "bert-cam"})),
			} {
				took := ms(e.At - now)
				if took > leaveLimit {
					t.Errorf("%s DELETE came after %v", e.Name, took)
				}
				t.Logf("%s after %v: %v", e.Name, took, e.Args[len(e.Args)-1])
			}
			c.a.says("alone")
			for _, event := range []string{"roomUserUpdate", "roomStreamUpdate"} {
				if n := c.a.count(event, callRoom, "DELETE"); n != 1 {
					c.a.fatalf("%d times %s DELETE", n, event)
				}
			}
		})
	}
}

// TestReloadJoinsAgain: who reloads the page is a new user of the same name.
func TestReloadJoinsAgain(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	c := newPair(t, server.addr, server.addr)
	c.b.run(chromedp.Reload())
	c.a.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "bert"}))
	c.b.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, ""));
		await zg.loginRoom(%s, "", {userID: "bert"}, {userUpdate: true})`, callRoom)
	c.b.show()
	c.a.await("roomUserUpdate", callRoom, "ADD", list(map[string]any{"userID": "bert"}))
	c.b.watch("anna")
	c.wantPlayingAgain(c.a)
	c.wantSameElement(c.a)
}

// TestBrowserKilled: a browser that is killed says nothing; its user is away, and after
// the grace time gone.
func TestBrowserKilled(t *testing.T) {
	t.Parallel()
	grace := orFull(3*time.Second, 30*time.Second)
	for name, kill := range map[string]func(*testing.T){"one process": killBrowser, "all processes": killProcesses} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newProcess(t, "--grace", grace.String())
			c := pairOf(t, caller(t, usual, server.addr, "anna"), caller(t, doomed, server.addr, "bert"))
			kill(t)
			user := c.a.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "bert"}))
			stream := c.a.await("roomStreamUpdate", callRoom, "DELETE", list(map[string]any{"streamID": "bert-cam"}))
			wantLossReason(t, stream)
			for _, e := range []entry{user, stream} {
				if at := c.sinceMark(c.a, e); at < grace-time.Second || at > grace+slack+4*time.Second {
					t.Errorf("%s DELETE came after %v, with a grace time of %v", e.Name, at, grace)
				}
			}
		})
	}
}
