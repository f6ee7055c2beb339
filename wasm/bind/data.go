//go:build js && wasm

package bind

import (
	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// dataEvents are what a manager's on and off know.
var dataEvents = []string{"receiveRealTimeSequentialData"}

// dataRows are the methods of a ZegoRealTimeSequentialDataManager.
var dataRows = []row{
	{"roomID", getter, func(c call) (any, error) { return c.data().RoomID(), nil }},
	{"startBroadcasting", promise, func(c call) (any, error) {
		return c.data().StartBroadcasting(c.arg(0)), nil
	}},
	{"stopBroadcasting", value, func(c call) (any, error) {
		return c.data().StopBroadcasting(c.arg(0)), nil
	}},
	{"sendRealTimeSequentialData", value, func(c call) (any, error) {
		message, ok := jsx.Bytes(c.value(1))
		return ok && c.data().SendRealTimeSequentialData(c.arg(0), message), nil
	}},
	{"startSubscribing", promise, func(c call) (any, error) {
		return c.data().StartSubscribing(c.ctx, c.arg(0)), nil
	}},
	{"stopSubscribing", value, func(c call) (any, error) {
		return c.data().StopSubscribing(c.arg(0)), nil
	}},
	{"on", value, func(c call) (any, error) {
		c.on(c.str(0), c.value(1))
		return nil, nil
	}},
	{"off", value, func(c call) (any, error) {
		c.off(c.str(0), c.optValue(1))
		return nil, nil
	}},
	{"reset", value, func(c call) (any, error) {
		c.data().Reset()
		return nil, nil
	}},
}

func (c call) data() *engine.DataManager { return self[*engine.DataManager](c) }

// createDataManager hands out a manager with listeners of its own, or null.
func (c call) createDataManager() (any, error) {
	events, err := newEmitter(dataEvents)
	if err != nil {
		return nil, err
	}
	var m *engine.DataManager
	m = c.engine.CreateRealTimeSequentialDataManager(c.arg(0), func(data []byte, stream string) {
		array, err := jsx.Array(data)
		if err != nil {
			logWhole(err)
			return
		}
		events.emit(dataEvents[0], jsx.Get(array, "buffer"), len(data), stream)
	}, func() { instances.done(m) })
	if m == nil {
		events.close()
		return safejs.Null(), nil
	}
	return instances.listening(c.hand("ZegoRealTimeSequentialDataManager", m), events), nil
}

// dataManager is argument i, nil if it is none.
func (c call) dataManager(i int) *engine.DataManager {
	in := c.handed(i, "ZegoRealTimeSequentialDataManager")
	if in == nil {
		return nil
	}
	return in.of.(*engine.DataManager)
}
