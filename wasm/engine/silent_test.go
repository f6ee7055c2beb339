//go:build !js

package engine

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/signaling"

	"github.com/coder/websocket"
)

// publishSilently logs in and publishes, and never makes the offer that it owes.
func publishSilently(t *testing.T, url string) {
	t.Helper()
	ctx := t.Context()
	ws, _, err := websocket.Dial(ctx, strings.Replace(url, "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	for i, b := range []protocol.Body{
		protocol.RoomLogin{Version: protocol.Version, App: 1, Room: "room", User: protocol.User{ID: "silent"}},
		protocol.StreamPublish{Room: "room", Stream: "nothing"},
	} {
		data, err := protocol.Request(uint64(i+1), b)
		if err == nil {
			err = ws.Write(ctx, websocket.MessageText, data)
		}
		if err == nil {
			_, _, err = ws.Read(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestPublisherThatNeverOffers(t *testing.T) {
	server := httptest.NewServer(signaling.New(signaling.Config{}))
	t.Cleanup(server.Close)
	publishSilently(t, server.URL)
	states := make(chan StreamState, 100)
	e := New(Config{App: "1", ScriptOrigin: server.URL, Log: func(_, line string) { t.Log(line) }, Emit: func(ev Event) {
		if ev.Name == "playerStateUpdate" {
			states <- ev.Args[0].(StreamState)
		}
	}})
	t.Cleanup(func() { _ = e.DestroyEngine() })
	e.settings.connect = 200 * time.Millisecond
	user := LoginUser{Given: true, UserID: Text{S: "u", OK: true}}
	if _, err := e.LoginRoom(t.Context(), Text{S: "room", OK: true}, Text{OK: true}, user, RoomConfig{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _, _ = e.StartPlayingStream(ctx, Text{S: "nothing", OK: true}, PlayOption{}) }() // ends with the test
	for _, want := range []Code{0, codePlayICE} {
		select {
		case s := <-states:
			if s.State != playRequesting || s.ErrorCode != want {
				t.Errorf("told %+v, want %s with code %d", s, playRequesting, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("never told code %d", want)
		}
	}
}
