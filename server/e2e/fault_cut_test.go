package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestCutUnnoticed: a loss that is soon over is nobody's business, and nothing is lost.
func TestCutUnnoticed(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	way := newCable(t, server.addr)
	c := newPair(t, way.addr, way.addr)
	way.cut()
	c.pass(2 * time.Second)
	for _, p := range c.both() {
		p.talks(c.other(p), 5)
	}
	c.pass(3 * time.Second)
	way.mend()
	for _, p := range c.both() {
		c.wantHeard(p, c.other(p), 5)
		p.wantSaid(5)
	}
	c.pass(silence + 2*time.Second)
	for _, p := range c.both() {
		c.wantNews(p)
		c.wantSameElement(p)
	}
	c.wantMoving()
}

// TestCutNoticed: only the page whose connection is cut hears of it, and only of that.
func TestCutNoticed(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	way := newCable(t, server.addr)
	c := newPair(t, way.addr, server.addr)
	c.lose(way.cut)
	c.b.talks(c.a, 20)
	c.pass(orFull(silence+2*time.Second, 20*time.Second))
	way.mend()
	c.back(c.a)
	c.wantHeard(c.b, c.a, 20)
	c.b.wantSaid(20)
	c.wantNews(c.a, append(reconnecting(codeNetwork), reconnected()...)...)
	c.wantNews(c.b)
	told := c.a.await("roomStateChanged", callRoom, "RECONNECTING", codeNetwork)
	if at := c.sinceMark(c.a, told); at < silence {
		t.Errorf("RECONNECTING came after %v, not %v", at, silence)
	}
	c.wantTold(c.a, told)
	c.a.says("back again", c.b)
	c.wantMoving()
}

// TestCutTooLong: the others are told of a user who is away for longer than the grace
// time, and of the return, each once; then the picture goes on where it was.
func TestCutTooLong(t *testing.T) {
	t.Parallel()
	grace := orFull(3*time.Second, 30*time.Second)
	server := newProcess(t, "--grace", grace.String())
	way := newCable(t, server.addr)
	c := newPair(t, way.addr, server.addr)
	way.cut()
	c.pass(grace - 2*time.Second)
	gone := c.b.await("roomStreamUpdate", callRoom, "DELETE", list(map[string]any{"streamID": "anna-cam"}))
	wantLossReason(t, gone)
	if at := c.sinceMark(c.b, gone); at < grace-time.Second || at > grace+slack+time.Second {
		t.Errorf("the stream's DELETE came after %v, with a grace time of %v", at, grace)
	}
	c.pass(grace + 2*time.Second)
	way.mend()
	c.back(c.a)
	c.b.await("roomStreamUpdate", callRoom, "ADD", list(map[string]any{"streamID": "anna-cam"}))
	for _, p := range c.both() {
		c.wantPlayingAgain(p)
		c.wantSameElement(p)
		p.says("here I am, "+p.name, c.other(p))
	}
	for _, news := range []string{`roomUserUpdate("room", "DELETE"`, `roomStreamUpdate("room", "DELETE"`, `roomUserUpdate("room", "ADD"`, `roomStreamUpdate("room", "ADD"`} {
		if n := countLines(c.news(c.b), news); n != 1 {
			c.b.fatalf("%d times %s", n, news)
		}
	}
	if n := countLines(c.news(c.a), "roomUserUpdate(") + countLines(c.news(c.a), "roomStreamUpdate("); n > 0 {
		c.a.fatalf("bert never left")
	}
}

// wantPlayingAgain waits until the last state of the page's player is PLAYING.
func (c *pair) wantPlayingAgain(p *tab) {
	c.t.Helper()
	p.do(`for (;;) {
		const states = e2e.find("playerStateUpdate", []);
		if (states.at(-1).args[0].state === "PLAYING") break;
		await e2e.until((entry) => entry.name === "playerStateUpdate" && e2e.log.indexOf(entry) > e2e.log.indexOf(states.at(-1)));
	}`)
}

func countLines(lines []string, prefix string) int {
	return len(slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return !strings.HasPrefix(line, prefix) }))
}

// wantLossReason checks that a stream's end is told as a loss: 2, or 5.
func wantLossReason(t *testing.T, deleted entry) {
	t.Helper()
	data, _ := deleted.Args[3].(string)
	if !strings.Contains(data, `"code":2,`) && !strings.Contains(data, `"code":5,`) {
		t.Errorf("the reason for the stream's end is %s, not 2 or 5", data)
	}
}

// TestHalfOpen: messages that went into a socket which was dead are neither lost nor
// doubled, although the page may have been told that they took too long.
func TestHalfOpen(t *testing.T) {
	t.Parallel()
	server := newProcess(t, "--heartbeat", "1s")
	way := newCable(t, server.addr)
	c := newPair(t, way.addr, server.addr)
	way.swallow()
	for _, p := range c.both() {
		p.talks(c.other(p), 10)
	}
	for _, p := range c.both() {
		c.wantHeard(p, c.other(p), 10)
	}
	c.pass(silence + time.Second)
	for _, p := range c.both() {
		c.wantNews(p)
	}
	c.wantMoving()
}

// TestLogoutWhileCut: who logs out without a connection is gone as soon as there is one.
func TestLogoutWhileCut(t *testing.T) {
	t.Parallel()
	for name, notice := range map[string]time.Duration{"loss noticed": time.Second, "loss not noticed": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := newProcess(t)
			way := newCable(t, server.addr)
			c := newPair(t, way.addr, server.addr)
			way.cut()
			c.pass(notice)
			c.a.do(`zg.logoutRoom(%s)`, callRoom)
			c.pass(3 * time.Second)
			way.mend()
			gone := c.b.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "anna"}))
			if at := c.sinceMark(c.b, gone); at > 12*time.Second {
				t.Errorf("anna logged out and was gone only after %v", at)
			}
			c.b.await("roomStreamUpdate", callRoom, "DELETE", list(map[string]any{"streamID": "anna-cam"}))
		})
	}
}
