package room

import (
	"encoding/json"
	"strings"
	"testing"

	"expressrtc/server/protocol"
)

func TestPublishTellsOthers(t *testing.T) {
	h := NewHub(Config{MaxStreams: 2})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	c := join(t, h, login("other", "c"))
	a.take()
	succeed(t, a.publish("s1"), a.publish("s1"))
	a.heard("ok", "ok")
	b.heard("streams add s1(a)")

	wantCode(t, b.publish("s1"), protocol.CodeDuplicateStream)
	wantCode(t, c.publish("s1"), protocol.CodeDuplicateStream)
	b.heard()
	succeed(t, a.publish("s2"))
	wantCode(t, a.publish("s3"), protocol.CodeTooManyStreams)

	succeed(t, a.unpublish("s1"))
	wantCode(t, a.unpublish("s1"), protocol.CodeNotPublishing)
	b.heard("streams add s2(a)", "streams delete s1(a) reason 1")
	succeed(t, c.publish("s1"))
}

func TestUpdateIsToldAndKept(t *testing.T) {
	h := NewHub(Config{})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	succeed(t, a.publish("cam"))
	a.take()
	b.take()
	muted, info := true, "hello"
	update := protocol.StreamUpdate{Room: "r", Stream: "cam", VideoMuted: &muted}
	succeed(t, a.room.Update(a.Member, update, a.replied))
	succeed(t, a.room.Update(a.Member, protocol.StreamUpdate{Room: "r", Stream: "cam", ExtraInfo: &info}, a.replied))
	a.heard("ok", "ok")
	b.heard(
		`stream.update {"room":"r","stream":"cam","videoMuted":true}`,
		`stream.update {"room":"r","stream":"cam","extraInfo":"hello"}`,
	)
	late := join(t, h, login("r", "late")).snapshot.Streams[0]
	if !late.VideoMuted || late.AudioMuted || late.ExtraInfo != "hello" {
		t.Errorf("late comer sees %+v", late)
	}
	wantCode(t, b.room.Update(b.Member, update, b.replied), protocol.CodeNotPublishing)
	long := strings.Repeat("x", protocol.MaxExtraInfo+1)
	err := a.room.Update(a.Member, protocol.StreamUpdate{Stream: "cam", ExtraInfo: &long}, a.replied)
	wantCode(t, err, protocol.CodeExtraInfoTooLong)
	err = a.room.Publish(a.Member, protocol.StreamPublish{Stream: "x", ExtraInfo: long}, a.replied)
	wantCode(t, err, protocol.CodeExtraInfoTooLong)
}

func TestMessages(t *testing.T) {
	h := NewHub(Config{})
	a, b, c := join(t, h, login("r", "a")), join(t, h, login("r", "b")), join(t, h, login("r", "c"))
	a.room.messages, a.room.barrages = 0, 0
	for _, p := range []*page{a, b, c} {
		p.take()
	}
	say := func(text string) error {
		return a.room.Broadcast(a.Member, protocol.MessageBroadcast{Room: "r", Text: text}, a.replied)
	}
	succeed(t, say("one"), say("two"))
	succeed(t, a.room.Barrage(a.Member, protocol.MessageBarrage{Room: "r", Text: "fly"}, a.replied))
	a.heard("ok {ID:1}", "ok {ID:2}", "ok {ID:1}")
	b.heard("broadcast 1 a: one", "broadcast 2 a: two", "barrage 1 a: fly")
	wantCode(t, say(""), protocol.CodeTextEmpty)
	wantCode(t, say(strings.Repeat("é", protocol.MaxText/2)+"x"), protocol.CodeTextTooLong)
	succeed(t, say(strings.Repeat("x", protocol.MaxText)))
	b.take()
	c.take()
	a.take()

	order := func(command string, to ...protocol.UserID) error {
		msg := protocol.MessageCommand{Room: "r", To: to, Command: json.RawMessage(command)}
		return a.room.Command(a.Member, msg, a.replied)
	}
	succeed(t, order(`{"go":1}`, "b", "nobody", "b"))
	a.heard("ok")
	b.heard(`message.command {"room":"r","from":{"id":"a","name":"a"},"command":{"go":1}}`)
	c.heard()
	for command, want := range map[string]protocol.Code{
		``: protocol.CodeTextEmpty, `""`: protocol.CodeTextEmpty, `null`: protocol.CodeTextEmpty,
		`7`: protocol.CodeInput, `[1]`: protocol.CodeInput, `"x`: protocol.CodeInput,
		`"` + strings.Repeat("x", protocol.MaxText) + `"`:  protocol.CodeOK,
		`"x` + strings.Repeat("x", protocol.MaxText) + `"`: protocol.CodeTextTooLong,
	} {
		if got := codeOf(order(command, "b")); got != want {
			t.Errorf("command %.9s: code %d, want %d", command, got, want)
		}
	}
	wantCode(t, order(`"x"`), protocol.CodeInput)
	wantCode(t, order(`"x"`, make([]protocol.UserID, maxRecipients+1)...), protocol.CodeInput)
}

func TestOutsidersAreRefused(t *testing.T) {
	h := NewHub(Config{})
	a, gone := join(t, h, login("r", "a")), join(t, h, login("r", "gone"))
	gone.room.Leave(gone.Member, protocol.ReasonStopped)
	a.take()
	r, m := gone.room, gone.Member
	for name, err := range map[string]error{
		"publish":   gone.publish("x"),
		"unpublish": gone.unpublish("x"),
		"update":    r.Update(m, protocol.StreamUpdate{Stream: "x"}, gone.replied),
		"play":      gone.play("x"),
		"stop":      gone.stop("x"),
		"broadcast": r.Broadcast(m, protocol.MessageBroadcast{Text: "x"}, gone.replied),
		"barrage":   r.Barrage(m, protocol.MessageBarrage{Text: "x"}, gone.replied),
		"bytes":     r.Transparent(m, protocol.MessageTransparent{Data: "AAE="}, gone.replied),
		"for none":  r.Transparent(m, protocol.MessageTransparent{Data: "AAE=", Mode: serverAlone}, gone.replied),
		"channel":   r.Channel(m, protocol.MessageChannel{Text: "x"}, gone.replied),
		"command":   r.Command(m, protocol.MessageCommand{To: []protocol.UserID{"a"}, Command: json.RawMessage(`"x"`)}, gone.replied),
	} {
		if codeOf(err) != protocol.CodeNotLoggedIn {
			t.Errorf("%s: %v", name, err)
		}
	}
	a.heard()
	gone.heard()
}

func TestRoomStreamsAreBounded(t *testing.T) {
	h := NewHub(Config{MaxRoomStreams: 2})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	succeed(t, a.publish("one"), b.publish("two"))
	wantCode(t, a.publish("three"), protocol.CodeTooManyStreams)
	succeed(t, b.unpublish("two"), a.publish("three"))
}

// Who has much to read already gets no more of what is for named users; when that is
// everyone whom it is for, the sender is told.
func TestCrowdedReceiversArePassedOver(t *testing.T) {
	h := NewHub(Config{})
	a, b, c := join(t, h, login("r", "a")), join(t, h, login("r", "b")), join(t, h, login("r", "c"))
	a.take()
	b.take()
	sends := map[string]func(to ...protocol.UserID) error{
		"command": func(to ...protocol.UserID) error {
			return a.room.Command(a.Member, protocol.MessageCommand{To: to, Command: json.RawMessage(`"x"`)}, a.replied)
		},
		"channel": func(to ...protocol.UserID) error {
			return a.room.Channel(a.Member, protocol.MessageChannel{To: to, Text: "x"}, a.replied)
		},
		"bytes": func(to ...protocol.UserID) error {
			return a.room.Transparent(a.Member, protocol.MessageTransparent{To: to, Data: "AAE="}, a.replied)
		},
	}
	b.crowded.Store(true)
	for name, send := range sends {
		wantCode(t, send("b", "nobody"), protocol.CodeTooOften)
		succeed(t, send("b", "c"), send("nobody"))
		a.heard("ok", "ok")
		b.heard()
		if got := c.take(); len(got) != 1 {
			t.Errorf("%s: c heard %q", name, got)
		}
	}
	succeed(t, a.room.Broadcast(a.Member, protocol.MessageBroadcast{Text: "x"}, a.replied), sends["channel"]())
	a.take()
	if got := b.take(); len(got) != 1 {
		t.Errorf("b heard %q, want the broadcast", got)
	}
	c.crowded.Store(true)
	wantCode(t, sends["channel"](), protocol.CodeTooOften)
	succeed(t, a.room.Transparent(a.Member, protocol.MessageTransparent{Data: "AAE=", Mode: serverAlone}, a.replied))
	a.heard("ok")
}
