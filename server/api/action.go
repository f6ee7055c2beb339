package api

import "time"

// action is one row of the API.
type action struct {
	run       func(*Server, *call) (any, error)
	perSecond int           // for all rooms of an app
	perRoom   time.Duration // between two for the same room, unless zero
	media     bool          // it has the codes of actions about media
	changes   bool          // it does something that the log should tell of
}

func (a action) tooOften() Code {
	if a.media {
		return codeMediaTooOften
	}
	return codeAppTooOften
}

// actions are those that this server does.
var actions = map[string]action{
	"SendBroadcastMessage": {run: (*Server).sendBroadcast, perSecond: 100},
	"SendBarrageMessage":   {run: (*Server).sendBarrage, perSecond: 100},
	"SendCustomCommand":    {run: (*Server).sendCommand, perSecond: 100},

	"DescribeUserNum":          {run: (*Server).describeUserNum, perSecond: 10},
	"DescribeUserList":         {run: (*Server).describeUserList, perSecond: 200, perRoom: time.Second},
	"DescribeUsers":            {run: (*Server).describeUsers, perSecond: 10},
	"DescribeSimpleStreamList": {run: (*Server).describeStreams, perSecond: 50, perRoom: 10 * time.Second},

	"AddStream":    {run: (*Server).addStream, perSecond: 10, changes: true},
	"DeleteStream": {run: (*Server).deleteStream, perSecond: 10, changes: true},
	"KickoutUser":  {run: (*Server).kickout, perSecond: 50, changes: true},
	"CloseRoom":    {run: (*Server).closeRoom, perSecond: 1, changes: true},

	"SetForbidUserRule":         {run: (*Server).setUserRule, perSecond: 10, changes: true},
	"DescribeForbidUserRules":   {run: (*Server).describeUserRules, perSecond: 10},
	"DelForbidUserRule":         {run: (*Server).deleteUserRule, perSecond: 10, changes: true},
	"SetForbidStreamRule":       {run: (*Server).setStreamRule, perSecond: 10, changes: true},
	"DescribeForbidStreamRules": {run: (*Server).describeStreamRules, perSecond: 10},
	"DelForbidStreamRule":       {run: (*Server).deleteStreamRule, perSecond: 10, changes: true},

	"ForbidRTCStream":  {run: forbidding(false, codeForbid, forbid), perSecond: 20, media: true, changes: true},
	"ResumeRTCStream":  {run: forbidding(false, codeResume, resume), perSecond: 20, media: true, changes: true},
	"ForbidRTCStreams": {run: forbidding(true, codeForbidAll, forbid), perSecond: 20, media: true, changes: true},
	"ResumeRTCStreams": {run: forbidding(true, codeResumeAll, resume), perSecond: 20, media: true, changes: true},

	"DescribeRTCStreamState": {run: (*Server).describeStreamState, perSecond: 40, media: true},
}

// unsupported are actions that ZEGO's API has and that need what this server has not:
// media servers, a content network, recording or review of what is said.
var unsupported = map[string]bool{
	"StartMix": true, "StopMix": true, "GetMixTaskInfo": true, "StartAutoMix": true, "StopAutoMix": true,
	"StartCloudTranscode": true, "StopCloudTranscode": true,
	"ForbidCDNLiveStream": true, "QueryForbidCDNLiveStream": true, "ResumeCDNLiveStream": true,
	"CreatCDNTransferRule": true, "CreateCDNTransferRule": true, "DeleteCDNTransferRule": true, "ClearCDNTransferRule": true,
	"RTMPDispatchV2": true,
	"StartCDNRecord": true, "StopCDNRecord": true, "SearchMedia": true, "DeleteMedia": true, "MergeMedia": true,
	"DescribeMediaTask": true, "TranscodeMedia": true,
	"StartCensorAudioV2": true, "StopCensorAudioV2": true, "StartCensorVideoV2": true, "StopCensorVideoV2": true,
	"StartCensorAudio": true, "StopCensorAudio": true, "StartCensorVideo": true, "StopCensorVideo": true,
	"GenerateIdentifyToken": true, "SetSceneTemplate": true,
}

func findAction(name string) (action, error) {
	do, ok := actions[name]
	switch {
	case ok:
		return do, nil
	case unsupported[name]:
		return action{}, fail(codeActionUnsupported, "this server does not offer %s", name)
	}
	return action{}, fail(codeActionUnknown, "there is no action %.50q", name)
}
