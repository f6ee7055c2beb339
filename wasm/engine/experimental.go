package engine

import (
	"context"

	"expressrtc/server/protocol/json"

	"expressrtc/server/protocol"
)

// The methods of callExperimentalAPI that there are.
const (
	sendChannelMessage = "sendRoomChannelMessage"
	hearChannelMessage = "onRecvRoomChannelMessage"
	hearMuteVideo      = "onRecvRoomMuteVideoStream"
	hearMuteAudio      = "onRecvRoomMuteAudioStream"
)

// Experimental is callExperimentalAPI's argument.
type Experimental struct {
	Method Text            `json:"method"`
	Params json.RawMessage `json:"params"`
}

// CallExperimentalAPI does what one of the experimental methods says; it blocks for
// those that ask the server. Of a method that does not exist the result is nil.
func (e *Engine) CallExperimentalAPI(ctx context.Context, x Experimental) (any, error) {
	switch x.Method.S {
	case sendChannelMessage:
		return e.sendChannel(ctx, x.Params)
	case hearChannelMessage, hearMuteVideo, hearMuteAudio:
		e.mu.Lock()
		defer e.mu.Unlock()
		e.heard[x.Method.S] = true
		return Result{}, nil
	}
	return nil, nil
}

func (e *Engine) sendChannel(ctx context.Context, params json.RawMessage) (any, error) {
	var m struct {
		Room    Text            `json:"roomID"`
		Kind    json.RawMessage `json:"msgType"`
		Content Text            `json:"msgContent"`
		To      *[]Text         `json:"toUserIDList"`
	}
	kind := 0
	if json.Unmarshal(orNull(params), &m) != nil || json.Unmarshal(orNull(m.Kind), &kind) != nil || !m.Content.OK {
		return nil, shapeMsg.error(protocol.CodeInput, "params must be {roomID: string, msgType: number, msgContent: string, toUserIDList: string[]}")
	}
	r, client, err := e.startMessage(m.Room, m.Content, protocol.CodeInput)
	if err != nil {
		return nil, reshape(err, shapeMsg)
	}
	msg := protocol.MessageChannel{Room: r.id, Kind: kind, Text: m.Content.S}
	if m.To != nil {
		for _, id := range *m.To {
			msg.To = append(msg.To, protocol.UserID(id.S))
		}
	}
	_, err = request[struct{}](ctx, client, msg)
	return Result{}, reshape(err, shapeMsg)
}

// ChannelMessage is the content of a recvExperimentalAPI about a room's channel.
type ChannelMessage struct {
	RoomID     string `json:"roomID"`
	MsgType    int    `json:"msgType"`
	MsgContent string `json:"msgContent"`
	FromUser   User   `json:"fromUser"`
	SendTime   int64  `json:"sendTime"` // ms
}

func (e *Engine) onChannelLocked(m protocol.MessageChannel) {
	if m.From != nil && e.rooms[m.Room] != nil && e.heard[hearChannelMessage] {
		e.emitLocked(recvExperimentalAPI(hearChannelMessage, ChannelMessage{string(m.Room), m.Kind, m.Text, publicUser(*m.From), m.Time}))
	}
}
