package json_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"expressrtc/server/protocol/json"
)

// name and number are of named types, as most of the protocol's.
type (
	name   string
	number int8
)

// temper writes itself, and reads itself from anything.
type temper struct{ said string }

func (m temper) MarshalJSON() ([]byte, error) { return []byte(m.said), nil }

func (m *temper) UnmarshalJSON(text []byte) error {
	m.said = string(text)
	return nil
}

// strict takes numbers only.
type strict struct{ n int }

func (s *strict) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &s.n) }

// Base is embedded.
type Base struct {
	ID   name `json:"id"`
	Over int  `json:"over"`
}

type endless struct{ *endless }

type hidden struct {
	Seen  int `json:"seen"`
	never int
}

type thing struct {
	Base
	Over   string                `json:"over"`
	Name   name                  `json:"name,omitempty"`
	Small  number                `json:"small,omitempty"`
	Big    uint64                `json:"big,omitempty"`
	Real   float64               `json:"real,omitempty"`
	Half   float32               `json:"half,omitempty"`
	On     bool                  `json:"on,omitempty"`
	Maybe  *bool                 `json:"maybe,omitempty"`
	Twice  **int                 `json:"twice,omitempty"`
	List   []thing               `json:"list,omitempty"`
	Dict   map[name]number       `json:"dict,omitempty"`
	Any    any                   `json:"any,omitempty"`
	Raw    json.RawMessage       `json:"raw,omitempty"`
	Temper temper                `json:"temper"`
	Strict *strict               `json:"strict,omitempty"`
	Plain  string                // has its Go name
	Hidden string                `json:"-"`
	inside string                //nolint:unused // fields of no export are left alone
	Never  func()                `json:"-"`
	Things map[string][]struct{} `json:"things,omitempty"`
}

func TestMarshal(t *testing.T) {
	on, n := true, 5
	pn := &n
	for want, value := range map[string]any{
		`null`: nil,
		`{"a":1}`: struct {
			*hidden
			A int `json:"a"`
		}{nil, 1},
		`{"seen":5,"a":1}`: struct {
			*hidden
			A int `json:"a"`
		}{&hidden{5, 0}, 1},
		"\"a\\\"\\\\\\b\\f\\r\\t\\n\\u000b\\u0001\x7f\"": "a\"\\\b\f\r\t\n\v\x01\x7f",
		`-5`:                    number(-5),
		`18446744073709551615`:  uint64(math.MaxUint64),
		`1e+21`:                 1e21,
		`100000000000000000000`: 1e20,
		`1e-7`:                  1e-7,
		`0.000001`:              1e-6,
		`3.4e+38`:               float32(3.4e38),
		`0.1`:                   float32(0.1),
		`-0`:                    math.Copysign(0, -1),
		`["a",1,null,[],{}]`:    []any{"a", 1, nil, []int{}, map[name]int{}},
		`{"a":1,"b":2,"c":3}`:   map[name]int{"c": 3, "a": 1, "b": 2},
		`"<&>"`:                 "<&>",
		`"\ufffd\u2028x"`:       "\xff\u2028x",
		`{"a":[1,"  \\\" "]}`:   temper{"{ \"a\" :\t[1,\n\"  \\\\\\\" \"] } "},
		`{"id":"i","over":"o","temper":1,"Plain":"p"}`: thing{Base: Base{ID: "i", Over: 1}, Over: "o", Temper: temper{"1"}, Plain: "p", Hidden: "h"},
		`{"id":"","over":"","maybe":true,"twice":5,"list":[{"id":"","over":"","temper":2,"Plain":""}],"raw":{"a":1},"temper":1,"Plain":""}`: &thing{
			Maybe: &on, Twice: &pn, List: []thing{{Temper: temper{"2"}}}, Raw: json.RawMessage(`{"a" : 1}`), Temper: temper{"1"},
		},
	} {
		if got, err := json.Marshal(value); err != nil || string(got) != want {
			t.Errorf("%#v is written as %s, %v; want %s", value, got, err, want)
		}
	}
}

func TestMarshalRefuses(t *testing.T) {
	type loop struct{ Loop *loop }
	round := &loop{}
	round.Loop = round
	var self any
	self = &self
	for what, value := range map[string]any{
		"NaN": math.NaN(), "infinity": math.Inf(-1), "function": func() {}, "channel": make(chan int),
		"bytes": []byte("x"), "array": [2]int{}, "number as key": map[int]int{1: 1},
		"loop": round, "any in itself": self,
		"what writes itself wrong": temper{"{]"},
		"raw that is no JSON":      json.RawMessage(`{"a"`),
		"embedded in itself":       endless{},
		"option string": struct {
			A int `json:"a,string"`
		}{},
		"two of a name": reflect.Zero(reflect.StructOf([]reflect.StructField{ // vet would see it
			{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"a"`},
			{Name: "B", Type: reflect.TypeFor[int](), Tag: `json:"a"`},
		})).Interface(),
	} {
		if got, err := json.Marshal(value); err == nil {
			t.Errorf("%s is written as %s, want an error", what, got)
		}
	}
}

func TestUnmarshal(t *testing.T) {
	no, five := false, 5
	pfive := &five
	for text, want := range map[string]thing{
		` {} `: {},
		`{"ID":"a","unknown":{"a":[1,{"b":"}"}]},"id":"b"}`:    {Base: Base{ID: "b"}},
		`{"over":"o","name":"a\u00e9\ud83d\ude00\ud83dx\/\b"}`: {Over: "o", Name: "aé😀\ufffdx/\b"},
		"{\"name\":\"\xff\xc3(\",\"n\\u0061me2\":1}":           {Name: "\ufffd\ufffd("},
		`{"n\u0061me":"a"}`:                                              {Name: "a"},
		`{"small":-128,"big":18446744073709551615}`:                      {Small: -128, Big: math.MaxUint64},
		`{"real":1.5E+2,"half":0.1,"on":true,"maybe":false}`:             {Real: 150, Half: 0.1, On: true, Maybe: &no},
		`{"twice":5,"strict":7}`:                                         {Twice: &pfive, Strict: &strict{7}},
		`{"twice":null,"strict":null,"maybe":null,"on":null,"any":null}`: {},
		`{"list":[{"id":"x"},{"list":[]}]}`:                              {List: []thing{{Base: Base{ID: "x"}}, {List: []thing{}}}},
		`{"dict":{"a":1,"b":2},"things":{"":[{}]}}`:                      {Dict: map[name]number{"a": 1, "b": 2}, Things: map[string][]struct{}{"": {{}}}},
		`{"any":{"a":[1,"b",true,null,{}]}}`:                             {Any: map[string]any{"a": []any{1.0, "b", true, nil, map[string]any{}}}},
		`{"raw": [1, 2] ,"temper": null}`:                                {Raw: json.RawMessage("[1, 2]"), Temper: temper{"null"}},
		`{"raw":null,"Plain":"p","Hidden":"h","inside":"i","-":"d"}`:     {Raw: json.RawMessage("null"), Plain: "p"},
	} {
		var got thing
		if err := json.Unmarshal([]byte(text), &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s became %+v, %v; want %+v", text, got, err, want)
		}
	}
}

// What does not fit is named with its whole path, and what does is read all the same.
func TestUnmarshalMismatch(t *testing.T) {
	for text, want := range map[string]struct {
		value, field string
		typ          reflect.Type
		offset       int64
	}{
		`[]`:                                         {"array", "", reflect.TypeFor[thing](), 0},
		`{"id": 5,"over":"o"}`:                       {"number", "id", reflect.TypeFor[name](), 7},
		`{"over":"o","small":128}`:                   {"number 128", "small", reflect.TypeFor[number](), 20},
		`{"over":"o","small":1.0}`:                   {"number 1.0", "small", reflect.TypeFor[number](), 20},
		`{"big":-1,"over":"o"}`:                      {"number -1", "big", reflect.TypeFor[uint64](), 7},
		`{"half":1e39,"over":"o"}`:                   {"number 1e39", "half", reflect.TypeFor[float32](), 8},
		`{"any":[1e999],"over":"o"}`:                 {"number 1e999", "any", reflect.TypeFor[float64](), 8},
		`{"maybe":"x","over":"o"}`:                   {"string", "maybe", reflect.TypeFor[bool](), 9},
		`{"name":{},"big":"","over":"o"}`:            {"object", "name", reflect.TypeFor[name](), 8},
		`{"list":[{"list":[{"on":[]}]}],"over":"o"}`: {"array", "list.list.on", reflect.TypeFor[bool](), 24},
		`{"list":[{"strict": true}]}`:                {"bool", "list.strict", reflect.TypeFor[int](), 20},
		`{"dict":{"a":false},"over":"o"}`:            {"bool", "dict", reflect.TypeFor[number](), 13},
	} {
		var got thing
		err := json.Unmarshal([]byte(text), &got)
		var wrong *json.UnmarshalTypeError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if wrong.Value != want.value || wrong.Field != want.field || wrong.Type != want.typ || wrong.Offset != want.offset {
			t.Errorf("%s: %+v, want %+v", text, wrong, want)
		}
		if strings.Contains(text, `"over":"o"`) && got.Over != "o" {
			t.Errorf("%s: the rest was not read", text)
		}
	}
}

func TestSyntax(t *testing.T) {
	for text, at := range map[string]int64{
		``: 0, ` `: 1, `{`: 1, `{"a"`: 4, `{"a":`: 5, `{"a":1`: 6, `{"a":1,`: 7, `{"a":1,}`: 7, `{"a" 1}`: 5, `{a:1}`: 1,
		`[1,]`: 3, `[,1]`: 1, `[1 2]`: 3, `[1}`: 2, `{]`: 1, `1 2`: 2, `nul`: 3, `nulL`: 3, `true1`: 4, `TRUE`: 0,
		`01`: 1, `-`: 1, `-a`: 1, `1.`: 2, `.5`: 0, `1e`: 2, `1e+`: 3, `+1`: 0, `0x1`: 1, `NaN`: 0,
		`"`: 1, `"a`: 2, "\"\n\"": 1, `"\`: 2, `"\x"`: 2, `"\u12"`: 5, `"\u12g4"`: 5, `'a'`: 0, "1\x00": 1, "\ufeff1": 0,
	} {
		into := any("as it was")
		err := json.Unmarshal([]byte(text), &into)
		var wrong *json.SyntaxError
		if !errors.As(err, &wrong) || wrong.Offset != at {
			t.Errorf("%q: %v, want an error at %d", text, err, at)
		}
		if into != "as it was" {
			t.Errorf("%q changed what it should be read into", text)
		}
	}
	var thing thing
	var embedded struct{ *Base }
	for _, into := range []any{nil, thing, &embedded, (*int)(nil), 5} {
		if err := json.Unmarshal([]byte(`{"id":"a"}`), into); err == nil {
			t.Errorf("reading into %T was no error", into)
		}
	}
}

func TestUnmarshalIntoEmbedded(t *testing.T) {
	got := struct{ *Base }{&Base{}}
	if err := json.Unmarshal([]byte(`{"id":"a"}`), &got); err != nil || got.ID != "a" {
		t.Errorf("%+v, %v", got.Base, err)
	}
}

func TestDepth(t *testing.T) {
	nest := func(n int) []byte { return []byte(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	var into any
	if err := json.Unmarshal(nest(10000), &into); err != nil {
		t.Error(err)
	}
	for _, bomb := range []string{string(nest(10001)), strings.Repeat("[", 1<<20), strings.Repeat(`{"a":`, 1<<20)} {
		err := json.Unmarshal([]byte(bomb), &into)
		if err == nil || !strings.Contains(fmt.Sprint(err), "deep") {
			t.Errorf("%.20s… of %d bytes: %v", bomb, len(bomb), err)
		}
	}
}

// A type that is not known may be seen by many goroutines at once.
func TestTypesAreLearntTogether(t *testing.T) {
	type fresh struct{ A, B, C int }
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			var got fresh
			if err := json.Unmarshal([]byte(`{"A":1,"C":3}`), &got); err != nil || got != (fresh{1, 0, 3}) {
				t.Errorf("%+v, %v", got, err)
			}
		})
	}
}
