//go:build js && wasm

package bind

import (
	"strings"
	"testing"

	"expressrtc/wasm/jsx"
)

func TestArguments(t *testing.T) {
	type user struct {
		UserID string   `json:"userID"`
		Age    *int     `json:"age"`
		Yes    bool     `json:"yes"`
		Tags   []string `json:"tags"`
	}
	decoders := map[string]func(c call) any{
		"str":      func(c call) any { return c.str(0) },
		"text":     func(c call) any { s, ok := c.text(0); return []any{s, ok} },
		"optStr":   func(c call) any { return c.optStr(0) },
		"boolean":  func(c call) any { b, ok := c.boolean(0); return []any{b, ok} },
		"number":   func(c call) any { n, ok := c.number(0); return []any{n, ok} },
		"function": func(c call) any { return c.function(0).Type().String() },
		"object":   func(c call) any { return object[user](c, 0) },
		"opt":      func(c call) any { return opt[user](c, 0) },
		"members":  func(c call) any { u, given := members[user](c, 0, "userID"); return []any{u.UserID, given} },
		"given":    func(c call) any { return []bool{c.user(0).Given, c.switchConfig(0).Given, c.transparent(0).Given} },
		"list":     func(c call) any { return opt[[]user](c, 0) },
		"streamID": func(c call) any { return c.streamID(0) },
		"bytes": func(c call) any {
			data, ok := jsx.Bytes(c.value(0))
			list := make([]int, 0, len(data))
			for _, b := range data {
				list = append(list, int(b))
			}
			if !ok {
				list = nil
			}
			return list
		},
		"elements": func(c call) any { return len(c.elements(0)) },
	}
	zero := `{"userID":"","age":null,"yes":false,"tags":null}`
	tests := []struct{ decoder, arg, want string }{
		{"str", `"a"`, `"a"`},
		{"str", `5`, `""`},
		{"str", ``, `""`},
		{"text", `""`, `["",true]`},
		{"text", `null`, `["",false]`},
		{"optStr", ``, `null`},
		{"optStr", `null`, `""`},
		{"optStr", `"r"`, `"r"`},
		{"boolean", `false`, `[false,true]`},
		{"boolean", `0`, `[false,false]`},
		{"number", `0.5`, `[0.5,true]`},
		{"number", `"5"`, `[0,false]`},
		{"function", `() => 1`, `"function"`},
		{"function", `1`, `!argument 1: must be a function`},
		{"object", `{userID: "u", age: 3, more: {}}`, `{"userID":"u","age":3,"yes":false,"tags":null}`},
		{"object", `Object.create({userID: "inherited"})`, zero},
		{"object", `new Proxy({userID: "p"}, {})`, `{"userID":"p","age":null,"yes":false,"tags":null}`},
		{"object", ``, `!argument 1: is missing, must be an object`},
		{"object", `null`, `!argument 1: is missing, must be an object`},
		{"object", `"text"`, `!argument 1: must be an object, is a string`},
		{"object", `{userID: 5}`, `!argument 1: 'userID' must be a string, is a number`},
		{"object", `{age: "x"}`, `!argument 1: 'age' must be a number, is a string`},
		{"object", `{yes: 1}`, `!argument 1: 'yes' must be a boolean, is a number`},
		{"object", `{tags: {}}`, `!argument 1: 'tags' must be a list, is a object`},
		{"object", `[]`, `!argument 1: it must be a object, is a array`},
		{"object", `(() => { const o = {}; o.o = o; return o })()`, `!argument 1: TypeError: Converting circular`},
		{"object", `{get userID() { throw new Error("getter") }}`, `!argument 1: Error: getter`},
		{"opt", ``, zero},
		{"opt", `null`, zero},
		{"opt", `7`, `!argument 1: must be an object, is a number`},
		{"members", ``, `["",false]`},
		{"members", `null`, `["",false]`},
		{"members", `"userID"`, `["",false]`},
		{"members", `(() => { const o = {userID: "u", age: "not looked at"}; o.o = o; return o })()`, `["u",true]`},
		{"members", `{userID: 5}`, `!argument 1: 'userID' must be a string, is a number`},
		{"given", `{}`, `[true,true,true]`},
		{"given", `"x"`, `[false,false,false]`},
		{"list", `[{userID: "u"}]`, `[{"userID":"u","age":null,"yes":false,"tags":null}]`},
		{"streamID", `new MediaStream`, `"the id"`},
		{"streamID", `{id: "forged"}`, `""`},
		{"streamID", ``, `""`},
		{"streamID", `(() => { const p = Proxy.revocable(new MediaStream, {}); p.revoke(); return p.proxy })()`, `""`},
		{"streamID", `new Proxy(new MediaStream, {})`, `"the id"`},
		{"bytes", `new Uint8Array([1, 2]).buffer`, `[1,2]`},
		{"bytes", `new Uint8Array([0, 1, 2]).subarray(1)`, `[1,2]`},
		{"bytes", `Object.create(Uint8Array.prototype)`, `[]`},
		{"bytes", `Proxy.revocable([], {}).proxy`, `null`},
		{"bytes", `"text"`, `null`},
		{"elements", `[{canPlayType() {}}, {canPlayType() {}}]`, `2`},
		{"elements", `[{canPlayType() {}}, {}]`, `0`},
		{"elements", `{length: -1}`, `0`},
		{"elements", `{length: 2e9}`, `0`},
		{"elements", `"text"`, `0`},
		{"elements", ``, `0`},
	}
	page(t, `globalThis.MediaStream = class { get id() { return "the id" } }`)
	for _, test := range tests {
		withRows(t, row{"m", value, func(c call) (any, error) { return decoders[test.decoder](c), nil }})
		got := jsx.String(page(t, `
			try { return show(get(7, "m", `+test.arg+`)) } catch (e) { return e.code === 1100001 ? "!" + e.msg : "wrong code: " + show(e) }`))
		want := strings.Replace(test.want, "!", "!m: ", 1)
		short := strings.HasPrefix(want, "!") && strings.HasPrefix(got, want)
		if got != want && !short {
			t.Errorf("%s(%s): got %s, want %s", test.decoder, test.arg, got, want)
		}
	}
}
