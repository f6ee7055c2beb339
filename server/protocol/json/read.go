package json

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Unmarshal reads text into what the pointer into points to. Nothing is changed when the
// text is no JSON; a value that does not fit is passed over, and the first such is the error.
func Unmarshal(text []byte, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("json: cannot read into %T", into)
	}
	if err := check(text); err != nil {
		return err
	}
	r := reader{scanner: scanner{text: text}}
	if err := r.value(v.Elem()); err != nil {
		return err
	}
	return r.wrong
}

// reader takes values out of a text that is known to be valid.
type reader struct {
	scanner
	path  []string // the names of the fields around
	wrong error    // the first value that did not fit
}

// value reads the next value into v. An error ends the reading.
func (r *reader) value(v reflect.Value) error {
	c := r.peek()
	for v.Kind() == reflect.Pointer {
		if c == 'n' {
			break
		}
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		v = v.Elem()
	}
	if p := v.Addr(); p.NumMethod() > 0 {
		if u, ok := p.Interface().(Unmarshaler); ok {
			return r.unmarshaler(u)
		}
	}
	switch {
	case c == 'n':
		r.null(v)
	case v.Kind() == reflect.Interface && v.NumMethod() == 0:
		if x := r.any(); x != nil {
			v.Set(reflect.ValueOf(x))
		}
	case c == '{':
		return r.object(v)
	case c == '[':
		return r.list(v)
	default:
		r.scalar(v, c)
	}
	return nil
}

// next goes past a value, and returns it.
func (r *reader) next() []byte {
	r.peek()
	from := r.at
	r.skip()
	return r.text[from:r.at]
}

// unmarshaler gives the next value to u. Its error about a type gets the whole path.
func (r *reader) unmarshaler(u Unmarshaler) error {
	text := r.next()
	err := u.UnmarshalJSON(text)
	if wrong, ok := err.(*UnmarshalTypeError); ok { //nolint:errorlint // one of ours, as it was made
		wrong.Offset += int64(r.at - len(text))
		if path := r.path; len(path) > 0 {
			if wrong.Field != "" {
				path = append(path[:len(path):len(path)], wrong.Field)
			}
			wrong.Field = strings.Join(path, ".")
		}
	}
	return err
}

// mismatch notes that value, of which what is said, does not fit type t.
func (r *reader) mismatch(what string, t reflect.Type, value []byte) {
	if r.wrong == nil {
		r.wrong = &UnmarshalTypeError{what, t, int64(r.at - len(value)), strings.Join(r.path, ".")}
	}
}

func (r *reader) null(v reflect.Value) {
	r.skip()
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Map, reflect.Slice:
		v.SetZero()
	}
}

// more goes past what begins, separates or ends elements; false at the end.
func (r *reader) more() bool {
	c := r.peek()
	r.at++
	switch c {
	case '{', '[':
		if end := r.peek(); end == c+2 {
			r.at++
			return false
		}
	case '}', ']':
		return false
	}
	return true
}

// name reads the name of a member, and its colon.
func (r *reader) name() []byte {
	r.peek()
	name := unquote(r.quoted())
	r.peek()
	r.at++
	return name
}

// quoted goes past a string, and returns it without its quotes.
func (r *reader) quoted() []byte {
	from := r.at + 1
	r.string()
	return r.text[from : r.at-1]
}

func (r *reader) object(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		return r.fields(v)
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			return r.dict(v)
		}
	}
	r.mismatch("object", v.Type(), r.next())
	return nil
}

func (r *reader) fields(v reflect.Value) error {
	l := layoutOf(v.Type())
	if l.err != nil {
		return l.err
	}
	for r.more() {
		i, known := l.byName[string(r.name())]
		if !known {
			r.next()
			continue
		}
		f := &l.fields[i]
		part := f.of(v)
		if !part.IsValid() {
			return fmt.Errorf("json: %s cannot be read: it is embedded by a pointer that is nil", f.name)
		}
		r.path = append(r.path, f.name)
		if err := r.value(part); err != nil {
			return err
		}
		r.path = r.path[:len(r.path)-1]
	}
	return nil
}

func (r *reader) dict(v reflect.Value) error {
	t := v.Type()
	if v.IsNil() {
		v.Set(reflect.MakeMap(t))
	}
	key, value := reflect.New(t.Key()).Elem(), reflect.New(t.Elem()).Elem()
	for r.more() {
		key.SetString(string(r.name()))
		value.SetZero()
		if err := r.value(value); err != nil {
			return err
		}
		v.SetMapIndex(key, value)
	}
	return nil
}

func (r *reader) list(v reflect.Value) error {
	if v.Kind() != reflect.Slice {
		r.mismatch("array", v.Type(), r.next())
		return nil
	}
	n := 0
	for ; r.more(); n++ {
		if n == v.Cap() {
			v.Grow(1)
		}
		if n == v.Len() {
			v.SetLen(n + 1)
		}
		if err := r.value(v.Index(n)); err != nil {
			return err
		}
	}
	if n == 0 {
		v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	}
	v.SetLen(n)
	return nil
}

// scalar reads a string, a bool or a number, that begins with c.
func (r *reader) scalar(v reflect.Value, c byte) {
	text := r.next()
	switch c {
	case '"':
		if v.Kind() == reflect.String {
			v.SetString(string(unquote(text[1 : len(text)-1])))
		} else {
			r.mismatch("string", v.Type(), text)
		}
	case 't', 'f':
		if v.Kind() == reflect.Bool {
			v.SetBool(c == 't')
		} else {
			r.mismatch("bool", v.Type(), text)
		}
	default:
		if what := setNumber(v, string(text)); what != "" {
			r.mismatch(what, v.Type(), text)
		}
	}
}

// setNumber sets v to number, or says what does not fit.
func setNumber(v reflect.Value, number string) string {
	fits := false
	switch {
	case v.CanInt():
		if n, err := strconv.ParseInt(number, 10, v.Type().Bits()); err == nil {
			v.SetInt(n)
			fits = true
		}
	case v.CanUint():
		if n, err := strconv.ParseUint(number, 10, v.Type().Bits()); err == nil {
			v.SetUint(n)
			fits = true
		}
	case v.CanFloat():
		if n, err := strconv.ParseFloat(number, v.Type().Bits()); err == nil {
			v.SetFloat(n)
			fits = true
		}
	default:
		return "number"
	}
	if fits {
		return ""
	}
	return "number " + number
}

// any reads a value of whatever kind; nil also for a number that is too large.
func (r *reader) any() any {
	switch c := r.peek(); c {
	case '{':
		m := map[string]any{}
		for r.more() {
			name := string(r.name())
			m[name] = r.any()
		}
		return m
	case '[':
		list := []any{}
		for r.more() {
			list = append(list, r.any())
		}
		return list
	case '"':
		return string(unquote(r.quoted()))
	case 'n', 't', 'f':
		r.skip()
		if c == 'n' {
			return nil
		}
		return c == 't'
	}
	text := r.next()
	f, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		r.mismatch("number "+string(text), reflect.TypeFor[float64](), text)
		return nil
	}
	return f
}

// unquote is the inside of a quoted string. What is no UTF-8, and half a surrogate pair,
// becomes U+FFFD.
func unquote(text []byte) []byte {
	if bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		if c := text[i]; c < utf8.RuneSelf && c != '\\' {
			out = append(out, c)
			i++
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if r == '\\' {
			r, size = unescape(text[i:])
		}
		out = utf8.AppendRune(out, r)
		i += size
	}
	return out
}

// unescape is the rune that text begins with, after a backslash, and how long that is.
func unescape(text []byte) (rune, int) {
	c := text[1]
	if c == 'u' {
		first := hex4(text)
		if !utf16.IsSurrogate(first) {
			return first, 6
		}
		if both := utf16.DecodeRune(first, hex4(text[6:])); both != utf8.RuneError {
			return both, 12
		}
		return utf8.RuneError, 6
	}
	if i := strings.IndexByte("btn.fr", c); i >= 0 {
		return '\b' + rune(i), 2
	}
	return rune(c), 2
}

// hex4 is the value of the four digits that text begins with, after \u; 0 if it does not.
func hex4(text []byte) (r rune) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0
	}
	for _, c := range text[2:6] {
		r = r<<4 | digit(c)
	}
	return r
}
