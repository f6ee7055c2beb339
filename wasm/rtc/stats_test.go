package rtc

import "testing"

// TestPairInUse: while ways are tried, several pairs are nominated.
func TestPairInUse(t *testing.T) {
	pair := func(id string) Stat { return Stat{ID: id, Type: "candidate-pair", Nominated: true, State: "succeeded"} }
	transport := Stat{ID: "T", Type: "transport", SelectedPair: "second"}
	for name, c := range map[string]struct {
		report Report
		want   string
	}{
		"told by the transport": {Report{pair("first"), pair("second"), transport}, "second"},
		"not told":              {Report{{Type: "candidate-pair"}, pair("first"), pair("second")}, "first"},
		"told before it is":     {Report{pair("first"), {Type: "transport"}}, "first"},
		"none":                  {Report{{Type: "candidate-pair", State: "in-progress"}}, ""},
	} {
		got := ""
		if p := c.report.Pair(); p != nil {
			got = p.ID
		}
		if got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}

// TestRelayed: media is relayed when either end of the pair in use is a relay's.
func TestRelayed(t *testing.T) {
	pair := Stat{ID: "P", Type: "candidate-pair", Nominated: true, State: "succeeded", Local: "L", Remote: "R"}
	candidate := func(id, kind string) Stat { return Stat{ID: id, CandidateType: kind} }
	for name, c := range map[string]struct {
		report Report
		want   bool
	}{
		"direct":      {Report{candidate("L", "host"), candidate("R", "srflx"), candidate("X", "relay"), pair}, false},
		"by ours":     {Report{candidate("L", "relay"), candidate("R", "host"), pair}, true},
		"by theirs":   {Report{candidate("L", "host"), candidate("R", "relay"), pair}, true},
		"no pair yet": {Report{candidate("L", "relay")}, false},
		"no report":   {nil, false},
	} {
		if got := c.report.Relayed(); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
