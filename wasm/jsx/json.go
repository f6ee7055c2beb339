//go:build js && wasm

package jsx

import (
	"fmt"

	"expressrtc/server/protocol/json"

	"github.com/hack-pad/safejs"
)

// jsonObject is the browser's serializer: one string crosses the border, whatever its size.
var jsonObject = mustGet(safejs.Global(), "JSON")

// Stringify is v as JSON, "" if it has none (undefined, a function). A cycle is an error.
func Stringify(v safejs.Value) (string, error) {
	out, err := Call(jsonObject, "stringify", v)
	if err != nil {
		return "", err
	}
	return String(out), nil
}

// Parse is the value of a JSON text.
func Parse(text string) (safejs.Value, error) { return Call(jsonObject, "parse", text) }

// Decode reads v into the struct that into points to; undefined and null leave it as it is.
func Decode(v safejs.Value, into any) error {
	text, err := Stringify(v)
	if err != nil || text == "" {
		return err
	}
	return json.Unmarshal([]byte(text), into)
}

// Encode is x, a value that package json understands, as a JavaScript value.
func Encode(x any) (safejs.Value, error) {
	text, err := json.Marshal(x)
	if err != nil {
		return safejs.Undefined(), fmt.Errorf("encode %T for JavaScript: %w", x, err)
	}
	return Parse(string(text))
}
