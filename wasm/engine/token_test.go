//go:build !js

package engine_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// theApp is the app of all engines here, with one of the policies.
func theApp(atExpiry string) auth.App {
	return auth.App{ID: 7, Secret: strings.Repeat("s", auth.SecretLength), AtExpiry: atExpiry}
}

// withTokens lets nobody in but with tokens of an app.
func withTokens(t *testing.T, app auth.App) signaling.Config {
	t.Helper()
	apps, err := auth.OpenApps("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := apps.Create(app); err != nil {
		t.Fatal(err)
	}
	admit := signaling.AdmitTokens(apps)
	return signaling.Config{Heartbeat: time.Second, Authorize: func(msg protocol.RoomLogin, from netip.Addr) (room.Pass, error) {
		pass := room.Pass{Address: from}
		return pass, admit(msg, &pass)
	}}
}

// sign makes a token that is good for some seconds, which may be gone already.
func sign(t *testing.T, app auth.App, user string, seconds int, rights *auth.Rights) string {
	t.Helper()
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	token, err := auth.Sign(app, auth.Claims{User: user, Issued: end.Add(-time.Hour), Expires: end, Rights: rights})
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (p *page) loginWith(room, token string) error {
	_, err := p.LoginRoom(context.Background(), given(room), given(token), user(p.name), engine.RoomConfig{UserUpdate: true})
	return err
}

func (p *page) mustLoginWith(room, token string) {
	p.t.Helper()
	if err := p.loginWith(room, token); err != nil {
		p.t.Fatalf("%s: login: %v", p.name, err)
	}
	p.await("roomStateChanged", "LOGINED")
}

func newTokenServer(t *testing.T, app auth.App) *httptest.Server {
	t.Helper()
	return serveConfig(t, withTokens(t, app))
}

// TestLoginWithToken: which login fails with which code, and that the page may try again.
func TestLoginWithToken(t *testing.T) {
	t.Parallel()
	app := theApp("")
	wrong := app
	wrong.Secret = strings.Repeat("w", auth.SecretLength)
	p := newPage(t, newTokenServer(t, app).URL, "a")
	for name, c := range map[string]struct {
		token string
		code  engine.Code
	}{
		"none":           {"", 1102016},
		"wrong secret":   {sign(t, wrong, "a", 100, nil), 1102016},
		"another user's": {sign(t, app, "b", 100, nil), 1102016},
		"another room's": {sign(t, app, "a", 100, &auth.Rights{Room: "R", Login: true}), 1102016},
		"not for login":  {sign(t, app, "a", 100, &auth.Rights{Room: "r"}), 1102016},
		"expired":        {sign(t, app, "a", -1, nil), 1102018},
	} {
		err := p.loginWith("r", c.token)
		var coded *engine.Error
		if !errors.As(err, &coded) || coded.Code != c.code {
			t.Errorf("%s: %v, want %d", name, err, c.code)
		}
		if line := p.await("roomStateChanged", "LOGIN_FAILED"); !hasAll(line, []string{`"r"`, fmt.Sprint(coded.Code)}) {
			t.Errorf("%s: told %s", name, line)
		}
	}
	p.mustLoginWith("r", sign(t, app, "a", 100, &auth.Rights{Room: "r", Login: true}))
	next := engine.SwitchConfig{Given: true, Token: given(sign(t, app, "a", 100, &auth.Rights{Room: "R", Login: true}))}
	if _, err := p.SwitchRoom(t.Context(), given("r"), given("R"), next); err != nil {
		t.Errorf("switching to a room with its token: %v", err)
	}
	next.Token = given(sign(t, wrong, "a", 100, nil))
	var coded *engine.Error
	if _, err := p.SwitchRoom(t.Context(), given("R"), given("r"), next); !errors.As(err, &coded) || coded.Code != 1102016 {
		t.Errorf("switching to a room with a bad token: %v", err)
	}
}

// TestPublishRights: what a token does not allow ends at once and is not tried again,
// what it allows goes on; a renewed token may take it back.
func TestPublishRights(t *testing.T) {
	t.Parallel()
	app := theApp("")
	server := newTokenServer(t, app).URL
	a, b := newPage(t, server, "a"), newPage(t, server, "b")
	b.mustLoginWith("r", sign(t, app, "b", 100, &auth.Rights{Room: "r", Login: true}))
	a.mustLoginWith("r", sign(t, app, "a", 100, &auth.Rights{Login: true, Publish: true, Streams: []string{"mine"}}))
	b.publish("b")
	b.await("publisherStateUpdate", "NO_PUBLISH", "1103019", "does not allow this user to publish")
	a.publish("other")
	a.await("publisherStateUpdate", "NO_PUBLISH", "1103019", "other")
	local := a.publish("mine")
	a.await("publisherStateUpdate", `"PUBLISHING"`, "mine")
	b.await("roomStreamUpdate", "ADD", "mine")
	b.play("mine")

	if !a.RenewToken(given(sign(t, app, "a", 200, &auth.Rights{Room: "r", Login: true})), nil) {
		t.Error("renewToken was not taken")
	}
	a.await("publisherStateUpdate", "NO_PUBLISH", "1002082", "mine")
	b.await("roomStreamUpdate", "DELETE", "mine", "remove_by_server")
	if slices.ContainsFunc(local.Tracks(), func(t *media.Track) bool { return !t.Live() }) {
		t.Error("the local stream ended with the publishing")
	}
	if !a.RenewToken(given(sign(t, app, "a", 300, nil)), nil) {
		t.Error("renewToken was not taken")
	}
	if ok, err := a.StartPublishingStream(given("mine"), local.ID(), engine.PublishOption{}); err != nil || !ok {
		t.Fatalf("publishing again: %v, %v", ok, err)
	}
	b.await("roomStreamUpdate", "ADD", "mine")
	a.wantNone("publisherStateUpdate", "1103019")
}

// TestTokenExpires: what happens to who does not renew in time, and to the others.
func TestTokenExpires(t *testing.T) {
	const life = 10 // seconds, within which a slow machine gets there
	for policy, expires := range map[string]func(a, b *page){
		"": func(a, b *page) {
			a.await("tokenWillExpire", `"r"`)
			time.Sleep((life + 1) * time.Second) // it is over by then, which nothing tells
			b.wantNone("roomStreamUpdate", "DELETE")
			a.publish("late")
			a.await("publisherStateUpdate", "NO_PUBLISH", "1102018", "late")
			a.RenewToken(given(sign(t, theApp(""), "a", 100, nil)), nil)
			a.publish("later")
			b.await("roomStreamUpdate", "ADD", "later")
		},
		"stop": func(a, b *page) {
			a.await("publisherStateUpdate", "NO_PUBLISH", "1102018", "cam")
			b.await("roomStreamUpdate", "DELETE", "cam", "remove_by_server")
			a.wantNone("roomStateChanged", "")
			b.wantNone("roomUserUpdate", "DELETE")
		},
		"kick": func(a, b *page) {
			a.await("roomStateUpdate", "DISCONNECTED", "1102018")
			a.await("roomStateChanged", "KICKOUT", "1102018")
			a.await("publisherStateUpdate", "NO_PUBLISH", "1102018", "cam")
			b.await("roomStreamUpdate", "DELETE", "cam", "user_kicked_out")
			b.await("roomUserUpdate", "DELETE", `"a"`)
		},
	} {
		t.Run("policy "+policy, func(t *testing.T) {
			t.Parallel()
			app := theApp(policy)
			server := newTokenServer(t, app).URL
			a, b := newPage(t, server, "a"), newPage(t, server, "b")
			b.mustLoginWith("r", sign(t, app, "b", 100, nil))
			a.mustLoginWith("r", sign(t, app, "a", 100, nil))
			a.publish("cam")
			b.await("roomStreamUpdate", "ADD", "cam")
			a.RenewToken(given(sign(t, app, "a", life, nil)), nil) // now, so that a slow machine has been there in time
			expires(a, b)
		})
	}
}

// TestTokenIsRenewedInTime: nobody notices that a token would have expired.
func TestTokenIsRenewedInTime(t *testing.T) {
	t.Parallel()
	app := theApp("kick")
	server := newTokenServer(t, app).URL
	a, b := newPage(t, server, "a"), newPage(t, server, "b")
	b.mustLoginWith("r", sign(t, app, "b", 100, nil))
	const life = 15 // seconds, within which a slow machine gets there
	a.mustLoginWith("r", sign(t, app, "a", life, nil))
	over := time.Now().Add((life + 1) * time.Second)
	a.publish("cam")
	b.await("roomStreamUpdate", "ADD", "cam")
	a.await("tokenWillExpire", `"r"`)
	a.RenewToken(given(sign(t, app, "a", 100, nil)), nil)
	time.Sleep(time.Until(over))
	a.wantNone("", "1102018")
	b.wantNone("", "DELETE")
}

// TestTokenAfterSleep: timers stand still while a machine sleeps; who is back is told in
// time all the same, and who never lost the connection, with the next ping.
func TestTokenAfterSleep(t *testing.T) {
	t.Parallel()
	for _, lost := range []bool{true, false} {
		config := signaling.Config{Heartbeat: time.Second}
		if lost {
			config.Heartbeat = time.Hour
		}
		server := newRestartableWith(t, config)
		p := newPage(t, "http://"+server.address, "a")
		p.mustLoginWith("r", token(32*time.Second))
		p.Oversleep("r")
		if lost {
			server.kill()
			server.startWith(config)
			p.Wake()
		}
		p.await("tokenWillExpire", `"r"`)
	}
}

// TestNewestGoodToken: a token that the server refuses does not take the place of the one
// before; that is what a server that was started anew is shown.
func TestNewestGoodToken(t *testing.T) {
	t.Parallel()
	app := theApp("")
	shown := make(chan string, 8)
	config := withTokens(t, app)
	decide := config.Authorize
	config.Authorize = func(msg protocol.RoomLogin, from netip.Addr) (room.Pass, error) {
		shown <- msg.Token
		return decide(msg, from)
	}
	site := newRestartableWith(t, config)
	p := newPage(t, "http://"+site.address, "a")
	want := func(tokens ...string) {
		t.Helper()
		for _, token := range tokens {
			if got := <-shown; got != token {
				t.Fatalf("the server was shown %q, want %q", got, token)
			}
		}
	}
	first, second, third := sign(t, app, "a", 100, nil), sign(t, app, "a", 200, nil), sign(t, app, "a", 300, nil)
	bad := sign(t, app, "b", 400, nil)
	p.mustLoginWith("r", first)
	want(first)
	p.RenewToken(given(second), nil)
	p.RenewToken(given(bad), nil)
	want(second, bad)
	p.mustSay("answers come in order")
	site.kill()
	site.startWith(config)
	p.await("roomStateChanged", "RECONNECTED")
	want(second)

	site.kill() // what is renewed now has been seen by nobody
	p.RenewToken(given(bad), nil)
	site.startWith(config)
	p.await("roomStateChanged", "RECONNECTED")
	want(bad, second)

	site.kill()
	p.RenewToken(given(third), nil)
	site.startWith(config)
	p.await("roomStateChanged", "RECONNECTED")
	want(third)
	site.kill()
	site.startWith(config)
	p.await("roomStateChanged", "RECONNECTED")
	want(third)
	p.mustSay("that was all")
	if len(shown) > 0 {
		t.Errorf("the server was shown more tokens: %q", <-shown)
	}
}

// mustSay says something in the room r, and waits until the server has answered.
func (p *page) mustSay(text string) {
	p.t.Helper()
	if _, err := p.SendBroadcastMessage(p.t.Context(), given("r"), given(text)); err != nil {
		p.t.Fatal(err)
	}
}

// wantNone fails when p was told an event with all the parts.
func (p *page) wantNone(parts ...string) {
	p.t.Helper()
	for _, line := range p.lines() {
		if hasAll(line, parts) {
			p.t.Errorf("%s was told %s", p.name, line)
		}
	}
}
