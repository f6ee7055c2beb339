package json

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// field is one member of a struct's JSON.
type field struct {
	name      string
	key       []byte // the name as it is written, with quotes and colon
	index     []int  // the way to it through embedded structs
	omitEmpty bool
}

// of is the field of v, a struct; it is not valid inside an embedded pointer that is nil.
func (f *field) of(v reflect.Value) reflect.Value {
	for _, i := range f.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v
}

// layout is what is known of a type of struct.
type layout struct {
	fields []field
	byName map[string]int
	err    error
}

// layouts holds the *layout of each reflect.Type that was seen; the program has so many.
var layouts sync.Map

func layoutOf(t reflect.Type) *layout {
	if known, ok := layouts.Load(t); ok {
		return known.(*layout)
	}
	l := &layout{byName: map[string]int{}}
	l.add(t, nil)
	layouts.Store(t, l)
	return l
}

// add appends the fields of t, a struct at index of the whole one.
func (l *layout) add(t reflect.Type, index []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("json")
		name, options, _ := strings.Cut(tag, ",")
		path := append(append([]int(nil), index...), i)
		inner := f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		switch {
		case tag == "-":
		case options != "" && options != "omitempty", len(path) > 8:
			l.err = fmt.Errorf("json: field %s of %s is not supported", f.Name, t)
			return
		case f.Anonymous && name == "" && inner.Kind() == reflect.Struct:
			l.add(inner, path)
		case f.IsExported():
			if name == "" {
				name = f.Name
			}
			l.put(field{name, append(appendString(nil, name), ':'), path, options != ""})
		}
	}
}

// put adds f, unless its name is taken by a field that is nested less.
func (l *layout) put(f field) {
	i, taken := l.byName[f.name]
	switch {
	case !taken:
		l.byName[f.name] = len(l.fields)
		l.fields = append(l.fields, f)
	case len(l.fields[i].index) == len(f.index):
		l.err = fmt.Errorf("json: two fields are named %q", f.name)
	case len(l.fields[i].index) > len(f.index):
		l.fields[i] = f
	}
}
