//go:build js && wasm

package bind

import (
	"fmt"
	"sync"

	"expressrtc/server/protocol/json"
	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// options are setEngineOptions', for the engines that are made afterwards.
var options struct {
	mu       sync.Mutex
	muteRate int
}

func muteRate() int {
	options.mu.Lock()
	defer options.mu.Unlock()
	return options.muteRate
}

// setEngineOptions merges. What routes the traffic of a cloud is checked, and means nothing here.
func setEngineOptions(c call) (any, error) {
	given := c.value(0)
	for _, name := range []string{"customDomain", "geoFenceAreaList"} {
		if v := jsx.Get(given, name); !v.IsUndefined() && !v.IsNull() && v.Type() != safejs.TypeObject {
			return nil, exception(fmt.Sprintf("setEngineOptions: %s must be an object, is a %s", name, v.Type()))
		}
	}
	if v := jsx.Get(given, "geoFenceType"); !v.IsUndefined() && v.Type() != safejs.TypeNumber {
		return nil, exception(fmt.Sprintf("setEngineOptions: geoFenceType must be a number, is a %s", v.Type()))
	}
	if n := jsx.Int(given, "apiMuteStreamQPS"); n >= 1 && n <= 50 {
		options.mu.Lock()
		defer options.mu.Unlock()
		options.muteRate = n
	}
	return nil, nil
}

// setEngineConfig wants an object; null throws as reading a property of it does.
func setEngineConfig(c call) (any, error) {
	if !c.given(0) {
		return nil, typeError("setEngineConfig: the configuration must be an object")
	}
	if c.isObject(0) {
		c.engine.SetEngineConfig(opt[map[string]json.RawMessage](c, 0))
	}
	return nil, nil
}

// setTurnServer wants a list; items that cannot be a server are left out.
func setTurnServer(c call) (any, error) {
	if !isList(c.value(0)) {
		return nil, plain{"'setTurnServer' failed. param error."}
	}
	var list []engine.TurnServer
	for i := range min(jsx.Int(c.value(0), "length"), maxList) {
		item := jsx.Get(c.value(0), fmt.Sprint(i))
		if url := jsx.String(item, "url"); url != "" {
			list = append(list, engine.TurnServer{URL: url, Username: jsx.String(item, "username"), Credential: jsx.String(item, "credential")})
		}
	}
	c.engine.SetTurnServer(list)
	return nil, nil
}

// nothing is a method that is there for pages that call it: what it arranges in a cloud
// has no counterpart on a server of one's own.
func nothing(c call) (any, error) {
	preset.line("info", c.method+": nothing to do with a server of one's own")
	return nil, nil
}

// setGeoFence is nothing, too, but has its error.
func setGeoFence(c call) (any, error) {
	if instances.anyEngine() {
		return nil, engine.ErrGeoFence
	}
	return nothing(c)
}

// logConfig is argument i; what is no object changes nothing.
func (c call) logConfig(i int) logConfig {
	if !c.isObject(i) {
		return logConfig{}
	}
	return pick[logConfig](c, i, "logLevel", "remoteLogLevel", "logURL")
}

// presetLogConfig is setLogConfig for the engines to come.
func presetLogConfig(c call) (any, error) {
	if !preset.configure(c.logConfig(0)) {
		return nil, exception("presetLogConfig: logURL must begin with https:// or wss://")
	}
	return true, nil
}
