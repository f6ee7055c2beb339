package e2e

import (
	"encoding/base64"
	"encoding/binary"
	"net/netip"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// enterRoom logs a page into one room of several.
func (p *tab) enterRoom(room string) {
	p.t.Helper()
	p.do(`await zg.loginRoom(%s, "", {userID: %s}, {userUpdate: true})`, room, p.name)
	p.await("roomStateChanged", room, "LOGINED", 0)
}

// TestSeveralRoomsAtOnce: streams, messages and logouts are of one room each.
func TestSeveralRoomsAtOnce(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	for _, p := range []*tab{a, b} {
		p.do(`await zg.enumDevices()`) // a call before the program is there would not know of an earlier one
		p.wants("value", true, `zg.enableMultiRoom(true)`)
		p.expect("enableMultiRoom")
		p.wants("value", false, `zg.enableMultiRoom(true)`)
		p.enterRoom("one")
		p.enterRoom("two")
	}
	a.expect("loginRoom")
	a.wants("rejected", map[string]any{"code": 1002056, "msg": anything}, `zg.loginRoom("one", "", {userID: "anna"})`)
	a.wants("rejected", map[string]any{"code": 1002018, "msg": anything}, `zg.loginRoom("three", "", {userID: "otto"})`)

	a.do(`globalThis.local = await zg.createStream()`)
	a.wants("thrown", map[string]any{"errorCode": 1103001, "extendedData": anything}, `zg.startPublishingStream("cam", local)`)
	a.wants("value", true, `zg.startPublishingStream("cam", local, {roomID: "two"})`)
	b.await("roomStreamUpdate", "two", "ADD", list(stream("cam", "anna")), "")
	b.never("roomStreamUpdate", "one", "ADD")
	b.play("cam")
	b.sees("#remote video")

	a.do(`await zg.sendBroadcastMessage("one", "to the first")`)
	b.await("IMRecvBroadcastMessage", "one", list(map[string]any{"message": "to the first"}))
	a.do(`zg.logoutRoom("one")`)
	b.await("roomUserUpdate", "one", "DELETE", list(user("anna")))
	a.do(`await zg.sendBarrageMessage("two", "still in the second")`)
	b.await("IMRecvBarrageMessage", "two")
	b.never("roomUserUpdate", "two", "DELETE")
	b.sees("#remote video")
}

// TestSwitchRoom: the others of the old room see a user and a stream go, those of the new
// one see the user come; it is the same connection.
func TestSwitchRoom(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, old, next := s.page(usual, "anna"), s.page(usual, "bert"), s.page(usual, "carl")
	for p, room := range map[*tab]string{a: "one", old: "one", next: "two"} {
		p.enterRoom(room)
	}
	a.publish("cam")
	old.await("roomStreamUpdate", "one", "ADD")
	for call, code := range map[string]int{
		`zg.switchRoom("", "two", {token: ""})`:       1002011,
		`zg.switchRoom("one", "two")`:                 1100001,
		`zg.switchRoom("one", "two", {token: 7})`:     1100001,
		`zg.switchRoom("three", "two", {token: ""})`:  1002002,
		`zg.switchRoom("one", "one", {token: ""})`:    1002064,
		`zg.switchRoom("one", "a room", {token: ""})`: 1002012,
	} {
		a.wants("rejected", map[string]any{"code": code, "msg": anything}, call)
	}
	a.wants("resolved", true, `zg.switchRoom("one", "two", {token: "", isUserStatusNotify: true})`)
	old.await("roomStreamUpdate", "one", "DELETE", list(stream("cam", "anna")))
	old.await("roomUserUpdate", "one", "DELETE", list(user("anna")))
	next.await("roomUserUpdate", "two", "ADD", list(user("anna")))
	a.await("roomStateChanged", "one", "LOGOUT", 0)
	a.await("publisherStateUpdate", state("cam", "NO_PUBLISH", 0))
	a.await("roomStateChanged", "two", "LOGINED", 0)
	a.await("roomUserUpdate", "two", "ADD", list(user("carl")))
	a.do(`zg.startPublishingStream("cam", local)`)
	next.await("roomStreamUpdate", "two", "ADD", list(stream("cam", "anna")))
}

// expiring is a token of version 04 as far as pages look into it.
func expiring(in time.Duration) string {
	data := binary.BigEndian.AppendUint64(nil, uint64(time.Now().Add(in).Unix()))
	return "04" + base64.StdEncoding.EncodeToString(append(data, make([]byte, 40)...))
}

// TestRenewedTokenCarriesOver: what the server is shown when a page must log in again is
// the token that it had renewed, not the first.
func TestRenewedTokenCarriesOver(t *testing.T) {
	t.Parallel()
	shown := make(chan string, 20)
	server := newSite(t, signaling.Config{Grace: 300 * time.Millisecond, Authorize: func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		shown <- msg.Token
		return room.Pass{}, nil
	}})
	want := func(when, token string) {
		t.Helper()
		select {
		case got := <-shown:
			if got != token {
				t.Fatalf("%s the server is shown %.20q…, not %.20q…", when, got, token)
			}
		case <-time.After(patience):
			t.Fatalf("%s the server is shown nothing", when)
		}
	}
	way := newCable(t, strings.TrimPrefix(server.url, "http://"))
	p := (&site{t, "http://" + way.addr}).page(usual, "anna")
	p.expect("WebSocket connection to")
	p.expect("Cross-Origin Request Blocked") // Firefox, of the program that is being kept for later pages
	first, renewed := expiring(10*time.Second), expiring(time.Hour)
	p.wants("value", false, `zg.renewToken("early")`)
	p.do(`zg.on("tokenWillExpire", () => e2e.note("renewed", zg.renewToken(%s)))`, renewed)
	p.wants("resolved", true, `zg.loginRoom("room", %s, {userID: "anna"})`, first)
	want("at first", first)
	p.await("tokenWillExpire", "room")
	p.await("renewed", true)
	want("with the renewal", renewed)
	for call, ok := range map[string]bool{
		`zg.renewToken(7)`: false, `zg.renewToken("x", "")`: false, `zg.renewToken("x", 7)`: false,
	} {
		p.wants("value", ok, call)
	}
	way.cut()
	time.Sleep(time.Second) // until the grace time is over, which nothing tells
	way.mend()
	p.await("roomStateChanged", "room", "RECONNECTED")
	want("after the reconnection", renewed)
	p.wantCount(1, "tokenWillExpire")
}

// wantCount fails the test unless there were so many such events, the awaited included.
func (p *tab) wantCount(want int, name string, args ...any) {
	p.t.Helper()
	if n := p.count(name, args...); n != want {
		p.fatalf("%d times %s, not %d", n, name, want)
	}
}
