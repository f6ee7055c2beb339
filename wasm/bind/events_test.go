//go:build js && wasm

package bind

import (
	"fmt"
	"strings"
	"syscall/js"
	"testing"

	"expressrtc/wasm/jsx"
)

// testEmitter is the events of instance 7, whose method "emit" emits its arguments, and
// "later" does so as a promise.
func testEmitter(t *testing.T) *emitter {
	t.Helper()
	events, err := newEmitter([]string{"a", "b"})
	if err != nil {
		t.Fatal(err)
	}
	emit := func(c call) (any, error) {
		args := make([]any, len(c.args)-1)
		for i := range args {
			args[i] = c.args[i+1]
		}
		c.events.emit(c.str(0), args...)
		return "emitted", nil
	}
	// Emits before and after it is decided how the promise ends.
	settle := func(c call) (any, error) {
		c.events.emit("a", "before")
		wait := c.events.heard()
		c.events.emit("a", "after")
		wait()
		return "settled", nil
	}
	withRows(t, row{"emit", value, emit}, row{"later", promise, emit}, row{"settle", promise, settle},
		row{"on", listener, func(c call) (any, error) { return c.events.on(c.str(0), c.value(1)), nil }},
		row{"off", listener, func(c call) (any, error) {
			one := c.value(1)
			return c.events.off(c.str(0), &one), nil
		}},
		row{"offAll", listener, func(c call) (any, error) { return c.events.off(c.str(0), nil), nil }},
	).events = events
	return events
}

// drained is JavaScript that waits until everything emitted before was delivered.
const drained = `const drained = () => new Promise(ok => {
	const last = () => { get(7, "off", "b", last); ok() };
	get(7, "on", "b", last); get(7, "emit", "b");
});
const log = [], say = text => (...args) => log.push([text, ...args].join(" "));
`

func TestEvents(t *testing.T) {
	tests := []struct{ name, code, want string }{
		{
			"order of emission and of listeners", `
			get(7, "on", "a", say("1st")); get(7, "on", "b", say("b")); get(7, "on", "a", say("2nd"));
			get(7, "emit", "a", 1); get(7, "emit", "b", 2); get(7, "emit", "a", 3);
			log.push("sync"); await drained();`,
			"sync,1st 1,2nd 1,b 2,1st 3,2nd 3,b",
		},
		{
			"the code after an await comes before the events of its turn", `
			get(7, "on", "a", say("event"));
			const v = await ask(7, "later", "a"); log.push("after await " + v);
			await drained();`,
			"after await emitted,event",
		},
		{
			"the code after an await comes after the events of before", `
			get(7, "on", "a", say("event"));
			const v = await ask(7, "settle"); log.push("after await " + v);
			await drained(); log.push(await ask(7, "settle"));`,
			"event before,after await settled,event after,event before,settled",
		},
		{
			"each listener in a task of its own", `
			get(7, "on", "a", () => { log.push("1"); Promise.resolve().then(() => log.push("microtask of 1")) });
			get(7, "on", "a", say("2"));
			get(7, "emit", "a"); await drained();`,
			"1,microtask of 1,2",
		},
		{
			"one function is kept once", `
			const f = say("f"); log.push(get(7, "on", "a", f), get(7, "on", "a", f));
			get(7, "emit", "a"); await drained();`,
			"true,true,f",
		},
		{
			"removed before its delivery", `
			const f = say("f"); get(7, "on", "a", f); get(7, "on", "a", say("g"));
			get(7, "emit", "a"); get(7, "off", "a", f); await drained();`,
			"g",
		},
		{
			"one of four removed, the others in order", `
			const f = say("f"); get(7, "on", "a", say("1")); get(7, "on", "a", f); get(7, "on", "a", say("2")); get(7, "on", "a", say("3"));
			get(7, "off", "a", f); get(7, "emit", "a"); await drained();`,
			"1,2,3",
		},
		{
			"removed by another listener", `
			const f = say("f"); get(7, "on", "a", () => { log.push("first"); get(7, "offAll", "a") });
			get(7, "on", "a", f); get(7, "emit", "a"); await drained();`,
			"first",
		},
		{
			"removed and added again", `
			const f = say("f"); get(7, "on", "a", f); get(7, "emit", "a", "old");
			get(7, "off", "a", f); get(7, "on", "a", f); get(7, "emit", "a", "new"); await drained();`,
			"f new",
		},
		{
			"added after the emission", `
			get(7, "emit", "a"); get(7, "on", "a", say("late")); await drained();`,
			"",
		},
		{
			"emitted by a listener", `
			get(7, "on", "a", n => { log.push(n); if (n < 3) get(7, "emit", "a", n + 1) });
			get(7, "emit", "a", 1); await drained(); await drained(); await drained();`,
			"1,2,3",
		},
		{
			"names and functions", `
			log.push(get(7, "on", "c", () => 1), get(7, "on", "a"), get(7, "on", "a", {}), get(7, "off", "c"), get(7, "offAll", "a"));`,
			"false,false,false,false,true",
		},
	}
	for _, test := range tests {
		testEmitter(t)
		if got := jsx.String(page(t, drained+test.code+`return log.join()`)); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestListenerThatThrows(t *testing.T) {
	said := captureConsole(t)
	testEmitter(t)
	got := jsx.String(page(t, drained+`
		const reported = []; globalThis.reportError = e => reported.push(e);
		const mistake = new Error("mine");
		get(7, "on", "a", () => { throw mistake }); get(7, "on", "a", () => { throw undefined }); get(7, "on", "a", say("next"));
		get(7, "emit", "a"); await drained(); delete globalThis.reportError;
		return [reported[0] === mistake, reported[1], reported.length, log].join()`))
	if want := "true,,2,next"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if len(*said) != 2 || !strings.Contains((*said)[0], "a listener of a threw") {
		t.Errorf("console got %q", *said)
	}
}

func TestEventArguments(t *testing.T) {
	events := testEmitter(t)
	emit := js.FuncOf(func(js.Value, []js.Value) any {
		list := []pair{{A: "before"}}
		events.emit("a", "room", list, nil, 3)
		list[0].A = "after"
		return nil
	})
	defer emit.Release()
	js.Global().Set("emitFromGo", emit)
	got := jsx.String(page(t, drained+`
		get(7, "on", "a", (...args) => log.push(JSON.stringify(args), args[2] === undefined));
		emitFromGo(); await drained(); return log.join()`))
	if want := `["room",[{"a":"before","b":null}],null,3],true`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEventQueueIsBounded(t *testing.T) {
	said := captureConsole(t)
	events := testEmitter(t)
	flood := js.FuncOf(func(js.Value, []js.Value) any {
		for i := range maxDeliveries + 5 {
			events.emit("a", i)
		}
		return nil
	})
	defer flood.Release()
	js.Global().Set("flood", flood)
	got := jsx.String(page(t, drained+`
		get(7, "on", "a", n => log.push(n)); flood(); await drained();
		return [log.length, log[0], log.at(-1)].join()`))
	// The end of drained takes one more place.
	if want := fmt.Sprintf("%d,%d,%d", maxDeliveries-1, 6, maxDeliveries+4); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(*said) != 1 || !strings.Contains((*said)[0], "the oldest are dropped") {
		t.Errorf("console got %q, want one line", *said)
	}
}

func TestClosedEmitterDeliversTheRest(t *testing.T) {
	testEmitter(t)
	got := page(t, drained+`
		let done; const all = new Promise(ok => { done = ok });
		get(7, "on", "a", n => { log.push(n); if (n === 2) done() });
		get(7, "emit", "a", 1); get(7, "emit", "a", 2);
		get(7, "drop");
		await all; return log.join()`)
	if s := jsx.String(got); s != "1,2" {
		t.Errorf("got %q, want both events", s)
	}
}

func TestEmitterEnds(t *testing.T) {
	tasks, err := newTasks()
	if err != nil {
		t.Fatal(err)
	}
	e := &emitter{known: []string{"a"}, wake: make(chan struct{}, 1), listeners: map[string][]*subscription{}}
	ended := make(chan struct{})
	go func() {
		e.run(tasks)
		close(ended)
	}()
	e.on("a", jsx.Global("eval"))
	e.close()
	e.close()
	<-ended
	e.emit("a")
	if n := len(e.queue); n != 0 {
		t.Errorf("%d deliveries are queued for nobody", n)
	}
}
