// Package engine is the SDK without the browser: rooms, publishing, playing, messages,
// events and codes, as ZEGO's contract has them.
//
// An [Engine] owns all of its state under one mutex, which is never held over anything
// that can park: requests are queued, their replies come as callbacks on the signaling
// client's goroutine, peers and the emitter only take messages. Methods that block
// say so. Events are emitted under the lock, so their order is the order of what
// happened. What the page sees of an error is made by [Error.Shape].
package engine

import (
	"context"
	"fmt"
	"sync"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
	"expressrtc/wasm/signaling"
)

// Config is what an engine is made with.
type Config struct {
	// App is the page's first argument as text; App ids are whole numbers.
	App string
	// Servers is the page's second argument.
	Servers []string
	// DataServer is the script tag's data-server, ScriptOrigin where the script came from.
	DataServer   string
	ScriptOrigin string
	// Tap is where the browser finds what taps sound.
	Tap media.TapCode
	// Scenario is the page's third argument's scenario, 0 when there is none.
	Scenario int
	// MuteRate is setEngineOptions' apiMuteStreamQPS, 0 when it was not given.
	MuteRate int
	// Emit queues an event for the page's listeners and never blocks.
	Emit func(Event)
	// Heard tells how to wait until the listeners have heard what was emitted until now;
	// without it nobody waits.
	Heard func() (wait func())
	// Log takes one line; level is "debug", "info", "warn" or "error".
	Log func(level, line string)
}

// Engine is one instance of the public class.
type Engine struct {
	cfg   Config
	app   protocol.AppID
	appOK bool
	urls  []string

	mu         sync.Mutex
	destroyed  bool
	client     *signaling.Client // while there is a room
	reached    bool              // a connection stood once
	generation int               // of client: what an old one still says is not heard
	user       protocol.User
	rooms      map[protocol.RoomID]*room
	locals     map[string]*local      // by the MediaStream's id
	released   map[string]bool        // ids of those that ReleaseStream took from the page
	clips      map[string]*media.Clip // by the id of the effect
	publishers map[protocol.StreamID]*publisher
	players    map[protocol.StreamID]*player
	sessions   map[protocol.SessionID]*session
	settings   settings

	microphonePace pace // of muting
	stills         int  // pictures that were asked for
	clock          serverClock

	entered  bool            // a first room, once
	arrivals int             // rooms so far, for their order
	heard    map[string]bool // what callExperimentalAPI armed
	// multiRoom was chosen by the page, which it may do once.
	multiRoom, roomsChosen bool
	devices                devices
	network                *time.Timer   // while something is published or played
	stopSound              chan struct{} // ends the sound level delegate; nil while it is off

	life context.Context // ends when the engine is destroyed
	end  context.CancelFunc
}

// New makes an engine. It never fails: what is wrong with the arguments is logged, and
// the first login tells it.
func New(cfg Config) *Engine {
	if cfg.Heard == nil {
		cfg.Heard = func() func() { return func() {} }
	}
	e := &Engine{
		cfg:        cfg,
		rooms:      map[protocol.RoomID]*room{},
		heard:      map[string]bool{},
		locals:     map[string]*local{},
		released:   map[string]bool{},
		publishers: map[protocol.StreamID]*publisher{},
		players:    map[protocol.StreamID]*player{},
		sessions:   map[protocol.SessionID]*session{},
		settings:   defaultSettings(cfg),
		clock:      serverClock{born: time.Now()},
	}
	e.devices.switches = map[media.Kind]bool{}
	e.life, e.end = context.WithCancel(context.Background())
	go e.learnDevices()
	e.app, e.appOK = parseApp(cfg.App)
	if !e.appOK {
		e.log("error", "argument 1 of ZegoExpressEngine must be an app id, a whole number; it is "+cfg.App)
	}
	e.urls = e.chooseServers()
	return e
}

// stopTimers stops those that there are.
func stopTimers(timers ...*time.Timer) {
	for _, t := range timers {
		if t != nil {
			t.Stop()
		}
	}
}

func (e *Engine) log(level, line string) { e.cfg.Log(level, line) }

func (e *Engine) logf(format string, args ...any) { e.log("warn", fmt.Sprintf(format, args...)) }

// emitLocked queues an event. The lock makes the order of events the order of what happened.
func (e *Engine) emitLocked(ev Event) {
	if e.destroyed && silencedByDestroy[ev.Name] {
		return
	}
	e.cfg.Emit(ev)
}

// silencedByDestroy are the events that a page no longer hears once it has destroyed
// the engine; roomStateChanged still tells of the logout.
var silencedByDestroy = map[string]bool{
	"roomStateUpdate": true, "publisherStateUpdate": true, "playerStateUpdate": true,
}

// connectLocked makes the connection to the server if there is none.
func (e *Engine) connectLocked() *signaling.Client {
	if e.client == nil {
		e.generation++
		mine := e.generation
		e.client = signaling.New(signaling.Config{
			URLs:     e.urls,
			OnUp:     func(resumed bool) { e.onUp(mine, resumed) },
			OnDown:   func(err error) { e.onDown(mine, err) },
			OnNotice: func(f protocol.Frame) { e.onNotice(mine, f) },
			Logf:     e.logf,
		})
	}
	return e.client
}

// disconnectLocked lets the connection go with the last room.
func (e *Engine) disconnectLocked() {
	if len(e.rooms) > 0 || e.client == nil {
		return
	}
	e.client.Close()
	e.client = nil
	e.generation++
}

// DestroyEngine ends everything: rooms, publishing, playing, captures. A second call
// is an error.
func (e *Engine) DestroyEngine() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.destroyed {
		return plain("ZegoExpressEngine has been destroyed.")
	}
	e.destroyed = true
	e.end()
	stopTimers(e.devices.check)
	if e.stopSound != nil {
		close(e.stopSound)
		e.stopSound = nil
	}
	e.leaveAllLocked()
	for id := range e.locals {
		e.destroyStreamLocked(id)
	}
	return nil
}

// CheckSystemRequirements tells what this browser can do, in the contract's two
// shapes. It blocks while the user is asked for camera and microphone.
func (e *Engine) CheckSystemRequirements(ctx context.Context, kind string, level int) any {
	return media.Check(ctx, kind, level)
}
