package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

// TestNothingAwaited: pages publish before the login is through, and play by srcObject.
func TestNothingAwaited(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	b.login("room")
	b.do(`zg.on("roomStreamUpdate", async (room, change, [{streamID}]) => {
		const video = document.createElement("video");
		video.autoplay = true;
		video.srcObject = await zg.startPlayingStream(streamID);
		document.getElementById("remote").append(video);
	})`)
	a.do(`globalThis.local = await zg.createStream();
		zg.loginRoom("room", "", {userID: "anna"});
		e2e.note("startPublishingStream", zg.startPublishingStream("cam", local))`)
	a.await("startPublishingStream", true)
	a.await("publisherStateUpdate", state("cam", "PUBLISHING", 0))
	b.sees("#remote video")
	b.do(`await e2e.hearsSound(document.querySelector("#remote video").srcObject)`)
}

// TestEndInAnyOrder: pages tidy up as they like, and nothing of it may throw.
func TestEndInAnyOrder(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	watcher, p := s.page(usual, "wanda"), s.page(usual, "anna")
	watcher.login("room")
	p.expect("destroyStream") // an unknown one is logged
	for _, order := range []string{
		`zg.destroyStream(local); zg.stopPublishingStream("cam"); zg.logoutRoom("room")`,
		`zg.logoutRoom("room"); zg.stopPublishingStream("cam"); zg.destroyStream(local)`,
		`zg.stopPublishingStream("cam"); zg.logoutRoom("room"); zg.destroyStream(local); zg.destroyStream(local); zg.stopPublishingStream("somebody's")`,
	} {
		p.login("room")
		p.publish("cam")
		watcher.await("roomStreamUpdate", "room", "ADD")
		p.do(order)
		watcher.await("roomStreamUpdate", "room", "DELETE", list(stream("cam", "anna")))
		watcher.await("roomUserUpdate", "room", "DELETE", list(user("anna")))
		p.wants("value", true, `local.getTracks().every((track) => track.readyState === "ended")`)
	}
}

// TestTwoEnginesInOnePage call each other.
func TestTwoEnginesInOnePage(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.login("room")
	p.do(`globalThis.other = e2e.record(new ZegoExpressEngine("1", undefined), "other.");
		await other.loginRoom("room", "", {userID: "bert"}, {userUpdate: true})`)
	p.await("roomUserUpdate", "room", "ADD", list(user("bert")))
	p.await("other.roomUserUpdate", "room", "ADD", list(user("anna")))
	p.publish("cam")
	p.await("other.roomStreamUpdate", "room", "ADD", list(stream("cam", "anna")))
	p.do(`other.createRemoteStreamView(await other.startPlayingStream("cam")).play("remote")`)
	p.sees("#remote video")
	p.wants("thrown", map[string]any{"errorCode": 1103044, "extendedData": anything}, `other.startPublishingStream("mine", local)`)
	p.never("roomStreamUpdate") // an engine hears nothing of its own streams
	p.do(`other.destroyEngine()`)
	p.await("roomUserUpdate", "room", "DELETE", list(user("bert")))
	p.sees("#local video")
}

// TestPublishErrors has what startPublishingStream throws, and when it answers false.
func TestPublishErrors(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.expect("ExpressRTC: ")
	thrown := func(code int) map[string]any { return map[string]any{"errorCode": code, "extendedData": anything} }
	p.do(`globalThis.local = await zg.createStream()`)
	p.wants("thrown", thrown(1000002), `zg.startPublishingStream("cam", local)`) // no room
	p.login("room")
	for arguments, code := range map[string]int{
		`undefined, local`:                1000015,
		`7, local`:                        1000015,
		`"", local`:                       1000015,
		`"x".repeat(257), local`:          1000014,
		`"a b", local`:                    1000016,
		`"cam"`:                           1103001,
		`"cam", null`:                     1103001,
		`"cam", new MediaStream()`:        1103044,
		`"cam", local, "H264"`:            1103001,
		`"cam", local, {streamParams: 7}`: 1103001,
		`"cam", local, {extraInfo: {}}`:   1103001,
		`"cam", local, {videoCodec: 264}`: 1103001,
		`"cam", local, {inspectFlag: 2}`:  1103001,
	} {
		p.wants("thrown", thrown(code), `zg.startPublishingStream(`+arguments+`)`)
	}
	p.wants("value", list(true, false), `[zg.startPublishingStream("cam", local), zg.startPublishingStream("cam", local)]`)
	p.await("publisherStateUpdate", state("cam", "PUBLISHING", 0))
	p.wants("value", list(true, true, false, false), `[zg.stopPublishingStream("cam"), zg.stopPublishingStream("cam"), zg.stopPublishingStream(""), zg.stopPublishingStream(7)]`)
	p.do(`zg.destroyStream(local)`)
	p.wants("thrown", thrown(1103044), `zg.startPublishingStream("cam", local)`)
}

// TestPlayErrors has what startPlayingStream rejects with.
func TestPlayErrors(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	rejected := func(code int) map[string]any {
		return map[string]any{"code": code, "message": anything, "errorCode": code, "extendedData": anything}
	}
	p.wants("rejected", rejected(1000002), `zg.startPlayingStream("cam")`) // no room
	p.login("room")
	for arguments, code := range map[string]int{
		``: 1000015, `7`: 1000015, `""`: 1000015, `"x".repeat(257)`: 1000014, `"a b"`: 1000016, `"cam", 7`: 1104001,
	} {
		p.wants("rejected", rejected(code), `zg.startPlayingStream(`+arguments+`)`)
	}
	p.do(`globalThis.waiting = e2e.outcome(() => zg.startPlayingStream("cam"))`)
	p.wants("rejected", rejected(1103049), `zg.startPlayingStream("cam")`)
	p.do(`zg.logoutRoom()`)
	p.wants("resolved", map[string]any{"how": "rejected", "value": map[string]any{"errorCode": 0, "extendedData": ""}}, `waiting`)
	p.await("playerStateUpdate", state("cam", "NO_PLAY", 0))
}

// TestOff: listeners are called once each, in order, until they are removed, and one
// that throws does not stop the others.
func TestOff(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.expect("a listener of roomStateChanged threw")
	p.expect("oops")
	p.do(`globalThis.zg = new ZegoExpressEngine(1, "");
		const first = (room, reason) => e2e.note("first", reason);
		globalThis.second = (room, reason) => e2e.note("second", reason);
		zg.on("roomStateChanged", first);
		zg.on("roomStateChanged", () => { throw new Error("oops") });
		zg.on("roomStateChanged", second);
		zg.on("roomStateChanged", first);
		await zg.loginRoom("room", "", {userID: "anna"})`)
	p.await("second", "LOGINED")
	p.wants("value", list(true, true, false), `[zg.off("roomStateChanged", second), zg.off("roomUserUpdate"), zg.off("noSuchEvent")]`)
	p.expect("off('noSuchEvent')")
	p.do(`zg.logoutRoom()`)
	p.await("first", "LOGOUT")
	p.do(`zg.off("roomStateChanged"); await zg.loginRoom("room", "", {userID: "anna"}); await zg.sendBroadcastMessage("room", "x")`)
	wantLines(t, "anna", p.lines(), []string{
		`first("LOGINING")`, `second("LOGINING")`, `first("LOGINED")`, `second("LOGINED")`, `first("LOGOUT")`,
	})
}
