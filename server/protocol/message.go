package protocol

import "expressrtc/server/protocol/json"

// The kinds of messages between users.
const (
	TypeMessageBroadcast Type = "message.broadcast"
	TypeMessageBarrage   Type = "message.barrage"
	TypeMessageCommand   Type = "message.command"

	TypeMessageTransparent Type = "message.transparent"
	TypeMessageChannel     Type = "message.channel"
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

// MessageCommand is a command, a text or a JSON object, for the named users. Those who are
// not in the room are passed over, and those who do not keep up with what they are sent;
// an error means that nobody got it. The notice has From and no To.
type MessageCommand struct {
	Room    RoomID          `json:"room"`
	To      []UserID        `json:"to,omitempty"`
	From    *User           `json:"from,omitempty"`
	Command json.RawMessage `json:"command"`
}

// MessageTransparent is bytes for the named users, or with no To for everyone else; who
// does not keep up is passed over. The notice has From and no To.
type MessageTransparent struct {
	Room RoomID   `json:"room"`
	To   []UserID `json:"to,omitempty"`
	From *User    `json:"from,omitempty"`
	// Data are at most MaxBinary bytes as base64.
	Data string `json:"data"`
	// Mode is for whom it is: 0 the users, 1 the app's own server, 2 both.
	Mode int `json:"mode,omitempty"`
	// Seq rises from message to message of a sender who wants older ones dropped that come
	// after newer ones.
	Seq int64 `json:"seq,omitempty"`
}

// MessageChannel is a text of a kind that the app knows, for the named users, or with no
// To for everyone else; who does not keep up is passed over. The notice has From and Time
// and no To.
type MessageChannel struct {
	Room RoomID   `json:"room"`
	To   []UserID `json:"to,omitempty"`
	From *User    `json:"from,omitempty"`
	Kind int      `json:"kind"`
	Text string   `json:"text"`
	Time int64    `json:"time,omitempty"`
}

// Type of the message.
func (MessageTransparent) Type() Type { return TypeMessageTransparent }

// Type of the message.
func (MessageChannel) Type() Type { return TypeMessageChannel }

// Type of the message.
func (MessageBroadcast) Type() Type { return TypeMessageBroadcast }

// Type of the message.
func (MessageBarrage) Type() Type { return TypeMessageBarrage }

// Type of the message.
func (MessageCommand) Type() Type { return TypeMessageCommand }

// In is the room.
func (m MessageBroadcast) In() RoomID { return m.Room }

// In is the room.
func (m MessageBarrage) In() RoomID { return m.Room }

// In is the room.
func (m MessageCommand) In() RoomID { return m.Room }

// In is the room.
func (m MessageTransparent) In() RoomID { return m.Room }

// In is the room.
func (m MessageChannel) In() RoomID { return m.Room }
