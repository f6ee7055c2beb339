//go:build js && wasm

package bind

import (
	"fmt"

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
}

// construct is the constructor: (appID, server, options, origins). What it returns is
// logged, never thrown: pages rely on a constructor that cannot fail.
func construct(id int, c call) error {
	events, err := newEmitter(engineEvents)
	if err != nil {
		return err
	}
	in := newInstance("ZegoExpressEngine")
	in.id, in.events = id, events
	instances.add(in)
	return nil
}

// setupRows set up the engine and ask it about itself.
var setupRows = []row{
	{"on", listener, func(c call) (any, error) {
		return c.on(c.str(0), c.value(1)), nil
	}},
	{"off", listener, func(c call) (any, error) {
		return c.off(c.str(0), c.value(1)), nil
	}},
	missing("setEngineConfig", value),
	missing("setRoomScenario", value),
	{"setDebugVerbose", queued, func(c call) (any, error) {
		if on, ok := c.boolean(0); ok {
			c.setVerbose(on)
		}
		return nil, nil
	}},
	missing("setLogConfig", value),
	{"getVersion", value, func(call) (any, error) { return Version, nil }},
	missing("checkSystemRequirements", promise),
	missing("setTurnServer", value),
	missing("getNetworkTimeInfo", value),
	missing("uploadLog", promise),
	missing("callExperimentalAPI", promise),
	{"destroyEngine", queued, func(c call) (any, error) {
		instances.release(c.id)
		return nil, nil
	}},
}

// staticRows are the static methods.
var staticRows = []row{
	missing("presetLogConfig", value),
	missing("setCloudProxyConfig", value),
	missing("setLocalProxyConfig", value),
	missing("setEngineOptions", value),
	missing("setGeoFence", value),
	missing("use", value),
}

// on adds a listener of the page, and says what is wrong with one that cannot be added.
func (in *instance) on(event string, fn safejs.Value) bool {
	if in.events.on(event, fn) {
		return true
	}
	in.logError(fmt.Sprintf("on('%s'): no such event, or no function was given", event))
	return false
}

// off removes a listener, or all of the event's if fn is undefined or null.
func (in *instance) off(event string, fn safejs.Value) bool {
	one := &fn
	if fn.IsUndefined() || fn.IsNull() {
		one = nil
	}
	if in.events.off(event, one) {
		return true
	}
	in.logError(fmt.Sprintf("off('%s'): no such event", event))
	return false
}
