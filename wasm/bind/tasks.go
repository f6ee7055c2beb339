//go:build js && wasm

package bind

import (
	"fmt"
	"syscall/js"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// tasks hands out tasks of the browser's event loop, one at a time. They come from a
// MessageChannel, because timers of hidden pages are throttled.
type tasks struct {
	out, in safejs.Value
	onTask  js.Func
	// came has room for the one task that was asked for.
	came chan struct{}
}

func newTasks() (*tasks, error) {
	channel, err := jsx.New("MessageChannel")
	if err != nil {
		return nil, fmt.Errorf("deliver events: %w", err)
	}
	t := &tasks{
		out:  jsx.Get(channel, "port1"),
		in:   jsx.Get(channel, "port2"),
		came: make(chan struct{}, 1),
	}
	t.onTask = jsx.Func(func([]safejs.Value) { t.came <- struct{}{} })
	if err := t.in.Set("onmessage", safejs.Safe(t.onTask.Value)); err != nil {
		return nil, fmt.Errorf("deliver events: %w", err)
	}
	return t, nil
}

// next waits for a new task; what the caller does next is done in it.
func (t *tasks) next() {
	if _, err := jsx.Call(t.out, "postMessage", 0); err != nil {
		logWhole(fmt.Errorf("deliver events: %w", err))
		return // in this task, then
	}
	<-t.came
}

// close gives the channel back to the browser.
func (t *tasks) close() {
	if _, err := jsx.Call(t.in, "close"); err != nil {
		logWhole(fmt.Errorf("close a channel: %w", err))
	}
	t.onTask.Release()
}
