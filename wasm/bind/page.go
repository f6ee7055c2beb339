//go:build js && wasm

package bind

import (
	"strings"

	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// watchPage tells the engine what happens to the page and its network, until stop.
func (in *instance) watchPage() (stop func()) {
	window := jsx.Global()
	document := jsx.Get(window, "document")
	wake := func(safejs.Value) { in.engine.Wake() }
	stops := []func(){
		jsx.Listen(window, "online", wake),
		jsx.Listen(window, "offline", wake),
		jsx.Listen(window, "pageshow", wake),
		jsx.Listen(document, "resume", wake),
		jsx.Listen(document, "visibilitychange", func(safejs.Value) {
			in.engine.Wake()
			if jsx.String(document, "visibilityState") == "visible" {
				in.engine.Shown()
			}
		}),
		jsx.Listen(window, "pagehide", func(event safejs.Value) {
			// Persisted says that the page may be kept, not that it is: whoever follows a
			// link has left either way.
			in.leave(!jsx.Bool(event, "persisted"))
		}),
	}
	if network := jsx.Get(jsx.Global("navigator"), "connection"); !network.IsUndefined() && !network.IsNull() {
		stops = append(stops, jsx.Listen(network, "change", wake))
	}
	if devices := jsx.Global("navigator", "mediaDevices"); !devices.IsUndefined() { // on secure pages
		stops = append(stops, jsx.Listen(devices, "devicechange", func(safejs.Value) { in.engine.DevicesChanged() }))
	}
	return func() {
		for _, stop := range stops {
			stop()
		}
	}
}

// leave says goodbye on both ways: what is written to the socket of a page that goes may
// be lost with it, what is handed to sendBeacon is not.
func (in *instance) leave(forGood bool) {
	farewell := in.engine.Leave(forGood)
	in.log.flush()
	if farewell == nil {
		return
	}
	url := "http" + strings.TrimPrefix(farewell.URL, "ws") // and https for wss
	if _, err := jsx.Call(jsx.Global("navigator"), "sendBeacon", url, farewell.Body); err != nil {
		in.log.line("warn", "leaving: "+err.Error())
	}
}
