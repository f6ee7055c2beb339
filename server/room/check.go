package room

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"

	"expressrtc/server/protocol"
)

// maxRecipients bounds the users that one command names.
const maxRecipients = 500

// idRule says what an id must be, and the contract's codes for what it is not.
type idRule struct {
	what                    string
	max                     int
	empty, invalid, tooLong protocol.Code
}

var (
	roomIDRule = idRule{
		"room id", protocol.MaxRoomID,
		protocol.CodeRoomIDEmpty, protocol.CodeRoomIDInvalid, protocol.CodeRoomIDTooLong,
	}
	userIDRule = idRule{
		"user id", protocol.MaxUserID,
		protocol.CodeUserIDEmpty, protocol.CodeUserIDInvalid, protocol.CodeUserIDTooLong,
	}
	streamIDRule = idRule{
		"stream id", protocol.MaxStreamID,
		protocol.CodeStreamIDEmpty, protocol.CodeStreamIDInvalid, protocol.CodeStreamIDTooLong,
	}
)

func (rule idRule) check(id string) error {
	switch {
	case id == "":
		return protocol.Errorf(rule.empty, "the %s is empty", rule.what)
	case protocol.Length(id) > rule.max:
		return protocol.Errorf(rule.tooLong, "the %s is longer than %d characters", rule.what, rule.max)
	case !protocol.ValidID(id):
		return protocol.Errorf(rule.invalid,
			"the %s %q has a character that is not allowed: use letters, digits, - or _", rule.what, id)
	}
	return nil
}

// checkLogin checks in the order of the contract: the first failure is the answer.
func checkLogin(msg protocol.RoomLogin) error {
	if err := roomIDRule.check(string(msg.Room)); err != nil {
		return err
	}
	if err := userIDRule.check(string(msg.User.ID)); err != nil {
		return err
	}
	if protocol.Length(msg.User.Name) > protocol.MaxUserName {
		return protocol.Errorf(protocol.CodeUserNameTooLong,
			"the user name is longer than %d characters", protocol.MaxUserName)
	}
	if err := checkToken(msg.Token); err != nil {
		return err
	}
	if msg.MaxMembers < 0 {
		return protocol.Errorf(protocol.CodeInput, "maxMembers is %d: use 0 for no bound", msg.MaxMembers)
	}
	return nil
}

func checkStreamID(id protocol.StreamID) error { return streamIDRule.check(string(id)) }

func checkPublish(msg protocol.StreamPublish) error {
	if err := checkStreamID(msg.Stream); err != nil {
		return err
	}
	return checkExtraInfo(msg.ExtraInfo)
}

func checkExtraInfo(s string) error {
	if protocol.Length(s) > protocol.MaxExtraInfo {
		return protocol.Errorf(protocol.CodeExtraInfoTooLong,
			"the extra info is longer than %d characters", protocol.MaxExtraInfo)
	}
	return nil
}

func checkToken(token string) error {
	if len(token) > protocol.MaxToken {
		return protocol.Errorf(protocol.CodeToken, "the token is longer than %d bytes", protocol.MaxToken)
	}
	return nil
}

func checkExtra(key, value string) error {
	switch {
	case key == "":
		return protocol.Errorf(protocol.CodeExtraKeyEmpty, "the key is empty")
	case protocol.Length(key) > protocol.MaxExtraKey:
		return protocol.Errorf(protocol.CodeExtraKeyTooLong, "the key is longer than %d characters", protocol.MaxExtraKey)
	case protocol.Length(value) > protocol.MaxExtraValue:
		return protocol.Errorf(protocol.CodeExtraValueTooLong, "the value is longer than %d characters", protocol.MaxExtraValue)
	}
	return nil
}

func checkTransparent(msg protocol.MessageTransparent) error {
	if err := checkRecipients(msg.To); err != nil {
		return err
	}
	data, err := base64.StdEncoding.DecodeString(msg.Data)
	switch {
	case err != nil:
		return protocol.Errorf(protocol.CodeInput, "the data is not base64: %v", err)
	case len(data) == 0:
		return checkTextSize(0)
	case len(data) > protocol.MaxBinary:
		return protocol.Errorf(protocol.CodeBinaryTooLong, "the message has %d bytes, at most %d are allowed", len(data), protocol.MaxBinary)
	}
	return nil
}

func checkRecipients(to []protocol.UserID) error {
	if len(to) > maxRecipients {
		return protocol.Errorf(protocol.CodeInput, "the message names %d users: name at most %d, or nobody for everyone", len(to), maxRecipients)
	}
	return nil
}

func checkText(s string) error { return checkTextSize(len(s)) }

func checkTextSize(n int) error {
	if n == 0 {
		return protocol.Errorf(protocol.CodeTextEmpty, "the message is empty")
	}
	if n > protocol.MaxText {
		return protocol.Errorf(protocol.CodeTextTooLong,
			"the message has %d bytes, at most %d are allowed", n, protocol.MaxText)
	}
	return nil
}

func checkCommand(msg protocol.MessageCommand) error {
	if len(msg.To) == 0 || len(msg.To) > maxRecipients {
		return protocol.Errorf(protocol.CodeInput,
			"the command names %d users: name 1 to %d", len(msg.To), maxRecipients)
	}
	raw := bytes.TrimSpace(msg.Command)
	switch {
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return checkTextSize(0)
	case raw[0] == '{':
		return checkTextSize(len(raw))
	case raw[0] == '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return protocol.Errorf(protocol.CodeInput, "the command is not valid: %v", err)
		}
		return checkText(text)
	}
	return protocol.Errorf(protocol.CodeInput, "the command must be a text or an object")
}

// asError is err as it crosses the wire within another message.
func asError(err error) *protocol.Error {
	var coded *protocol.Error
	if !errors.As(err, &coded) {
		coded = protocol.Errorf(protocol.CodeInternal, "%v", err)
	}
	return coded
}
