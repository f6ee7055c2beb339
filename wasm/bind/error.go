//go:build js && wasm

package bind

import (
	"context"
	"errors"
	"fmt"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// The codes of the border's own errors, with their meaning in the contract.
const (
	codeInternal     = 1002099 // everything without a code of its own
	codeInput        = 1100001 // an argument has the wrong type
	codeClosed       = 1100007 // ended by the page
	codeMissing      = 1101003 // a part that is not there
	codeOutputDevice = 1103093 // the browser refused to play on that device
)

// shaped is an error that knows what pages get to see of it: a value that
// package json understands. The contract has several shapes, by method.
type shaped interface {
	error
	Shape() any
}

var _ shaped = fault{}

// fault is an error of the border itself. It has every spelling of the contract's
// code and text, since it may come out of any method.
type fault struct {
	code int
	text string
}

// Error tells the text.
func (f fault) Error() string { return f.text }

// Shape tells code and text.
func (f fault) Shape() any {
	return map[string]any{"code": f.code, "msg": f.text, "message": f.text, "errorCode": f.code, "extendedData": f.text}
}

// notYet is the error of a method that this version does not have, by its name.
type notYet string

// Error names the method.
func (n notYet) Error() string {
	return "'" + string(n) + "' is not part of this version of ExpressRTC"
}

// Shape is the contract's for a missing module.
func (n notYet) Shape() any {
	return map[string]any{"errorCode": codeMissing, "extendedData": n.Error()}
}

// plain is an error that pages see as the bare value, as the contract has it for some.
type plain struct{ value any }

// Error tells the value.
func (p plain) Error() string { return fmt.Sprint(p.value) }

// Shape is the value.
func (p plain) Shape() any { return p.value }

// exception is an error that pages see as an instance of JavaScript's Error.
type exception string

// Error tells the message.
func (e exception) Error() string { return string(e) }

// typeError is the same of JavaScript's TypeError.
type typeError string

// Error tells the message.
func (e typeError) Error() string { return string(e) }

// thrown is the browser's exception, which pages see as it is.
type thrown struct{ exception *jsx.Error }

// Error tells the browser's words.
func (t thrown) Error() string { return t.exception.Error() }

// interrupted names the true reason if the instance ended while c was under way.
func (c call) interrupted(err error) error {
	if c.ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return fault{codeClosed, fmt.Sprintf("the engine was destroyed before '%s' was done", c.method)}
	}
	return err
}

// toError is what JavaScript gets to see of err; nothing else makes an error of Go's
// visible to pages. What has no shape is a fault of ours: logged whole, told in short.
func toError(err error) safejs.Value {
	var message exception
	if errors.As(err, &message) {
		return encoded(jsx.New("Error", string(message)))
	}
	var wrongType typeError
	if errors.As(err, &wrongType) {
		return encoded(jsx.New("TypeError", string(wrongType)))
	}
	var raw thrown
	if errors.As(err, &raw) {
		return raw.exception.Value
	}
	var named *engine.PlainError
	if errors.As(err, &named) {
		return encoded(jsx.New("Error", named.Message))
	}
	var known shaped
	if !errors.As(err, &known) {
		logWhole(err)
		known = fault{codeInternal, "internal error: " + err.Error()}
	}
	return encoded(jsx.Encode(known.Shape()))
}

// encoded is v, or a text if even that failed.
func encoded(v safejs.Value, err error) safejs.Value {
	if err == nil {
		return v
	}
	logWhole(err)
	text, _ := safejs.ValueOf(err.Error()) // a string always has a value
	return text
}

func logWhole(err error) {
	text := "internal error: " + err.Error()
	var p *panicError
	if errors.As(err, &p) {
		text += "\n" + string(p.stack)
	}
	preset.line("error", text)
}
