package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestRoomExtraInfo: everyone but the setter hears all pairs, also who comes later, and
// also after the server was started anew.
func TestRoomExtraInfo(t *testing.T) {
	t.Parallel()
	server := newProcess(t)
	a, b := caller(t, usual, server.addr, "anna"), caller(t, usual, server.addr, "bert")
	pair := func(key, value, by string) map[string]any {
		return map[string]any{"key": key, "value": value, "updateUser": user(by), "updateTime": anything}
	}
	a.wants("resolved", map[string]any{"seq": 1, "errorCode": 0}, `zg.setRoomExtraInfo("room", "stage", "open")`)
	got := b.await("roomExtraInfoUpdate", "room", anything)
	if items := got.Args[1].([]any); len(items) != 1 || !matches(items[0], plain(pair("stage", "open", "anna"))) {
		t.Errorf("bert hears %s", toJSON(got.Args))
	}
	b.wants("resolved", list("errorCode", "seq"), `zg.setRoomExtraInfo("room", "light", "").then((it) => Object.keys(it).sort())`)
	got = a.await("roomExtraInfoUpdate", "room", anything)
	if items := got.Args[1].([]any); len(items) != 2 || !matches(items[0], plain(pair("stage", "open", "anna"))) || !matches(items[1], plain(pair("light", "", "bert"))) {
		t.Errorf("anna hears %s", toJSON(got.Args))
	}
	for call, code := range map[string]int{
		`zg.setRoomExtraInfo("other", "k", "v")`:                                    1002002,
		`zg.setRoomExtraInfo("room", "", "v")`:                                      1002014,
		`zg.setRoomExtraInfo("room", 7, "v")`:                                       1002014,
		`zg.setRoomExtraInfo("room", "k".repeat(129), "v")`:                         1002015,
		`zg.setRoomExtraInfo("room", "k", "v".repeat(4097))`:                        1002016,
		`Promise.all([1, 2].map(() => zg.setRoomExtraInfo("room", "light", "on")))`: 1102022,
	} {
		a.wants("rejected", map[string]any{"errorCode": code}, call)
	}
	b.await("roomExtraInfoUpdate", "room", anything)
	server.kill()
	server.start()
	for p, heard := range map[*tab]int{a: 1, b: 2} {
		p.await("roomStateChanged", callRoom, "RECONNECTED", 0)
		p.wantCount(heard, "roomExtraInfoUpdate")
	}
	c := caller(t, usual, server.addr, "carl")
	got = c.await("roomExtraInfoUpdate", "room", anything)
	if items := got.Args[1].([]any); len(items) != 2 || !matches(items[0], plain(pair("stage", "open", "anna"))) || !matches(items[1], plain(pair("light", "on", "anna"))) {
		t.Errorf("after the restart carl finds %s", toJSON(got.Args))
	}
	a.wantCount(1, "roomExtraInfoUpdate")
}

// TestStreamExtraInfo: the others are told of a change, late ones with the stream.
func TestStreamExtraInfo(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.wants("rejected", map[string]any{"errorCode": 1000002, "extendedData": anything}, `zg.setStreamExtraInfo("cam", "x")`)
	a.login("room")
	b.login("room")
	a.publish("cam")
	for call, code := range map[string]int{
		`zg.setStreamExtraInfo(7, "x")`:                  1103001,
		`zg.setStreamExtraInfo("cam", 7)`:                1103001,
		`zg.setStreamExtraInfo("cam", "")`:               1003050,
		`zg.setStreamExtraInfo("cam", "x".repeat(1025))`: 1003051,
		`zg.setStreamExtraInfo("other", "x")`:            1103055,
	} {
		a.wants("rejected", map[string]any{"errorCode": code, "extendedData": anything}, call)
	}
	a.wants("resolved", map[string]any{"errorCode": 0, "extendedData": ""}, `zg.setStreamExtraInfo("cam", "sunny")`)
	b.await("streamExtraInfoUpdate", "room", list(map[string]any{"streamID": "cam", "user": user("anna"), "extraInfo": "sunny"}))
	c := s.page(usual, "carl")
	c.login("room")
	c.await("roomStreamUpdate", "room", "ADD", list(map[string]any{"streamID": "cam", "extraInfo": "sunny"}))
	c.await("streamExtraInfoUpdate", "room", list(map[string]any{"streamID": "cam", "extraInfo": "sunny"}))
	a.never("streamExtraInfoUpdate")
}

// TestBytesAndChannels: bytes arrive as bytes, at the named or at everyone else; the
// channel's messages only at pages that asked for them.
func TestBytesAndChannels(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b, c := s.page(usual, "anna"), s.page(usual, "bert"), s.page(usual, "carl")
	for _, p := range []*tab{a, b, c} {
		p.login("room")
		p.do(`zg.on("recvRoomTransparentMessage", (room, {sendUser, content}) => e2e.note("bytes", room, sendUser, content instanceof Uint8Array, [...content]))`)
	}
	const send = `zg.sendTransparentMessage("room", {sendMode: 0, sendType: 1, content: new Uint8Array([0, 127, 255]), recvUserList: `
	a.wants("resolved", map[string]any{"errorCode": 0, "extendedData": ""}, send+`[]})`)
	for _, p := range []*tab{b, c} {
		p.await("bytes", "room", user("anna"), true, list(0, 127, 255))
	}
	a.do(`await ` + send + `[{userID: "carl"}], timeOut: 5})`)
	c.await("bytes", "room", user("anna"), true)
	for call, code := range map[string]int{
		`zg.sendTransparentMessage("other", {sendMode: 0, sendType: 0, content: new Uint8Array(1), recvUserList: []})`: 1009005,
		`zg.sendTransparentMessage("room")`: 1100001,
		`zg.sendTransparentMessage("room", {sendMode: 0, sendType: 0, content: "text", recvUserList: []})`:               1100001,
		`zg.sendTransparentMessage("room", {sendMode: 0, sendType: 0, content: new Uint8Array(1), recvUserList: [7]})`:   1100001,
		`zg.sendTransparentMessage("room", {sendMode: 0, sendType: 0, recvUserList: []})`:                                1009001,
		`zg.sendTransparentMessage("room", {sendMode: 0, sendType: 0, content: new Uint8Array(4097), recvUserList: []})`: 1009002,
	} {
		a.wants("rejected", map[string]any{"errorCode": code, "extendedData": anything}, call)
	}

	b.wants("resolved", map[string]any{"errorCode": 0, "extendedData": ""}, `zg.callExperimentalAPI({method: "onRecvRoomChannelMessage", params: {}})`)
	a.wants("resolved", map[string]any{"errorCode": 0, "extendedData": ""}, `zg.callExperimentalAPI({method: "sendRoomChannelMessage",
		params: {roomID: "room", msgType: 2, msgContent: "{}", toUserIDList: ["bert", "carl"]}})`)
	b.await("recvExperimentalAPI", map[string]any{"method": "onRecvRoomChannelMessage", "content": map[string]any{"roomID": "room", "msgType": 2, "msgContent": "{}"}})
	a.wants("rejected", map[string]any{"code": 1009005, "msg": anything}, `zg.callExperimentalAPI({method: "sendRoomChannelMessage", params: {roomID: "other", msgContent: "x"}})`)
	a.wants("resolved", true, `zg.callExperimentalAPI({method: "getAudioContext"}).then((it) => it instanceof AudioContext)`)
	a.wants("resolved", true, `Promise.all([1, 2].map(() => zg.callExperimentalAPI({method: "getAudioContext"}))).then(([one, two]) => one === two)`)
	a.wants("resolved", nil, `zg.callExperimentalAPI({method: "whatever"})`)

	a.do(`await zg.sendBroadcastMessage("room", "done")`)
	c.await("IMRecvBroadcastMessage", "room")
	c.never("recvExperimentalAPI")
	b.await("IMRecvBroadcastMessage", "room")
	b.wantCount(1, "bytes") // the second was carl's
}
