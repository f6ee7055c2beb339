//go:build js && wasm

package jsx

import (
	"errors"
	"fmt"
	"syscall/js"

	"github.com/hack-pad/safejs"
)

// Error is what JavaScript threw, or what a promise was rejected with.
type Error struct {
	// Name and Message are those of an Error or a DOMException. Anything else that
	// was thrown has no name, and its text as the message.
	Name    string
	Message string
	// Constraint is what an OverconstrainedError could not meet.
	Constraint string
	// Value is the very thing that was thrown.
	Value safejs.Value
}

// Error tells the browser's own words.
func (e *Error) Error() string {
	switch {
	case e.Name == "":
		return e.Message
	case e.Constraint != "":
		return fmt.Sprintf("%s: %s (%s)", e.Name, e.Message, e.Constraint)
	default:
		return fmt.Sprintf("%s: %s", e.Name, e.Message)
	}
}

// Thrown makes an Error of a value that was thrown or rejected with, of whatever type:
// JavaScript throws strings and undefined too, and js.Error panics over those.
func Thrown(v safejs.Value) *Error {
	if !isObject(v) {
		return &Error{Message: text(v), Value: v}
	}
	return &Error{
		Name:       String(v, "name"),
		Message:    String(v, "message"),
		Constraint: String(v, "constraint"),
		Value:      v,
	}
}

// caught turns safejs' error of an exception into an Error, and leaves others as they are.
func caught(err error) error {
	var thrown js.Error
	if errors.As(err, &thrown) {
		return Thrown(safejs.Safe(thrown.Value))
	}
	return err
}
