//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"expressrtc/wasm/engine"
)

func TestLoginArguments(t *testing.T) {
	long := strings.Repeat("x", 300)
	notText := engine.Text{}
	for name, c := range map[string]struct {
		room, token engine.Text
		user        engine.LoginUser
		config      engine.RoomConfig
		want        engine.Code
	}{
		"empty room":       {given(""), given(""), user("u"), engine.RoomConfig{}, 1002011},
		"room not text":    {notText, given(""), user("u"), engine.RoomConfig{}, 1100001},
		"long room":        {given(long), given(""), user("u"), engine.RoomConfig{}, 1002013},
		"room with space":  {given("a b"), given(""), user("u"), engine.RoomConfig{}, 1002012},
		"token not text":   {given("r"), notText, user("u"), engine.RoomConfig{}, 1100001},
		"no user":          {given("r"), given(""), engine.LoginUser{}, engine.RoomConfig{}, 1100001},
		"empty user":       {given("r"), given(""), user(""), engine.RoomConfig{}, 1002005},
		"user with slash":  {given("r"), given(""), user("a/b"), engine.RoomConfig{}, 1002006},
		"long user":        {given("r"), given(""), user(long[:65]), engine.RoomConfig{}, 1002007},
		"user not text":    {given("r"), given(""), engine.LoginUser{Given: true}, engine.RoomConfig{}, 1100001},
		"name not text":    {given("r"), given(""), engine.LoginUser{Given: true, UserID: given("u"), UserName: json.RawMessage("5")}, engine.RoomConfig{}, 1100001},
		"long name":        {given("r"), given(""), engine.LoginUser{Given: true, UserID: given("u"), UserName: json.RawMessage(`"` + long + `"`)}, engine.RoomConfig{}, 1002010},
		"limit no integer": {given("r"), given(""), user("u"), engine.RoomConfig{MaxMemberCount: json.RawMessage("1.5")}, 1100001},
		"first one wins":   {given(""), notText, engine.LoginUser{}, engine.RoomConfig{}, 1002011},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPage(t, "http://127.0.0.1:1", "a")
			_, err := p.LoginRoom(context.Background(), c.room, c.token, c.user, c.config)
			if codeIn(err) != c.want {
				t.Errorf("got %v, want code %d", err, c.want)
			}
			p.await("roomStateChanged", "LOGINING")
			p.await("roomStateUpdate", "DISCONNECTED")
			p.await("roomStateChanged", "LOGIN_FAILED")
		})
	}
}

func TestAppIDs(t *testing.T) {
	for app, want := range map[string]engine.Code{"0": 0, "123": 0, "42\n": 0, "1.5": 2000000001, "undefined": 2000000001, "-1": 2000000001, "": 2000000001} {
		server := newServer(t)
		p := engine.New(engine.Config{App: app, ScriptOrigin: server.URL, Emit: func(engine.Event) {}, Log: func(string, string) {}})
		_, err := p.LoginRoom(context.Background(), given("r"), given(""), user("u"), engine.RoomConfig{})
		if codeIn(err) != want || (want == 0) != (err == nil) {
			t.Errorf("app id %q: %v, want code %d", app, err, want)
		}
		_ = p.DestroyEngine()
	}
}

func TestPublishArguments(t *testing.T) {
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	if _, err := p.StartPublishingStream(given("s"), "", engine.PublishOption{}); codeIn(err) != 1000002 {
		t.Errorf("before login: %v", err)
	}
	p.mustLogin("room")
	local := p.publish("s")
	for name, c := range map[string]struct {
		id     engine.Text
		local  string
		option engine.PublishOption
		want   engine.Code
	}{
		"no id":          {engine.Text{}, local.ID(), engine.PublishOption{}, 1000015},
		"long id":        {given(strings.Repeat("x", 257)), local.ID(), engine.PublishOption{}, 1000014},
		"bad id":         {given("a b"), local.ID(), engine.PublishOption{}, 1000016},
		"no stream":      {given("t"), "", engine.PublishOption{}, 1103001},
		"foreign stream": {given("t"), "x", engine.PublishOption{}, 1103044},
		"option":         {given("t"), local.ID(), engine.PublishOption{NotObject: true}, 1103001},
		"inspect flag":   {given("t"), local.ID(), engine.PublishOption{InspectFlag: json.RawMessage(`"1"`)}, 1103001},
		"codec":          {given("t"), local.ID(), engine.PublishOption{Codec: &engine.Text{}}, 1103001},
	} {
		_, err := p.StartPublishingStream(c.id, c.local, c.option)
		if codeIn(err) != c.want {
			t.Errorf("%s: %v, want code %d", name, err, c.want)
		}
	}
	if ok, err := p.StartPublishingStream(given("s"), local.ID(), engine.PublishOption{}); ok || err != nil {
		t.Errorf("publishing twice: %v, %v, want false", ok, err)
	}
	if p.StopPublishingStream(engine.Text{}) || !p.StopPublishingStream(given("somebody's")) {
		t.Error("stopPublishingStream is false only for what is no id")
	}
	if err := p.LogoutRoom(nil); err != nil {
		t.Fatal(err)
	}
	if ok, err := p.StartPublishingStream(given("s"), local.ID(), engine.PublishOption{}); ok || err != nil {
		t.Errorf("just after a logout: %v, %v, want false", ok, err)
	}
}

func TestErrorShapes(t *testing.T) {
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	ctx := context.Background()
	shape := func(err error) []string {
		var keys []string
		if s, ok := err.(interface{ Shape() any }); ok {
			for _, k := range reflect.ValueOf(s.Shape()).MapKeys() {
				keys = append(keys, k.String())
			}
		}
		return keys
	}
	_, login := p.LoginRoom(ctx, given(""), given(""), user("u"), engine.RoomConfig{})
	_, publish := p.StartPublishingStream(given(""), "", engine.PublishOption{})
	_, play := p.StartPlayingStream(ctx, given(""), engine.PlayOption{})
	_, message := p.SendBroadcastMessage(ctx, given("r"), given(""))
	for name, c := range map[string]struct {
		err  error
		want int
		has  string
	}{"login": {login, 2, "msg"}, "publish": {publish, 2, "extendedData"}, "play": {play, 4, "message"}, "message": {message, 1, "errorCode"}} {
		keys := shape(c.err)
		if len(keys) != c.want || !strings.Contains(strings.Join(keys, " "), c.has) {
			t.Errorf("%s: an error has %v, want %d keys with %s", name, keys, c.want, c.has)
		}
	}
}
