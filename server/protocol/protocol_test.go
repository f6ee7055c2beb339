package protocol

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

func TestDecodeRefuses(t *testing.T) {
	for _, data := range []string{``, `x`, `{"type":`, `[]`, `"ping"`, `{}`, `{"id":1}`, `{"type":7}`, `{"type":"x","id":-1}`, `{"type":"x"} {}`} {
		if f, err := Decode([]byte(data)); err == nil {
			t.Errorf("%s: %+v", data, f)
		}
	}
	f, err := Decode([]byte(`{"type":"x","id":18446744073709551615,"more":{},"body":[1]}`))
	if err != nil || f.ID != 1<<64-1 || string(f.Body) != "[1]" {
		t.Errorf("%+v, %v", f, err)
	}
}

func TestDecodeKeepsNothingOfItsInput(t *testing.T) {
	data := []byte(`{"type":"x","body":{"a":1}}`)
	f, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	clear(data) // a reader's buffer is used again
	if string(f.Body) != `{"a":1}` {
		t.Errorf("body %q", f.Body)
	}
}

// counted counts how often it is encoded.
type counted struct{ times *int }

func (counted) Type() Type { return "counted" }

func (c counted) MarshalJSON() ([]byte, error) {
	*c.times++
	return []byte(`{}`), nil
}

type broken struct{}

func (broken) Type() Type { return "broken" }

func (broken) MarshalJSON() ([]byte, error) { return nil, errors.New("no") }

func TestSharedIsEncodedOnce(t *testing.T) {
	times := 0
	s := Share(counted{&times})
	for range 3 {
		data, err := Notice(s)
		if err != nil || string(data) != `{"type":"counted","body":{}}` {
			t.Fatalf("%s, %v", data, err)
		}
	}
	if times != 1 || s.Type() != "counted" {
		t.Errorf("encoded %d times", times)
	}
	for range 2 {
		if _, err := Notice(Share(broken{})); err == nil || !strings.Contains(err.Error(), "broken") {
			t.Errorf("error %v", err)
		}
	}
}

func TestErrors(t *testing.T) {
	err := Errorf(CodeTooOften, "only %d a second", 10)
	if got := err.Error(); got != "only 10 a second (1009015)" {
		t.Error(got)
	}
}

// constants lists the constants of a type that the package declares.
func constants(t *testing.T, typeName string) map[string]ast.Expr {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]ast.Expr{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == typeName {
			found[spec.Names[0].Name] = spec.Values[0]
		}
		return true
	})
	if len(found) == 0 {
		t.Fatalf("no constants of type %s", typeName)
	}
	return found
}

func TestEveryCloseCodeHasARow(t *testing.T) {
	declared := constants(t, "CloseCode")
	if len(declared) != len(closeCodes) {
		t.Errorf("%d codes, %d rows", len(declared), len(closeCodes))
	}
	for name, value := range declared {
		var code CloseCode
		if err := json.Unmarshal([]byte(value.(*ast.BasicLit).Value), &code); err != nil {
			t.Fatal(err)
		}
		row, ok := closeCodes[code]
		if !ok || row.text == "" || code.String() != row.text || len(row.text) > 123 {
			t.Errorf("%s (%d): row %+v", name, code, row)
		}
		if code != CloseBye && (code < 4000 || code > 4999) {
			t.Errorf("%s: %d is not ours to use", name, code)
		}
	}
}

func TestCodesAreDistinct(t *testing.T) {
	names := map[string]string{}
	for name, value := range constants(t, "Code") {
		number := value.(*ast.BasicLit).Value
		if other := names[number]; other != "" {
			t.Errorf("%s and %s are both %s", name, other, number)
		}
		names[number] = name
	}
}

func TestReconnect(t *testing.T) {
	for code, want := range map[CloseCode]bool{
		CloseBye: false, CloseKicked: false, CloseMalformed: false, CloseNoLogin: false, CloseVersion: false,
		CloseTooSlow: true, CloseSilent: true, CloseBusy: true, CloseStopping: true,
		CloseResumed: false, CloseAbandoned: true,
		1006: true, 1001: true, 1012: true, 4999: true,
	} {
		if got := code.Reconnect(); got != want {
			t.Errorf("%d: %t", code, got)
		}
	}
	if got := CloseCode(4999).String(); got != "close code 4999" {
		t.Error(got)
	}
}

func TestValidID(t *testing.T) {
	const allowed = "abcxyzABCXYZ0189#!$%&()`'+-;<=.>@^_~,\\*"
	for c := range 256 {
		id := string([]byte{byte(c)})
		if got, want := ValidID(id), strings.Contains(allowed, id) || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'; got != want {
			t.Errorf("%q: %t", id, got)
		}
	}
	for id, want := range map[string]bool{"": true, "room-1_x": true, "a b": false, "a/b": false, "a:b": false, "é": false, `a"`: false, "a|b": false} {
		if ValidID(id) != want {
			t.Errorf("%q", id)
		}
	}
}

func TestLength(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "语言": 2, "𝄞": 2, "👍🏽": 4, "\xff": 1} {
		if got := Length(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}
