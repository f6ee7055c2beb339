package api

import (
	"errors"
	"fmt"

	"expressrtc/server/protocol"
)

// Code is the number that an answer carries, with ZEGO's meanings.
type Code int

// The codes of the gateway, which looks at a request before any action does.
const (
	codeOK                 Code = 0
	codeAppID              Code = 100000001
	codeTimestampEmpty     Code = 100000002
	codeTimestamp          Code = 100000003
	codeSignatureExpired   Code = 100000004
	codeSignature          Code = 100000005
	codeActionEmpty        Code = 100000006
	codeActionUnknown      Code = 100000007
	codeNonceEmpty         Code = 100000008
	codeSignatureEmpty     Code = 100000009
	codeNoSecret           Code = 100000010
	codeBody               Code = 100000012
	codeVersionEmpty       Code = 100000013
	codeVersionUnsupported Code = 100000014
	codeGateway            Code = 100000015
	codeActionUnsupported  Code = 100000017
)

// The codes of actions about rooms.
const (
	codeParameter     Code = 2
	codeTooLong       Code = 3
	codeNoRoom        Code = 104
	codeSetStream     Code = 123
	codeDeleteStream  Code = 124
	codeNoStream      Code = 138
	codeAppTooOften   Code = 206
	codeRoomTooOften  Code = 207
	codeEmptyMessage  Code = 1008
	codeSeveralUsers  Code = 1012
	codeNoRoomToClose Code = 5024
	codeNoRoomToAsk   Code = 50001
	codeUserOffline   Code = 50003
	codeUserList      Code = 50011
	codeMessageLength Code = 50012
	codeCommandFailed Code = 50013
	codeTooManyRules  Code = 50123
	codeNoRule        Code = 50124
)

// The codes of actions about media.
const (
	codeMediaTooOften Code = 30002
	codeStreamList    Code = 30006
	codeStreamName    Code = 30009
	codeStreamUnknown Code = 41004
	codeStreamClosed  Code = 41006
	codeForbid        Code = 42001
	codeResume        Code = 42002
	codeForbidAll     Code = 42003
	codeResumeAll     Code = 42004
)

// failure is an error that is answered with its code.
type failure struct {
	code    Code
	message string
}

func (f *failure) Error() string { return fmt.Sprintf("%s (%d)", f.message, f.code) }

// fail makes a failure; the message says what to do about it.
func fail(code Code, format string, args ...any) *failure {
	return &failure{code, fmt.Sprintf(format, args...)}
}

// codeOf is the code that an error is answered with.
func codeOf(err error) Code {
	var failed *failure
	switch {
	case err == nil:
		return codeOK
	case errors.As(err, &failed):
		return failed.code
	}
	return codeGateway
}

// refused gives a room's error the action's code.
func refused(code Code, err error) error {
	if err == nil {
		return nil
	}
	var coded *protocol.Error
	if errors.As(err, &coded) {
		return &failure{code, coded.Message}
	}
	return err
}
