//go:build js && wasm

package bind

import "expressrtc/wasm/engine"

// roomRows enter and leave rooms.
var roomRows = []row{
	missing("enableMultiRoom", value),
	{"loginRoom", promise, func(c call) (any, error) {
		return c.engine.LoginRoom(c.ctx, c.arg(0), c.arg(1), c.user(2), c.roomConfig(3))
	}},
	missing("switchRoom", promise),
	{"logoutRoom", queued, func(c call) (any, error) {
		return nil, c.engine.LogoutRoom(c.optArg(0))
	}},
	missing("renewToken", value),
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
	missing("setRoomExtraInfo", promise),
	missing("sendTransparentMessage", promise),
	missing("setStreamExtraInfo", promise),
	{"createRealTimeSequentialDataManager", value, func(c call) (any, error) { return c.createDataManager() }},
	{"destroyRealTimeSequentialDataManager", value, func(c call) (any, error) {
		c.engine.DestroyRealTimeSequentialDataManager(c.dataManager(0))
		return nil, nil
	}},
}

// user is loginRoom's third argument.
func (c call) user(i int) engine.LoginUser {
	if !c.isObject(i) {
		return engine.LoginUser{}
	}
	u := pick[engine.LoginUser](c, i, "userID", "userName")
	u.Given = true
	return u
}

// roomConfig is loginRoom's fourth argument; anything but an object is the default.
func (c call) roomConfig(i int) engine.RoomConfig {
	if !c.isObject(i) {
		return engine.RoomConfig{}
	}
	return pick[engine.RoomConfig](c, i, "userUpdate", "maxMemberCount")
}
