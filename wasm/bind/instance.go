//go:build js && wasm

package bind

import (
	"context"
	"slices"
	"sync"

	"expressrtc/wasm/engine"
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
	// owner is the engine that handed the object out, nil for what pages construct; of is
	// what stands behind the object in Go. See call.hand.
	owner *instance
	of    any
	// held says that the page has the object, used that Go is not done with it. The
	// registry guards both.
	held, used bool

	log *logger
}

func newInstance(class string) *instance {
	return newInstanceIn(context.Background(), class)
}

func newInstanceIn(parent context.Context, class string) *instance {
	ctx, cancel := context.WithCancel(parent)
	return &instance{class: class, ctx: ctx, cancel: cancel, log: preset}
}

// hand gives the page the object of class that stands for of, which is a pointer: the
// same one each time. It lives until the page has dropped it and Go is done with of, so
// its listeners hear what happens even if the page keeps only them.
func (c call) hand(class string, of any) handle {
	return instances.handOf(c.instance, class, of)
}

// self is what stands behind the object that the method belongs to.
func self[T any](c call) T { return c.of.(T) }

// close ends what the instance holds; events that were emitted are still delivered.
func (in *instance) close() {
	in.cancel()
	if in.events != nil {
		in.events.close()
	}
	if in.stopListening != nil {
		in.stopListening()
	}
	in.log.flush()
}

// registry is the instances by number.
type registry struct {
	mu sync.Mutex
	by map[int]*instance
	// of finds those that stand for something of Go's by that.
	of map[any]*instance
	// last is the number of the newest object that Go handed out.
	last int
}

// statics is the instance of the static methods.
const statics = 0

var instances = registry{by: map[int]*instance{statics: newInstance("")}, of: map[any]*instance{}}

// find is nil for a number that names no instance, or none any more.
func (r *registry) find(id int) *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.by[id]
}

// anyEngine reports whether the page has made an engine.
func (r *registry) anyEngine() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, in := range r.by {
		if in.engine != nil {
			return true
		}
	}
	return false
}

// known is the instance that stands for of, nil if none does.
func (r *registry) known(of any) *instance {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.of[of]
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
	return r.handLocked(in)
}

func (r *registry) handLocked(in *instance) handle {
	if in.id == 0 {
		r.last--
		in.id = r.last
		r.by[in.id] = in
	}
	in.held = true
	return handle{in.class, in.id}
}

// handOf is hand for the one object that stands for of.
func (r *registry) handOf(owner *instance, class string, of any) handle {
	r.mu.Lock()
	defer r.mu.Unlock()
	in := r.of[of]
	if in == nil {
		in = newInstanceIn(owner.ctx, class)
		in.owner, in.of, in.used, in.log = owner, of, true, owner.log
		r.of[of] = in
	}
	return r.handLocked(in)
}

// listening gives an object that was just handed out its listeners.
func (r *registry) listening(h handle, events *emitter) handle {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.by[h.id].events = events
	return h
}

// done says that of has ended. Its object still answers for as long as the page has it.
func (r *registry) done(of any) {
	r.end(func() []*instance {
		in := r.of[of]
		if in == nil {
			return nil
		}
		in.used = false
		return []*instance{in}
	})
}

// drop is told by the loader: the page has let go of an object.
func (r *registry) drop(id int) {
	r.end(func() []*instance {
		in := r.by[id]
		if in == nil {
			return nil
		}
		in.held = false
		return []*instance{in}
	})
}

// release forgets an instance, whoever has it, and ends what it holds; what it has
// handed out is done, too. Unknown ones are gone already.
func (r *registry) release(id int) {
	r.end(func() []*instance {
		in := r.by[id]
		if in == nil {
			return nil
		}
		in.held, in.used = false, false
		all := []*instance{in}
		for _, it := range r.of {
			if it.owner == in {
				it.used = false
				all = append(all, it)
			}
		}
		return all
	})
}

// end runs change under the lock, then forgets and closes those of what it returns that
// neither the page nor Go needs.
func (r *registry) end(change func() []*instance) {
	r.mu.Lock()
	all := slices.DeleteFunc(change(), func(in *instance) bool { return in.held || in.used })
	for _, in := range all {
		delete(r.by, in.id)
		delete(r.of, in.of)
	}
	r.mu.Unlock()
	for _, in := range all {
		in.close()
	}
}
