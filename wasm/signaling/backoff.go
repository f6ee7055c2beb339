package signaling

import (
	"errors"
	"math/rand/v2"
	"time"

	"expressrtc/server/protocol"

	"github.com/coder/websocket"
)

// stable is how long a connection must have stood for the next loss to be a first one.
const stable = 30 * time.Second

// maxDelay bounds the wait between two tries. A server that was started anew gives
// everyone 10 s to come back before it believes that somebody is gone: the last of those
// who wait at random must be there before that.
const maxDelay = 6 * time.Second

// delay is the wait after the try with the given number, counted from 0: half a second
// to one at first, doubling until it is half to all of maxDelay. The random half spreads
// those who lost the same server.
func delay(try int) time.Duration {
	d := maxDelay
	if try < 3 {
		d = time.Second << try
	}
	return d/2 + rand.N(d/2)
}

// comeBack reports whether a connection whose socket ended with err should go on. A
// socket that another one has replaced is no end: only this client has the key, so the
// other was its own, given up before its resume arrived.
func comeBack(err error) bool {
	var closed websocket.CloseError
	if errors.As(err, &closed) && closed.Code >= 4000 {
		code := protocol.CloseCode(closed.Code)
		return code == protocol.CloseResumed || code.Reconnect()
	}
	return true
}
