package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
)

// enters logs in over a socket of its own, and answers with which code.
func (s *started) enters(t *testing.T, app protocol.AppID, token string) protocol.Code {
	t.Helper()
	ws, code := s.login(t, app, "a", token)
	ws.CloseNow()
	return code
}

// login logs in over a socket, which stays open, and answers with which code.
func (s *started) login(t *testing.T, app protocol.AppID, user protocol.UserID, token string) (*websocket.Conn, protocol.Code) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, s.url+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(protocol.RoomLogin{Version: protocol.Version, App: app, Room: "r", User: protocol.User{ID: user}, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	frame, err := json.Marshal(protocol.Frame{Type: protocol.TypeRoomLogin, ID: 1, Body: body})
	if err != nil {
		t.Fatal(err)
	}
	if err := ws.Write(ctx, websocket.MessageText, frame); err != nil {
		t.Fatal(err)
	}
	reply := await(t, ws, func(f protocol.Frame) bool { return f.ID == 1 })
	if reply.Error != nil {
		return ws, reply.Error.Code
	}
	return ws, protocol.CodeOK
}

// await is the next frame that is one of those.
func await(t *testing.T, ws *websocket.Conn, is func(protocol.Frame) bool) (f protocol.Frame) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for {
		_, data, err := ws.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		f = protocol.Frame{}
		if err := json.Unmarshal(data, &f); err != nil {
			t.Fatal(err)
		}
		if is(f) {
			return f
		}
	}
}

// reloads is a log that tells when the server has reloaded.
type reloads struct {
	mu   sync.Mutex
	text bytes.Buffer
	seen chan struct{}
}

func (r *reloads) Write(line []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text.Write(line)
	if strings.Contains(string(line), "reload") {
		r.seen <- struct{}{}
	}
	return len(line), nil
}

// TestAppsOfARunningServer: what the operator does with apps counts after SIGHUP, and what
// cannot be read changes nothing.
func TestAppsOfARunningServer(t *testing.T) {
	file := filepath.Join(t.TempDir(), "apps.json")
	log := &reloads{seen: make(chan struct{}, 8)}
	ctx, stop := context.WithCancel(t.Context())
	s := startLogging(ctx, t, log, "--addr", "127.0.0.1:0", "--apps", file)
	want := func(what string, code protocol.Code, app protocol.AppID, token string) {
		t.Helper()
		if got := s.enters(t, app, token); got != code {
			t.Errorf("%s: %d, want %d", what, got, code)
		}
	}
	do := func(args ...string) auth.App {
		t.Helper()
		shell{t}.ok(append([]string{"app", args[0], "--apps", file}, args[1:]...)...)
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		<-log.seen
		app, _ := mustApps(t, file).Get(7)
		return app
	}
	want("without apps", protocol.CodeOK, 1, "")
	app := do("create", "--id", "7")
	first := mustSign(t, app, auth.Claims{User: "a"})
	want("without a token", protocol.CodeToken, 7, "")
	want("to another app", protocol.CodeAppID, 1, "")
	want("with a token", protocol.CodeOK, 7, first)
	app = do("rotate", "--id", "7", "--keep", "1h")
	want("with a token of the former secret", protocol.CodeOK, 7, first)
	want("with a token of the new secret", protocol.CodeOK, 7, mustSign(t, app, auth.Claims{User: "a"}))
	member, _ := s.login(t, 7, "b", mustSign(t, app, auth.Claims{User: "b"}))
	do("delete", "--id", "7")
	goodbye := await(t, member, func(f protocol.Frame) bool { return f.Type == protocol.TypeRoomKickout })
	member.CloseNow()
	if text := string(goodbye.Body); !strings.Contains(text, "1002055") || !strings.Contains(text, "does not serve the app any more") {
		t.Errorf("who was in is told %s", text)
	}
	want("to an app that was deleted", protocol.CodeAppID, 7, first)
	stop()
	if err := <-s.done; err != nil {
		t.Error(err)
	}
	if text := log.text.String(); strings.Contains(text, app.Secret) || strings.Contains(text, first[:40]) {
		t.Errorf("the log has secrets:\n%s", text)
	}
}
