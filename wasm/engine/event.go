package engine

import (
	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// Event is one thing that a page can listen for: its name and the arguments of the
// listener, in the contract's order and shapes.
type Event struct {
	Name string
	Args []any
}

// User is the contract's ZegoUser.
type User struct {
	UserID   string `json:"userID"`
	UserName string `json:"userName"`
}

// StreamInfo is an item of roomStreamUpdate. Pages read all of its fields.
type StreamInfo struct {
	StreamID     string `json:"streamID"`
	User         User   `json:"user"`
	ExtraInfo    string `json:"extraInfo"`
	URLsFLV      string `json:"urlsFLV"`
	URLsRTMP     string `json:"urlsRTMP"`
	URLsHLS      string `json:"urlsHLS"`
	URLsHTTPSFLV string `json:"urlsHttpsFLV"`
	URLsHTTPSHLS string `json:"urlsHttpsHLS"`
}

// StreamExtraInfo is an item of streamExtraInfoUpdate.
type StreamExtraInfo struct {
	StreamID  string `json:"streamID"`
	User      User   `json:"user"`
	ExtraInfo string `json:"extraInfo"`
}

// StreamState is the payload of publisherStateUpdate and playerStateUpdate.
type StreamState struct {
	StreamID     string `json:"streamID"`
	State        string `json:"state"`
	ErrorCode    Code   `json:"errorCode"`
	ExtendedData string `json:"extendedData"`
}

// Message is an item of IMRecvBroadcastMessage and IMRecvBarrageMessage; MessageID is
// a number in the one and a text in the other.
type Message struct {
	FromUser  User   `json:"fromUser"`
	Message   string `json:"message"`
	SendTime  int64  `json:"sendTime"` // ms
	MessageID any    `json:"messageID"`
}

func roomStateUpdate(room, state string, code Code, data string) Event {
	return Event{"roomStateUpdate", []any{room, state, code, data}}
}

func roomStateChanged(room, reason string, code Code, data string) Event {
	return Event{"roomStateChanged", []any{room, reason, code, data}}
}

func roomUserUpdate(room, change string, users []User) Event {
	return Event{"roomUserUpdate", []any{room, change, users}}
}

func roomOnlineUserCountUpdate(room string, count int) Event {
	return Event{"roomOnlineUserCountUpdate", []any{room, count}}
}

func roomStreamUpdate(room, change string, streams []StreamInfo, data string) Event {
	return Event{"roomStreamUpdate", []any{room, change, streams, data}}
}

func streamExtraInfoUpdate(room string, streams []StreamExtraInfo) Event {
	return Event{"streamExtraInfoUpdate", []any{room, streams}}
}

func publisherStateUpdate(s StreamState) Event { return Event{"publisherStateUpdate", []any{s}} }

func playerStateUpdate(s StreamState) Event { return Event{"playerStateUpdate", []any{s}} }

func publishQualityUpdate(stream string, q *PublishQuality) Event {
	return Event{"publishQualityUpdate", []any{stream, q}}
}

func playQualityUpdate(stream string, q *PlayQuality) Event {
	return Event{"playQualityUpdate", []any{stream, q}}
}

// screenSharingEnded is told of what the page has: a MediaStream or a ZegoLocalStream.
func screenSharingEnded(stream any) Event {
	return Event{"screenSharingEnded", []any{stream}}
}

func playerTrackUpdate(kind media.Kind, stream string, t *media.Track) Event {
	if kind == media.Video {
		return Event{"playerVideoTrackUpdate", []any{stream, t}}
	}
	return Event{"playerAudioTrackUpdate", []any{stream, t}}
}

func remoteCameraStatusUpdate(stream, status string) Event {
	return Event{"remoteCameraStatusUpdate", []any{stream, status}}
}

func remoteMicStatusUpdate(stream, status string) Event {
	return Event{"remoteMicStatusUpdate", []any{stream, status}}
}

func videoDeviceStateChanged(change string, d media.DeviceInfo) Event {
	return Event{"videoDeviceStateChanged", []any{change, d}}
}

func audioDeviceStateChanged(change, direction string, d media.DeviceInfo) Event {
	return Event{"audioDeviceStateChanged", []any{change, direction, d}}
}

func deviceError(code Code, device string) Event {
	return Event{"deviceError", []any{code, device}}
}

func soundLevelUpdate(list []SoundLevel) Event { return Event{"soundLevelUpdate", []any{list}} }

func capturedSoundLevelUpdate(level float64) Event {
	return Event{"capturedSoundLevelUpdate", []any{level}}
}

func networkQuality(user string, g grades) Event {
	return Event{"networkQuality", []any{user, g.up, g.down}}
}

func exceptionUpdate(stream string, data ExceptionData) Event {
	return Event{"exceptionUpdate", []any{stream, data}}
}

func broadcastReceived(room string, m Message) Event {
	return Event{"IMRecvBroadcastMessage", []any{room, []Message{m}}}
}

func barrageReceived(room string, m Message) Event {
	return Event{"IMRecvBarrageMessage", []any{room, []Message{m}}}
}

func commandReceived(room string, from User, command any) Event {
	return Event{"IMRecvCustomCommand", []any{room, from, command}}
}

func roomExtraInfoUpdate(room string, all []RoomExtraInfo) Event {
	return Event{"roomExtraInfoUpdate", []any{room, all}}
}

func tokenWillExpire(room string) Event { return Event{"tokenWillExpire", []any{room}} }

func transparentReceived(room string, m TransparentReceived) Event {
	return Event{"recvRoomTransparentMessage", []any{room, m}}
}

func recvExperimentalAPI(method string, content any) Event {
	return Event{"recvExperimentalAPI", []any{map[string]any{"method": method, "content": content}}}
}

func publicUser(u protocol.User) User { return User{UserID: string(u.ID), UserName: u.Name} }

func publicUsers(list []protocol.User) []User {
	users := make([]User, len(list))
	for i, u := range list {
		users[i] = publicUser(u)
	}
	return users
}

func publicStream(s protocol.Stream) StreamInfo {
	return StreamInfo{StreamID: string(s.ID), User: publicUser(s.User), ExtraInfo: s.ExtraInfo}
}
