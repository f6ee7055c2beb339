package e2e

import (
	"context"
	_ "embed"
	"errors"
	"testing"

	"github.com/chromedp/chromedp"
)

//go:embed testdata/chaos.js
var chaosJS string

// browsed is a client in a real browser. What it is told to do is done in order, and
// nobody waits for it.
type browsed struct {
	tab   *tab
	deeds chan string
	done  chan struct{}
}

func newBrowsed(t *testing.T, name, sdk, server string) *browsed {
	t.Helper()
	p := open(t, usual, name, elsewhere(t, fill(t, "sdk.html", visit{SDK: sdk}), nil))
	p.expect("") // the console tells of lost sockets
	p.do(chaosJS)
	p.do(`chaos.start(%s, %s)`, "ws://"+server+"/ws", name)
	c := &browsed{tab: p, deeds: make(chan string, 1000), done: make(chan struct{})}
	go c.run()
	t.Cleanup(c.vanish)
	return c
}

// run does what the page is told, until vanish.
func (c *browsed) run() {
	defer close(c.done)
	for deed := range c.deeds {
		if _, err := ask[chromedp.Void](c, deed); err != nil {
			c.tab.t.Errorf("page %s: %s: %v", c.tab.name, deed, err)
		}
	}
}

// ask is like eval, for other goroutines than the test's.
func ask[T any](c *browsed, body string, args ...any) (T, error) {
	ctx, cancel := context.WithTimeout(c.tab.ctx, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script(body, args...), chromedp.EvalAwaitPromise))
	if err != nil {
		return value, explain(err)
	}
	return value, nil
}

func (c *browsed) tell(function string, args ...any) {
	list := ""
	for _, arg := range args {
		list += toJSON(arg) + ","
	}
	c.deeds <- "chaos." + function + "(" + list + ")"
}

func (c *browsed) join(room string)    { c.tell("join", room) }
func (c *browsed) leave()              { c.tell("leave") }
func (c *browsed) publish(id string)   { c.tell("publish", id) }
func (c *browsed) unpublish(id string) { c.tell("unpublish", id) }
func (c *browsed) play(id string)      { c.tell("play", id) }
func (c *browsed) stop(id string)      { c.tell("stop", id) }

func (c *browsed) send(kind deed, text string, to []string) { c.tell("send", kind, text, to) }

func (c *browsed) take() ([]sighting, error) { return ask[[]sighting](c, `return chaos.take()`) }

func (c *browsed) flows(id string) error {
	wrong, err := ask[string](c, `return chaos.flows(%s)`, id)
	if err == nil && wrong != "" {
		err = errors.New(wrong)
	}
	return err
}

func (c *browsed) peers() (int, error) { return ask[int](c, `return chaos.peers()`) }

// vanish lets the page do nothing any more.
func (c *browsed) vanish() {
	select {
	case <-c.done:
	default:
		close(c.deeds)
		<-c.done
	}
}
