// Package json is the part of encoding/json that the SDK needs, under the same names and
// a tenth of its size: what a page loads is counted. The server keeps encoding/json.
//
// It reads and writes structs with their tags (name, omitempty, "-"), embedded structs,
// pointers, slices, maps with keys that are strings, any, strings, bools and numbers, also
// of named types, RawMessage, and types with MarshalJSON or UnmarshalJSON.
//
// It differs from encoding/json in this:
//   - A field's name must be spelled exactly.
//   - The signs <, > and & are written as they are: nothing here goes into HTML.
//   - A path in an error has the names that JSON knows, none of embedded structs.
//   - Embedded pointers are written, and read where they are not nil.
//   - []byte, arrays, keys that are no strings and the option "string" are not taken: an
//     error says so. TextMarshaler is not asked.
package json

import (
	"encoding/json" // its type costs nothing, whoever imports it
	"fmt"
	"reflect"
)

// RawMessage is a value that stays as it is. It is encoding/json's, so that the messages
// are the same types for the server and for the SDK.
type RawMessage = json.RawMessage

// Marshaler writes itself.
type Marshaler interface{ MarshalJSON() ([]byte, error) }

// Unmarshaler reads itself from a value that is valid JSON.
type Unmarshaler interface{ UnmarshalJSON(data []byte) error }

// maxDepth bounds how deep values are nested, as encoding/json does.
const maxDepth = 10000

// SyntaxError tells where a text stops to be JSON.
type SyntaxError struct {
	msg    string
	Offset int64 // of the first byte that does not fit
}

// Error tells what is wrong.
func (e *SyntaxError) Error() string { return e.msg }

// UnmarshalTypeError is a value that does not fit where it should go.
type UnmarshalTypeError struct {
	Value  string       // what came: "string", "number -5", "array" and so on
	Type   reflect.Type // what it should have become
	Offset int64        // where the value begins
	Field  string       // the names from the outermost object to the value, with dots
}

// Error tells what came, and what was wanted.
func (e *UnmarshalTypeError) Error() string {
	return fmt.Sprintf("json: %s at byte %d does not fit %q of type %s", e.Value, e.Offset, e.Field, e.Type)
}

// unsupported is the error of a type that this package leaves to encoding/json.
func unsupported(t reflect.Type) error {
	return fmt.Errorf("json: type %s is not supported", t)
}
