package e2e

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// notary makes the tokens of a site that lets nobody in without one.
type notary struct {
	t    *testing.T
	apps *auth.Apps
}

// newGuarded is a site with apps: the first has no policy at expiry, the others these.
func newGuarded(t *testing.T, policies ...string) (*site, notary) {
	t.Helper()
	apps, err := auth.OpenApps("")
	if err != nil {
		t.Fatal(err)
	}
	for i, policy := range append([]string{""}, policies...) {
		if _, err := apps.Create(auth.App{ID: uint32(i + 1), AtExpiry: policy}); err != nil {
			t.Fatal(err)
		}
	}
	admit := signaling.AdmitTokens(apps)
	return newSite(t, signaling.Config{Authorize: func(msg protocol.RoomLogin, from netip.Addr) (room.Pass, error) {
		pass := room.Pass{Address: from}
		return pass, admit(msg, &pass)
	}}), notary{t, apps}
}

// token is one for a user, good for a while, which may be over already.
func (n notary) token(app uint32, user string, good time.Duration, rights *auth.Rights) string {
	n.t.Helper()
	found, _ := n.apps.Get(app)
	end := time.Now().Add(good)
	token, err := auth.Sign(found, auth.Claims{User: user, Issued: end.Add(-2 * hour), Expires: end, Rights: rights})
	if err != nil {
		n.t.Fatal(err)
	}
	return token
}

// TestTokens: whom a token does not let in, or does not let publish, is told so with the
// contract's code, and what the others see of it.
func TestTokens(t *testing.T) {
	t.Parallel()
	s, n := newGuarded(t)
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.expect("ExpressRTC: loginRoom")
	stranger, err := auth.Sign(auth.App{ID: 1, Secret: strings.Repeat("x", auth.SecretLength)}, auth.Claims{User: "anna", Expires: time.Now().Add(hour)})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what, token string
		code        int
	}{
		{"no token", "", 1102016},
		{"wrong secret", stranger, 1102016},
		{"another user's", n.token(1, "bert", hour, nil), 1102016},
		{"another room's", n.token(1, "anna", hour, &auth.Rights{Room: "elsewhere", Login: true, Publish: true}), 1102016},
		{"cut off", n.token(1, "anna", hour, nil)[:100], 1102016},
		{"expired", n.token(1, "anna", -time.Second, nil), 1102018},
	} {
		got := a.outcome(`zg.loginRoom("room", %s, {userID: "anna"})`, c.token)
		if got.How != "rejected" || !matches(got.Value, map[string]any{"code": float64(c.code), "msg": anything}) {
			t.Errorf("%s: %s %s, not rejected with %d", c.what, got.How, toJSON(got.Value), c.code)
		}
		a.await("roomStateUpdate", "room", "DISCONNECTED", c.code)
		a.await("roomStateChanged", "room", "LOGIN_FAILED", c.code)
	}
	b.do(`await zg.loginRoom("room", %s, {userID: "bert"}, {userUpdate: true})`, n.token(1, "bert", hour, &auth.Rights{Room: "room", Login: true}))
	a.do(`await zg.loginRoom("room", %s, {userID: "anna"})`, n.token(1, "anna", hour, &auth.Rights{Login: true, Publish: true, Streams: []string{"mine"}}))
	b.await("roomUserUpdate", "room", "ADD", list(map[string]any{"userID": "anna"}))
	for _, c := range []struct {
		p      *tab
		stream string
	}{{b, "watcher"}, {a, "other"}} {
		c.p.expect("ExpressRTC: startPublishingStream")
		c.p.do(`globalThis.local = await zg.createStream(); zg.startPublishingStream(%s, local)`, c.stream)
		c.p.await("publisherStateUpdate", state(c.stream, "NO_PUBLISH", 1103019))
	}
	a.do(`zg.startPublishingStream("mine", local)`)
	a.await("publisherStateUpdate", state("mine", "PUBLISHING", 0))
	b.await("roomStreamUpdate", "room", "ADD", list(map[string]any{"streamID": "mine"}))
	a.never("roomStreamUpdate", "room", "ADD")
	b.never("roomStreamUpdate", "room", "ADD", list(map[string]any{"streamID": "other"}))
}

// TestTokenExpiresInACall: with each policy, and renewed in time: what the publisher is
// told, and what the others see.
func TestTokenExpiresInACall(t *testing.T) {
	t.Parallel()
	s, n := newGuarded(t, "stop", "kick")
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.expect("ExpressRTC: the server ended the published stream")
	a.expect("ExpressRTC: startPublishingStream")
	const enter = `await engines[%[1]s].loginRoom(%[1]s, %[2]s, {userID: %[3]s}, {userUpdate: true})`
	rooms := map[string]uint32{"stay": 1, "stop": 2, "renewed": 3, "kick": 3}
	for room, app := range rooms { // what takes its time is done before tokens run out
		for _, p := range []*tab{a, b} {
			p.do(`(globalThis.engines ??= {})[%s] = e2e.record(new ZegoExpressEngine(%s, ""))`, room, app)
		}
		a.do(`(globalThis.streams ??= {})[%[1]s] = await engines[%[1]s].createStream()`, room)
		b.do(enter, room, n.token(app, "bert-"+room, hour, nil), "bert-"+room)
	}
	const good = 10 * time.Second
	for _, room := range []string{"stay", "stop", "renewed", "kick"} { // the one whose end is awaited comes last
		a.do(enter+`;
			engines[%[1]s].startPublishingStream(%[1]s + "-cam", streams[%[1]s])`, room, n.token(rooms[room], "anna-"+room, good, nil), "anna-"+room)
		a.await("publisherStateUpdate", state(room+"-cam", "PUBLISHING", 0))
		b.await("roomStreamUpdate", room, "ADD", list(map[string]any{"streamID": room + "-cam"}))
		a.await("tokenWillExpire", room)
		if room == "renewed" {
			a.wants("value", true, `engines.renewed.renewToken(%s)`, n.token(3, "anna-renewed", hour, nil))
		}
	}

	a.await("publisherStateUpdate", state("stop-cam", "NO_PUBLISH", 1102018))
	b.await("roomStreamUpdate", "stop", "DELETE", list(map[string]any{"streamID": "stop-cam"}))
	a.await("roomStateUpdate", "kick", "DISCONNECTED", 1102018)
	a.await("roomStateChanged", "kick", "KICKOUT", 1102018)
	a.await("publisherStateUpdate", state("kick-cam", "NO_PUBLISH", 1102018))
	b.await("roomStreamUpdate", "kick", "DELETE", list(map[string]any{"streamID": "kick-cam"}))
	b.await("roomUserUpdate", "kick", "DELETE", list(map[string]any{"userID": "anna-kick"}))

	a.do(`engines.stay.startPublishingStream("late", streams.stay)`)
	a.await("publisherStateUpdate", state("late", "NO_PUBLISH", 1102018))
	for _, room := range []string{"stay", "renewed"} {
		a.never("publisherStateUpdate", map[string]any{"streamID": room + "-cam", "state": "NO_PUBLISH"})
		b.never("roomStreamUpdate", room, "DELETE")
	}
	for _, room := range []string{"stay", "renewed", "stop"} {
		a.never("roomStateChanged", room, "KICKOUT")
		b.never("roomUserUpdate", room, "DELETE")
	}
}

// invite is the link of an invitation, as "expressrtc token --link" writes it.
func (n notary) invite(page, user string, rights *auth.Rights) string {
	query := url.Values{"app": {"1"}, "user": {user}, "room": {hall}, "name": {user}}
	return page + "?" + query.Encode() + "#token=" + url.QueryEscape(n.token(1, user, hour, rights))
}

// TestPagesInvited: on a server with apps the pages tell who was not invited what to do,
// and who was comes in by the link, which keeps its token to itself.
func TestPagesInvited(t *testing.T) {
	t.Parallel()
	s, n := newGuarded(t)
	a := s.visit(calm, n.invite("", "Anna", nil), as("Anna"))
	a.wants("value", false, `location.href.includes("token")`)
	a.role("button", "Join").press()
	a.appears("button", "Leave")
	a.appears("paragraph", "…an invitation of their own…")
	if link := a.role("textbox", "Link to this room").value(); strings.Contains(link, "oken") || !strings.Contains(link, "room="+hall) {
		t.Errorf("the link for others is %s", link)
	}
	b := s.visit(calm, n.invite("", "Bert", &auth.Rights{Room: hall, Login: true}), as("Bert"))
	b.expect("1103019")
	b.role("button", "Join").press()
	b.appears("alert", "…does not let you send…")
	b.shows("Anna")
	a.appears("figure", "Bert")
	a.do(`location.reload()`)
	b.gone("figure", "Anna")
	a.sees("#preview-video video")
	a.role("button", "Join").press() // by the token that the tab remembers
	b.appears("figure", "Anna")

	c := s.visit(calm, toHall("Cleo"), as("Cleo"))
	c.role("button", "Join").press()
	c.appears("alert", "This server lets in only who was invited…")
	c.look("uninvited")
	c.role("button", "中文").press()
	c.appears("alert", "这个服务器只接受受邀的人…")
	c.navigate(s.url + "/" + n.invite("", "Cleo", &auth.Rights{Room: "elsewhere", Login: true}))
	c.role("button", "加入").press()
	c.appears("alert", "…可能属于另一个房间…")
	c.navigate(s.url + "/?app=1&user=Cleo&room=" + hall + "#token=" + url.QueryEscape(n.token(1, "Cleo", -time.Second, nil)))
	c.role("button", "加入").press()
	c.appears("alert", "邀请已过期…")
	c.navigate(s.url + "/embed")
	c.expect("ExpressRTC: loginRoom")
	c.role("button", "开始通话").press()
	c.frame("正在运行的通话（script 标签）").appears("status", "LOGIN_FAILED (1102016)") // as the page says

	d := s.visit(usual, n.invite("debug", "Dora", nil), as("Dora"))
	d.wants("value", false, `location.href.includes("token")`)
	d.role("button", "Create engine").press()
	for field, want := range map[string]string{"App ID": strconv.Itoa(1), "Room": hall, "User ID": "Dora"} {
		if got := d.role("textbox", field).value(); got != want {
			t.Errorf("%s is %q", field, got)
		}
	}
	if token := d.role("textbox", "Token").value(); !strings.HasPrefix(token, "04") {
		t.Errorf("the token is %q", token)
	}
	d.navigate(s.url + "/debug?server=wss://elsewhere.example/ws")
	if token := d.role("textbox", "Token").value(); token != "" {
		t.Errorf("another server would get the token %q", token)
	}
}

// TestPagesCheckInvited: the check works with an invitation, also when the token is for one
// room only, and says what to do without one.
func TestPagesCheckInvited(t *testing.T) {
	t.Parallel()
	s, n := newGuarded(t)
	guest := s.visit(usual, n.invite("check", "Anna", &auth.Rights{Room: hall, Login: true, Publish: true}), as("Anna"))
	stranger := s.visit(usual, "check", as("Cleo"))
	for _, p := range []*visitor{guest, stranger} {
		p.role("button", "Start the check").press()
	}
	for _, p := range []*visitor{guest, stranger} {
		p.role("button", "Yes").press()
	}
	guest.do(`globalThis.called = e2e.element("#stage video").then(e2e.seesPicture)`) // of the test call, which is one user's
	stranger.step("Server", "Warning", "lets in only who was invited", "Open the link of your invitation")
	stranger.finds("A call could not be tried here, because:")
	stranger.step("Network paths", "Skipped", "lets in only who was invited: UDP is there")
	stranger.step("Test call", "Skipped", "Without an invitation there is no test call.")
	stranger.look("uninvited")
	guest.step("Server", "Good", "Entering a room: ")
	guest.step("Network paths", "Note", "Direct, UDP: open")
	guest.do(`await called`)
}
