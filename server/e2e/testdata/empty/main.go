//go:build js && wasm

// Command empty is the least a Go program in a page can be: it says that it runs, and
// stays. It owns nothing.
package main

import "syscall/js"

func main() {
	js.Global().Call("ready")
	select {}
}
