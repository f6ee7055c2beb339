//go:build js && wasm

package bind

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// contract is the part of zego-api.json that the rows must fit.
type contract struct {
	Methods map[string][]struct {
		Name      string
		Signature string
		Static    bool
	}
	Properties map[string][]struct {
		Name   string
		Static bool
	}
	Events map[string][]struct{ Name string }
}

// readContract skips the test where the contract is not beside the checkout.
func readContract(t *testing.T) contract {
	t.Helper()
	text, err := os.ReadFile("../../../shared/zego-api.json")
	if err != nil {
		t.Skip("the contract is not here: ", err)
	}
	var c contract
	if err := json.Unmarshal(text, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestRowsAreTheContract(t *testing.T) {
	all := readContract(t)
	for _, class := range classes {
		if class.name == "WebRTCUtil" { // an object of which the contract lists no methods
			continue
		}
		left := map[bool]map[string]row{true: rowsByName(t, class.name, class.statics), false: rowsByName(t, class.name, class.methods...)}
		for _, m := range all.Methods[class.name] {
			r, ok := left[m.Static][m.Name]
			if !ok {
				t.Errorf("%s.%s has no row", class.name, m.Name)
				continue
			}
			delete(left[m.Static], m.Name)
			if wants := strings.Contains(m.Signature, "): Promise<"); wants != (r.kind == promise || r.kind == checked) {
				t.Errorf("%s.%s: kind %d does not fit %s", class.name, m.Name, r.kind, m.Signature)
			}
			if onOff := m.Name == "on" || m.Name == "off"; !onOff && r.kind == listener {
				t.Errorf("%s.%s is no listener", class.name, m.Name)
			}
		}
		for _, p := range all.Properties[class.name] {
			if class.maker == "" || p.Static || p.Name == "zegoStream" { // the loader has these
				continue
			}
			if r := left[false][p.Name]; r.kind != getter {
				t.Errorf("%s.%s must be a getter", class.name, p.Name)
			}
			delete(left[false], p.Name)
		}
		for _, rest := range left {
			for name := range rest {
				t.Errorf("%s.%s is not in the contract", class.name, name)
			}
		}
	}
}

func rowsByName(t *testing.T, class string, lists ...[]row) map[string]row {
	t.Helper()
	all := map[string]row{}
	for _, r := range slices.Concat(lists...) {
		if _, twice := all[r.name]; twice {
			t.Errorf("%s.%s has two rows", class, r.name)
		}
		all[r.name] = r
	}
	return all
}

func TestEventNamesAreTheContract(t *testing.T) {
	all := readContract(t)
	want := []string{"receiveRealTimeSequentialData"}
	for _, group := range []string{"ZegoRTMEvent", "ZegoRTCEvent"} {
		for _, e := range all.Events[group] {
			if e.Name != "hallStateUpdate" { // typed, but never accepted
				want = append(want, e.Name)
			}
		}
	}
	got := slices.Clone(engineEvents)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("events are\n%q, want\n%q", got, want)
	}
}
