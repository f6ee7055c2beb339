package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// TestCallbacksOfServer: a login at a running server reaches the app's receiver, in order
// and before the server has stopped; /metrics counts it.
func TestCallbacksOfServer(t *testing.T) {
	got := make(chan map[string]any, 16)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Error(err)
		}
		got <- body
	}))
	defer receiver.Close()
	file := t.TempDir() + "/apps.json"
	apps, err := auth.OpenApps(file)
	if err != nil {
		t.Fatal(err)
	}
	app, err := apps.Create(auth.App{CallbackURL: receiver.URL, CallbackSecret: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	token, err := auth.Sign(app, auth.Claims{User: "anna", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	s := operate(ctx, t, "--apps", file, "--admin-addr", "127.0.0.1:0")
	ws, _, err := websocket.Dial(ctx, s.url+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.CloseNow()
	login, err := json.Marshal(map[string]any{"type": "room.login", "id": 1, "body": map[string]any{
		"version": 1, "app": app.ID, "room": "room", "user": map[string]string{"id": "anna"}, "token": token,
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.Write(ctx, websocket.MessageText, login); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"room_create", "room_login"} {
		if body := <-got; body["event"] != want || body["room_id"] != "room" {
			t.Errorf("%v, want %s", body, want)
		}
	}
	for deadline := time.Now().Add(10 * time.Second); ; {
		_, body := s.ask(t, "/metrics", "")
		if strings.Contains(body, `callbacks_total{result="delivered"} 2`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("figures: %s", body)
		}
	}
	stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}

// TestCallbacksHaveASecond: what stopped before may have used up all the time.
func TestCallbacksHaveASecond(t *testing.T) {
	got := make(chan struct{}, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { got <- struct{}{} }))
	defer receiver.Close()
	file := t.TempDir() + "/apps.json"
	apps, err := auth.OpenApps(file)
	if err != nil {
		t.Fatal(err)
	}
	app, err := apps.Create(auth.App{CallbackURL: receiver.URL})
	if err != nil {
		t.Fatal(err)
	}
	s := putTogether(t, io.Discard, io.Discard, "--apps", file)
	synctest.Test(t, func(t *testing.T) { // in which the second lasts as long as the delivery
		s.webhooks.Hear(room.Report{Kind: room.RoomOpened, Time: time.Now(), Room: room.Info{App: protocol.AppID(app.ID), ID: "room"}})
		if err := s.abandon(); err != nil {
			t.Error(err)
		}
	})
	if len(got) != 1 || s.webhooks.Stats().Delivered != 1 {
		t.Errorf("%+v", s.webhooks.Stats())
	}
}
