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

// maxDelay bounds the wait between two tries.
const maxDelay = 16 * time.Second

// delay is the wait after the try with the given number, counted from 0: it doubles
// from half a second, and its jitter spreads those who lost the same server.
func delay(try int) time.Duration {
	d := maxDelay
	if try < 5 {
		d = time.Second << max(try, 0)
	}
	return d/2 + rand.N(d/2)
}

// comeBack reports whether a connection that ended with err should be made again.
func comeBack(err error) bool {
	var closed websocket.CloseError
	if errors.As(err, &closed) && closed.Code >= 4000 {
		return protocol.CloseCode(closed.Code).Reconnect()
	}
	return true
}
