package protocol

import (
	"fmt"
	"sync"

	"expressrtc/server/protocol/json"
)

// Version of the protocol. A client names the one it speaks in its first message.
const Version = 1

// Type names a message: a dotted noun.
type Type string

// Body is a message's content: one struct a message.
type Body interface{ Type() Type }

// InRoom is a request of a member of a room.
type InRoom interface {
	Body
	// In is the room.
	In() RoomID
}

// Frame is one WebSocket text frame.
type Frame struct {
	Type  Type            `json:"type"`
	ID    uint64          `json:"id,omitempty"`
	Error *Error          `json:"error,omitempty"`
	Body  json.RawMessage `json:"body,omitempty"`
}

// Decode reads a frame. The error says what is wrong with it.
func Decode(data []byte) (Frame, error) {
	var f Frame
	if err := decodeJSON(data, &f); err != nil {
		return Frame{}, fmt.Errorf("frame is not valid: %w", err)
	}
	if f.Type == "" {
		return Frame{}, fmt.Errorf("frame has no type")
	}
	return f, nil
}

// Request encodes a request with the given id.
func Request(id uint64, b Body) ([]byte, error) { return encode(b.Type(), id, b) }

// Notice encodes a message that is not answered.
func Notice(b Body) ([]byte, error) {
	if s, ok := b.(*Shared); ok {
		return s.encoded()
	}
	return encode(b.Type(), 0, b)
}

// Reply encodes the answer to a request of type t; body may be nil.
func Reply(t Type, id uint64, body any) ([]byte, error) { return encode(t, id, body) }

// ErrorReply encodes a refusal of a request of type t.
func ErrorReply(t Type, id uint64, e *Error) ([]byte, error) {
	return marshal(outgoing{Type: t, ID: id, Error: e})
}

// outgoing is Frame with its body not yet encoded: one pass over the content.
type outgoing struct {
	Type  Type   `json:"type"`
	ID    uint64 `json:"id,omitempty"`
	Error *Error `json:"error,omitempty"`
	Body  any    `json:"body,omitempty"`
}

func encode(t Type, id uint64, body any) ([]byte, error) {
	return marshal(outgoing{Type: t, ID: id, Body: body})
}

func marshal(f outgoing) ([]byte, error) {
	data, err := encodeJSON(f)
	if err != nil {
		return nil, fmt.Errorf("encoding %s: %w", f.Type, err)
	}
	return data, nil
}

// Shared is a notice that many ends get: it is encoded once.
// Its content must not change after Share.
type Shared struct {
	Body
	once sync.Once
	data []byte
	err  error
}

// Share wraps b for sending to many ends.
func Share(b Body) *Shared { return &Shared{Body: b} }

func (s *Shared) encoded() ([]byte, error) {
	s.once.Do(func() { s.data, s.err = encode(s.Type(), 0, s.Body) })
	return s.data, s.err
}
