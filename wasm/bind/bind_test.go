//go:build js && wasm

package bind

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall/js"
	"testing"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// page runs code as a page would, in an async function, and returns what it returns.
// The code has call, with the loader's part of a promise method as ask(id, method, …).
func page(t *testing.T, code string) safejs.Value {
	t.Helper()
	entry := js.FuncOf(onCall)
	defer entry.Release()
	js.Global().Set("call", entry)
	v, err := safejs.Global().Call("eval", `(async () => {
		const ask = (id, method, ...args) => new Promise((res, rej) => {
			const out = {res, rej};
			call(id, method, args, out);
			if ("e" in out) throw out.e;
		});
		const get = (id, method, ...args) => {
			const out = {};
			call(id, method, args, out);
			if ("e" in out) throw out.e;
			return out.v;
		};
		const show = v => v instanceof Error ? v.constructor.name + ": " + v.message : v === undefined ? "undefined" : JSON.stringify(v);
		`+code+`
	})()`)
	if err == nil {
		v, err = jsx.Await(t.Context(), v)
	}
	if err != nil {
		t.Fatalf("page: %v", err)
	}
	return v
}

// withRows serves rows as the methods of instance 7 for one test.
func withRows(t *testing.T, rows ...row) *instance {
	t.Helper()
	tables = newTables()
	tables["Test"] = table{}
	tables["Test"].add(rows)
	in := newInstance("Test")
	in.id = 7
	instances.add(in)
	t.Cleanup(func() { instances.release(7) })
	return in
}

func captureConsole(t *testing.T) *[]string {
	t.Helper()
	said := &[]string{}
	console, old := js.Global().Get("console"), js.Global().Get("console").Get("error")
	hook := jsx.Func(func(args []safejs.Value) {
		var line []string
		for _, arg := range args {
			s, _ := arg.String()
			line = append(line, s)
		}
		*said = append(*said, strings.Join(line, " "))
	})
	console.Set("error", hook)
	t.Cleanup(func() {
		console.Set("error", old)
		hook.Release()
	})
	return said
}

type pair struct {
	A string `json:"a"`
	B *int   `json:"b"`
}

func TestAnswers(t *testing.T) {
	nothing := (*pair)(nil)
	tests := []struct {
		name   string
		result any
		err    error
		want   string // as the page's show has it; thrown and rejected alike
		log    string // a part of what the console must get
	}{
		{name: "nil", want: `undefined`},
		{name: "true", result: true, want: `true`},
		{name: "false", result: false, want: `false`},
		{name: "text", result: "a\u2028😀", want: `"a` + "\u2028" + `😀"`},
		{name: "number", result: 1.5, want: `1.5`},
		{name: "struct", result: pair{A: "x"}, want: `{"a":"x","b":null}`},
		{name: "nil pointer", result: nothing, want: `null`},
		{name: "list", result: []pair{}, want: `[]`},
		{name: "fault", err: fault{1, "no"}, want: `!{"code":1,"errorCode":1,"extendedData":"no","message":"no","msg":"no"}`},
		{name: "wrapped", err: fmt.Errorf("login: %w", fault{1, "no"}), want: `!{"code":1,"errorCode":1,"extendedData":"no","message":"no","msg":"no"}`},
		{
			name: "missing", err: notYet("setX"),
			want: `!{"errorCode":1101003,"extendedData":"'setX' is not part of this version of ExpressRTC"}`,
		},
		{name: "plain false", err: plain{false}, want: `!false`},
		{name: "plain text", err: plain{"no container"}, want: `!"no container"`},
		{name: "exception", err: exception("gone"), want: `!Error: gone`},
		{
			name: "unknown", err: errors.New("socket on fire"), log: "socket on fire",
			want: `!{"code":1002099,"errorCode":1002099,"extendedData":"internal error: socket on fire","message":"internal error: socket on fire","msg":"internal error: socket on fire"}`,
		},
		{name: "unencodable", result: func() {}, want: `!{"code":1002099`, log: "encode func()"},
	}
	for _, test := range tests {
		said := captureConsole(t)
		do := func(call) (any, error) { return test.result, test.err }
		withRows(t, row{"p", promise, do}, row{"v", value, do})
		got := jsx.String(page(t, `
			let v, p;
			try { v = show(get(7, "v")) } catch (e) { v = "!" + show(e) }
			try { p = show(await ask(7, "p")) } catch (e) { p = "!" + show(e) }
			return v === p ? v : "value " + v + ", but promise " + p`))
		if test.want != got && (test.log == "" || !strings.HasPrefix(got, test.want)) {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if all := strings.Join(*said, "\n"); !strings.Contains(all, test.log) || (test.log == "" && all != "") {
			t.Errorf("%s: console got %q, want %q", test.name, all, test.log)
		}
	}
}

func TestPanicBecomesAnError(t *testing.T) {
	said := captureConsole(t)
	boom := func(call) (any, error) { panic("boom") }
	withRows(t, row{"p", promise, boom}, row{"v", value, boom}, row{"ok", value, func(call) (any, error) { return "on", nil }})
	got := jsx.String(page(t, `
		const all = [];
		try { get(7, "v") } catch (e) { all.push(e.code) }
		await ask(7, "p").catch(e => all.push(e.msg));
		all.push(get(7, "ok"));
		return all.join()`))
	if want := "1002099,internal error: panic in p: boom,on"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if all := strings.Join(*said, ""); strings.Count(all, "bind_test.go") < 2 {
		t.Errorf("the console lacks the stacks: %s", all)
	}
}

func TestCheckedThrowsAtOnceAndRejectsLater(t *testing.T) {
	proceed := make(chan struct{})
	withRows(t, row{"c", checked, func(c call) (any, error) {
		if c.str(0) == "throw" {
			return nil, plain{"at once"}
		}
		return later(func() (any, error) {
			<-proceed
			if c.str(0) == "reject" {
				return nil, plain{"later"}
			}
			return "done", nil
		}), nil
	}}, row{"proceed", value, func(call) (any, error) {
		close(proceed)
		return nil, nil
	}})
	got := jsx.String(page(t, `
		const all = [], call1 = how => { const out = {rej: e => all.push("rejected " + e), res: v => all.push("resolved " + v)};
			call(7, "c", [how], out); all.push("e" in out ? "thrown " + out.e : "pending") };
		call1("throw"); call1("reject"); call1("resolve"); get(7, "proceed");
		return all.slice(0, 3).concat(all.slice(3).sort()).join()`))
	if want := "thrown at once,pending,pending,rejected later,resolved done"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPromiseEndsWithItsInstance(t *testing.T) {
	withRows(t, row{"wait", promise, func(c call) (any, error) {
		<-c.ctx.Done()
		return nil, fmt.Errorf("wait: %w", context.Cause(c.ctx))
	}})
	got := jsx.String(page(t, `
		const pending = ask(7, "wait").catch(e => e.code + " " + e.msg);
		get(7, "drop");
		let gone;
		try { get(7, "wait") } catch (e) { gone = show(e) }
		return await pending + "; " + gone`))
	want := "1100007 the engine was destroyed before 'wait' was done; Error: ZegoExpressEngine has been destroyed."
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestHandedOutObjects(t *testing.T) {
	withRows(t, row{"make", value, func(call) (any, error) { return instances.hand(newInstance("Test")), nil }},
		row{"id", value, func(c call) (any, error) { return c.id, nil }})
	got := jsx.String(page(t, `
		const a = {}, b = {};
		call(7, "make", [], a);
		call(7, "make", [], b);
		const same = get(a.v, "id") === a.v && get(b.v, "id") === b.v;
		get(a.v, "drop"); get(a.v, "drop"); get(b.v, "drop");
		return [a.class, b.class, a.v < 0, a.v !== b.v, same].join()`))
	if want := "Test,Test,true,true,true"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := len(instances.by); n != 2 { // the static one and the test's
		t.Errorf("%d instances are left, want 2", n)
	}
}

// TestHandedOutOnce: what stands for something of Go's is one object, which ends once
// the page has dropped it and Go is done with it.
func TestHandedOutOnce(t *testing.T) {
	type song struct{ title string }
	thing := &song{"la"}
	in := withRows(t, row{"now", value, func(c call) (any, error) { return c.hand("Test", thing), nil }},
		row{"soon", promise, func(c call) (any, error) { return c.hand("Test", thing), nil }},
		row{"title", getter, func(c call) (any, error) { return self[*song](c).title, nil }})
	got := jsx.String(page(t, `
		const now = {}, all = [];
		call(7, "now", [], now);
		const soon = await new Promise(res => call(7, "soon", [], {res: (...a) => res(a)}));
		return show([now.class, now.v === soon[0], soon[1], get(now.v, "title")])`))
	if want := `["Test",true,"Test","la"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	it := instances.of[thing]
	alive := func() bool { return instances.find(it.id) == it && it.ctx.Err() == nil }
	instances.drop(it.id)
	if !alive() {
		t.Error("ended with the page's interest, although Go uses it")
	}
	instances.handOf(in, "Test", thing)
	instances.done(thing)
	if !alive() {
		t.Error("ended with Go's interest, although the page has it")
	}
	instances.drop(it.id)
	if alive() || instances.of[thing] != nil {
		t.Error("is still there, although nobody needs it")
	}
	instances.handOf(in, "Test", thing)
	it = instances.of[thing]
	instances.release(in.id)
	if instances.find(it.id) != it || it.ctx.Err() == nil {
		t.Error("the end of an engine must leave what the page has, but end what it waits for")
	}
	instances.drop(it.id)
	if instances.find(it.id) != nil {
		t.Error("is still there after its engine and the page's interest")
	}
}

// TestCompositorIsLetGo: of one that the page has dropped nothing is left.
func TestCompositorIsLetGo(t *testing.T) {
	in := withRows(t, newTables()["ZegoExpressEngine"]["createStreamCompositor"])
	before := len(instances.of)
	page(t, `get(7, "createStreamCompositor")`)
	if len(instances.of) != before+1 {
		t.Fatal("none was made")
	}
	for _, it := range instances.of {
		if it.owner == in {
			instances.drop(it.id)
		}
	}
	if len(instances.of) != before {
		t.Error("it is still there")
	}
}

// TestHandedBack: arguments that are our objects are known, and nothing else is.
func TestHandedBack(t *testing.T) {
	numberOf = page(t, `globalThis.ID = Symbol(); return v => { try { return v[ID] } catch {} }`)
	t.Cleanup(func() { numberOf = safejs.Undefined() })
	withRows(t, row{"is", value, func(c call) (any, error) { return c.handed(0, "Test") == c.instance, nil }},
		row{"any", value, func(c call) (any, error) { return c.handed(0, "Test") != nil, nil }},
		row{"other", value, func(c call) (any, error) { return c.handed(0, "Other") != nil, nil }})
	got := jsx.String(page(t, `
		const it = {[ID]: 7};
		const tricky = new Proxy({}, {get() { throw new Error("mine") }});
		return show([get(7, "is", it), get(7, "is", new Proxy(it, {})), get(7, "other", it),
			...[undefined, null, 7, "7", {}, {[ID]: 99}, {[ID]: "7"}, tricky, () => 1].map(v => get(7, "any", v))])`))
	if want := `[true,true,false,false,false,false,false,false,false,false,false,false]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestUnknownMethod(t *testing.T) {
	withRows(t)
	if got := jsx.String(page(t, `try { get(7, "nope") } catch (e) { return show(e) }`)); got != "Error: Test has no method nope" {
		t.Errorf("got %q", got)
	}
}

func TestServe(t *testing.T) {
	entry := page(t, `let got; globalThis.hook = {ready: f => got = f}; return () => got`)
	if err := Serve("hook"); err != nil {
		t.Fatal(err)
	}
	got, err := jsx.Invoke(entry)
	if err != nil || got.Type() != safejs.TypeFunction {
		t.Errorf("the loader got %v, %v", got, err)
	}
	if err := Serve("nowhere"); err == nil {
		t.Error("no error without a loader")
	}
}

func TestEngineOnAndOff(t *testing.T) {
	said := captureConsole(t)
	tables = newTables()
	got := jsx.String(page(t, `
		const network = [];
		globalThis.addEventListener = name => network.push(name);
		globalThis.removeEventListener = name => network.push("no " + name);
		globalThis.document = globalThis;
		get(1, "new", 1, "", undefined, {scriptOrigin: "http://localhost"});
		const f = () => {}, all = [
			get(1, "on", "roomStateUpdate", f), get(1, "on", "roomStateUpdate", 5), get(1, "on", "hallStateUpdate", f),
			get(1, "off", "roomStateUpdate", f), get(1, "off", "roomStateUpdate"), get(1, "off", "nope"), get(1, "off"),
			get(1, "getVersion"), get(1, "setDebugVerbose", true), get(1, "setDebugVerbose", 1),
		];
		globalThis.alerts = new Promise(ok => { globalThis.alert = ok });
		get(1, "on", "nope", f);
		all.push(await alerts);
		get(1, "destroyEngine");
		return all.concat(network).map(show).join()`))
	want := `true,false,false,true,true,false,false,"3.12.0",undefined,undefined,"on('nope'): no such event, or no function was given",` +
		`"online","offline","pageshow","resume","visibilitychange","pagehide","no online","no offline","no pageshow","no resume","no visibilitychange","no pagehide"`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if len(*said) != 5 {
		t.Errorf("console got %q, want a line for each false", *said)
	}
}

// TestConsoleMayCallTheSDK: what a page has put into its console may call the SDK, also
// when a line is logged while a lock is held.
func TestConsoleMayCallTheSDK(t *testing.T) {
	var mu sync.Mutex
	called := make(chan bool)
	override := jsx.Func(func([]safejs.Value) {
		if mu.TryLock() {
			mu.Unlock()
			go func() { called <- true }()
			return
		}
		go func() { called <- false }()
	})
	console := jsx.Global("console")
	before := jsx.Get(console, "warn")
	if err := console.Set("warn", safejs.Safe(override.Value)); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	preset.fork().line("warn", "something")
	mu.Unlock()
	free := <-called
	if err := console.Set("warn", before); err != nil {
		t.Fatal(err)
	}
	override.Release()
	if !free {
		t.Error("the page's console ran under the lock")
	}
}
