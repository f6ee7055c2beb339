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

// steps are the longest waits before the tries: short enough at first for a loss of some
// seconds to be over before it is worth an event, and short enough at last for the last
// of those who wait to be back in the 10 s that a server which was started anew gives
// everyone before it believes that somebody is gone.
var steps = []time.Duration{time.Second, 2 * time.Second, 3 * time.Second, 3 * time.Second, 6 * time.Second}

// Delay is the wait after the try with the given number, counted from 0. Its random half
// spreads those who lost the same server.
func Delay(try int) time.Duration {
	d := steps[min(try, len(steps)-1)]
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
