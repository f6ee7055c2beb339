package e2e

import (
	"fmt"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// TestLoginArguments has every wrong argument of loginRoom and its code. Each is told in
// three ways: LOGINING and LOGIN_FAILED, and the promise.
func TestLoginArguments(t *testing.T) {
	t.Parallel()
	const goodUser = `{userID: "anna"}`
	long := func(n int) string { return `"` + strings.Repeat("x", n) + `"` }
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.expect("ExpressRTC: loginRoom")
	for _, c := range []struct {
		what               string
		room, user, config string
		code               int
	}{
		{"empty room", `""`, goodUser, `{}`, 1002011},
		{"space in the room", `"a b"`, goodUser, `{}`, 1002012},
		{"slash in the room", `"a/b"`, goodUser, `{}`, 1002012},
		{"umlaut in the room", `"ü"`, goodUser, `{}`, 1002012},
		{"long room", long(129), goodUser, `{}`, 1002013},
		{"room is a number", `7`, goodUser, `{}`, 1100001},
		{"user is a text", `"room"`, `"anna"`, `{}`, 1100001},
		{"empty user", `"room"`, `{userID: ""}`, `{}`, 1002005},
		{"user id is a number", `"room"`, `{userID: 7}`, `{}`, 1100001},
		{"colon in the user", `"room"`, `{userID: "a:b"}`, `{}`, 1002006},
		{"long user", `"room"`, `{userID: ` + long(65) + `}`, `{}`, 1002007},
		{"long user name", `"room"`, `{userID: "anna", userName: ` + long(257) + `}`, `{}`, 1002010},
		{"user name is a number", `"room"`, `{userID: "anna", userName: 7}`, `{}`, 1100001},
		{"half a member", `"room"`, goodUser, `{maxMemberCount: 1.5}`, 1100001},
	} {
		call := fmt.Sprintf(`zg.loginRoom(%s, "", %s, %s)`, c.room, c.user, c.config)
		got := p.outcome(call)
		if got.How != "rejected" || !matches(got.Value, map[string]any{"code": float64(c.code), "msg": anything}) {
			t.Errorf("%s: %s %s, not rejected with code %d and msg", c.what, got.How, toJSON(got.Value), c.code)
		}
		p.await("roomStateUpdate", anything, "CONNECTING", 0, "")
		p.await("roomStateChanged", anything, "LOGINING", 0, "")
		p.await("roomStateUpdate", anything, "DISCONNECTED", c.code)
		p.await("roomStateChanged", anything, "LOGIN_FAILED", c.code)
	}
	p.login("the-room-at-last") // none of them stands in its way
}

// TestLongestIDs are those that are just allowed.
func TestLongestIDs(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	p.wants("resolved", true, `zg.loginRoom("r".repeat(128), "", {userID: "u".repeat(64), userName: "ü ".repeat(128)}, {maxMemberCount: 1})`)
	p.do(`zg.logoutRoom()`)
	p.wants("resolved", true, "zg.loginRoom(\"09azAZ#!$%%&()`'+,-.;<=>@^_~\\\\*\", '', {userID: 'anna'})")
}

func TestRoomIsFull(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	s.page(usual, "anna").do(`await zg.loginRoom("small", "", {userID: "anna"}, {maxMemberCount: 1})`)
	b := s.page(usual, "bert")
	b.expect("ExpressRTC: loginRoom")
	b.do(`const {how, value} = await e2e.outcome(() => zg.loginRoom("small", "", {userID: "bert"}));
		e2e.note("after loginRoom", how, value.code, typeof value.msg)`)
	b.await("roomStateChanged", "small", "LOGIN_FAILED", 1002034)
	wantLines(t, "bert", b.lines()[:3], []string{ // the promise comes first
		`roomStateUpdate("small", "CONNECTING", 0, "")`,
		`roomStateChanged("small", "LOGINING", 0, "")`,
		`after loginRoom("rejected", 1002034, "string")`,
	})
}

func TestTwoLoginsAtOnce(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{Heartbeat: hour}).page(usual, "anna")
	p.do(`globalThis.first = zg.loginRoom("one", "", {userID: "anna"});
		globalThis.second = e2e.outcome(() => zg.loginRoom("two", "", {userID: "anna"}));
		globalThis.third = e2e.outcome(() => zg.loginRoom("one", "", {userID: "anna"}))`)
	for _, name := range []string{"second", "third"} {
		got := eval[outcome](p, "return "+name)
		if got.How != "rejected" || !matches(got.Value, map[string]any{"code": 1002001.0, "msg": anything}) {
			t.Errorf("the %s login: %s %s, not rejected with 1002001", name, got.How, toJSON(got.Value))
		}
	}
	p.wants("resolved", true, `first`)
	p.await("roomStateChanged", "one", "LOGINED")
	wantLines(t, "anna", p.lines(), []string{ // those who were refused leave no trace
		`roomStateUpdate("one", "CONNECTING", 0, "")`,
		`roomStateChanged("one", "LOGINING", 0, "")`,
		`roomOnlineUserCountUpdate("one", 1)`,
		`roomStateUpdate("one", "CONNECTED", 0, "")`,
		`roomStateChanged("one", "LOGINED", 0, "")`,
	})
}

func TestLogoutDuringLogin(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{Heartbeat: hour}).page(usual, "anna")
	p.do(`const login = e2e.outcome(() => zg.loginRoom("room", "", {userID: "anna"}));
		e2e.note("logoutRoom", zg.logoutRoom("room"));
		const {how, value} = await login;
		e2e.note("after loginRoom", how, value.code)`)
	p.await("roomStateChanged", "room", "LOGOUT", 0, "")
	p.await("after loginRoom", "rejected", 1102026)
	p.login("room")
}

func TestLogoutOfAnotherRoom(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{Heartbeat: hour}).page(usual, "anna")
	p.expect("logoutRoom")
	p.do(`zg.logoutRoom("none")`)
	p.await("roomStateChanged", "none", "LOGOUT", 0, "no room login")
	p.login("room")
	for _, wrong := range []string{`"another"`, `""`, `7`} {
		p.wants("thrown", map[string]any{"code": 1002002, "msg": anything}, `zg.logoutRoom(`+wrong+`)`)
	}
	p.wants("value", nil, `zg.logoutRoom()`)
	p.await("roomStateUpdate", "room", "DISCONNECTED", 0, "")
	p.await("roomStateChanged", "room", "LOGOUT", 0, "")
}

// TestLoginLogoutLoginInOneTick is what React's strict mode does to pages.
func TestLoginLogoutLoginInOneTick(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{Heartbeat: hour})
	watcher := s.page(usual, "wanda")
	watcher.login("room")
	p := s.page(usual, "anna")
	p.do(`const login = () => e2e.outcome(() => zg.loginRoom("room", "", {userID: "anna"}, {userUpdate: true}));
		const first = login();
		zg.logoutRoom("room");
		const second = login();
		e2e.note("first", (await first).how);
		e2e.note("second", (await second).how);
		e2e.note("sent", (await e2e.outcome(() => zg.sendBroadcastMessage("room", "I am here"))).how)`)
	p.await("first", "rejected")
	p.await("second", "resolved")
	p.await("sent", "resolved")
	watcher.await("IMRecvBroadcastMessage", "room", list(map[string]any{"message": "I am here"}))
	in := watcher.count("roomUserUpdate", "room", "ADD", list(user("anna")))
	out := watcher.count("roomUserUpdate", "room", "DELETE", list(user("anna")))
	if in-out != 1 {
		t.Errorf("the others saw anna come %d times and go %d times", in, out)
	}
	p.never("roomStateChanged", "room", "KICKOUT")
}

func TestDestroyEngine(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	watcher, p := s.page(usual, "wanda"), s.page(usual, "anna")
	watcher.login("room")
	p.login("room")
	p.publish("cam")
	watcher.await("roomStreamUpdate", "room", "ADD")
	p.do(`globalThis.tracks = local.getTracks()`)
	p.wants("value", nil, `zg.destroyEngine()`)
	watcher.await("roomUserUpdate", "room", "DELETE", list(user("anna")))
	p.await("roomStateChanged", "room", "LOGOUT", 0, "")
	p.never("roomStateUpdate", "room", "DISCONNECTED") // of the rest the page hears no more
	p.never("publisherStateUpdate", map[string]any{"state": "NO_PUBLISH"})
	p.wants("value", []string{"ended", "ended"}, `tracks.map((track) => track.readyState)`)
	p.wants("value", 0, `document.querySelectorAll("video").length`)
	p.wants("thrown", map[string]any{"Error": "ZegoExpressEngine has been destroyed."}, `zg.destroyEngine()`)
	p.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, ""))`) // another one works
	p.login("room")
}
