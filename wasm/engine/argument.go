package engine

import (
	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
)

// Text is an argument that should be a string: OK tells whether it was one.
type Text struct {
	S  string
	OK bool
}

// UnmarshalJSON takes a string, and remembers anything else as wrong.
func (t *Text) UnmarshalJSON(data []byte) error {
	t.OK = json.Unmarshal(data, &t.S) == nil && len(data) > 0 && data[0] == '"'
	return nil
}

// Truth is a field that counts as JavaScript takes it in an if.
type Truth bool

// UnmarshalJSON takes any value.
func (t *Truth) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case "false", "null", "0", `""`:
		*t = false
	default:
		*t = true
	}
	return nil
}

// LoginUser is loginRoom's third argument; Given is false for null or no object.
type LoginUser struct {
	Given    bool            `json:"-"`
	UserID   Text            `json:"userID"`
	UserName json.RawMessage `json:"userName"`
}

// name is the user's name, by default its id; wrong when it is given and no string.
func (u LoginUser) name() (name string, ok bool) {
	if len(u.UserName) == 0 || string(u.UserName) == "null" {
		return u.UserID.S, true
	}
	err := json.Unmarshal(u.UserName, &name)
	if name == "" {
		name = u.UserID.S
	}
	return name, err == nil
}

// RoomConfig is the contract's ZegoRoomConfig. MaxMemberCount is checked, so it comes raw.
type RoomConfig struct {
	UserUpdate     Truth           `json:"userUpdate"`
	MaxMemberCount json.RawMessage `json:"maxMemberCount"`
}

func (c RoomConfig) maxMembers() (n int, ok bool) {
	if len(c.MaxMemberCount) == 0 || string(c.MaxMemberCount) == "null" {
		return 0, true
	}
	err := json.Unmarshal(c.MaxMemberCount, &n)
	return max(n, 0), err == nil
}

// idRule is one kind of id with its limit and its codes.
type idRule struct {
	name                   string
	limit                  int
	empty, invalid, length Code
}

var (
	roomIDRule   = idRule{"roomID", protocol.MaxRoomID, protocol.CodeRoomIDEmpty, protocol.CodeRoomIDInvalid, protocol.CodeRoomIDTooLong}
	userIDRule   = idRule{"userID", protocol.MaxUserID, protocol.CodeUserIDEmpty, protocol.CodeUserIDInvalid, protocol.CodeUserIDTooLong}
	streamIDRule = idRule{"streamID", protocol.MaxStreamID, protocol.CodeStreamIDEmpty, protocol.CodeStreamIDInvalid, protocol.CodeStreamIDTooLong}
)

// checkRequired is the order of the room's and the user's ids: empty, type, length, characters.
func (r idRule) checkRequired(t Text) *Error {
	switch {
	case t.OK && t.S == "":
		return shapeMsg.error(r.empty, "")
	case !t.OK:
		return shapeMsg.error(protocol.CodeInput, "%s must be string", r.name)
	}
	return r.checkText(t.S)
}

func (r idRule) checkText(s string) *Error {
	switch {
	case protocol.Length(s) > r.limit:
		return shapeMsg.error(r.length, "")
	case !protocol.ValidID(s):
		return shapeMsg.error(r.invalid, "")
	}
	return nil
}

// checkStreamID answers in the shape that the caller's method has.
func checkStreamID(t Text, as shape) *Error {
	err := shapeMsg.error(protocol.CodeStreamIDEmpty, "")
	if t.OK && t.S != "" {
		err = streamIDRule.checkText(t.S)
	}
	if err != nil {
		err.shape = as
	}
	return err
}

// checkLogin validates in the contract's order: the first failure wins (section 5.2).
func checkLogin(room, token Text, user LoginUser, cfg RoomConfig) *Error {
	if err := roomIDRule.checkRequired(room); err != nil {
		return err
	}
	if !token.OK {
		return shapeMsg.error(protocol.CodeInput, "token must be string")
	}
	if !user.Given {
		return shapeMsg.error(protocol.CodeInput, "user must be object")
	}
	if err := userIDRule.checkRequired(user.UserID); err != nil {
		return err
	}
	name, ok := user.name()
	if !ok {
		return shapeMsg.error(protocol.CodeInput, "userName must be string")
	}
	if protocol.Length(name) > protocol.MaxUserName {
		return shapeMsg.error(protocol.CodeUserNameTooLong, "")
	}
	if _, ok := cfg.maxMembers(); !ok {
		return shapeMsg.error(protocol.CodeInput, "maxMemberCount must be an integer")
	}
	return nil
}
