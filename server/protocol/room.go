package protocol

// The messages about rooms and who is in them.
const (
	TypeRoomLogin   Type = "room.login"
	TypeRoomLogout  Type = "room.logout"
	TypeRoomUsers   Type = "room.users"
	TypeRoomStreams Type = "room.streams"
	TypeRoomKickout Type = "room.kickout"
	TypePing        Type = "ping"
	TypePong        Type = "pong"
)

// User is a member as the others see it.
type User struct {
	ID   UserID `json:"id"`
	Name string `json:"name"`
}

// Stream is a published stream as the others see it.
type Stream struct {
	ID         StreamID `json:"id"`
	User       User     `json:"user"`
	ExtraInfo  string   `json:"extraInfo,omitempty"`
	VideoMuted bool     `json:"videoMuted,omitempty"`
	AudioMuted bool     `json:"audioMuted,omitempty"`
	// NoVideo and NoAudio: the publisher has no track of that kind, now.
	NoVideo bool `json:"noVideo,omitempty"`
	NoAudio bool `json:"noAudio,omitempty"`
	// StandIn: something else is to be seen instead of a muted picture.
	StandIn bool `json:"standIn,omitempty"`
}

// RoomLogin asks to enter a room; the first of a connection also says who it is.
type RoomLogin struct {
	Version int    `json:"version"`
	App     AppID  `json:"app"`
	Room    RoomID `json:"room"`
	User    User   `json:"user"`
	Token   string `json:"token,omitempty"`
	// Users asks for the list of users and its changes.
	Users bool `json:"users,omitempty"`
	// MaxMembers bounds the room when this is its first member; 0 is the server's own bound.
	MaxMembers int `json:"maxMembers,omitempty"`
	// Resume asks for a connection that outlives its socket: see Resume.
	Resume bool `json:"resume,omitempty"`
	// Carried is what the client brings from a connection that is lost for good.
	Carried *Carried `json:"carried,omitempty"`
}

// Carried is what a client that was in the room before brings back to it. A server that
// was started anew knows nothing else of what went on.
type Carried struct {
	// Life is the server's, as the last RoomSnapshot told it.
	Life    string          `json:"life"`
	Streams []StreamPublish `json:"streams,omitempty"`
	// Plays are all that the client plays or waits for.
	Plays []StreamPlay `json:"plays,omitempty"`
	// Extra are the room's pairs, as far as they are allowed to be brought.
	Extra []ExtraInfo `json:"extra,omitempty"`
	// Sessions are those through which media flows.
	Sessions []CarriedSession `json:"sessions,omitempty"`
}

// CarriedSession is one end of a session. Its id proves that the end was there.
type CarriedSession struct {
	Session SessionID `json:"session"`
	Stream  StreamID  `json:"stream"`
	Role    Role      `json:"role"`
}

// RoomSnapshot answers RoomLogin: the room as the new member finds it, itself not listed.
type RoomSnapshot struct {
	// Time is the server's clock in Unix milliseconds.
	Time int64 `json:"time"`
	// Heartbeat is the interval of Ping in milliseconds.
	Heartbeat int64 `json:"heartbeat"`
	// Count is the number of members, the new one included.
	Count int `json:"count"`
	// Users is set only when RoomLogin asked for it.
	Users   []User      `json:"users,omitempty"`
	Streams []Stream    `json:"streams,omitempty"`
	Extra   []ExtraInfo `json:"extra,omitempty"`
	// Life names this run of the server: another one has forgotten everything.
	Life string `json:"life,omitempty"`
	// Key resumes the connection, when RoomLogin asked for that; Grace is how long the
	// server waits for it, in milliseconds.
	Key   string `json:"key,omitempty"`
	Grace int64  `json:"grace,omitempty"`
	// Refused are the carried streams that could not be taken up.
	Refused []Refusal `json:"refused,omitempty"`
}

// Refusal says why a carried stream is not published any more.
type Refusal struct {
	Stream StreamID `json:"stream"`
	Error  *Error   `json:"error"`
}

// RoomLogout leaves a room.
type RoomLogout struct {
	Room RoomID `json:"room"`
}

// Change says what a delta does to a list.
type Change string

// The two changes.
const (
	Add    Change = "add"
	Delete Change = "delete"
)

// DeleteReason says why a stream went away, with the contract's numbers.
type DeleteReason int

// The reasons for which a stream is deleted.
const (
	ReasonUnknown   DeleteReason = 0
	ReasonStopped   DeleteReason = 1
	ReasonHeartbeat DeleteReason = 2
	ReasonRelogin   DeleteReason = 3
	ReasonKicked    DeleteReason = 4
	ReasonOffline   DeleteReason = 5
	ReasonServer    DeleteReason = 6
)

// RoomUsers tells that users came or went.
type RoomUsers struct {
	Room   RoomID `json:"room"`
	Change Change `json:"change"`
	Users  []User `json:"users"`
}

// RoomStreams tells that streams came or went.
type RoomStreams struct {
	Room    RoomID       `json:"room"`
	Change  Change       `json:"change"`
	Streams []Stream     `json:"streams"`
	Reason  DeleteReason `json:"reason,omitempty"`
}

// RoomKickout tells a member that it is out, and why. It does not come back by itself.
type RoomKickout struct {
	Room RoomID `json:"room"`
	Code Code   `json:"code"`
	// Reason is the contract's kick-out number: 1 logged in elsewhere, 2 removed, 4 token expired.
	Reason  int    `json:"reason"`
	Message string `json:"message"`
}

// RoomCount is how many members a room has.
type RoomCount struct {
	Room  RoomID `json:"room"`
	Count int    `json:"count"`
}

// Ping asks for a sign of life. The server's is its heartbeat: its clock in Unix
// milliseconds and the connection's rooms. A client sends one when it doubts its socket.
type Ping struct {
	Time  int64       `json:"time,omitempty"`
	Rooms []RoomCount `json:"rooms,omitempty"`
	// Received acknowledges, as Ack does.
	Received uint64 `json:"received,omitempty"`
}

// Pong answers Ping.
type Pong struct {
	// Received acknowledges, as Ack does.
	Received uint64 `json:"received,omitempty"`
}

// Type of the message.
func (RoomLogin) Type() Type { return TypeRoomLogin }

// Type of the message.
func (RoomLogout) Type() Type { return TypeRoomLogout }

// Type of the message.
func (RoomUsers) Type() Type { return TypeRoomUsers }

// Type of the message.
func (RoomStreams) Type() Type { return TypeRoomStreams }

// Type of the message.
func (RoomKickout) Type() Type { return TypeRoomKickout }

// Type of the message.
func (Ping) Type() Type { return TypePing }

// Type of the message.
func (Pong) Type() Type { return TypePong }
