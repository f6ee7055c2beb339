package e2e

import (
	_ "embed"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

//go:embed testdata/frames.js
var framesJS string

// What the plan promises, and so the tests hold it to.
const (
	// silence is how long a loss is not worth an event.
	silence = 8 * time.Second
	// settling is how long those who came back wait for the others.
	settling = 10 * time.Second
)

// What is promised on a machine that has time. The short form runs beside other tests, and
// whatever is late there by less than this is in time.
var (
	// slack is how late an event may be.
	slack = orFull(10*time.Second, time.Second)
	// stillLimit is how long a picture may stand still that came from another page.
	stillLimit = orFull(2*time.Second, ownStillLimit)
)

// ownStillLimit is for a page's own picture.
const ownStillLimit = 500 * time.Millisecond

// room is where the calls of these tests are.
const callRoom = "room"

// full reports whether tests may take minutes.
func full() bool { return os.Getenv("EXPRESSRTC_FULL") != "" }

// skipUnlessFull is for what takes long and is a variant of what another test shows.
func skipUnlessFull(t *testing.T) {
	t.Helper()
	if !full() {
		t.Skip("a longer variant: run by make faults")
	}
}

// orFull is short, or long when tests may take minutes.
func orFull[T int | time.Duration](short, long T) T {
	if full() {
		return long
	}
	return short
}

// caller opens a page that finds the server at addr, and logs it in, with a token if the
// server wants one.
func caller(t *testing.T, f flavor, addr, user string, token ...string) *tab {
	t.Helper()
	p := (&site{t, "http://" + addr}).page(f, user)
	p.expect("WebSocket connection to")                                 // which Chromium reports when there is no server
	p.expect("already in CLOSING")                                      // which it reports when a page writes before it learns that the server closed
	p.do(`zg.off("publishQualityUpdate"); zg.off("playQualityUpdate")`) // they would bury the rest
	p.do(`await zg.loginRoom(%s, %s, {userID: %s}, {userUpdate: true})`, callRoom, strings.Join(token, ""), user)
	p.await("roomStateChanged", callRoom, "LOGINED", 0)
	return p
}

// show publishes a camera and shows it.
func (p *tab) show() {
	p.t.Helper()
	p.do(`globalThis.local = await zg.createStream();
		zg.createLocalStreamView(local).play("local");
		if (!zg.startPublishingStream(%s, local)) throw new Error("not published")`, p.name+"-cam")
	p.await("publisherStateUpdate", map[string]any{"state": "PUBLISHING"})
}

// watch plays what another user shows.
func (p *tab) watch(user string) {
	p.t.Helper()
	stream := user + "-cam"
	p.do(`await e2e.until(({name, args}) => name === "roomStreamUpdate" && args[1] === "ADD" && args[2].some(({streamID}) => streamID === %s))`, stream)
	p.do(`globalThis.remote = await zg.startPlayingStream(%s);
		zg.createRemoteStreamView(remote).play("remote")`, stream)
	p.await("playerStateUpdate", map[string]any{"streamID": stream, "state": "PLAYING"})
	p.sees("#remote video")
}

// pair is a call between two pages, and what each of them had logged at a mark.
type pair struct {
	t    *testing.T
	a, b *tab
	seen map[*tab]int

	token func(user string) []string // that a newcomer logs in with, or nil
}

// newPair has anna, who finds the server at one address, and bert, who finds it at
// another, show and watch each other.
func newPair(t *testing.T, addrA, addrB string) *pair {
	t.Helper()
	return pairOf(t, caller(t, usual, addrA, "anna"), caller(t, usual, addrB, "bert"))
}

func pairOf(t *testing.T, a, b *tab) *pair {
	t.Helper()
	c := &pair{t: t, a: a, b: b, seen: map[*tab]int{}}
	for _, p := range c.both() {
		p.do(framesJS)
	}
	for _, p := range c.both() {
		p.show()
	}
	for _, p := range c.both() {
		p.watch(c.other(p).name)
		p.await("remoteMicStatusUpdate", anything, "OPEN")
	}
	c.mark()
	return c
}

func (c *pair) both() []*tab { return []*tab{c.a, c.b} }

func (c *pair) other(p *tab) *tab {
	if p == c.a {
		return c.b
	}
	return c.a
}

// mark begins a new part of the test: from here on pages tell news, and pictures are
// watched.
func (c *pair) mark() {
	c.t.Helper()
	for _, p := range c.both() {
		c.seen[p] = len(p.lines(chatter...))
		p.do(`await e2e.ready;
			globalThis.marked = {at: performance.now(), element: document.querySelector("#remote video"), source: document.querySelector("#remote video")?.srcObject};
			for (const video of document.querySelectorAll("#local video, #remote video")) e2e.watch(video)`)
	}
}

// chatter are events that come at times of their own.
var chatter = []string{"roomOnlineUserCountUpdate", "IMRecvBroadcastMessage", "IMRecvCustomCommand", "said", "exceptionUpdate"}

// news is what a page saw since the mark, but for chatter.
func (c *pair) news(p *tab) []string {
	c.t.Helper()
	return p.lines(chatter...)[c.seen[p]:]
}

// wantNews fails the test unless the page saw exactly that since the mark.
func (c *pair) wantNews(p *tab, want ...string) {
	c.t.Helper()
	wantLines(c.t, "page "+p.name, c.news(p), want)
}

// stillness is how long a video stood still since the mark.
type stillness struct {
	Longest float64 `json:"longest"` // milliseconds
	After   float64 `json:"after"`   // the mark
	Frames  int     `json:"frames"`
	Stalled float64 `json:"stalled"` // in one go, the machine; that is not counted
}

// wantMoving fails the test if a picture stood still since the mark.
func (c *pair) wantMoving() {
	c.t.Helper()
	for _, p := range c.both() {
		c.wantMovingAt(p)
	}
}

// wantMovingAt is about one page. What stalls where a picture comes from stalls it here.
func (c *pair) wantMovingAt(p *tab) {
	c.t.Helper()
	stalls := eval[any](c.other(p), `return e2e.stalls()`)
	for selector, limit := range map[string]time.Duration{"#local video": ownStillLimit, "#remote video": stillLimit} {
		s := eval[stillness](p, `return e2e.stillness(document.querySelector(%s), %s)`, selector, stalls)
		c.t.Logf("page %s, %s: %d frames, still for %.0f ms at most, %.0f ms after the mark, the machine for up to %.0f ms", p.name, selector, s.Frames, s.Longest, s.After, s.Stalled)
		if s.Longest >= float64(limit.Milliseconds()) {
			c.t.Errorf("page %s: %s stood still for %.0f ms, %.0f ms after the mark", p.name, selector, s.Longest, s.After)
		}
	}
}

// wantSameElement fails the test unless the other's picture moves where it was at the mark.
func (c *pair) wantSameElement(p *tab) {
	c.t.Helper()
	p.sees("#remote video")
	if !eval[bool](p, `return document.querySelector("#remote video") === marked.element && marked.element.srcObject === marked.source`) {
		p.fatalf("the picture is in another element or stream than before")
	}
	if !eval[bool](p, `return remote.active && remote.getVideoTracks().length === 1 && remote.getVideoTracks()[0].readyState === "live"`) {
		p.fatalf("the stream that startPlayingStream gave has no picture any more")
	}
}

// sinceMark is when an event of the page came.
func (c *pair) sinceMark(p *tab, e entry) time.Duration {
	c.t.Helper()
	return ms(e.At - eval[float64](p, `return marked.at`))
}

// ms is a number of a page as Go has it.
func ms(milliseconds float64) time.Duration {
	return time.Duration(milliseconds * float64(time.Millisecond))
}

// pass lets time go by on a page, until so long after the mark. It is for what must not
// happen meanwhile, or what must be away for that long.
func (c *pair) pass(until time.Duration) {
	c.t.Helper()
	time.Sleep(until - ms(eval[float64](c.a, `return performance.now() - marked.at`)))
}

// The lines of a room's life.
func roomLines(state, change string, code int) []string {
	return []string{
		fmt.Sprintf(`roomStateUpdate(%q, %q, %d, "")`, callRoom, state, code),
		fmt.Sprintf(`roomStateChanged(%q, %q, %d, "")`, callRoom, change, code),
	}
}

func reconnecting(code int) []string { return roomLines("CONNECTING", "RECONNECTING", code) }
func reconnected() []string          { return roomLines("CONNECTED", "RECONNECTED", 0) }

// The codes of a lost connection: the network, or the server's memory.
const (
	codeNetwork = 1000017
	codeSession = 1002051
)

// back waits until the page has come back once more, and says when.
func (c *pair) back(p *tab) entry {
	c.t.Helper()
	return p.await("roomStateChanged", callRoom, "RECONNECTED", 0)
}
