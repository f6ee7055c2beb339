// Package signaling is the client's connection to the server: frames in order,
// requests and their replies, signs of life, and going on after a loss: one connection
// over as many sockets as it takes.
//
// A [Client] owns the connection: the frames that wait or are not acknowledged yet, the
// count of those that came, the ids of its requests and who waits for them. A link is
// one socket of it. mu guards each; a client may lock its link's while it holds its own,
// never the other way round, and nothing blocks under either. Three goroutines: run
// dials, resumes and handles frames; a link's read and the client's write carry them.
// Replies and notices are handed over on the run goroutine, in the order in which the
// server sent them, so what a reply changes is in place before the next notice is seen;
// the functions it calls must not block.
package signaling
