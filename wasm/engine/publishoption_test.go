package engine

import (
	"slices"
	"testing"

	"expressrtc/server/protocol/json"
)

// TestDroppedPublishOptions: what is out of range is no error.
func TestDroppedPublishOptions(t *testing.T) {
	for text, want := range map[string][]string{
		`{}`: nil,
		`{"trafficControlFocusOnMode": 0, "trafficControlMinVideoBitrate": 50, "trafficControlMinVideoMode": 0}`: nil,
		`{"trafficControlFocusOnMode": 2}`:        {"trafficControlFocusOnMode"},
		`{"trafficControlMinVideoBitrate": -1}`:   {"trafficControlMinVideoBitrate"},
		`{"trafficControlMinVideoBitrate": "50"}`: {"trafficControlMinVideoBitrate"},
		`{"trafficControlMinVideoMode": true}`:    {"trafficControlMinVideoMode"},
	} {
		var o PublishOption
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatal(err)
		}
		if got := o.dropped(); !slices.Equal(got, want) {
			t.Errorf("%s: dropped %v, want %v", text, got, want)
		}
		if err := o.check(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
