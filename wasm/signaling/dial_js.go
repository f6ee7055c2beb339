package signaling

import (
	"context"

	"github.com/coder/websocket"
)

type dialed struct {
	ws  *websocket.Conn
	err error
}

// dial gives up at the end of ctx. The library cannot close a browser's socket that
// has not opened yet, so one that opens too late is closed then.
func dial(ctx context.Context, url string) (*websocket.Conn, error) {
	result := make(chan dialed, 1)
	go func() {
		ws, _, err := websocket.Dial(context.Background(), url, nil)
		result <- dialed{ws, err}
	}()
	select {
	case r := <-result:
		return r.ws, r.err
	case <-ctx.Done():
		go func() {
			if r := <-result; r.err == nil {
				_ = r.ws.Close(websocket.StatusNormalClosure, "") // nobody waits for it any more
			}
		}()
		return nil, ctx.Err()
	}
}
