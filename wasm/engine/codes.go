package engine

import (
	"fmt"

	"expressrtc/server/protocol"
)

// The codes that the SDK itself gives, beside those of the server (protocol.Code…).
const (
	codeNotLogin      Code = 1000002
	codeNetworkBroken Code = 1000017
	codeInit          Code = 2000000001
	codeTimeout       Code = 1100002
	codeEnded         Code = 1100007
	codeNoStream      Code = 1000018
	codeScenario      Code = 1000067
	codeGeoFence      Code = 1001021

	codeRoomCount     Code = 1002001
	codeRoomUnknown   Code = 1002002
	codeMultiRoom     Code = 1002058
	codeSwitchSame    Code = 1002064
	codeLoginTimeout  Code = 1002031
	codeCancelLogin   Code = 1102026
	codeTextTooLong   Code = 1009013
	codeCommandLong   Code = 1009002
	codeMessageRoom   Code = 1009005
	codeMessageFailed Code = 1009010
	codeTooOften      Code = 1009015

	codeUnplugged       Code = 1006006
	codeMicrophoneLoose Code = 1106007
	codeCameraLoose     Code = 1106008
	codeMicrophoneEnded Code = 1106009
	codeCameraEnded     Code = 1106010
	codeEnumerate       Code = 1103011
	codeNotCamera       Code = 1103012
	codeVideoDevice     Code = 1103045
	codeAudioDevice     Code = 1103046
	codeNoDevice        Code = 1103048
	codeNoSound         Code = 1103076
	codeOutputDevice    Code = 1103093

	codeTooFrequent Code = 1102022

	codeExtraEmpty      Code = 1003050
	codePublishInner    Code = 1003099
	codePublishParam    Code = 1103001
	codeNoGetUserMedia  Code = 1103002
	codeScreenFailed    Code = 1103010
	codeScreenCanceled  Code = 1103042
	codeConstraints     Code = 1103029
	codeForeignStream   Code = 1103044
	codeTrackNotFound   Code = 1103047
	codeRepeatedPlay    Code = 1103049
	codePublishRetry    Code = 1103051
	codeGetUserMedia    Code = 1103061
	codeNotAllowed      Code = 1103064
	codeNotReadable     Code = 1103065
	codeOverConstrained Code = 1103066
	codeTrackFixed      Code = 1103070
	codeNotZegoStream   Code = 1103086
	codeNoAudio         Code = 1103087
	codeNoVideo         Code = 1103088
	codeNoCapture       Code = 1103099
	codeCannotAdd       Code = 1103101

	codePublisherGone Code = 1004020
	codePlayInner     Code = 1004099
	codePlayLimit     Code = 1104045
	codePlayParam     Code = 1104001
	codePlayICE       Code = 1104028
	codeNotPlaying    Code = 1104044
	codePlayRetry     Code = 1104031
	codeNobody        Code = 1104039
)

// texts is what each code says to a developer: what is wrong, and what to do.
var texts = map[Code]string{
	codeNotLogin:                 "not logged in: call loginRoom first, and wait for LOGINED",
	protocol.CodeStreamIDEmpty:   "the stream ID is empty or not a string",
	protocol.CodeStreamIDInvalid: "the stream ID has a character that is not allowed; letters, digits, - and _ always are",
	protocol.CodeStreamIDTooLong: "the stream ID is longer than 256 characters",
	codeNetworkBroken:            "the connection to the server is broken; it is being restored",
	codeInit:                     "init sdk wrong: the app ID given to ZegoExpressEngine must be a whole number",
	protocol.CodeAppID:           "this server does not serve that app ID",
	protocol.CodeInput:           "input param error",
	codeNoStream:                 "argument 1 must be a MediaStream of createStream or a ZegoLocalStream",
	codeTimeout:                  "the server did not answer in time",
	codeEnded:                    "the page ended this before it was done",
	codeScenario:                 "the scenario must be 3 to 9, and be set before a room is logged in",
	codeGeoFence:                 "setGeoFence must come before the first ZegoExpressEngine is made",
	codeRoomCount:                "a room is logged in already: log out of it first",
	codeMultiRoom:                "enableMultiRoom counts once, before the first loginRoom",
	codeSwitchSame:               "the room to switch to is logged in already",
	codeRoomUnknown:              "that room is not logged in",
	protocol.CodeUserIDEmpty:     "the user ID is empty",
	protocol.CodeUserIDInvalid:   "the user ID has a character that is not allowed",
	protocol.CodeUserIDTooLong:   "the user ID is longer than 64 characters",
	protocol.CodeUserNameTooLong: "the user name is longer than 256 characters",
	protocol.CodeRoomIDEmpty:     "the room ID is empty",
	protocol.CodeRoomIDInvalid:   "the room ID has a character that is not allowed",
	protocol.CodeRoomIDTooLong:   "the room ID is longer than 128 characters",
	codeLoginTimeout:             "login timeout",
	protocol.CodeRoomFull:        "the room is full",
	protocol.CodeTooManyRooms:    "too many rooms",
	protocol.CodeKickedByLogin:   "the same user logged in elsewhere",
	protocol.CodeKicked:          "removed by the server",
	protocol.CodeAlreadyInRoom:   "this room is logged in already",
	protocol.CodeInternal:        "the server could not do it",
	protocol.CodeToken:           "token error: it does not admit this user to this room",
	protocol.CodeTokenExpired:    "the token expired: renew it",
	protocol.CodeUserForbidden:   "the app's server has forbidden this user to log in",
	protocol.CodeNoPublish:       "the token does not allow to publish this stream",
	protocol.CodeNoPublishAuth:   "the renewed token does not allow to publish this stream",
	protocol.CodePublishBanned:   "the app's server has forbidden this stream",
	protocol.CodePlayBanned:      "the app's server has forbidden this stream",
	codeCancelLogin:              "cancel login",

	protocol.CodeDifferentUser:     "a room is logged in as another user: log out of it first",
	protocol.CodeExtraKeyEmpty:     "the key of the extra info is empty or not a string",
	protocol.CodeExtraKeyTooLong:   "the key of the extra info is longer than 128 characters",
	protocol.CodeExtraValueTooLong: "the value of the extra info is longer than 4096 characters",
	protocol.CodeTooManyExtra:      "the room takes no more extra info: use fewer keys, or shorter values",
	codeTooFrequent:                "an extra info of this room is being set: wait for that",
	codeExtraEmpty:                 "the extra info of a stream must not be empty",
	protocol.CodeExtraInfoTooLong:  "the extra info of a stream is longer than 1024 characters",
	protocol.CodeNotPublishing:     "this stream is not being published",

	protocol.CodeTextEmpty: "the message is empty or not a string",
	codeCommandLong:        "the message is too long: a command may have 10240 bytes, a transparent message 4096",
	codeMessageRoom:        "that room is not logged in",
	codeMessageFailed:      "the message could not be sent in time",
	codeTextTooLong:        "the message is longer than 10240 bytes",
	codeTooOften:           "messages come too fast",

	codeUnplugged:       "the device in use was unplugged: choose another with useVideoDevice or useAudioDevice",
	codeMicrophoneLoose: "the microphone was away for a moment: check its plug",
	codeCameraLoose:     "the camera was away for a moment: check its plug",
	codeMicrophoneEnded: "the microphone's track ended: the browser or another program took the microphone",
	codeCameraEnded:     "the camera's track ended: the browser or another program took the camera",
	codeEnumerate:       "the browser does not list devices: the page needs https or localhost",
	codeNotCamera:       "only a stream of camera and microphone can do that:",
	codeVideoDevice:     "the camera could not be opened:",
	codeAudioDevice:     "the microphone could not be opened:",
	codeNoDevice:        "there is no such device: take a deviceID of getCameras or getMicrophones",
	codeNoSound:         "there is nothing whose sound could be played",
	codeOutputDevice:    "the sound cannot be played on that device: take a deviceID of getSpeakers",

	protocol.CodeDuplicateStream: "another user publishes this stream ID: choose another",
	protocol.CodeTooManyStreams:  "too many streams",
	codePublishParam:             "publish param error",
	codeNoGetUserMedia:           "this page cannot use camera or microphone: https or localhost required",
	codeScreenFailed:             "the screen could not be captured",
	codeScreenCanceled:           "the user closed the screen picker",
	codeForeignStream:            "the stream was not made by createStream of this engine, or it is destroyed",
	codeConstraints:              "the device cannot do what was asked",
	codeTrackNotFound:            "the stream has no track of that kind",
	codeTrackFixed:               "the last track of a stream cannot be removed: destroyStream ends it",
	codeNoCapture:                "the stream has captured nothing yet: call one of its startCapture methods first",
	codeCannotAdd:                "the stream has a track of that kind already",
	codeRepeatedPlay:             "this stream is being played already",
	codePublishRetry:             "publishing was given up after the retry time",
	codeGetUserMedia:             "get media fail",
	codeNotAllowed:               "NotAllowedError: get device not allowed",
	codeNotReadable:              "NotReadableError: the device is in use by another program",
	codeOverConstrained:          "OverconstrainedError: no device can do what was asked",
	codeNotZegoStream:            "the stream was not made by createZegoStream of this engine, or it is destroyed",
	codeNoAudio:                  "the stream captures no audio: call one of its startCapture methods first",
	codeNoVideo:                  "the stream captures no video: call one of its startCapture methods first",
	codePublisherGone:            "the publisher of this stream is gone; it plays on when the stream is back",
	codePlayInner:                "the server could not do it",
	codePlayLimit:                "too many streams are played: stop one first",
	codePlayParam:                "play param error",
	codeNotPlaying:               "the stream is not being played, or has no sound: wait for PLAYING",
	codePlayICE:                  "the media connection failed; it is being restored",
	codePlayRetry:                "playing was given up after the retry time",
	codeNobody:                   "nobody publishes this stream; it plays when somebody does",
}

func text(code Code) string {
	if t, ok := texts[code]; ok {
		return t
	}
	return fmt.Sprintf("error %d", code)
}
