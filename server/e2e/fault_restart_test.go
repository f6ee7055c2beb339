package e2e

import (
	"slices"
	"testing"
	"time"
)

// wantRestartHidden checks what two pages saw of a server that came back with an empty
// memory: so many reconnections, of which only the code may differ, and nothing else.
func (c *pair) wantRestartHidden(p *tab) {
	c.t.Helper()
	news := c.news(p)
	if len(news) < 4 {
		p.fatalf("no reconnection: %q", news)
	}
	for i := 0; i < len(news); i += 4 {
		part := news[i:min(i+4, len(news))]
		if !slices.Equal(part, append(reconnecting(codeSession), reconnected()...)) &&
			!slices.Equal(part, append(reconnecting(codeNetwork), reconnected()...)) {
			p.fatalf("expected RECONNECTING and RECONNECTED, and nothing else, not %q", part)
		}
	}
}

// wantReconnectingCode checks the code of the first reconnection: it is about the
// network when the page had to say something before it reached a server.
func (c *pair) wantReconnectingCode(p *tab) {
	c.t.Helper()
	e := p.await("roomStateChanged", callRoom, "RECONNECTING")
	at, code := c.sinceMark(p, e), codeSession
	if at >= silence {
		code = codeNetwork
	}
	if e.Args[2] != float64(code) {
		c.t.Errorf("page %s: RECONNECTING %v after %v, not code %d", p.name, e.Args[2], at, code)
	}
	c.wantTold(p, e)
}

// wantTold checks that RECONNECTING came soon after the loss was worth it.
func (c *pair) wantTold(p *tab, reconnecting entry) {
	c.t.Helper()
	if late := ms(reconnecting.At - eval[float64](p, `return marked.lost`)); late > silence+slack {
		c.t.Errorf("page %s: RECONNECTING only after %v", p.name, late)
	}
}

// lose ends the server, and notes by when the pages had lost it.
func (c *pair) lose(end func()) {
	c.t.Helper()
	end()
	for _, p := range c.both() {
		p.do(`marked.lost ??= performance.now()`)
	}
}

// wantThird has a third user join, who must find everything as if it had never been gone.
func (c *pair) wantThird(addr string) {
	c.t.Helper()
	var token []string
	if c.token != nil {
		token = c.token("carl")
	}
	third := caller(c.t, usual, addr, "carl", token...)
	third.watch(c.a.name)
	third.wantAdded("roomUserUpdate", "userID", c.a.name, c.b.name)
	third.wantAdded("roomStreamUpdate", "streamID", c.a.name+"-cam", c.b.name+"-cam")
	for _, p := range c.both() {
		p.await("roomUserUpdate", callRoom, "ADD", list(map[string]any{"userID": third.name}))
		p.says("welcome from "+p.name, third)
	}
	third.says("hello", c.a, c.b)
}

// wantAdded fails the test unless the page was told that exactly those were added, in
// any order, and nothing of going.
func (p *tab) wantAdded(event, field string, want ...string) {
	p.t.Helper()
	got := eval[[]string](p, `return e2e.find(%s, [%s, "ADD"]).flatMap(({args}) => args[2]).map((item) => item[%s]).sort()`, event, callRoom, field)
	if slices.Sort(want); !slices.Equal(got, want) {
		p.fatalf("%s added %q, not %q", event, got, want)
	}
	p.never(event, callRoom, "DELETE")
}

// TestRestart: a call does not need the server.
func TestRestart(t *testing.T) {
	skipUnlessFull(t) // TestRestartTwice has it, too
	server := newProcess(t)
	c := newPair(t, server.addr, server.addr)
	c.lose(server.kill)
	c.pass(5 * time.Second)
	c.startAgain(server)
	c.wantRecovery(server.addr)
}

// TestRestartAfterLong: nor does it need it soon.
func TestRestartAfterLong(t *testing.T) {
	t.Parallel()
	skipUnlessFull(t)
	server := newProcess(t)
	c := newPair(t, server.addr, server.addr)
	c.lose(server.kill)
	c.pass(orFull(10*time.Second, time.Minute))
	for _, p := range c.both() {
		c.wantNews(p, reconnecting(codeNetwork)...)
	}
	c.startAgain(server)
	c.wantRecovery(server.addr)
}

// TestRestartTwice: those who just came back are lost once more, and others before they
// were back.
func TestRestartTwice(t *testing.T) {
	server := newProcess(t)
	c := newPair(t, server.addr, server.addr)
	c.lose(server.kill)
	c.pass(2 * time.Second)
	c.startAgain(server)
	c.pass(5 * time.Second)
	c.lose(server.kill)
	c.pass(8 * time.Second)
	c.startAgain(server)
	c.wantRecovery(server.addr)
}

// TestUpdate: a server that is told to stop says good-bye, and that is nobody's leaving;
// also when it has many users, who come back at once, each with a token.
func TestUpdate(t *testing.T) {
	server, notary := newProcessWithApp(t)
	token := func(user string) []string { return []string{notary.token(1, user, hour, nil)} }
	others := newThrong(t, server.addr, notary, orFull(4, 60), 5)
	c := pairOf(t, caller(t, usual, server.addr, "anna", token("anna")...), caller(t, usual, server.addr, "bert", token("bert")...))
	c.token = token
	others.mark()
	told := time.Now()
	c.lose(server.terminate)
	c.startAgain(server)
	c.wantRecovery(server.addr)
	others.wantBack(told)
}

// startAgain starts a server that was killed, which knows nothing: every page must come
// back after this.
func (c *pair) startAgain(s *process) {
	c.t.Helper()
	for _, p := range c.both() {
		p.do(`marked.started = performance.now()`)
	}
	s.start()
}

// wantBack waits until both pages are back after a start, and checks that they talk.
func (c *pair) wantBack() {
	c.t.Helper()
	for _, p := range c.both() {
		c.wantReconnectingCode(p)
		p.do(`await e2e.until(({name, args, at}) => name === "roomStateChanged" && args[1] === "RECONNECTED" && at > marked.started)`)
	}
	c.wantMoving()
	for _, p := range c.both() {
		p.says("here I am, "+p.name, c.other(p))
	}
}

// wantRecovery waits until both pages are back, and checks that nothing else happened.
func (c *pair) wantRecovery(addr string) {
	c.t.Helper()
	c.wantBack()
	time.Sleep(settling + time.Second) // whoever did not come back would be told of now
	c.wantMoving()
	for _, p := range c.both() {
		c.wantRestartHidden(p)
		c.wantSameElement(p)
	}
	c.wantThird(addr)
}

// TestRestartLosesUser: who does not come back is told of as gone, once, when those who
// came back have waited for it.
func TestRestartLosesUser(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	a := caller(t, usual, server.addr, "anna")
	c := pairOf(t, a, caller(t, doomed, server.addr, "bert"))
	server.kill()
	killProcesses(t)
	server.start()
	back := c.back(a)
	for _, e := range []entry{
		a.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "bert"})),
		a.await("roomStreamUpdate", callRoom, "DELETE", list(map[string]any{"streamID": "bert-cam"})),
	} {
		if waited := ms(e.At - back.At); waited < settling-time.Second || waited > orFull(3*settling, settling+3*time.Second) { // begun anew after a stall

			t.Errorf("%s DELETE came %v after RECONNECTED, not about %v", e.Name, waited, settling)
		}
	}
	a.says("alone")
	for _, event := range []string{"roomUserUpdate", "roomStreamUpdate"} {
		if n := a.count(event, callRoom, "DELETE"); n != 1 {
			a.fatalf("%d times %s DELETE", n, event)
		}
	}
}

// TestLogoutWhileAway: nobody who left comes back with the server.
func TestLogoutWhileAway(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	c := newPair(t, server.addr, server.addr)
	server.kill()
	c.a.do(`zg.logoutRoom(%s)`, callRoom)
	c.a.await("roomStateChanged", callRoom, "LOGOUT", 0)
	server.start()
	c.back(c.b)
	third := caller(t, usual, server.addr, "carl")
	c.b.await("roomUserUpdate", callRoom, "DELETE", list(map[string]any{"userID": "anna"}))
	c.b.await("roomStreamUpdate", callRoom, "DELETE", list(map[string]any{"streamID": "anna-cam"}))
	c.b.says("alone", third)
	third.wantAdded("roomUserUpdate", "userID", "bert")
	third.wantAdded("roomStreamUpdate", "streamID", "bert-cam")
	if n := c.b.count("roomUserUpdate", callRoom, "DELETE"); n != 1 {
		c.b.fatalf("%d users left", n)
	}
	if got := c.a.heard("alone"); len(got) > 0 {
		c.a.fatalf("a user who logged out hears %q", got)
	}
}
