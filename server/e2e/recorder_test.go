package e2e

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// entry is one event of a page.
type entry struct {
	Name string `json:"name"`
	Args []any  `json:"args"`
	// At is when it came, in milliseconds of the page.
	At float64 `json:"at"`
}

// anything matches every argument of an event.
const anything = "*"

// await waits for the page's first event of that name whose first arguments match, and
// that no other await has taken. An object matches one that has its fields.
func (p *tab) await(name string, args ...any) entry {
	p.t.Helper()
	if args == nil {
		args = []any{}
	}
	return eval[entry](p, "return e2e.await(%s, %s)", name, args)
}

// never fails the test if such an event has come. It is for after a later one.
func (p *tab) never(name string, args ...any) {
	p.t.Helper()
	if args == nil {
		args = []any{}
	}
	if found := eval[[]entry](p, "return e2e.find(%s, %s)", name, args); len(found) > 0 {
		p.fatalf("unexpected %s", toJSON(found))
	}
}

// count is how many such events came so far.
func (p *tab) count(name string, args ...any) int {
	p.t.Helper()
	if args == nil {
		args = []any{}
	}
	return len(eval[[]entry](p, "return e2e.find(%s, %s)", name, args))
}

// lines is the page's events so far, one a line, but for those of the names left out.
func (p *tab) lines(leaveOut ...string) []string {
	p.t.Helper()
	return slices.DeleteFunc(eval[[]string](p, "return e2e.lines()"), func(line string) bool {
		name, _, _ := strings.Cut(line, "(")
		return slices.Contains(leaveOut, name)
	})
}

// outcome is what became of a call: how is "value", "resolved", "thrown" or "rejected".
type outcome struct {
	How   string `json:"how"`
	Value any    `json:"value"`
}

// outcome evaluates an expression and waits for what comes of it. Instances of Error
// come as {"Error": message}.
func (p *tab) outcome(expression string, args ...any) outcome {
	p.t.Helper()
	return eval[outcome](p, "return e2e.outcome(() => ("+expression+"))", args...)
}

// wants fails the test unless the expression ends in that way with that value.
func (p *tab) wants(how string, want any, expression string, args ...any) {
	p.t.Helper()
	got := p.outcome(expression, args...)
	if got.How != how || !matches(got.Value, plain(want)) {
		p.t.Errorf("page %s: %s\n got: %s %s\nwant: %s %s", p.name, expression, got.How, toJSON(got.Value), how, toJSON(want))
	}
}

// plain is v as it comes out of JSON.
func plain(v any) any {
	var out any
	if err := json.Unmarshal([]byte(toJSON(v)), &out); err != nil {
		panic(err) // a test's own literal
	}
	return out
}

// matches reports whether got has what want has: fields of objects may be more.
func matches(got, want any) bool {
	if want == anything {
		return true
	}
	fields, ok := want.(map[string]any)
	if !ok {
		return reflect.DeepEqual(got, want)
	}
	object, ok := got.(map[string]any)
	for name, value := range fields {
		if _, has := object[name]; !ok || !has || !matches(object[name], value) {
			return false
		}
	}
	return ok
}

// wantLines compares what a page saw with what it must see, line by line.
func wantLines(t *testing.T, who string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "(nothing)", "(nothing)"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Fatalf("%s, step %d:\n got: %s\nwant: %s\nall:\n  %s", who, i+1, g, w, strings.Join(got, "\n  "))
		}
	}
}

// wantKickoutMessage checks the extendedData of a KICKOUT.
func wantKickoutMessage(t *testing.T, data any) {
	t.Helper()
	var message struct {
		Text string `json:"custom_kickout_message"`
	}
	text, _ := data.(string)
	if err := json.Unmarshal([]byte(text), &message); err != nil || message.Text == "" {
		t.Errorf("a kick-out's extendedData is %q, %v", text, err)
	}
}

// wantDeleteReason checks the extendedData of a roomStreamUpdate DELETE of one stream.
func wantDeleteReason(t *testing.T, data any, stream string, code int) {
	t.Helper()
	var reasons struct {
		List []struct {
			Stream      string `json:"stream_id"`
			Code        int    `json:"code"`
			Description string `json:"description"`
		} `json:"stream_delete_reason"`
	}
	text, _ := data.(string)
	err := json.Unmarshal([]byte(text), &reasons)
	if err != nil || len(reasons.List) != 1 || reasons.List[0].Stream != stream || reasons.List[0].Code != code || reasons.List[0].Description == "" {
		t.Errorf("the reason for the end of %s is %q, not code %d (%v)", stream, text, code, err)
	}
}
