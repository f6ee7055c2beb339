package json

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Marshal is v as JSON. The keys of maps are sorted.
func Marshal(v any) ([]byte, error) {
	var w writer
	if err := w.value(reflect.ValueOf(v), 0); err != nil {
		return nil, err
	}
	return w.text, nil
}

// writer appends values to a text.
type writer struct{ text []byte }

func (w *writer) put(s string) { w.text = append(w.text, s...) }

func (w *writer) value(v reflect.Value, depth int) error {
	if depth++; depth > maxDepth {
		return errors.New("json: a value is nested too deep, or in itself")
	}
	k := v.Kind()
	switch k {
	case reflect.Invalid:
		w.put("null")
		return nil
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice:
		if v.IsNil() {
			w.put("null")
			return nil
		}
	}
	if m, ok := marshalerOf(v); ok {
		return w.marshaler(m)
	}
	switch k {
	case reflect.Pointer, reflect.Interface:
		return w.value(v.Elem(), depth)
	case reflect.Struct:
		return w.object(v, depth)
	case reflect.Map:
		return w.dict(v, depth)
	case reflect.Slice:
		return w.list(v, depth)
	}
	return w.scalar(v)
}

// marshalerOf is v, or what addresses it, as what writes itself.
func marshalerOf(v reflect.Value) (Marshaler, bool) {
	switch v.Kind() {
	case reflect.Interface:
		return nil, false // its content is asked next
	case reflect.Pointer:
	default:
		if v.CanAddr() {
			v = v.Addr()
		}
	}
	if v.NumMethod() == 0 {
		return nil, false
	}
	m, ok := v.Interface().(Marshaler)
	return m, ok
}

// marshaler writes what m says, without spaces.
func (w *writer) marshaler(m Marshaler) error {
	text, err := m.MarshalJSON()
	if err == nil {
		err = check(text)
	}
	if err != nil {
		return fmt.Errorf("json: %T wrote itself wrong: %w", m, err)
	}
	quoted, escaped := false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case !quoted && c <= ' ':
			continue
		}
		w.text = append(w.text, c)
	}
	return nil
}

func (w *writer) object(v reflect.Value, depth int) error {
	l := layoutOf(v.Type())
	if l.err != nil {
		return l.err
	}
	sep := "{"
	for i := range l.fields {
		f := &l.fields[i]
		part := f.of(v)
		if !part.IsValid() || f.omitEmpty && empty(part) {
			continue
		}
		w.put(sep)
		sep = ","
		w.text = append(w.text, f.key...)
		if err := w.value(part, depth); err != nil {
			return err
		}
	}
	w.end(sep, "{", "}")
	return nil
}

// end closes what began with open; sep is what the next element would be put after.
func (w *writer) end(sep, open, closer string) {
	if sep == open {
		w.put(open)
	}
	w.put(closer)
}

// empty is what the option omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

func (w *writer) dict(v reflect.Value, depth int) error {
	t := v.Type().Key()
	if t.Kind() != reflect.String {
		return unsupported(v.Type())
	}
	names := make([]string, 0, v.Len())
	for _, key := range v.MapKeys() {
		names = append(names, key.String())
	}
	slices.Sort(names)
	sep := "{"
	key := reflect.New(t).Elem()
	for _, name := range names {
		w.put(sep)
		sep = ","
		w.text = append(appendString(w.text, name), ':')
		key.SetString(name)
		if err := w.value(v.MapIndex(key), depth); err != nil {
			return err
		}
	}
	w.end(sep, "{", "}")
	return nil
}

func (w *writer) list(v reflect.Value, depth int) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return unsupported(v.Type())
	}
	sep := "["
	for i := range v.Len() {
		w.put(sep)
		sep = ","
		if err := w.value(v.Index(i), depth); err != nil {
			return err
		}
	}
	w.end(sep, "[", "]")
	return nil
}

func (w *writer) scalar(v reflect.Value) error {
	switch {
	case v.Kind() == reflect.String:
		w.text = appendString(w.text, v.String())
	case v.Kind() == reflect.Bool:
		w.text = strconv.AppendBool(w.text, v.Bool())
	case v.CanInt():
		w.text = strconv.AppendInt(w.text, v.Int(), 10)
	case v.CanUint():
		w.text = strconv.AppendUint(w.text, v.Uint(), 10)
	case v.CanFloat():
		return w.float(v.Float(), v.Type().Bits())
	default:
		return unsupported(v.Type())
	}
	return nil
}

// float writes f as JavaScript does.
func (w *writer) float(f float64, bits int) error {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return errors.New("json: a number is not finite")
	}
	abs, low, high := math.Abs(f), 1e-6, 1e21
	if bits == 32 { // where the digits of a float32 say so
		low, high = float64(float32(low)), float64(float32(high))
	}
	if abs == 0 || abs >= low && abs < high {
		w.text = strconv.AppendFloat(w.text, f, 'f', -1, bits)
		return nil
	}
	w.text = strconv.AppendFloat(w.text, f, 'e', -1, bits)
	if n := len(w.text); w.text[n-2] == '0' && w.text[n-3] == '-' { // e-07
		w.text = append(w.text[:n-2], w.text[n-1])
	}
	return nil
}

const hex = "0123456789abcdef"

// appendString appends s in quotes; what is no UTF-8 becomes U+FFFD.
func appendString(text []byte, s string) []byte {
	text = append(text, '"')
	done := 0 // so much of s is in text
	for i := 0; i < len(s); {
		if c := s[i]; c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++ // most of all
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if size == 1 || r|1 == '\u2029' {
			text = appendEscape(append(text, s[done:i]...), r)
			done = i + size
		}
		i += size
	}
	return append(append(text, s[done:]...), '"')
}

// appendEscape appends r by another name.
func appendEscape(text []byte, r rune) []byte {
	switch {
	case r == '"' || r == '\\':
		return append(text, '\\', byte(r))
	case r >= '\b' && r <= '\r' && r != '\v':
		return append(text, '\\', "btn.fr"[r-'\b'])
	}
	return append(text, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}
