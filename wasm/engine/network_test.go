//go:build !js

package engine_test

import "testing"

// TestNetworkQuality: each hears of its own network, and who plays of the publisher's.
func TestNetworkQuality(t *testing.T) {
	t.Parallel()
	url := newServer(t).URL
	a, b := newPage(t, url, "anna"), newPage(t, url, "bert")
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("cam")
	a.await("publisherStateUpdate", "PUBLISHING")
	b.play("cam")
	a.await(`networkQuality "" 0 -1`)
	b.await(`networkQuality "" -1 0`)
	b.await(`networkQuality "anna" 0 -1`)
	for _, line := range a.lines() {
		if hasAll(line, []string{"networkQuality", `"bert"`}) {
			t.Errorf("anna plays nothing of bert: %s", line)
		}
	}
	if a.GetPublishingStreamQuality("cam", "") == nil || a.GetPublishingStreamQuality("dog", "") != nil {
		t.Error("the quality of a stream that there is, or of one that there is not")
	}
}
