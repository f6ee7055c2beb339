//go:build js && wasm

package bind

import (
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"
)

// utilRows are the functions of the global object WebRTCUtil: checkSystemRequirements
// in its older form, which needs no engine.
var utilRows = []row{
	// (screenShotReady, success, checkLevel, type)
	{"supportDetection", promise, func(c call) (any, error) {
		success := c.function(1)
		found, err := jsx.Encode(media.Check(c.ctx, c.checkType(3), c.checkLevel(2)))
		if err != nil {
			return nil, err
		}
		delivery{to: &subscription{fn: success}, event: c.method, args: []any{found}}.deliver()
		return nil, nil
	}},
}
