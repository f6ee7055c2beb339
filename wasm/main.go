//go:build js && wasm

// Command wasm is the SDK: one WebAssembly program, which the loader starts with the
// name of the global object that waits for it. It hands that its one function, and then
// serves calls for as long as the page lives. It owns nothing else.
package main

import (
	"os"

	"expressrtc/wasm/bind"
	"expressrtc/wasm/jsx"
)

func main() {
	if len(os.Args) != 2 {
		jsx.Console("error", "ExpressRTC: this program is started by its loader, with the name of a global object")
		return
	}
	if err := bind.Serve(os.Args[1]); err != nil {
		jsx.Console("error", "ExpressRTC: "+err.Error())
		return
	}
	select {}
}
