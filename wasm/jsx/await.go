//go:build js && wasm

package jsx

import (
	"context"
	"sync"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// settled is how a promise ended.
type settled struct {
	value js.Value
	ok    bool
}

// waiting holds those who wait for promises. One js.Func serves them all, bound to a
// number for each: a wait that ends early leaves nothing behind to release, and a
// promise that settles later finds nobody.
var waiting = struct {
	report js.Func

	mu   sync.Mutex
	next int
	by   map[int]chan settled
}{by: map[int]chan settled{}}

func init() { waiting.report = js.FuncOf(onSettled) }

// onSettled gets (number, fulfilled, value).
func onSettled(_ js.Value, args []js.Value) any {
	number, ok := args[0].Int(), args[1].Bool()
	value := js.Undefined()
	if len(args) > 2 {
		value = args[2]
	}
	waiting.mu.Lock()
	reply := waiting.by[number]
	delete(waiting.by, number)
	waiting.mu.Unlock()
	if reply != nil {
		reply <- settled{value, ok} // has room for its one message
	}
	return nil
}

// Await waits for promise, or takes any other value as it is. A rejection comes back as
// an *Error. When ctx ends first, its error does, and the promise is left to itself.
// It blocks: call it on a goroutine, never in a callback.
func Await(ctx context.Context, promise safejs.Value) (safejs.Value, error) {
	number, reply := wait()
	if err := subscribe(promise, number); err != nil {
		forget(number)
		return safejs.Undefined(), err
	}
	select {
	case end := <-reply:
		if !end.ok {
			return safejs.Undefined(), Thrown(safejs.Safe(end.value))
		}
		return safejs.Safe(end.value), nil
	case <-ctx.Done():
		forget(number)
		return safejs.Undefined(), context.Cause(ctx)
	}
}

func wait() (int, chan settled) {
	reply := make(chan settled, 1)
	waiting.mu.Lock()
	defer waiting.mu.Unlock()
	waiting.next++
	waiting.by[waiting.next] = reply
	return waiting.next, reply
}

func forget(number int) {
	waiting.mu.Lock()
	defer waiting.mu.Unlock()
	delete(waiting.by, number)
}

func subscribe(promise safejs.Value, number int) error {
	promise, err := Call(Global("Promise"), "resolve", promise)
	if err != nil {
		return err
	}
	report := safejs.Safe(waiting.report.Value)
	fulfilled, err := Call(report, "bind", nil, number, true)
	if err != nil {
		return err
	}
	rejected, err := Call(report, "bind", nil, number, false)
	if err != nil {
		return err
	}
	_, err = Call(promise, "then", fulfilled, rejected)
	return err
}
