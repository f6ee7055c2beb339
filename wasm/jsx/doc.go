//go:build js && wasm

// Package jsx is the little that Go code needs to speak with a browser in comfort:
// awaiting promises, listening to events, reading properties, passing JSON, and
// JavaScript's exceptions as Go errors. It stands on safejs, which turns what
// syscall/js panics with into errors.
//
// It owns the one function through which every promise reports to Go, and the table
// of those who wait, guarded by one mutex that nothing blocks under. Everything else
// belongs to the caller. What may block (Await) must run on a goroutine of its own,
// never inside a callback.
package jsx
