//go:build js && wasm

package bind

import (
	"sync"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// callExperimentalAPI has one method of the browser's; the rest is the engine's.
func callExperimentalAPI(c call) (any, error) {
	if !c.isObject(0) {
		return nil, nil
	}
	if jsx.String(c.value(0), "method") == "getAudioContext" {
		return pagesAudio()
	}
	return c.engine.CallExperimentalAPI(c.ctx, pick[engine.Experimental](c, 0,
		"method", "params", "roomID", "msgType", "msgContent", "toUserIDList"))
}

// audioContext is what getAudioContext hands out: one for the page, as browsers give few.
var audioContext struct {
	mu    sync.Mutex
	value safejs.Value // undefined until a page asks for it
}

func pagesAudio() (any, error) {
	audioContext.mu.Lock()
	defer audioContext.mu.Unlock()
	if !audioContext.value.IsUndefined() {
		return audioContext.value, nil
	}
	made, err := jsx.New("AudioContext")
	if err != nil {
		return nil, fault{codeMissing, err.Error()}
	}
	audioContext.value = made
	return made, nil
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
