package protocol

// The messages that make one connection of many sockets.
const (
	TypeResume Type = "resume"
	TypeAck    Type = "ack"
)

// AckEvery is how many frames an end lets come before it acknowledges them unasked.
const AckEvery = 32

// AckBytes is how much of them it lets come, whatever their number.
const AckBytes = 256 << 10

// Resume goes on with a connection whose socket was lost. It is the first message of a
// new socket; refused with CodeSessionLost, the socket is as good as any other for a login.
type Resume struct {
	Version int `json:"version"`
	// Key is what RoomSnapshot told.
	Key string `json:"key"`
	// Received counts the frames that the client had; the server sends those after it again.
	Received uint64 `json:"received"`
}

// Resumed answers Resume.
type Resumed struct {
	// Received counts the frames that the server had; the client sends those after it again.
	Received uint64 `json:"received"`
}

// Ack tells how many frames an end has had, so that the other need not keep them.
type Ack struct {
	Received uint64 `json:"received"`
}

// Farewell ends a connection without its socket: a page that goes posts it to the
// address of the WebSocket, as JSON in a plain text body.
type Farewell struct {
	Key string `json:"key"`
}

// Counted reports whether frames of type t have a number. The others are about one
// socket, and are never sent again.
func Counted(t Type) bool {
	switch t {
	case TypeResume, TypeAck, TypePing, TypePong:
		return false
	}
	return true
}

// Type of the message.
func (Resume) Type() Type { return TypeResume }

// Type of the message.
func (Ack) Type() Type { return TypeAck }
