//go:build js && wasm

package bind

import (
	"fmt"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// roomRows enter and leave rooms.
var roomRows = []row{
	{"enableMultiRoom", accepted, func(c call) (any, error) {
		enable, ok := c.boolean(0)
		return c.engine.EnableMultiRoom(enable, ok), nil
	}},
	{"loginRoom", promise, func(c call) (any, error) {
		return c.engine.LoginRoom(c.ctx, c.arg(0), c.arg(1), c.user(2), c.roomConfig(3))
	}},
	{"switchRoom", promise, func(c call) (any, error) {
		return c.engine.SwitchRoom(c.ctx, c.arg(0), c.arg(1), c.switchConfig(2))
	}},
	{"logoutRoom", queued, func(c call) (any, error) {
		return nil, c.engine.LogoutRoom(c.optArg(0))
	}},
	{"renewToken", value, func(c call) (any, error) {
		return c.engine.RenewToken(c.arg(0), c.optArg(1)), nil
	}},
}

// messageRows send messages and keep what rooms know.
var messageRows = []row{
	{"sendBroadcastMessage", promise, func(c call) (any, error) {
		return c.engine.SendBroadcastMessage(c.ctx, c.arg(0), c.arg(1))
	}},
	{"sendBarrageMessage", promise, func(c call) (any, error) {
		return c.engine.SendBarrageMessage(c.ctx, c.arg(0), c.arg(1))
	}},
	{"sendCustomCommand", promise, func(c call) (any, error) {
		return c.engine.SendCustomCommand(c.ctx, c.arg(0), c.json(1), c.texts(2))
	}},
	{"setRoomExtraInfo", promise, func(c call) (any, error) {
		return c.engine.SetRoomExtraInfo(c.ctx, c.arg(0), c.arg(1), c.arg(2))
	}},
	{"sendTransparentMessage", promise, func(c call) (any, error) {
		return c.engine.SendTransparentMessage(c.ctx, c.arg(0), c.transparent(1))
	}},
	{"setStreamExtraInfo", promise, func(c call) (any, error) {
		return c.engine.SetStreamExtraInfo(c.ctx, c.arg(0), c.arg(1))
	}},
	{"createRealTimeSequentialDataManager", value, func(c call) (any, error) { return c.createDataManager() }},
	{"destroyRealTimeSequentialDataManager", value, func(c call) (any, error) {
		c.engine.DestroyRealTimeSequentialDataManager(c.dataManager(0))
		return nil, nil
	}},
}

// user is loginRoom's third argument.
func (c call) user(i int) (u engine.LoginUser) {
	u, u.Given = members[engine.LoginUser](c, i, "userID", "userName")
	return u
}

// switchConfig is switchRoom's third argument.
func (c call) switchConfig(i int) (cfg engine.SwitchConfig) {
	cfg, cfg.Given = members[engine.SwitchConfig](c, i, "token", "isUserStatusNotify", "maxMemberCount")
	return cfg
}

// transparent is sendTransparentMessage's second argument.
func (c call) transparent(i int) (m engine.Transparent) {
	if m, m.Given = members[engine.Transparent](c, i, "sendMode", "sendType", "timeOut"); !m.Given {
		return m
	}
	if list := jsx.Get(c.value(i), "recvUserList"); isList(list) {
		users := []engine.Recipient{}
		for n := range min(jsx.Int(list, "length"), maxList) {
			id := jsx.Get(list, fmt.Sprint(n), "userID")
			users = append(users, engine.Recipient{UserID: engine.Text{S: jsx.String(id), OK: id.Type() == safejs.TypeString}})
		}
		m.To = &users
	}
	content := jsx.Get(c.value(i), "content")
	if !content.IsUndefined() && !content.IsNull() {
		var ok bool
		m.Content, ok = jsx.Bytes(content)
		m.NotBytes = !ok
	}
	return m
}

// maxList is more than any server takes of users.
const maxList = 1000

// isList reports whether v is a JavaScript array.
func isList(v safejs.Value) bool {
	is, err := jsx.Call(jsx.Global("Array"), "isArray", v)
	return err == nil && jsx.Bool(is)
}

// roomConfig is loginRoom's fourth argument; anything but an object is the default.
func (c call) roomConfig(i int) engine.RoomConfig {
	cfg, _ := members[engine.RoomConfig](c, i, "userUpdate", "maxMemberCount")
	return cfg
}
