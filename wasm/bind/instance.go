//go:build js && wasm

package bind

import (
	"context"
	"sync"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"
)

// instance is one object of a public class that the page holds.
type instance struct {
	class string
	id    int
	// ctx ends when the object does; what its methods wait for ends with it.
	ctx    context.Context
	cancel context.CancelFunc
	// engine and events, its listeners, are an engine's; view is a view's.
	engine *engine.Engine
	events *emitter
	view   *media.View
	// stopListening ends what an engine hears of the browser; nil for others.
	stopListening func()

	mu      sync.Mutex
	verbose bool
}

func newInstance(class string) *instance {
	ctx, cancel := context.WithCancel(context.Background())
	return &instance{class: class, ctx: ctx, cancel: cancel}
}

// close ends what the instance holds; events that were emitted are still delivered.
func (in *instance) close() {
	in.cancel()
	if in.events != nil {
		in.events.close()
	}
	if in.stopListening != nil {
		in.stopListening()
	}
}

// setVerbose makes logError show a dialog too.
func (in *instance) setVerbose(on bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.verbose = on
}

// log takes the engine's lines.
func (in *instance) log(level, line string) {
	if level == "error" {
		in.logError(line)
		return
	}
	jsx.Console(level, "ExpressRTC: "+line)
}

// logError tells the developer of the page what went wrong where nothing is thrown.
func (in *instance) logError(text string) {
	jsx.Console("error", "ExpressRTC: "+text)
	in.mu.Lock()
	verbose := in.verbose
	in.mu.Unlock()
	if !verbose {
		return
	}
	// From a task of its own: a dialog stops everything, and locks may be held here.
	alert, err := jsx.Call(jsx.Global("alert"), "bind", nil, text)
	if err == nil {
		_, err = jsx.Call(jsx.Global(), "setTimeout", alert)
	}
	if err != nil {
		jsx.Console("warn", "ExpressRTC: setDebugVerbose: "+err.Error())
	}
}

// registry is the instances by number.
type registry struct {
	mu sync.Mutex
	by map[int]*instance
	// last is the number of the newest object that Go handed out.
	last int
}

// statics is the instance of the static methods.
const statics = 0

var instances = registry{by: map[int]*instance{statics: newInstance("")}}

// find is nil for a number that names no instance, or none any more.
func (r *registry) find(id int) *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[id]
}

// add keeps an instance under the number that the loader gave it.
func (r *registry) add(in *instance) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.by[in.id] = in
}

// hand keeps an object that the page will get; a row returns what tells the loader.
func (r *registry) hand(in *instance) handle {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last--
	in.id = r.last
	r.by[in.id] = in
	return handle{in.class, in.id}
}

// release forgets an instance and ends what it holds. Unknown ones are gone already.
func (r *registry) release(id int) {
	r.mu.Lock()
	in := r.by[id]
	delete(r.by, id)
	r.mu.Unlock()
	if in != nil {
		in.close()
	}
}
