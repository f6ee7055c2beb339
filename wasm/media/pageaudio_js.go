//go:build js && wasm

package media

import "github.com/hack-pad/safejs"

// PageAudio hands out the AudioContext that the SDK itself uses, which then stays for as
// long as the page does.
func PageAudio() (safejs.Value, error) {
	if !audio.pinned {
		hold, err := holdAudio(func() {})
		if err != nil {
			return safejs.Undefined(), err
		}
		audio.pinned = true
		hold.release()
	}
	return audio.value, nil
}
