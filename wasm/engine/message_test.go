//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"expressrtc/wasm/engine"
)

func TestMessages(t *testing.T) {
	server := newServer(t)
	a, b, c := newPage(t, server.URL, "a"), newPage(t, server.URL, "b"), newPage(t, server.URL, "c")
	a.mustLogin("room")
	b.mustLogin("room")
	c.mustLogin("another")
	ctx := context.Background()
	sent, err := a.SendBroadcastMessage(ctx, given("room"), given("hello"))
	if err != nil || sent.ErrorCode != 0 || sent.MessageID == nil {
		t.Errorf("broadcast: %+v, %v", sent, err)
	}
	b.await("IMRecvBroadcastMessage", `"fromUser":{"userID":"a","userName":"a"},"message":"hello"`, `"messageID":1`)
	if sent, err = a.SendBarrageMessage(ctx, given("room"), given("many")); err != nil {
		t.Errorf("barrage: %+v, %v", sent, err)
	}
	if _, text := sent.MessageID.(string); !text {
		t.Errorf("a barrage message's id is a %T, want a text", sent.MessageID)
	}
	b.await("IMRecvBarrageMessage", `"message":"many"`)
	for _, command := range []string{`"do"`, `{"do":1}`} {
		if _, err := a.SendCustomCommand(ctx, given("room"), json.RawMessage(command), []string{"b", "nobody"}); err != nil {
			t.Errorf("command %s: %v", command, err)
		}
		b.await("IMRecvCustomCommand", command)
	}
	if _, err := a.SendCustomCommand(ctx, given("room"), json.RawMessage(`"do"`), []string{}); err != nil {
		t.Errorf("a command to an empty list: %v", err)
	}
	for _, line := range append(a.lines(), c.lines()...) {
		if strings.Contains(line, "IMRecv") {
			t.Errorf("a sender, or another room, got %s", line)
		}
	}
}

func TestMessageErrors(t *testing.T) {
	server := newServer(t)
	p := newPage(t, server.URL, "a")
	ctx := context.Background()
	if _, err := p.SendBroadcastMessage(ctx, given("room"), given("x")); codeIn(err) != 1000002 {
		t.Errorf("before login: %v", err)
	}
	p.mustLogin("room")
	long := given(strings.Repeat("x", 10241))
	want := func(name string, code engine.Code, err error) {
		t.Helper()
		if codeIn(err) != code {
			t.Errorf("%s: %v, want code %d", name, err, code)
		}
	}
	_, err := p.SendBroadcastMessage(ctx, given("room"), engine.Text{})
	want("broadcast of no text", 1100001, err)
	_, err = p.SendBroadcastMessage(ctx, given("room"), given(""))
	want("empty broadcast", 1009001, err)
	_, err = p.SendBroadcastMessage(ctx, given("room"), long)
	want("long broadcast", 1009013, err)
	_, err = p.SendBroadcastMessage(ctx, given("other"), given("x"))
	want("another room", 1009005, err)
	_, err = p.SendBarrageMessage(ctx, given("room"), engine.Text{})
	want("barrage of no text", 1009001, err)
	_, err = p.SendCustomCommand(ctx, engine.Text{}, json.RawMessage(`"x"`), []string{"b"})
	want("command to no room", 1009005, err)
	_, err = p.SendCustomCommand(ctx, given("room"), json.RawMessage(`"x"`), nil)
	want("command to no list", 1100001, err)
	_, err = p.SendCustomCommand(ctx, given("room"), nil, []string{"b"})
	want("no command", 1009001, err)
	_, err = p.SendCustomCommand(ctx, given("room"), json.RawMessage(`"`+long.S+`"`), []string{"b"})
	want("long command", 1009002, err)
}

// TestOversizedCall: what is too large for the server is refused, and nothing else ends.
func TestOversizedCall(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	b.settled("LOGINED")
	to := make([]string, 20_000)
	for i := range to {
		to[i] = strings.Repeat("u", 20)
	}
	_, err := a.SendCustomCommand(context.Background(), given("room"), []byte(`"x"`), to)
	wantCode(t, "20,000 ids", err, 1100001)
	if _, err := a.SendCustomCommand(context.Background(), given("room"), []byte(`"y"`), []string{"b"}); err != nil {
		t.Error(err)
	}
	b.hears("IMRecvCustomCommand", "y")
	b.never("DELETE")
}
