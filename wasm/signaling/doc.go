// Package signaling is the client's connection to the server: frames in order,
// requests and their replies, the heartbeat, coming back after a loss.
//
// A [Client] owns its socket, the ids of its requests and who waits for them. mu
// guards all of it; nothing blocks under mu. One goroutine dials and reads (run),
// one writes (writeLoop). Replies and notices are handed over on the reading
// goroutine, in the order in which the server sent them, so what a reply changes is
// in place before the next notice is seen; the functions it calls must not block.
package signaling
