//go:build js && wasm

package bind

import (
	"fmt"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

// origins is what the loader knows about where the SDK came from, for the choice of the
// server: see the constructor in the contract.
type origins struct {
	// DataServer is the data-server attribute of the script tag.
	DataServer string `json:"dataServer"`
	// Script and Page are the origins of the script and of the page.
	Script string `json:"scriptOrigin"`
	Page   string `json:"pageOrigin"`
	// Tap is the code of a worklet.
	Tap struct {
		URL    string `json:"url"`
		Source string `json:"source"`
	} `json:"tap"`
}

// construct is the constructor: (appID, server, options, origins). What it returns is
// logged, never thrown: pages rely on a constructor that cannot fail.
func construct(id int, c call) error {
	events, err := newEmitter(engineEvents)
	if err != nil {
		return err
	}
	in := newInstance("ZegoExpressEngine")
	in.id, in.events, in.log = id, events, preset.fork()
	in.engine = engine.New(c.config(in))
	in.stopListening = in.watchPage()
	instances.add(in)
	return nil
}

// config reads the constructor's arguments, whatever they are.
func (c call) config(in *instance) engine.Config {
	from := opt[origins](c, 3)
	return engine.Config{
		App:          c.anyText(0),
		Servers:      c.servers(1),
		DataServer:   from.DataServer,
		ScriptOrigin: from.Script,
		Tap:          media.TapCode{URL: from.Tap.URL, Source: from.Tap.Source},
		Scenario:     jsx.Int(c.value(2), "scenario"),
		Emit:         func(e engine.Event) { in.events.emit(e.Name, e.Args...) },
		Heard:        in.events.heard,
		MuteRate:     muteRate(),
		Log:          in.log.line,
	}
}

// servers is a text or a list of them; anything else is none.
func (c call) servers(i int) []string {
	if s, ok := c.text(i); ok {
		return []string{s}
	}
	return c.texts(i)
}

// checkType is checkSystemRequirements' first argument: "" asks for everything.
func (c call) checkType(i int) string {
	if c.given(i) {
		return c.anyText(i)
	}
	return ""
}

// checkLevel is 0 unless given; what is no number is a level that does not exist.
func (c call) checkLevel(i int) int {
	if !c.given(i) {
		return 0
	}
	if n, ok := c.number(i); ok {
		return int(n)
	}
	return -1
}

// setupRows set up the engine and ask it about itself.
var setupRows = []row{
	{"on", listener, func(c call) (any, error) {
		return c.on(c.str(0), c.value(1)), nil
	}},
	{"off", listener, func(c call) (any, error) {
		return c.off(c.str(0), c.optValue(1)), nil
	}},
	{"setEngineConfig", queued, setEngineConfig},
	{"setRoomScenario", accepted, func(c call) (any, error) {
		n, _ := c.number(0)
		return c.engine.SetRoomScenario(int(n)), nil
	}},
	{"setDebugVerbose", queued, func(c call) (any, error) {
		if on, ok := c.boolean(0); ok {
			c.log.setVerbose(on)
		}
		return nil, nil
	}},
	{"setLogConfig", accepted, func(c call) (any, error) {
		return c.log.configure(c.logConfig(0)), nil
	}},
	{"getVersion", value, func(call) (any, error) { return Version, nil }},
	{"checkSystemRequirements", promise, func(c call) (any, error) {
		return c.engine.CheckSystemRequirements(c.ctx, c.checkType(0), c.checkLevel(1)), nil
	}},
	{"setTurnServer", queued, setTurnServer},
	{"getNetworkTimeInfo", value, func(c call) (any, error) { return c.engine.GetNetworkTimeInfo(), nil }},
	{"uploadLog", promise, func(c call) (any, error) {
		c.log.flush()
		return engine.Result{ExtendedData: "upload logs success!"}, nil
	}},
	{"callExperimentalAPI", promise, callExperimentalAPI},
	{"destroyEngine", queued, func(c call) (any, error) {
		err := c.engine.DestroyEngine()
		instances.release(c.id)
		return nil, err
	}},
}

// staticRows are the static methods.
var staticRows = []row{
	{"presetLogConfig", accepted, presetLogConfig},
	{"setCloudProxyConfig", queued, nothing},
	{"setLocalProxyConfig", queued, nothing},
	{"setEngineOptions", queued, setEngineOptions},
	{"setGeoFence", queued, setGeoFence},
	{"use", queued, nothing},
}

// on adds a listener of the page, and says what is wrong with one that cannot be added.
func (in *instance) on(event string, fn safejs.Value) bool {
	if in.events.on(event, fn) {
		return true
	}
	in.log.line("error", fmt.Sprintf("on('%s'): no such event, or no function was given", event))
	return false
}

// off removes a listener, or all of the event's if fn is nil.
func (in *instance) off(event string, fn *safejs.Value) bool {
	if in.events.off(event, fn) {
		return true
	}
	in.log.line("error", fmt.Sprintf("off('%s'): no such event", event))
	return false
}
