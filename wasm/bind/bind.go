//go:build js && wasm

// Package bind is how JavaScript calls Go. A public method is one row of a table: its
// name, its kind, and a function that decodes the arguments and calls the engine. The
// loader (static/loader.js) has the classes; it gets names and kinds from these rows,
// read out of the source by server/web/bundle, so the tables stay plain literals.
//
// One js.Func serves the whole SDK: call(instance, method, arguments, out). Instances
// have numbers: 0 is the class itself with its static methods, those that the loader
// constructs are positive, those that Go hands out negative.
//
// It owns the instances (one mutex) and each engine's listeners and their queue (one
// mutex and one delivering goroutine, see emitter). No lock is held while the page's
// code runs. Nothing that panics reaches syscall/js: see attempt, emitter.deliver and
// jsx.Func.
package bind

import (
	"fmt"
	"syscall/js"

	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

// Version is what getVersion answers; pages compare it as text.
const Version = "3.12.0"

// kind says how a method answers: once the SDK runs, and before that.
type kind int

const (
	// promise: its own goroutine, which may block. Before: a pending promise.
	promise kind = iota
	// checked: a promise whose function runs at once, may throw, and returns the later
	// part. Before: as promise, and what would have been thrown rejects.
	checked
	// value: answers at once. Before: the page waits while the SDK loads.
	value
	// queued: answers undefined. Before: the same, and the call comes later.
	queued
	// accepted: answers at once. Before: true, and the call comes later.
	accepted
	// listener: on and off. Before: the loader knows the events, and the call comes later.
	listener
	// getter: a property without arguments, read at once, of a class that Go hands out.
	getter
)

// row is one public method or property. What do returns crosses as toJS has it; an object
// of another class is what call.hand returns, in a value as in a promise, and null is
// safejs.Null().
type row struct {
	name string
	kind kind
	do   func(c call) (any, error)
}

// later is the part of a checked method that may block.
type later func() (any, error)

// missing is a method of the contract that this version does not have.
func missing(name string, k kind) row {
	return row{name, k, absent}
}

// absent fails by the method's name. It captures nothing, so the rows are plain data.
func absent(c call) (any, error) { return nil, notYet(c.method) }

// ignored is a method of the contract that this version does not have, and whose absence
// pages do not notice: it returns nothing, and they call it blindly. So it only logs.
func ignored(name string, k kind) row {
	return row{name, k, noEffect}
}

func noEffect(c call) (any, error) {
	c.log.line("warn", c.method+" has no effect in this version of ExpressRTC")
	return nil, nil
}

// class is a public class: its methods by topic, and its static ones.
type class struct {
	name string
	// maker says which method of an engine hands out the objects of the class, which
	// pages cannot construct then. An engine is constructed; WebRTCUtil has no objects.
	maker   string
	methods [][]row
	statics []row
}

// classes are all that pages see. The bundler reads this literal.
var classes = []class{
	{"ZegoExpressEngine", "", [][]row{
		setupRows, roomRows, messageRows, captureRows, effectRows,
		publishRows, playRows, deviceRows, mixRows,
	}, staticRows},
	{"ZegoLocalStream", "createZegoStream", [][]row{localStreamRows}, nil},
	{"ZegoStreamView", "createLocalStreamView or createRemoteStreamView", [][]row{viewRows}, nil},
	{"ZegoRealTimeSequentialDataManager", "createRealTimeSequentialDataManager", [][]row{dataRows}, nil},
	{"ZegoAudioEffectPlayer", "createAudioEffectPlayer", [][]row{effectPlayerRows}, nil},
	{"ZegoStreamCompositor", "createStreamCompositor", [][]row{compositorRows}, nil},
	{"WebRTCUtil", "", nil, utilRows},
}

// table finds a class's rows by name.
type table map[string]row

// tables are the methods of the classes by name; "" has the static ones. Serve fills
// it, because an initializer would refer to itself through the rows.
var tables map[string]table

func newTables() map[string]table {
	all := map[string]table{"": {}}
	for _, c := range classes {
		all[c.name] = table{}
		for _, rows := range c.methods {
			all[c.name].add(rows)
		}
		all[""].add(c.statics)
	}
	return all
}

func (t table) add(rows []row) {
	for _, r := range rows {
		t[r.name] = r
	}
}

// The loader's functions: numberOf tells the number of one of our objects, and objectOf
// makes the object of a number and a class.
var numberOf, objectOf safejs.Value

// Serve hands the SDK to the loader, which waits on the global object that key names.
func Serve(key string) error {
	tables = newTables()
	media.Log = preset.line
	entry := js.FuncOf(onCall) // for as long as the program runs
	loader, err := jsx.Call(jsx.Global(key), "ready", safejs.Safe(entry.Value))
	if err != nil {
		entry.Release()
		return fmt.Errorf("hand the SDK to the loader: %w", err)
	}
	numberOf, objectOf = jsx.Get(loader, "numberOf"), jsx.Get(loader, "objectOf")
	return nil
}

// call is one call of a public method.
type call struct {
	*instance
	method string
	args   []safejs.Value
}

// onCall gets (instance, method, arguments, out). It answers in out: v and class, or e
// to be thrown; or later by out.res and out.rej.
func onCall(_ js.Value, args []js.Value) any {
	out := answer{safejs.Safe(args[3])}
	c := call{method: args[1].String(), args: elements(args[2])}
	out.now(attempt(c.method, func() (any, error) { return c.start(args[0].Int(), out) }))
	return nil
}

// start finds the instance and its method, and runs what answers at once.
func (c call) start(id int, out answer) (any, error) {
	switch c.method {
	case "new":
		return nil, construct(id, c)
	case "drop":
		instances.drop(id)
		return nil, nil
	}
	if c.instance = instances.find(id); c.instance == nil {
		return nil, exception("ZegoExpressEngine has been destroyed.")
	}
	if c.method == "log" { // of the loader's zg.logger
		c.log.write(c.str(0), asAny(c.args[1:])...)
		return nil, nil
	}
	r, ok := tables[c.class][c.method]
	if !ok {
		return nil, exception(c.class + " has no method " + c.method)
	}
	return c.run(r, out)
}

// run calls the row's function, on a goroutine of its own if it may block.
func (c call) run(r row, out answer) (any, error) {
	switch r.kind {
	case promise:
		go out.settle(c, func() (any, error) { return r.do(c) })
		return nil, nil
	case checked:
		result, err := r.do(c)
		if rest, ok := result.(later); ok && err == nil {
			go out.settle(c, rest)
			return nil, nil
		}
		return result, err
	default:
		return r.do(c)
	}
}

func asAny(values []safejs.Value) []any {
	all := make([]any, len(values))
	for i, v := range values {
		all[i] = v
	}
	return all
}

func elements(list js.Value) []safejs.Value {
	values := make([]safejs.Value, list.Length())
	for i := range values {
		values[i] = safejs.Safe(list.Index(i))
	}
	return values
}
