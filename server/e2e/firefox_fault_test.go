package e2e

import (
	"testing"
	"time"
)

// TestFirefoxStaysInTheCall loses the server, then the line to it.
func TestFirefoxStaysInTheCall(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	way := newCable(t, server.addr)
	c := pairOf(t, caller(t, firefox, way.addr, "anna"), caller(t, usual, server.addr, "bert"))

	c.lose(server.kill)
	c.pass(2 * time.Second)
	c.startAgain(server)
	c.wantBack()
	for _, p := range c.both() {
		c.wantRestartHidden(p)
		c.wantSameElement(p)
	}

	c.mark()
	way.cut()
	c.b.talks(c.a, 10)
	c.a.await("roomStateChanged", callRoom, "RECONNECTING", codeNetwork)
	way.mend()
	c.back(c.a)
	c.wantHeard(c.b, c.a, 10)
	c.wantNews(c.a, append(reconnecting(codeNetwork), reconnected()...)...)
	c.wantNews(c.b)
	c.wantMoving()
	for _, p := range c.both() {
		c.wantSameElement(p)
	}
}

// TestFirefoxPath loses the media's way: ICE restarts find another.
func TestFirefoxPath(t *testing.T) {
	skipUnlessFull(t) // TestPathThatDies has it, without Firefox
	t.Parallel()
	testPathThatDies(t, firefox)
}
