package protocol

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

// bodies has an empty one of each message, and of what replies say.
func bodies() map[reflect.Type]bool {
	all := map[reflect.Type]bool{}
	for _, g := range golden {
		all[reflect.TypeOf(g.body)] = true
		if g.says != nil {
			all[reflect.TypeOf(g.says)] = true
		}
	}
	return all
}

// FuzzDecode wants every frame that is accepted to survive being encoded again, and so
// every body, whichever message it is taken for.
func FuzzDecode(f *testing.F) {
	for _, g := range golden {
		data, err := encodeGolden(g.kind, g.body, g.says)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	kinds := bodies()
	f.Fuzz(func(t *testing.T, data []byte) {
		frame, err := Decode(data)
		if err != nil {
			return
		}
		again, err := json.Marshal(frame)
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		back, err := Decode(again)
		if err != nil || back.Type != frame.Type || back.ID != frame.ID {
			t.Fatalf("%s became %s: %v", data, again, err)
		}
		for kind := range kinds {
			checkBody(t, kind, frame.Body)
		}
	})
}

// checkBody wants what was read to be written and read again as the same.
func checkBody(t *testing.T, kind reflect.Type, body []byte) {
	t.Helper()
	first := reflect.New(kind).Interface()
	if json.Unmarshal(body, first) != nil {
		return
	}
	written, err := json.Marshal(first)
	if err != nil {
		t.Fatalf("%v of %s: %v", kind, body, err)
	}
	second := reflect.New(kind).Interface()
	if err := json.Unmarshal(written, second); err != nil {
		t.Fatalf("%v of %s, written as %s: %v", kind, body, written, err)
	}
	rewritten, err := json.Marshal(second)
	if err != nil || !bytes.Equal(written, rewritten) {
		t.Fatalf("%v of %s: %s, then %s, %v", kind, body, written, rewritten, err)
	}
}
