package e2e

import (
	"testing"

	"expressrtc/server/signaling"
)

func TestMessages(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b, c := s.page(usual, "anna"), s.page(usual, "bert"), s.page(usual, "carl")
	for _, p := range []*tab{a, b, c} {
		p.login("room")
	}
	a.wants("resolved", map[string]any{"errorCode": 0, "messageID": anything}, `zg.sendBroadcastMessage("room", "grüß Gott 你好")`)
	for _, p := range []*tab{b, c} {
		got := p.await("IMRecvBroadcastMessage", "room", list(map[string]any{"fromUser": user("anna"), "message": "grüß Gott 你好"}))
		messageShape(t, got)
	}

	a.wants("resolved", map[string]any{"errorCode": 0, "messageID": anything}, `zg.sendBarrageMessage("room", "quick")`)
	for _, p := range []*tab{b, c} {
		got := p.await("IMRecvBarrageMessage", "room", list(map[string]any{"fromUser": user("anna"), "message": "quick"}))
		item := got.Args[1].([]any)[0].(map[string]any)
		if id, ok := item["messageID"].(string); !ok || id == "" {
			t.Errorf("a barrage message's messageID is %v, not a text", item["messageID"])
		}
	}

	a.wants("resolved", map[string]any{"errorCode": 0}, `zg.sendCustomCommand("room", "come here", ["bert", "nobody"])`)
	b.await("IMRecvCustomCommand", "room", user("anna"), "come here")
	a.wants("resolved", map[string]any{"errorCode": 0}, `zg.sendCustomCommand("room", {go: ["home", 1]}, ["bert"])`)
	b.await("IMRecvCustomCommand", "room", user("anna"), map[string]any{"go": list("home", 1)})

	a.do(`await zg.sendCustomCommand("room", "done", ["carl"])`)
	c.await("IMRecvCustomCommand", "room", user("anna"), "done")
	if n := c.count("IMRecvCustomCommand"); n != 1 {
		t.Errorf("carl got %d commands, but one was his", n)
	}
	for _, name := range []string{"IMRecvBroadcastMessage", "IMRecvBarrageMessage", "IMRecvCustomCommand"} {
		a.never(name) // senders hear nothing of their own
	}
}

// TestMessageErrors has the codes of messages, which come bare.
func TestMessageErrors(t *testing.T) {
	t.Parallel()
	p := newSite(t, signaling.Config{}).page(usual, "anna")
	bare := func(code int) map[string]any { return map[string]any{"errorCode": code} }
	for _, call := range []string{
		`zg.sendBroadcastMessage("room", "x")`, `zg.sendBarrageMessage("room", "x")`, `zg.sendCustomCommand("room", "x", ["bert"])`,
	} {
		p.wants("rejected", bare(1000002), call)
	}
	p.login("room")
	p.do(`globalThis.ok = "x".repeat(10240); globalThis.long = "ü".repeat(5121)`)
	for call, code := range map[string]int{
		`zg.sendBroadcastMessage("room", 7)`:                1100001,
		`zg.sendBroadcastMessage(7, "x")`:                   1100001,
		`zg.sendBroadcastMessage("room", "")`:               1009001,
		`zg.sendBroadcastMessage("room", long)`:             1009013,
		`zg.sendBroadcastMessage("another", "x")`:           1009005,
		`zg.sendBarrageMessage("room", 7)`:                  1009001,
		`zg.sendBarrageMessage("room", "")`:                 1009001,
		`zg.sendBarrageMessage("room", long)`:               1009013,
		`zg.sendBarrageMessage(7, "x")`:                     1000002,
		`zg.sendCustomCommand(7, "x", ["bert"])`:            1009005,
		`zg.sendCustomCommand("another", "x", ["bert"])`:    1009005,
		`zg.sendCustomCommand("room", "x", "bert")`:         1100001,
		`zg.sendCustomCommand("room", "x", [7])`:            1100001,
		`zg.sendCustomCommand("room", "", ["bert"])`:        1009001,
		`zg.sendCustomCommand("room", 7, ["bert"])`:         1009001,
		`zg.sendCustomCommand("room", long, ["bert"])`:      1009002,
		`zg.sendCustomCommand("room", {t: long}, ["bert"])`: 1009002,
	} {
		p.wants("rejected", bare(code), call)
		if fields := eval[int](p, `return Object.keys((await e2e.outcome(() => (`+call+`))).value).length`); fields != 1 {
			t.Errorf("%s is rejected with %d fields, not errorCode alone", call, fields)
		}
	}
	p.wants("resolved", bare(0), `zg.sendBarrageMessage("room", ok)`)
	p.do(`await new Promise((resolve) => setTimeout(resolve, 1000 - Date.now() % 1000))`) // into a fresh second
	p.wants("resolved", list("resolved", "rejected", 1009015), `Promise.all([1, 2].map((n) => e2e.outcome(() => zg.sendBroadcastMessage("room", "x" + n)))).then(([a, b]) => [a.how, b.how, b.value.errorCode])`)
}
