//go:build js && wasm

package bind

import (
	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

// callExperimentalAPI has what takes or gives objects of the browser's; the rest is the
// engine's.
func callExperimentalAPI(c call) (any, error) {
	if !c.isObject(0) {
		return nil, nil
	}
	switch jsx.String(c.value(0), "method") {
	case "getAudioContext":
		return media.PageAudio()
	case "enableVolumeDucking":
		return c.enableVolumeDucking(jsx.Get(c.value(0), "params"))
	}
	return c.engine.CallExperimentalAPI(c.ctx, pick[engine.Experimental](c, 0,
		"method", "params", "roomID", "msgType", "msgContent", "toUserIDList"))
}

// enableVolumeDucking has its arguments in {localStream, enable}.
func (c call) enableVolumeDucking(params safejs.Value) (any, error) {
	c.args = []safejs.Value{jsx.Get(params, "localStream")}
	return c.engine.EnableVolumeDucking(c.localID(0), jsx.Bool(params, "enable"))
}

// transparentToJS has its bytes as a Uint8Array.
func transparentToJS(m engine.TransparentReceived) (result, error) {
	v, err := jsx.Encode(m)
	if err != nil {
		return result{}, err
	}
	content, err := jsx.Array(m.Content)
	if err != nil {
		return result{}, err
	}
	return result{value: v}, v.Set("content", content)
}
