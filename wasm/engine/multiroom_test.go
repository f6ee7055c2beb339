//go:build !js

package engine_test

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
	"expressrtc/wasm/engine"
)

func (p *page) switchTo(from, to string) error {
	_, err := p.SwitchRoom(context.Background(), given(from), given(to), engine.SwitchConfig{Given: true, Token: given(""), Users: true})
	return err
}

func (p *page) never(parts ...string) {
	p.t.Helper()
	for _, line := range p.lines() {
		if hasAll(line, parts) {
			p.t.Errorf("%s: unexpected %s", p.name, line)
		}
	}
}

func wantCode(t *testing.T, what string, err error, code engine.Code) {
	t.Helper()
	if codeIn(err) != code {
		t.Errorf("%s: %v, want code %d", what, err, code)
	}
}

func TestEnableMultiRoom(t *testing.T) {
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	for _, step := range []struct{ enable, isBool, want bool }{{true, false, false}, {true, true, true}, {true, true, false}, {false, true, false}} {
		if got := p.EnableMultiRoom(step.enable, step.isBool); got != step.want {
			t.Errorf("%+v: %v", step, got)
		}
	}
	late := newPage(t, server.URL, "b")
	late.mustLogin("room")
	if late.EnableMultiRoom(true, true) {
		t.Error("it came after a login, and counts")
	}
	wantCode(t, "a second room in single mode", late.login("other"), 1002001)
	if err := late.LogoutRoom(nil); err != nil || late.EnableMultiRoom(true, true) {
		t.Error("after a logout it counts", err)
	}
}

func TestSeveralRooms(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.EnableMultiRoom(true, true)
	b.EnableMultiRoom(true, true)
	for _, room := range []string{"one", "two"} {
		a.mustLogin(room)
		b.mustLogin(room)
	}
	wantCode(t, "the same room", a.login("one"), 1002056)
	_, err := a.LoginRoom(context.Background(), given("three"), given(""), user("c"), engine.RoomConfig{})
	wantCode(t, "another user", err, 1002018)

	local := a.publishIn("cam", "two")
	b.await("roomStreamUpdate", `"two"`, "ADD", `"cam"`)
	if _, err := a.StartPublishingStream(given("no"), local.ID(), engine.PublishOption{}); codeIn(err) != 1103001 {
		t.Errorf("without a room: %v", err)
	}
	if ok, err := a.StartPublishingStream(given("no"), local.ID(), engine.PublishOption{RoomID: given("three")}); ok || err != nil {
		t.Errorf("in a room that is not ours: %v, %v", ok, err)
	}
	b.play("cam") // of the second room, without saying so
	ctx := context.Background()
	for _, room := range []string{"one", "two"} {
		if _, err := a.SendBroadcastMessage(ctx, given(room), given("in "+room)); err != nil {
			t.Error(err)
		}
		b.await("IMRecvBroadcastMessage", `"`+room+`"`, "in "+room)
	}
	if err := a.LogoutRoom(&engine.Text{S: "three", OK: true}); codeIn(err) != 1002002 {
		t.Errorf("logout of a room that is not ours: %v", err)
	}
	if err := a.LogoutRoom(&engine.Text{S: "one", OK: true}); err != nil {
		t.Error(err)
	}
	a.await("roomStateChanged", `"one"`, "LOGOUT")
	b.await("roomUserUpdate", `"one"`, "DELETE", `"a"`)
	if _, err := a.SendBarrageMessage(ctx, given("two"), given("still here")); err != nil {
		t.Error(err)
	}
	b.await("IMRecvBarrageMessage", "still here")
	b.never("playerStateUpdate", "NO_PLAY")
	a.never("NO_PUBLISH")
}

// TestPlayerFollowsItsStream: who waits for a stream gets it from whichever room it comes to.
func TestPlayerFollowsItsStream(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	b.EnableMultiRoom(true, true)
	b.mustLogin("one")
	b.mustLogin("two")
	played := make(chan error, 1)
	go func() {
		_, err := b.StartPlayingStream(context.Background(), given("cam"), engine.PlayOption{})
		played <- err
	}()
	b.await("PLAY_REQUESTING", "1104039")
	a.mustLogin("two")
	a.publish("cam")
	select {
	case err := <-played:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("it waits for ever\n", strings.Join(b.lines(), "\n"))
	}
	b.await(`"PLAYING"`)
}

func TestSwitchRoom(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	wantCode(t, "without a login", a.switchTo("one", "two"), 1002002)
	a.mustLogin("one")
	b.mustLogin("one")
	a.publish("cam")
	b.publish("face")
	a.play("face")
	for what, c := range map[string]struct {
		from, to string
		want     engine.Code
	}{
		"no from": {"", "two", 1002011}, "bad to": {"one", "a b", 1002012}, "long to": {"one", strings.Repeat("x", 129), 1002013},
		"another": {"two", "three", 1002002}, "the same": {"one", "one", 1002064},
	} {
		wantCode(t, what, a.switchTo(c.from, c.to), c.want)
	}
	_, err := a.SwitchRoom(context.Background(), given("one"), given("two"), engine.SwitchConfig{})
	wantCode(t, "no configuration", err, 1100001)
	_, err = a.SwitchRoom(context.Background(), given("one"), given("two"), engine.SwitchConfig{Given: true, Token: given(""), MaxMemberCount: json.RawMessage("1.5")})
	wantCode(t, "half a member", err, 1100001)
	a.never("LOGOUT")

	if err := a.switchTo("one", "two"); err != nil {
		t.Fatal(err)
	}
	a.await("roomStateChanged", `"one"`, "LOGOUT")
	a.await("publisherStateUpdate", `"cam"`, "NO_PUBLISH", "0")
	a.await("playerStateUpdate", `"face"`, "NO_PLAY", "0")
	a.await("roomStateChanged", `"two"`, "LOGINING")
	a.await("roomStateChanged", `"two"`, "LOGINED")
	b.await("roomUserUpdate", `"one"`, "DELETE", `"a"`)
	if err := b.switchTo("one", "two"); err != nil {
		t.Fatal(err)
	}
	a.await("roomUserUpdate", `"two"`, "ADD", `"b"`)
}

// dataManager is one whose messages nobody takes.
func (p *page) dataManager(room string) *engine.DataManager {
	return p.CreateRealTimeSequentialDataManager(given(room), func([]byte, string) {}, func() {})
}

// TestSwitchRoomKeepsPlaying: the page's stream stays, and has media again in the new room.
func TestSwitchRoomKeepsPlaying(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	b.SetEngineConfig(map[string]json.RawMessage{"switchRoomNotStopPlay": json.RawMessage("true")})
	a.EnableMultiRoom(true, true)
	a.mustLogin("one")
	a.mustLogin("two")
	b.mustLogin("one")
	a.publishIn("cam", "one")
	stream := b.play("cam")
	data := b.dataManager("one")
	go data.StartSubscribing(context.Background(), given("nobody"))
	if b.await("playerStateUpdate", "nobody", "1104039"); !data.StartSubscribing(context.Background(), given("cam")) {
		t.Error("no data of what is played")
	}
	if err := b.switchTo("one", "two"); err != nil {
		t.Fatal(err)
	}
	b.await("playerStateUpdate", `"cam"`, "PLAY_REQUESTING")
	b.await("playerStateUpdate", "nobody", "NO_PLAY")
	if !b.dataManager("two").StartSubscribing(context.Background(), given("cam")) {
		t.Error("the data is still that of a manager that has ended")
	}
	a.StopPublishingStream(given("cam"))
	a.await("NO_PUBLISH")
	a.publishIn("cam", "two")
	b.await("playerVideoTrackUpdate", `"cam"`)
	b.seesPacket(stream)
}

func token(in time.Duration) string {
	data := binary.BigEndian.AppendUint64(nil, uint64(time.Now().Add(in).Unix()))
	return "04" + base64.StdEncoding.EncodeToString(append(data, make([]byte, 60)...))
}

func TestTokenWillExpire(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	if p.RenewToken(given("x"), nil) {
		t.Error("a token was taken without a login")
	}
	ctx := context.Background()
	if _, err := p.LoginRoom(ctx, given("room"), given(token(20*time.Second)), user("a"), engine.RoomConfig{}); err != nil {
		t.Fatal(err)
	}
	p.await("roomStateChanged", "LOGINED")
	p.await("tokenWillExpire", `"room"`)
	for what, c := range map[string]struct {
		token engine.Text
		room  *engine.Text
		want  bool
	}{
		"no text": {engine.Text{}, nil, false}, "empty room": {given("x"), &engine.Text{OK: true}, false}, "room no text": {given("x"), &engine.Text{}, false},
		"unknown room": {given("other"), &engine.Text{S: "elsewhere", OK: true}, true}, "unchanged": {given("other"), nil, true},
	} {
		if got := p.RenewToken(c.token, c.room); got != c.want {
			t.Errorf("%s: %v", what, got)
		}
	}
	p.never("tokenWillExpire")
	began := time.Now()
	p.RenewToken(given(token(33*time.Second)), nil)
	p.await("tokenWillExpire", `"room"`)
	if after := time.Since(began); after < 1500*time.Millisecond || after > 10*time.Second {
		t.Errorf("told after %v, want about 2.5 s", after)
	}
}

// TestRenewedTokenIsPresentedLater: after a restart of the server the login has it.
func TestRenewedTokenIsPresentedLater(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	p := newPage(t, "http://"+server.address, "a")
	p.mustLogin("room")
	if !p.RenewToken(given("renewed"), nil) {
		t.Fatal("not taken")
	}
	server.kill()
	shown := make(chan string, 10)
	server.startWith(signaling.Config{Authorize: func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		shown <- msg.Token
		return room.Pass{}, nil
	}})
	p.await("RECONNECTED")
	if got := <-shown; got != "renewed" {
		t.Errorf("the login after the restart shows %q", got)
	}
}

// TestRefusedTokenSaysWhy: the server's sentence reaches the developer.
func TestRefusedTokenSaysWhy(t *testing.T) {
	const why = "the token is for user X, this login is for a"
	server := httptest.NewServer(signaling.New(signaling.Config{Authorize: func(protocol.RoomLogin, netip.Addr) (room.Pass, error) {
		return room.Pass{}, protocol.Errorf(protocol.CodeToken, why)
	}}))
	defer server.Close()
	p := newPage(t, server.URL, "a")
	err := p.login("room")
	if codeIn(err) != 1102016 || !strings.Contains(err.Error(), why) {
		t.Errorf("got %v", err)
	}
	p.await("LOGIN_FAILED", "1102016")
}

// TestSeveralRoomsComeBack: a restart of the server is no end of any of the rooms.
func TestSeveralRoomsComeBack(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b := newPage(t, "http://"+server.address, "a"), newPage(t, "http://"+server.address, "b")
	a.EnableMultiRoom(true, true)
	b.EnableMultiRoom(true, true)
	for _, room := range []string{"one", "two"} {
		a.mustLogin(room)
		b.mustLogin(room)
		a.publishIn("in-"+room, room)
		b.play("in-" + room)
	}
	for _, p := range []*page{a, b} {
		p.await("roomUserUpdate", `"two"`, "ADD")
		p.mu.Lock()
		p.log = nil
		p.mu.Unlock()
	}
	server.kill()
	server.start()
	for _, p := range []*page{a, b} {
		back := p.await("roomStateChanged", "RECONNECTED") + p.await("roomStateChanged", "RECONNECTED")
		if !hasAll(back, []string{`"one"`, `"two"`}) {
			t.Errorf("%s is back with %s", p.name, back)
		}
		p.never("roomStreamUpdate")
		p.never("PLAY_REQUESTING")
	}
	late := newPage(t, "http://"+server.address, "c")
	late.mustLogin("two")
	late.await("roomStreamUpdate", "ADD", `"in-two"`)
	late.play("in-two")
}

// TestEnteredWhileLost: a login that began while the connection was lost, and whose request
// timed out before it came back, is made good then.
func TestEnteredWhileLost(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a := newPage(t, "http://"+server.address, "a")
	a.EnableMultiRoom(true, true)
	a.mustLogin("one")
	server.shutOut(true)
	fails := func() { // after the 6 s that requests have
		if _, err := a.SendBarrageMessage(context.Background(), given("one"), given("x")); err == nil {
			t.Error("a message got through")
		}
	}
	fails() // by now the loss is noticed
	entered := make(chan error, 1)
	go func() { entered <- a.login("two") }()
	a.await("roomStateChanged", `"two"`, "LOGINING")
	fails()
	server.shutOut(false)
	select {
	case err := <-entered:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("the login waits for ever\n", strings.Join(a.lines(), "\n"))
	}
	a.never("RECONNECT_FAILED")
}

// TestKickedOutOfSeveralRooms: who logs in elsewhere is out of all of them.
func TestKickedOutOfSeveralRooms(t *testing.T) {
	server := newServer(t)
	a, again := newPage(t, server.URL, "a"), newPage(t, server.URL, "a")
	a.EnableMultiRoom(true, true)
	a.mustLogin("one")
	a.mustLogin("two")
	again.mustLogin("two")
	out := a.await("roomStateChanged", "KICKOUT", "1002050") + a.await("roomStateChanged", "KICKOUT", "1002050")
	if !hasAll(out, []string{`"one"`, `"two"`}) {
		t.Errorf("kicked out with %s", out)
	}
	a.mustLogin("three") // over a new connection, and again is kicked
	again.await("roomStateChanged", "KICKOUT")
}
