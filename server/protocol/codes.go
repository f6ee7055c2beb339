package protocol

import "fmt"

// Code says what went wrong, with the numbers that pages know from ZEGO's contract.
type Code int

// The codes that a server answers with.
const (
	CodeOK Code = 0
	// CodeNotLoggedIn: the request needs a room that this connection is not in.
	CodeNotLoggedIn Code = 1000002
	// CodeStreamIDEmpty, CodeStreamIDInvalid, CodeStreamIDTooLong: a bad stream id.
	CodeStreamIDTooLong Code = 1000014
	CodeStreamIDEmpty   Code = 1000015
	CodeStreamIDInvalid Code = 1000016
	// CodeAppID: the server does not serve this app.
	CodeAppID Code = 1001004
	// CodeInput: a field has the wrong type or value.
	CodeInput Code = 1100001
	// CodeUserIDEmpty and its kin: a bad user id or name.
	CodeUserIDEmpty     Code = 1002005
	CodeUserIDInvalid   Code = 1002006
	CodeUserIDTooLong   Code = 1002007
	CodeUserNameTooLong Code = 1002010
	// CodeRoomIDEmpty and its kin: a bad room id.
	CodeRoomIDEmpty   Code = 1002011
	CodeRoomIDInvalid Code = 1002012
	CodeRoomIDTooLong Code = 1002013
	// CodeExtraKeyEmpty and its kin: a bad pair of a room's extra info, or too many of them.
	CodeExtraKeyEmpty     Code = 1002014
	CodeExtraKeyTooLong   Code = 1002015
	CodeExtraValueTooLong Code = 1002016
	CodeTooManyExtra      Code = 1002017
	// CodeDifferentUser: this connection is in a room as another user.
	CodeDifferentUser Code = 1002018
	// CodeRoomFull: the room has as many members as its first one allowed, or as the server allows.
	CodeRoomFull Code = 1002034
	// CodeTooManyRooms: the server holds as many rooms, or this user is in as many, as allowed.
	CodeTooManyRooms Code = 1002037
	// CodeKickedByLogin: the same user logged in elsewhere.
	CodeKickedByLogin Code = 1002050
	// CodeSessionLost: the server does not know that resume key (any more).
	CodeSessionLost Code = 1002051
	// CodeKicked: the server's operator or the app's own server removed the user.
	CodeKicked Code = 1002055
	// CodeAlreadyInRoom: this connection is in that room already.
	CodeAlreadyInRoom Code = 1002056
	// CodeInternal: everything without a code of its own.
	CodeInternal Code = 1002099
	// CodeToken, CodeTokenExpired: the token does not admit this user.
	CodeToken        Code = 1102016
	CodeTokenExpired Code = 1102018
	// CodeNoPublish: the token does not allow this user to publish this stream.
	CodeNoPublish Code = 1103019
	// CodeNoPublishAuth: the token that renewed another one does not allow it any more.
	CodeNoPublishAuth Code = 1002082
	// CodePublishBanned, CodePlayBanned: the app's own server has forbidden the stream.
	CodePublishBanned Code = 1003025
	CodePlayBanned    Code = 1004025
	// CodeUserForbidden: the app's own server has forbidden the user to log in.
	CodeUserForbidden Code = 1002066
	// CodeDuplicateStream: somebody else publishes under this id.
	CodeDuplicateStream Code = 1003028
	// CodeTooManyStreams: this member publishes or plays as many streams as allowed.
	CodeTooManyStreams Code = 1003099
	// CodeNotPublishing: this member does not publish that stream.
	CodeNotPublishing Code = 1103055
	// CodeExtraInfoTooLong: extra info above MaxExtraInfo.
	CodeExtraInfoTooLong Code = 1003051
	// CodeTextEmpty, CodeTextTooLong: a bad message text.
	CodeTextEmpty   Code = 1009001
	CodeTextTooLong Code = 1009013
	// CodeBinaryTooLong: a transparent message above MaxBinary.
	CodeBinaryTooLong Code = 1009002
	// CodeTooOften: messages come faster than the server's limit.
	CodeTooOften Code = 1009015
)

// Error is an error as it crosses the wire.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// Error tells the code and the message.
func (e *Error) Error() string { return fmt.Sprintf("%s (%d)", e.Message, e.Code) }

// Errorf makes an Error; the message says what to do about it.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// CloseCode is a WebSocket close code in the range that applications own.
type CloseCode int

// The close codes that the server uses. Each repeats what a message said before,
// or says what no message could.
const (
	CloseBye       CloseCode = 1000 // the client left
	CloseKicked    CloseCode = 4000 // a room.kickout said why
	CloseMalformed CloseCode = 4001 // a frame that is no JSON, or too large
	CloseNoLogin   CloseCode = 4002 // no room.login in time
	CloseVersion   CloseCode = 4003 // the client speaks another version
	CloseTooSlow   CloseCode = 4010 // the client does not read what it is sent
	CloseSilent    CloseCode = 4011 // no sign of life for two and a half heartbeats
	CloseBusy      CloseCode = 4012 // the server is at its limit of connections
	CloseStopping  CloseCode = 4013 // the server stops or restarts
	CloseResumed   CloseCode = 4014 // the connection goes on over another socket
	CloseAbandoned CloseCode = 4100 // by a client: the socket seems dead, it comes back on another
)

// closeCodes is the table: what each code means and whether to come back.
var closeCodes = map[CloseCode]struct {
	text      string
	reconnect bool
}{
	CloseBye:       {"bye", false},
	CloseKicked:    {"kicked out", false},
	CloseMalformed: {"malformed or oversized frame", false},
	CloseNoLogin:   {"no login in time", false},
	CloseVersion:   {"protocol version not supported", false},
	CloseTooSlow:   {"client too slow", true},
	CloseSilent:    {"client silent", true},
	CloseBusy:      {"too many connections", true},
	CloseStopping:  {"server stopping", true},
	CloseResumed:   {"resumed on another socket", false},
	CloseAbandoned: {"abandoned by the client", true},
}

// CloseCodes are the server's, in no order.
func CloseCodes() []CloseCode {
	codes := make([]CloseCode, 0, len(closeCodes))
	for c := range closeCodes {
		codes = append(codes, c)
	}
	return codes
}

// String is the reason text that travels beside the code.
func (c CloseCode) String() string {
	if row, ok := closeCodes[c]; ok {
		return row.text
	}
	return fmt.Sprintf("close code %d", int(c))
}

// Reconnect reports whether a client should come back after this code.
// Codes that are not ours (a lost network, a proxy) mean yes.
func (c CloseCode) Reconnect() bool {
	row, ok := closeCodes[c]
	return !ok || row.reconnect
}
