//go:build !js

package media

import (
	"context"
	"sync"
)

// plugged is what a test says there is.
var plugged struct {
	mu      sync.Mutex
	entries []entry
	allowed bool
	hidden  chan struct{} // until it is closed; nil for not
	refused error
	opens   DeviceInfo
}

// Opens says which device the tracks come from that are captured from now on.
func Opens(d DeviceInfo) {
	plugged.mu.Lock()
	defer plugged.mu.Unlock()
	plugged.opens = d
}

// newCaptured is a track of that device.
func newCaptured(kind Kind) *Track {
	plugged.mu.Lock()
	defer plugged.mu.Unlock()
	t := NewTrack(kind, nil)
	t.info = plugged.opens
	return t
}

// Plug says what devices there are from now on, as kind, name, id, kind, name, id.
func Plug(list ...string) {
	plugged.mu.Lock()
	defer plugged.mu.Unlock()
	plugged.entries = nil
	for i := 0; i+2 < len(list); i += 3 {
		plugged.entries = append(plugged.entries, entry{list[i], list[i+1], list[i+2]})
	}
}

// AllowDevices says whether their names are known, and what the user answers when asked
// for one: nil is yes.
func AllowDevices(known bool, answer error) {
	plugged.mu.Lock()
	defer plugged.mu.Unlock()
	plugged.allowed, plugged.refused = known, answer
}

// HideDevices says whether the browser leaves open what there is, as Firefox does where
// the page has no focus.
func HideDevices(hidden bool) {
	plugged.mu.Lock()
	defer plugged.mu.Unlock()
	if plugged.hidden != nil {
		close(plugged.hidden)
		plugged.hidden = nil
	}
	if hidden {
		plugged.hidden = make(chan struct{})
	}
}

// ListDevices tells what Plug said.
func ListDevices(ctx context.Context) (Devices, error) {
	plugged.mu.Lock()
	defer plugged.mu.Unlock()
	if hidden := plugged.hidden; hidden != nil {
		plugged.mu.Unlock()
		select {
		case <-hidden:
		case <-ctx.Done():
		}
		plugged.mu.Lock()
	}
	entries := append([]entry(nil), plugged.entries...)
	for i := range entries {
		if !plugged.allowed {
			entries[i] = entry{Kind: entries[i].Kind}
		}
	}
	return newDevices(entries), ctx.Err()
}

// AskForDevice answers what AllowDevices said.
func AskForDevice(context.Context, Kind) error {
	plugged.mu.Lock()
	defer plugged.mu.Unlock()
	plugged.allowed = plugged.allowed || plugged.refused == nil
	return plugged.refused
}

// Info names the device that a test's track comes from.
func (t *Track) Info() DeviceInfo { return t.info }

// Settings are unknown here.
func (t *Track) Settings() Settings { return Settings{} }

// UseOutput is never reached.
func (*Element) UseOutput(context.Context, string) error { return nil }

// Mobile reports a phone or a tablet.
func Mobile() bool { return false }

// Hidden reports whether nobody sees the page.
func Hidden() bool { return false }
