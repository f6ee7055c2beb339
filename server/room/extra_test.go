package room

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

func (p *page) setExtra(key, value string) error {
	return p.room.SetExtra(p.Member, protocol.RoomExtra{Room: "r", Key: key, Value: value}, func(any) { p.replied(nil) })
}

// pairs writes extra info without its times.
func pairs(all []protocol.ExtraInfo) string {
	var list []string
	for _, x := range all {
		list = append(list, fmt.Sprintf("%s=%s by %s", x.Key, x.Value, x.User.ID))
	}
	return strings.Join(list, ", ")
}

func TestExtraInfoIsToldToTheOthers(t *testing.T) {
	h := NewHub(Config{})
	a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
	a.take()
	succeed(t, a.setExtra("k", "1"), b.setExtra("l", ""), a.setExtra("k", "2"))
	const want = "k=2 by a, l= by b"
	if got := pairs(join(t, h, login("r", "c")).snapshot.Extra); got != want {
		t.Errorf("a newcomer finds %q, want %q", got, want)
	}
	if got := a.take(); len(got) != 4 || got[0] != "ok" || !strings.Contains(got[1], `"key":"l"`) || got[2] != "ok" {
		t.Errorf("a heard %q, not its replies and b's change", got)
	}
	if got := b.take(); len(got) != 4 || got[1] != "ok" || !strings.Contains(got[2], `"value":"2"`) || !strings.Contains(got[2], `"key":"l"`) {
		t.Errorf("b heard %q, not all pairs each time", got)
	}
	succeed(t, a.setExtra("m", "3"))
	if first := join(t, h, login("other", "d")); len(first.snapshot.Extra) != 0 {
		t.Error("another room has it too")
	}
}

func TestExtraInfoIsBounded(t *testing.T) {
	h := NewHub(Config{MaxExtra: 3})
	a := join(t, h, login("r", "a"))
	long := strings.Repeat("字", protocol.MaxExtraValue)
	wantCode(t, a.setExtra("", "x"), protocol.CodeExtraKeyEmpty)
	wantCode(t, a.setExtra(strings.Repeat("k", 129), "x"), protocol.CodeExtraKeyTooLong)
	wantCode(t, a.setExtra("k", long+"字"), protocol.CodeExtraValueTooLong)
	succeed(t, a.setExtra(strings.Repeat("k", 128), long), a.setExtra("2", long), a.setExtra("3", "x"))
	wantCode(t, a.setExtra("4", "x"), protocol.CodeTooManyExtra)
	succeed(t, a.setExtra("3", "y"))
	wide := NewHub(Config{})
	b := join(t, wide, login("r", "b"))
	succeed(t, b.setExtra("1", long), b.setExtra("2", long), b.setExtra("3", long))
	wantCode(t, b.setExtra("4", long), protocol.CodeTooManyExtra) // by bytes
}

// Whoever makes the changes, those who are told of them can keep up.
func TestExtraInfoHasAPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := NewHub(Config{})
		a, b := join(t, h, login("r", "a")), join(t, h, login("r", "b"))
		long := strings.Repeat("x", protocol.MaxExtraValue)
		n := 0
		for ; n < 1000 && a.setExtra(fmt.Sprint(n%11), long) == nil; n++ {
		}
		if n < 11 || n > 30 {
			t.Errorf("%d changes at once", n)
		}
		wantCode(t, b.setExtra("x", ""), protocol.CodeTooOften)
		time.Sleep(time.Second) // virtual
		succeed(t, b.setExtra("x", ""))
		short := join(t, h, login("other", "c"))
		for range 100 {
			succeed(t, short.setExtra("k", "short"))
		}
	})
}

// TestExtraInfoIsBroughtBack: whoever comes first, the newest of each key is what counts.
func TestExtraInfoIsBroughtBack(t *testing.T) {
	pair := func(key, value string, at int64) protocol.ExtraInfo {
		return protocol.ExtraInfo{Key: key, Value: value, User: protocol.User{ID: "x", Name: "x"}, Time: at}
	}
	older := carry("a", protocol.Carried{Extra: []protocol.ExtraInfo{pair("k", "old", 10), pair("l", "same", 10)}})
	newer := carry("b", protocol.Carried{Extra: []protocol.ExtraInfo{pair("k", "new", 20), pair("l", "same", 10)}})
	for name, order := range map[string][]protocol.RoomLogin{"older first": {older, newer}, "newer first": {newer, older}} {
		t.Run(name, func(t *testing.T) {
			h := NewHub(Config{})
			first := back(t, h, order[0])
			early := join(t, h, login("r", "early"))
			second := back(t, h, order[1])
			const want = "k=new by x, l=same by x"
			if got := pairs(second.snapshot.Extra); got != want {
				t.Errorf("the second finds %q, want %q", got, want)
			}
			told := strings.Join(early.take(), "\n")
			if changed := name == "older first"; strings.Contains(told, "room.extra") != changed {
				t.Errorf("who was there heard %q", told)
			}
			_ = first
		})
	}
	t.Run("what cannot be", func(t *testing.T) {
		var many []protocol.ExtraInfo
		for i := range 50 {
			many = append(many, pair(fmt.Sprint(i), "v", 5))
		}
		many[0].Key, many[1].Time, many[2].User.ID = "", 1<<60, "a b"
		p := back(t, NewHub(Config{}), carry("a", protocol.Carried{Extra: many}))
		if n := len(p.snapshot.Extra); n != 17 {
			t.Errorf("%d pairs were taken, want 17 of the first 20", n)
		}
	})
	t.Run("what is of tomorrow", func(t *testing.T) {
		msg := carry("a", protocol.Carried{Extra: []protocol.ExtraInfo{pair("k", "v", time.Now().Add(2*time.Minute).UnixMilli())}})
		if p := back(t, NewHub(Config{}), msg); len(p.snapshot.Extra) != 0 {
			t.Errorf("it took %v", p.snapshot.Extra)
		}
	})
	t.Run("what comes long after the start", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := NewHub(Config{})
			msg := carry("a", protocol.Carried{Extra: []protocol.ExtraInfo{pair("k", "v", 5)}})
			time.Sleep(comingBack) // virtual
			first := back(t, h, msg)
			if len(first.snapshot.Extra) != 1 {
				t.Errorf("it took %v", first.snapshot.Extra)
			}
			first.room.Leave(first.Member, protocol.ReasonStopped)
			time.Sleep(time.Second) // virtual
			if p := back(t, h, msg); len(p.snapshot.Extra) != 0 {
				t.Errorf("it took %v", p.snapshot.Extra)
			}
		})
	})
	t.Run("the same life knows better", func(t *testing.T) {
		h := NewHub(Config{})
		msg := carry("a", protocol.Carried{Extra: []protocol.ExtraInfo{pair("k", "v", 5)}})
		msg.Carried.Life = h.life
		if p := back(t, h, msg); len(p.snapshot.Extra) != 0 {
			t.Errorf("it took %v", p.snapshot.Extra)
		}
	})
}

func TestTransparentAndChannelMessages(t *testing.T) {
	h := NewHub(Config{})
	a, b, c := join(t, h, login("r", "a")), join(t, h, login("r", "b")), join(t, h, login("r", "c"))
	a.take()
	b.take()
	send := func(msg protocol.MessageTransparent) error {
		return a.room.Transparent(a.Member, msg, func(any) {})
	}
	succeed(t, send(protocol.MessageTransparent{Data: "AAE="}),
		send(protocol.MessageTransparent{Data: "AAI=", To: []protocol.UserID{"b", "b", "nobody"}, Seq: 3}),
		send(protocol.MessageTransparent{Data: "AAM=", Mode: 1}),
		a.room.Channel(a.Member, protocol.MessageChannel{Text: "all", Kind: 2}, func(any) {}))
	if got := strings.Join(b.take(), "\n"); strings.Count(got, "message.") != 3 || !strings.Contains(got, `"seq":3`) || !strings.Contains(got, `"text":"all"`) || strings.Contains(got, "AAM=") || strings.Contains(got, `"to"`) {
		t.Errorf("b heard\n%s", got)
	}
	if got := strings.Join(c.take(), "\n"); strings.Count(got, "message.") != 2 || strings.Contains(got, "AAI=") {
		t.Errorf("c heard\n%s", got)
	}
	a.heard()
	wantCode(t, send(protocol.MessageTransparent{Data: "?"}), protocol.CodeInput)
	wantCode(t, send(protocol.MessageTransparent{}), protocol.CodeTextEmpty)
	wantCode(t, send(protocol.MessageTransparent{Data: strings.Repeat("AAAA", 1366)}), protocol.CodeBinaryTooLong)
	wantCode(t, send(protocol.MessageTransparent{Data: "AAE=", To: make([]protocol.UserID, 501)}), protocol.CodeInput)
	wantCode(t, a.room.Channel(a.Member, protocol.MessageChannel{}, nil), protocol.CodeTextEmpty)
}

func TestChannelMessagesAreSignedAndStamped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // whose clock says when
		h := NewHub(Config{})
		a, b, c := join(t, h, login("r", "a")), join(t, h, login("r", "b")), join(t, h, login("r", "c"))
		a.take()
		b.take()
		tell := func(to ...protocol.UserID) error {
			return a.room.Channel(a.Member, protocol.MessageChannel{Room: "r", Text: "x", Kind: 2, To: to}, a.replied)
		}
		succeed(t, tell("b", "a", "nobody", "b"))
		heard := fmt.Sprintf(`message.channel {"room":"r","from":{"id":"a","name":"a"},"kind":2,"text":"x","time":%d}`, time.Now().UnixMilli())
		a.heard("ok", heard)
		b.heard(heard)
		c.heard()
		wantCode(t, tell(make([]protocol.UserID, maxRecipients+1)...), protocol.CodeInput)
	})
}
