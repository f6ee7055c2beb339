//go:build js && wasm

package bind

import (
	"errors"
	"fmt"
	"reflect"

	"expressrtc/server/protocol/json"
	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"
	"expressrtc/wasm/media"

	"github.com/hack-pad/safejs"
)

// badArgument is what a decoder panics with, so that a row stays one expression;
// attempt, under which every row runs, makes it the call's error.
type badArgument struct {
	method string
	index  int
	want   string
}

func (b badArgument) fault() fault {
	return fault{codeInput, fmt.Sprintf("%s: argument %d: %s", b.method, b.index+1, b.want)}
}

// refuse ends the call because argument i is not what want says.
func (c call) refuse(i int, want string) { panic(badArgument{c.method, i, want}) }

// value is argument i as it is; undefined if it was not given.
func (c call) value(i int) safejs.Value {
	if i < len(c.args) {
		return c.args[i]
	}
	return safejs.Undefined()
}

// given reports whether argument i is there, neither undefined nor null.
func (c call) given(i int) bool {
	v := c.value(i)
	return !v.IsUndefined() && !v.IsNull()
}

// optValue is nil if argument i is undefined or null.
func (c call) optValue(i int) *safejs.Value { //nolint:unparam // decoders take the number
	if !c.given(i) {
		return nil
	}
	v := c.value(i)
	return &v
}

// text is argument i if it is a string.
func (c call) text(i int) (s string, ok bool) {
	v := c.value(i)
	return jsx.String(v), v.Type() == safejs.TypeString
}

// arg is argument i with the knowledge whether it is a string, for what the engine checks.
func (c call) arg(i int) engine.Text {
	s, ok := c.text(i)
	return engine.Text{S: s, OK: ok}
}

// optArg is nil if argument i is undefined, else what arg is.
func (c call) optArg(i int) *engine.Text {
	if c.value(i).IsUndefined() {
		return nil
	}
	t := c.arg(i)
	return &t
}

// anyText is argument i in JavaScript's own words, whatever its type.
func (c call) anyText(i int) string {
	v, err := jsx.Call(jsx.Global(), "String", c.value(i))
	if err != nil {
		return ""
	}
	return jsx.String(v)
}

// texts is argument i if it is a list of strings, else nil.
func (c call) texts(i int) []string {
	list := []string{}
	if c.value(i).Type() != safejs.TypeObject || jsx.Decode(c.value(i), &list) != nil {
		return nil
	}
	return list
}

// json is argument i as JSON, nil if it has none.
func (c call) json(i int) json.RawMessage {
	text, err := jsx.Stringify(c.value(i))
	if err != nil || text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// isObject reports whether argument i is an object.
func (c call) isObject(i int) bool { return c.value(i).Type() == safejs.TypeObject }

// str is argument i, or "" if it is no string: where the engine treats both the same.
func (c call) str(i int) string {
	s, _ := c.text(i)
	return s
}

// optStr is nil if argument i is undefined, else what str is.
func (c call) optStr(i int) *string { //nolint:unparam // decoders take the number
	if c.value(i).IsUndefined() {
		return nil
	}
	s := c.str(i)
	return &s
}

// boolean is argument i if it is true or false.
func (c call) boolean(i int) (b, ok bool) {
	v := c.value(i)
	return jsx.Bool(v), v.Type() == safejs.TypeBoolean
}

// flag is argument i with the knowledge whether it is true or false.
func (c call) flag(i int) engine.Flag {
	on, ok := c.boolean(i)
	return engine.Flag{On: on, OK: ok}
}

// number is argument i if it is a number.
func (c call) number(i int) (n float64, ok bool) {
	v := c.value(i)
	return jsx.Float(v), v.Type() == safejs.TypeNumber
}

// function is argument i; the call is refused if it is none.
func (c call) function(i int) safejs.Value {
	v := c.value(i)
	if v.Type() != safejs.TypeFunction {
		c.refuse(i, "must be a function")
	}
	return v
}

// streamID is the id of the MediaStream that argument i is, "" if it is none.
func (c call) streamID(i int) string {
	if !jsx.Is(c.value(i), "MediaStream") {
		return ""
	}
	return jsx.String(c.value(i), "id")
}

// localID is the id of the local stream that argument i is, a MediaStream or a
// ZegoLocalStream; "" if it is neither. What stands behind a ZegoLocalStream tells the id
// of the MediaStream that it publishes.
func (c call) localID(i int) string {
	if in := c.handed(i, "ZegoLocalStream"); in != nil {
		if of, ok := in.of.(interface{ MediaID() string }); ok {
			return of.MediaID()
		}
	}
	return c.streamID(i)
}

// track is argument i if it is a MediaStreamTrack, else nil.
func (c call) track(i int) *media.Track {
	if !jsx.Is(c.value(i), "MediaStreamTrack") {
		return nil
	}
	return media.TrackOf(c.value(i))
}

// handed is the object of class that argument i is, also behind a Proxy of the page's;
// nil if it is none of those that we handed out, or one that is no more.
func (c call) handed(i int, class string) *instance { return handedObject(c.value(i), class) }

func handedObject(v safejs.Value, class string) *instance {
	if v.Type() != safejs.TypeObject {
		return nil
	}
	number, err := jsx.Invoke(numberOf, v)
	if err != nil || number.Type() != safejs.TypeNumber {
		return nil
	}
	if in := instances.find(jsx.Int(number)); in != nil && in.class == class {
		return in
	}
	return nil
}

// object is argument i as a T, whose JSON names are the contract's; the call is refused
// if it is not an object, or if a field has another type.
func object[T any](c call, i int) T {
	if !c.given(i) {
		c.refuse(i, "is missing, must be an object")
	}
	return opt[T](c, i)
}

// opt is as object, but a zero T if argument i is undefined or null.
func opt[T any](c call, i int) T {
	var into T
	if c.given(i) {
		c.decode(i, &into)
	}
	return into
}

// pick is as opt, but sees the named fields only: pages hang elements and whatever else
// into such objects, cycles included.
func pick[T any](c call, i int, names ...any) T {
	var into T
	text, err := jsx.Call(jsx.Global("JSON"), "stringify", c.value(i), names)
	if err == nil {
		err = json.Unmarshal([]byte(jsx.String(text)), &into)
	}
	if err != nil {
		c.refuse(i, fieldError(err))
	}
	return into
}

// members is as pick, and the zero value for what is no object; given tells whether it is
// one.
func members[T any](c call, i int, names ...any) (into T, given bool) {
	if given = c.isObject(i); given {
		into = pick[T](c, i, names...)
	}
	return into, given
}

// decode reads argument i into what into points to.
func (c call) decode(i int, into any) {
	if t := c.value(i).Type(); t != safejs.TypeObject {
		c.refuse(i, fmt.Sprintf("must be an object, is a %s", t))
	}
	if err := jsx.Decode(c.value(i), into); err != nil {
		c.refuse(i, fieldError(err))
	}
}

// fieldError says in the words of JavaScript which field has the wrong type.
func fieldError(err error) string {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err.Error()
	}
	name := "it"
	if wrong.Field != "" {
		name = "'" + wrong.Field + "'"
	}
	return fmt.Sprintf("%s must be a %s, is a %s", name, kindName(wrong.Type), wrong.Value)
}

// kindName is JavaScript's name for what decodes into t.
func kindName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Pointer:
		return kindName(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Slice, reflect.Array:
		return "list"
	case reflect.Struct, reflect.Map:
		return "object"
	default:
		return "number"
	}
}
