package protocol

import "expressrtc/server/protocol/json"

// Pages have to load the SDK: it has the smallest codec.

func encodeJSON(v any) ([]byte, error) { return json.Marshal(v) }

func decodeJSON(data []byte, into any) error { return json.Unmarshal(data, into) }
