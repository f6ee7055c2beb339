//go:build !js

package protocol

import "encoding/json"

// The server faces whoever connects: it has the codec that the most eyes are on.

func encodeJSON(v any) ([]byte, error) { return json.Marshal(v) }

func decodeJSON(data []byte, into any) error { return json.Unmarshal(data, into) }
