package engine

import (
	"errors"
	"fmt"

	"expressrtc/server/protocol"
	"expressrtc/wasm/signaling"
)

// Code is a number of the contract; codes.go has the table.
type Code = protocol.Code

// shape is one of the contract's forms of an error (its section 0): pages read
// different fields after different calls.
type shape int

const (
	shapeMsg     shape = iota // {code, msg}: login and createStream
	shapeResult               // {errorCode, extendedData}: publishing, and playing once it runs
	shapePlay                 // all four: arguments of playing
	shapeBare                 // {errorCode}: messages
	shapeFalse                // the bare value false: muting what is played
	shapeAll                  // all five: where the contract names the code alone
	shapeMessage              // {code, message}: the options of createZegoStream
)

// Result is the contract's ZegoServerResponse: what most calls resolve with.
type Result struct {
	ErrorCode    Code   `json:"errorCode"`
	ExtendedData string `json:"extendedData"`
}

// ErrGeoFence is thrown once there is an engine.
var ErrGeoFence error = shapeMsg.error(codeGeoFence, "")

// Error is an error that the page sees.
type Error struct {
	Code   Code
	Detail string // after the table's text
	Data   string // extendedData, where it is not the text
	shape  shape
}

// Error tells the code's text and the detail.
func (e *Error) Error() string { return text(e.Code) + e.Detail }

// Shape is what JavaScript gets: plain data for package json.
func (e *Error) Shape() any {
	switch e.shape {
	case shapeResult:
		return map[string]any{"errorCode": e.Code, "extendedData": e.extendedData()}
	case shapePlay:
		return map[string]any{"code": e.Code, "message": e.Error(), "errorCode": e.Code, "extendedData": e.extendedData()}
	case shapeAll:
		return map[string]any{
			"code": e.Code, "msg": e.Error(), "message": e.Error(),
			"errorCode": e.Code, "extendedData": e.extendedData(),
		}
	case shapeBare:
		return map[string]any{"errorCode": e.Code}
	case shapeFalse:
		return false
	case shapeMessage:
		return map[string]any{"code": e.Code, "message": e.Error()}
	default:
		return map[string]any{"code": e.Code, "msg": e.Error()}
	}
}

func (e *Error) extendedData() string {
	if e.Data != "" || e.Code == 0 {
		return e.Data
	}
	return e.Error()
}

func (s shape) error(code Code, format string, args ...any) *Error {
	detail := fmt.Sprintf(format, args...)
	if detail != "" {
		detail = " " + detail
	}
	return &Error{Code: code, Detail: detail, shape: s}
}

// reshape is err in the form of another method.
func reshape(err error, as shape) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	copied := *e
	copied.shape = as
	return &copied
}

// plain is an error that the page gets as a JavaScript Error with this message.
func plain(message string) error { return &PlainError{message} }

// PlainError becomes a JavaScript Error.
type PlainError struct{ Message string }

// Error tells the message.
func (e *PlainError) Error() string { return e.Message }

// ErrNeverSettles ends a promise method whose promise the contract leaves pending.
var ErrNeverSettles = errors.New("this promise never settles")

// codeOf is the code of what a request came back with.
func codeOf(err error) Code {
	var refused *protocol.Error
	switch {
	case errors.As(err, &refused):
		return refused.Code
	case errors.Is(err, signaling.ErrTimeout):
		return codeTimeout
	case errors.Is(err, signaling.ErrLost), errors.Is(err, signaling.ErrDown), errors.Is(err, signaling.ErrClosed):
		return codeNotLogin
	default:
		return protocol.CodeInternal
	}
}

// refused reports whether the server itself said no: asking again would not help.
func refused(err error) bool {
	var e *protocol.Error
	return errors.As(err, &e)
}
