package e2e

import (
	"fmt"
	"slices"
	"strings"
)

// says sends a message to all and waits until those have it.
func (p *tab) says(text string, to ...*tab) {
	p.t.Helper()
	p.wants("resolved", map[string]any{"errorCode": 0}, `zg.sendBroadcastMessage(%s, %s)`, callRoom, text)
	for _, other := range to {
		other.await("IMRecvBroadcastMessage", callRoom, list(map[string]any{"message": text, "fromUser": map[string]any{"userID": p.name}}))
	}
}

// talks has the page tell another so many things from now on, one every 200 ms, whatever
// becomes of them. These are commands, for of broadcasts only one a second is allowed.
func (p *tab) talks(to *tab, n int) {
	p.t.Helper()
	p.do(`(async () => {
		for (let i = 0; i < %s; i++) {
			const text = %s + " " + i;
			zg.sendCustomCommand(%s, text, [%s]).then(({errorCode}) => e2e.note("said", text, errorCode), (error) => e2e.note("said", text, error));
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
	})()`, n, p.name, callRoom, to.name)
}

// wantHeard fails the test unless all that one page told the other was heard once and in
// order.
func (c *pair) wantHeard(speaker, listener *tab, n int) {
	c.t.Helper()
	var want []string
	for i := range n {
		want = append(want, fmt.Sprint(speaker.name, " ", i))
	}
	listener.await("IMRecvCustomCommand", callRoom, anything, want[n-1])
	got := eval[[]string](listener, `return e2e.find("IMRecvCustomCommand", [%s, {userID: %s}]).map(({args}) => args[2])`, callRoom, speaker.name)
	if !slices.Equal(got, want) {
		listener.fatalf("heard %s\nnot %s", strings.Join(got, ", "), strings.Join(want, ", "))
	}
}

// wantSaid fails the test unless the page was told that all it said was taken.
func (p *tab) wantSaid(n int) {
	p.t.Helper()
	for i := range n {
		if e := p.await("said", fmt.Sprint(p.name, " ", i)); e.Args[1] != 0.0 {
			p.fatalf("%v was not taken: %v", e.Args[0], e.Args[1])
		}
	}
}

// heard is every broadcast of that text that came.
func (p *tab) heard(text string) []string {
	p.t.Helper()
	return eval[[]string](p, `return e2e.find("IMRecvBroadcastMessage", []).flatMap(({args}) => args[1]).map(({message}) => message).filter((heard) => heard === %s)`, text)
}
