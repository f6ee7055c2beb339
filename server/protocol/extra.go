package protocol

// The messages about what a member is allowed, and about what a room is told to know.
const (
	TypeRoomToken Type = "room.token"
	TypeRoomExtra Type = "room.extra"
)

// RoomToken renews the token of a membership, before the older one expires.
type RoomToken struct {
	Room  RoomID `json:"room"`
	Token string `json:"token"`
}

// ExtraInfo is one of a room's pairs: what was set last, by whom and when.
type ExtraInfo struct {
	Key   string `json:"key"`
	Value string `json:"value"`
	User  User   `json:"user"`
	// Time is the server's, in Unix milliseconds. Of two that clients bring back the newer counts.
	Time int64 `json:"time"`
}

// RoomExtra sets a pair of the room, for as long as there is somebody in it. The notice to
// the others has all pairs, in the order in which their keys came, and nothing else.
type RoomExtra struct {
	Room  RoomID      `json:"room"`
	Key   string      `json:"key,omitempty"`
	Value string      `json:"value,omitempty"`
	All   []ExtraInfo `json:"all,omitempty"`
}

// RoomExtraReply answers RoomExtra.
type RoomExtraReply struct {
	// Seq counts the changes of the room's pairs.
	Seq  int64 `json:"seq"`
	Time int64 `json:"time"`
}

// Type of the message.
func (RoomToken) Type() Type { return TypeRoomToken }

// Type of the message.
func (RoomExtra) Type() Type { return TypeRoomExtra }

// In is the room.
func (m RoomExtra) In() RoomID { return m.Room }
