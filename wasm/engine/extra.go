package engine

import (
	"context"
	"slices"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/signaling"
)

// ExtraSet answers setRoomExtraInfo.
type ExtraSet struct {
	Seq       int64 `json:"seq"`
	ErrorCode int   `json:"errorCode"`
}

// RoomExtraInfo is an item of roomExtraInfoUpdate.
type RoomExtraInfo struct {
	Key        string `json:"key"`
	Value      string `json:"value"`
	UpdateUser User   `json:"updateUser"`
	UpdateTime int64  `json:"updateTime"` // ms
}

// SetRoomExtraInfo sets a pair that the room keeps while somebody is in it, and tells
// the others. It blocks until the server has it; one at a time for each room.
func (e *Engine) SetRoomExtraInfo(ctx context.Context, id, key, value Text) (ExtraSet, error) {
	r, client, err := e.startExtra(id, key, value)
	if err != nil {
		return ExtraSet{}, err
	}
	reply, err := request[protocol.RoomExtraReply](ctx, client, protocol.RoomExtra{Room: r.id, Key: key.S, Value: value.S})
	e.mu.Lock()
	defer e.mu.Unlock()
	r.settingExtra = false
	if err != nil {
		return ExtraSet{}, err
	}
	r.keepExtra(protocol.ExtraInfo{Key: key.S, Value: value.S, User: r.login.User, Time: reply.Time})
	return ExtraSet{Seq: reply.Seq}, nil
}

func (e *Engine) startExtra(id, key, value Text) (*room, *signaling.Client, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.rooms[protocol.RoomID(id.S)]
	if !id.OK || r == nil || e.client == nil {
		return nil, nil, shapeBare.error(codeRoomUnknown, "")
	}
	if code := extraFault(key, value); code != 0 {
		return nil, nil, shapeBare.error(code, "")
	}
	switch {
	case r.state != roomConnected:
		return nil, nil, shapeBare.error(codeNotLogin, "")
	case r.settingExtra:
		return nil, nil, shapeBare.error(codeTooFrequent, "")
	}
	r.settingExtra = true
	return r, e.client, nil
}

func extraFault(key, value Text) Code {
	switch {
	case !key.OK || key.S == "":
		return protocol.CodeExtraKeyEmpty
	case protocol.Length(key.S) > protocol.MaxExtraKey:
		return protocol.CodeExtraKeyTooLong
	case !value.OK:
		return protocol.CodeInput
	case protocol.Length(value.S) > protocol.MaxExtraValue:
		return protocol.CodeExtraValueTooLong
	}
	return 0
}

// keepExtra notes a pair of our own, unless the others' news has overtaken it.
func (r *room) keepExtra(pair protocol.ExtraInfo) {
	i := slices.IndexFunc(r.extra, func(x protocol.ExtraInfo) bool { return x.Key == pair.Key })
	switch {
	case i < 0:
		r.extra = append(slices.Clone(r.extra), pair)
	case r.extra[i].Time < pair.Time:
		r.extra = slices.Clone(r.extra)
		r.extra[i] = pair
	}
}

func (e *Engine) onRoomExtraLocked(m protocol.RoomExtra) {
	if r := e.rooms[m.Room]; r != nil && r.loggedIn && !r.out { // else the answer to the login tells all
		e.tellExtraLocked(r, m.All)
	}
}

// tellExtraLocked tells all pairs, if they are not those that the page knows.
func (e *Engine) tellExtraLocked(r *room, all []protocol.ExtraInfo) {
	if slices.Equal(r.extra, all) {
		return
	}
	r.extra = all
	list := make([]RoomExtraInfo, len(all))
	for i, x := range all {
		list[i] = RoomExtraInfo{x.Key, x.Value, publicUser(x.User), x.Time}
	}
	e.emitLocked(roomExtraInfoUpdate(string(r.id), list))
}

// SetStreamExtraInfo changes what the others are told of a stream that is being
// published. It blocks until the server has it.
func (e *Engine) SetStreamExtraInfo(ctx context.Context, id, info Text) (Result, error) {
	p, client, err := e.startStreamExtra(id, info)
	if err != nil {
		return Result{}, err
	}
	_, err = ask[struct{}](ctx, func(done func(json.RawMessage, error)) {
		client.Call(protocol.StreamUpdate{Room: p.room.id, Stream: p.id, ExtraInfo: &info.S}, func(body json.RawMessage, err error) {
			if err == nil {
				e.keepStreamExtra(p, info)
			}
			done(body, err)
		})
	})
	return Result{}, reshape(err, shapeResult)
}

// keepStreamExtra notes what a login is to bring back. The replies call it in the order
// in which the server took the changes, so the last one stays.
func (e *Engine) keepStreamExtra(p *publisher, info Text) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p.option.ExtraInfo = &info
}

func (e *Engine) startStreamExtra(id, info Text) (*publisher, *signaling.Client, error) {
	code := Code(0)
	switch {
	case !id.OK || !info.OK:
		code = codePublishParam
	case info.S == "":
		code = codeExtraEmpty
	case protocol.Length(info.S) > protocol.MaxExtraInfo:
		code = protocol.CodeExtraInfoTooLong
	}
	if code != 0 {
		return nil, nil, shapeResult.error(code, "")
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.publishers[protocol.StreamID(id.S)]
	switch {
	case len(e.rooms) == 0 || p != nil && p.room.state != roomConnected:
		return nil, nil, shapeResult.error(codeNotLogin, "")
	case p == nil:
		return nil, nil, shapeResult.error(protocol.CodeNotPublishing, "")
	}
	return p, e.client, nil
}
