//go:build js && wasm

package bind

import (
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// engineEvents are the names that an engine's on and off know. The bundler reads this
// literal: the loader answers on and off before the SDK runs.
var engineEvents = []string{
	"roomStateUpdate", "roomStateChanged", "roomUserUpdate", "roomOnlineUserCountUpdate",
	"IMRecvBroadcastMessage", "IMRecvBarrageMessage", "IMRecvCustomCommand",
	"roomExtraInfoUpdate", "tokenWillExpire", "recvRoomTransparentMessage",

	"roomStreamUpdate", "streamExtraInfoUpdate",
	"publisherStateUpdate", "publishQualityUpdate", "playerStateUpdate", "playQualityUpdate",
	"screenSharingEnded", "remoteCameraStatusUpdate", "remoteMicStatusUpdate",
	"soundLevelUpdate", "capturedSoundLevelUpdate",
	"videoDeviceStateChanged", "audioDeviceStateChanged", "deviceError",
	"networkQuality", "exceptionUpdate", "playerRecvSEI",
	"beautyEffectError", "backgroundEffectError",
	"mixerSoundLevelUpdate", "autoMixerSoundLevelUpdate", "mixerRelayCDNStateUpdate",
	"playerVideoTrackUpdate", "playerAudioTrackUpdate", "publisherVideoEncoderChanged",
	"recvExperimentalAPI",

	"receiveRealTimeSequentialData",
}

// maxDeliveries bounds an emitter's queue: a page whose listeners are that far behind
// gets the newest.
const maxDeliveries = 10_000

// emitter calls one engine's listeners: in the order of emission, each in a task of its
// own, so that the code after an await of the same turn comes first.
type emitter struct {
	known []string
	// wake has room for one; closed when the emitter is.
	wake chan struct{}

	mu        sync.Mutex
	listeners map[string][]*subscription
	queue     []delivery
	dropped   int
	closed    bool
}

// subscription is one listener of one event.
type subscription struct {
	fn safejs.Value
	// off is set once it is removed, for deliveries that are under way.
	off bool
	// most bounds how many calls of it wait, 0 is no bound of its own.
	most, waiting int
}

// delivery is one call of one listener, or a mark that somebody waits at.
type delivery struct {
	mark  chan struct{} // of a mark; nil for a call
	to    *subscription
	event string
	args  []any
}

// newEmitter starts an emitter for the events that are known.
func newEmitter(known []string) (*emitter, error) {
	tasks, err := newTasks()
	if err != nil {
		return nil, err
	}
	e := &emitter{known: known, wake: make(chan struct{}, 1), listeners: map[string][]*subscription{}}
	go e.run(tasks)
	return e, nil
}

// on adds a listener; false if there is no such event or fn is no function.
func (e *emitter) on(event string, fn safejs.Value) bool {
	if fn.Type() != safejs.TypeFunction || !slices.Contains(e.known, event) {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.listeners[event] {
		if s.fn.Equal(fn) {
			return true
		}
	}
	e.listeners[event] = append(e.listeners[event], &subscription{fn: fn})
	return true
}

// off removes a listener, or all of the event if fn is nil; false if there is no such event.
func (e *emitter) off(event string, fn *safejs.Value) bool {
	if !slices.Contains(e.known, event) {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	var kept []*subscription
	for _, s := range e.listeners[event] {
		if s.off = fn == nil || s.fn.Equal(*fn); !s.off {
			kept = append(kept, s)
		}
	}
	e.listeners[event] = kept
	return true
}

// emit calls the listeners that event has now, soon. It never blocks, and may be called
// under the engine's lock. args are anything that a method may return.
func (e *emitter) emit(event string, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || len(e.listeners[event]) == 0 {
		return
	}
	values := eventArgs(event, args)
	for _, s := range e.listeners[event] {
		e.queueLocked(delivery{to: s, event: event, args: values})
	}
	e.wakeLocked()
}

// call calls one function of the page, soon, in the order of the events and under their
// rules. what names it to the page's developer.
func (e *emitter) call(s *subscription, what string, args ...any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed && !s.off && (s.most == 0 || s.waiting < s.most) {
		s.waiting++
		e.queueLocked(delivery{to: s, event: what, args: eventArgs(what, args)})
		e.wakeLocked()
	}
}

// cancel ends the calls of a function, also those that are under way.
func (e *emitter) cancel(s *subscription) {
	e.mu.Lock()
	defer e.mu.Unlock()
	s.off = true
}

func (e *emitter) wakeLocked() {
	select {
	case e.wake <- struct{}{}:
	default: // it will look at the queue anyway
	}
}

func (e *emitter) queueLocked(d delivery) {
	if len(e.queue) == maxDeliveries {
		e.takeLocked().pass()
		if e.dropped++; e.dropped == 1 {
			preset.line("error", fmt.Sprintf("the page's listeners are %d events behind; the oldest are dropped", maxDeliveries))
		}
	}
	e.queue = append(e.queue, d)
}

// eventArgs makes the arguments fit for JavaScript, as they are at this moment.
func eventArgs(event string, args []any) []any {
	values := make([]any, len(args))
	for i, arg := range args {
		v, err := toJS(arg)
		if err != nil {
			logWhole(fmt.Errorf("event %s, argument %d: %w", event, i+1, err))
		}
		values[i] = v.value
	}
	return values
}

// heard marks the queue: wait returns when all that is in it now was delivered, in the
// same task and so before anything that is emitted later.
func (e *emitter) heard() (wait func()) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed || len(e.queue) == 0 {
		return func() {}
	}
	mark := make(chan struct{})
	e.queueLocked(delivery{mark: mark})
	return func() { <-mark }
}

// pass lets those go on who wait at a mark.
func (d delivery) pass() {
	if d.mark != nil {
		close(d.mark)
	}
}

// close ends the emitter once what was emitted is delivered.
func (e *emitter) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		e.closed = true
		close(e.wake)
	}
}

// run delivers until the emitter is closed and empty.
func (e *emitter) run(tasks *tasks) {
	defer tasks.close()
	for range e.wake {
		for e.pending() {
			if e.passMark() {
				continue
			}
			tasks.next()
			if d, ok := e.take(); ok {
				d.deliver()
			}
		}
	}
}

func (e *emitter) pending() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.queue) > 0
}

// passMark passes a mark if one is next: that needs no task of its own.
func (e *emitter) passMark() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.queue[0].mark == nil {
		return false
	}
	e.takeLocked().pass()
	return true
}

// take removes the oldest delivery; not ok if its listener was removed meanwhile, or if
// it is a mark after all, because the queue ran over.
func (e *emitter) take() (d delivery, ok bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	d = e.takeLocked()
	d.pass()
	return d, d.mark == nil && !d.to.off
}

func (e *emitter) takeLocked() delivery {
	d := e.queue[0]
	e.queue = e.queue[1:]
	if d.to != nil {
		d.to.waiting--
	}
	if len(e.queue) == 0 {
		e.queue, e.dropped = nil, 0
	}
	return d
}

// deliver calls the listener; it is the one guard of listeners.
func (d delivery) deliver() {
	defer func() {
		if p := recover(); p != nil {
			logWhole(&panicError{"a listener of " + d.event, p, debug.Stack()})
		}
	}()
	_, err := jsx.Invoke(d.to.fn, d.args...)
	if err != nil {
		d.report(err)
	}
}

// report tells the developer of the page that the listener threw, as the browser would.
func (d delivery) report(err error) {
	thrown := any(err.Error())
	var e *jsx.Error
	if errors.As(err, &e) {
		thrown = e.Value
	}
	preset.write("error", "ExpressRTC: a listener of "+d.event+" threw:", thrown)
	if report := jsx.Global("reportError"); report.Type() == safejs.TypeFunction {
		if _, err := jsx.Invoke(report, thrown); err != nil {
			preset.line("error", "reportError: "+err.Error())
		}
	}
}
