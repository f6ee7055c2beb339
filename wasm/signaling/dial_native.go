//go:build !js

package signaling

import (
	"context"

	"github.com/coder/websocket"
)

func dial(ctx context.Context, url string) (*websocket.Conn, error) {
	ws, _, err := websocket.Dial(ctx, url, nil)
	return ws, err
}
