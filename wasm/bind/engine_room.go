//go:build js && wasm

package bind

// roomRows enter and leave rooms.
var roomRows = []row{
	missing("enableMultiRoom", value),
	missing("loginRoom", promise),
	missing("switchRoom", promise),
	missing("logoutRoom", value),
	missing("renewToken", value),
}

// messageRows send messages and keep what rooms know.
var messageRows = []row{
	missing("sendBroadcastMessage", promise),
	missing("sendBarrageMessage", promise),
	missing("sendCustomCommand", promise),
	missing("setRoomExtraInfo", promise),
	missing("sendTransparentMessage", promise),
	missing("setStreamExtraInfo", promise),
	missing("createRealTimeSequentialDataManager", value),
	missing("destroyRealTimeSequentialDataManager", value),
}
