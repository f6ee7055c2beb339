package protocol

import "encoding/json"

// The three kinds of messages between users.
const (
	TypeMessageBroadcast Type = "message.broadcast"
	TypeMessageBarrage   Type = "message.barrage"
	TypeMessageCommand   Type = "message.command"
)

// MessageBroadcast is a text for everyone else in the room. A request has Room and
// Text; its notice has all fields.
type MessageBroadcast struct {
	Room RoomID `json:"room"`
	Text string `json:"text"`
	// ID counts the messages of the room up from 1.
	ID   int64 `json:"id,omitempty"`
	From *User `json:"from,omitempty"`
	// Time is when the server took the message, in Unix milliseconds.
	Time int64 `json:"time,omitempty"`
}

// MessageBroadcastReply answers MessageBroadcast.
type MessageBroadcastReply struct {
	ID int64 `json:"id"`
}

// MessageBarrage is like MessageBroadcast, but may be dropped for a slow receiver.
type MessageBarrage struct {
	Room RoomID `json:"room"`
	Text string `json:"text"`
	ID   string `json:"id,omitempty"`
	From *User  `json:"from,omitempty"`
	Time int64  `json:"time,omitempty"`
}

// MessageBarrageReply answers MessageBarrage.
type MessageBarrageReply struct {
	ID string `json:"id"`
}

// MessageCommand is a command, a text or a JSON object, for the named users. Those
// who are not in the room are passed over. The notice has From and no To.
type MessageCommand struct {
	Room    RoomID          `json:"room"`
	To      []UserID        `json:"to,omitempty"`
	From    *User           `json:"from,omitempty"`
	Command json.RawMessage `json:"command"`
}

// Type of the message.
func (MessageBroadcast) Type() Type { return TypeMessageBroadcast }

// Type of the message.
func (MessageBarrage) Type() Type { return TypeMessageBarrage }

// Type of the message.
func (MessageCommand) Type() Type { return TypeMessageCommand }
