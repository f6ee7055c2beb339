//go:build js && wasm

package jsx

import "github.com/hack-pad/safejs"

// Bytes copies those of an ArrayBuffer or a Uint8Array; not ok for anything else.
func Bytes(v safejs.Value) (data []byte, ok bool) {
	if Is(v, "ArrayBuffer") {
		var err error
		if v, err = New("Uint8Array", v); err != nil { // it is detached
			return nil, false
		}
	}
	if !Is(v, "Uint8Array") {
		return nil, false
	}
	data = make([]byte, Int(v, "length"))
	if len(data) == 0 { // also of what only has the prototype, which cannot be copied
		return data, true
	}
	if _, err := safejs.CopyBytesToGo(data, v); err != nil {
		return nil, false
	}
	return data, true
}

// Array makes a Uint8Array with the bytes.
func Array(data []byte) (safejs.Value, error) {
	v, err := New("Uint8Array", len(data))
	if err == nil {
		_, err = safejs.CopyBytesToJS(v, data)
	}
	return v, err
}
