//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"expressrtc/wasm/engine"
)

func (p *page) setExtra(key, value string) {
	p.t.Helper()
	if set, err := p.SetRoomExtraInfo(context.Background(), given("room"), given(key), given(value)); err != nil || set.ErrorCode != 0 || set.Seq == 0 {
		p.t.Fatalf("%s: setting %s: %+v, %v", p.name, key, set, err)
	}
}

func TestRoomExtraInfo(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.setExtra("k", "1")
	b.await("roomExtraInfoUpdate", `[{"key":"k","value":"1","updateUser":{"userID":"a","userName":"a"},"updateTime":`)
	b.setExtra("l", "")
	a.await("roomExtraInfoUpdate", `"key":"k","value":"1"`, `"key":"l","value":""`)
	a.never("roomExtraInfoUpdate") // nothing of its own
	late := newPage(t, server.URL, "c")
	late.mustLogin("room")
	late.await("roomStateChanged", "LOGINED")
	late.await("roomExtraInfoUpdate", `"key":"k"`, `"key":"l"`)
}

func TestRoomExtraInfoErrors(t *testing.T) {
	p := newPage(t, newServer(t).URL, "a")
	set := func(room, key, value engine.Text) error {
		_, err := p.SetRoomExtraInfo(context.Background(), room, key, value)
		return err
	}
	wantCode(t, "before login", set(given("room"), given("k"), given("v")), 1002002)
	p.mustLogin("room")
	for what, c := range map[string]struct {
		room, key, value engine.Text
		want             engine.Code
	}{
		"another room": {given("other"), given("k"), given("v"), 1002002},
		"no room":      {engine.Text{}, given("k"), given("v"), 1002002},
		"no key":       {given("room"), engine.Text{}, given("v"), 1002014},
		"empty key":    {given("room"), given(""), given("v"), 1002014},
		"long key":     {given("room"), given(strings.Repeat("k", 129)), given("v"), 1002015},
		"no value":     {given("room"), given("k"), engine.Text{}, 1100001},
		"long value":   {given("room"), given("k"), given(strings.Repeat("v", 4097)), 1002016},
	} {
		wantCode(t, what, set(c.room, c.key, c.value), c.want)
	}
	results := make(chan error, 2)
	for range 2 {
		go func() { results <- set(given("room"), given("k"), given("v")) }()
	}
	first, second := <-results, <-results
	if busy := codeIn(first) == 1102022 || codeIn(second) == 1102022; !busy && (first != nil || second != nil) {
		t.Errorf("two at once: %v, %v", first, second)
	}
	for i := range 19 {
		p.setExtra(strings.Repeat("x", i+1), "v")
	}
	wantCode(t, "too many", set(given("room"), given("y"), given("v")), 1002017)
}

// TestRoomExtraInfoOutlivesTheServer: it is brought back, and nobody hears what is not new.
func TestRoomExtraInfoOutlivesTheServer(t *testing.T) {
	t.Parallel()
	server := newRestartable(t)
	a, b := newPage(t, "http://"+server.address, "a"), newPage(t, "http://"+server.address, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.setExtra("k", "1")
	b.await("roomExtraInfoUpdate")
	server.kill()
	server.start()
	a.await("RECONNECTED")
	b.await("RECONNECTED")
	late := newPage(t, "http://"+server.address, "c")
	late.mustLogin("room")
	late.await("roomExtraInfoUpdate", `"key":"k","value":"1"`, `"userID":"a"`)
	late.setExtra("k", "2")
	for _, p := range []*page{a, b} {
		if line := p.await("roomExtraInfoUpdate"); !strings.Contains(line, `"value":"2"`) {
			t.Errorf("%s was told what it knew: %s", p.name, line)
		}
	}
}

func TestStreamExtraInfo(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	set := func(id, info engine.Text) error {
		_, err := a.SetStreamExtraInfo(context.Background(), id, info)
		return err
	}
	wantCode(t, "before login", set(given("cam"), given("x")), 1000002)
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("cam")
	a.await(`"PUBLISHING"`)
	for what, c := range map[string]struct {
		id, info engine.Text
		want     engine.Code
	}{
		"no id": {engine.Text{}, given("x"), 1103001}, "no text": {given("cam"), engine.Text{}, 1103001},
		"empty": {given("cam"), given(""), 1003050}, "long": {given("cam"), given(strings.Repeat("x", 1025)), 1003051},
		"not publishing": {given("other"), given("x"), 1103055},
	} {
		wantCode(t, what, set(c.id, c.info), c.want)
	}
	if err := set(given("cam"), given("news")); err != nil {
		t.Fatal(err)
	}
	b.await("streamExtraInfoUpdate", `[{"streamID":"cam","user":{"userID":"a","userName":"a"},"extraInfo":"news"}]`)
	late := newPage(t, server.URL, "c")
	late.mustLogin("room")
	late.await("roomStreamUpdate", "ADD", `"extraInfo":"news"`)
	late.await("streamExtraInfoUpdate", `"news"`)
}

// TestLastStreamExtraInfoIsKept: what a login would bring back is what the others heard last.
func TestLastStreamExtraInfoIsKept(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	a.publish("cam")
	b.await("roomStreamUpdate", "ADD")
	for i := range 100 {
		results := make(chan error, 2)
		for _, which := range []string{"one", "two"} {
			go func() {
				_, err := a.SetStreamExtraInfo(context.Background(), given("cam"), given(fmt.Sprint(which, i)))
				results <- err
			}()
		}
		for range 2 {
			if err := <-results; err != nil {
				t.Fatal(err)
			}
		}
		b.await("streamExtraInfoUpdate", fmt.Sprint(i))
		last := b.await("streamExtraInfoUpdate", fmt.Sprint(i))
		if kept := a.StreamExtraInfo("cam"); !strings.Contains(last, `"`+kept+`"`) {
			t.Fatalf("kept %q after %s", kept, last)
		}
	}
}

// TestNumberedByTheServersClock: a device whose clock is behind is not left out.
func TestNumberedByTheServersClock(t *testing.T) {
	t.Parallel()
	p := newPage(t, newServer(t).URL, "a")
	p.mustLogin("room")
	p.ClockAhead(time.Hour)
	m := engine.Transparent{Given: true, Mode: []byte("0"), Kind: []byte("1"), To: &[]engine.Recipient{}, Content: []byte{1}}
	if _, err := p.SendTransparentMessage(context.Background(), given("room"), m); err != nil {
		t.Fatal(err)
	}
	if at := time.UnixMilli(p.Sequence("room")); time.Until(at) < time.Minute {
		t.Errorf("its number is %v", at)
	}
}

func TestTransparentMessages(t *testing.T) {
	server := newServer(t)
	a, b, c := newPage(t, server.URL, "a"), newPage(t, server.URL, "b"), newPage(t, server.URL, "c")
	for _, p := range []*page{a, b, c} {
		p.mustLogin("room")
	}
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	to := func(ids ...string) *[]engine.Recipient {
		list := []engine.Recipient{}
		for _, id := range ids {
			list = append(list, engine.Recipient{UserID: given(id)})
		}
		return &list
	}
	good := engine.Transparent{Given: true, Mode: raw("0"), Kind: raw("1"), To: to(), Content: []byte{0, 255}}
	send := func(room engine.Text, change func(*engine.Transparent)) error {
		m := good
		change(&m)
		_, err := a.SendTransparentMessage(context.Background(), room, m)
		return err
	}
	for what, c := range map[string]struct {
		room   string
		change func(*engine.Transparent)
		want   engine.Code
	}{
		"another room": {"other", func(*engine.Transparent) {}, 1009005},
		"long room":    {strings.Repeat("x", 128), func(*engine.Transparent) {}, 1009005},
		"no message":   {"room", func(m *engine.Transparent) { m.Given = false }, 1100001},
		"no mode":      {"room", func(m *engine.Transparent) { m.Mode = nil }, 1100001},
		"mode 3":       {"room", func(m *engine.Transparent) { m.Mode = raw("3") }, 1100001},
		"kind text":    {"room", func(m *engine.Transparent) { m.Kind = raw(`"1"`) }, 1100001},
		"no bytes":     {"room", func(m *engine.Transparent) { m.NotBytes = true }, 1100001},
		"no list":      {"room", func(m *engine.Transparent) { m.To = nil }, 1100001},
		"user no text": {"room", func(m *engine.Transparent) { m.To = &[]engine.Recipient{{}} }, 1100001},
		"time 1.5":     {"room", func(m *engine.Transparent) { m.Timeout = raw("1.5") }, 1100001},
		"empty":        {"room", func(m *engine.Transparent) { m.Content = nil }, 1009001},
		"long":         {"room", func(m *engine.Transparent) { m.Content = make([]byte, 4097) }, 1009002},
	} {
		wantCode(t, what, send(given(c.room), c.change), c.want)
	}
	wantCode(t, "all of it", send(given("room"), func(*engine.Transparent) {}), 0)
	b.await("recvRoomTransparentMessage", `"room" {"sendUser":{"userID":"a","userName":"a"}}`)
	c.await("recvRoomTransparentMessage")
	wantCode(t, "to one", send(given("room"), func(m *engine.Transparent) { m.To = to("c"); m.Timeout = raw("3") }), 0)
	c.await("recvRoomTransparentMessage")
	b.never("recvRoomTransparentMessage")
}

func TestExperimentalChannel(t *testing.T) {
	server := newServer(t)
	a, b := newPage(t, server.URL, "a"), newPage(t, server.URL, "b")
	a.mustLogin("room")
	b.mustLogin("room")
	call := func(p *page, method, params string) (any, error) {
		return p.CallExperimentalAPI(context.Background(), engine.Experimental{Method: given(method), Params: json.RawMessage(params)})
	}
	const send, hear = "sendRoomChannelMessage", "onRecvRoomChannelMessage"
	send1 := `{"roomID":"room","msgType":2,"msgContent":"one","toUserIDList":["b"]}`
	if got, err := call(a, send, send1); err != nil || got != (engine.Result{}) {
		t.Errorf("sending: %v, %v", got, err)
	}
	if _, err := a.SendBroadcastMessage(context.Background(), given("room"), given("that was one")); err != nil {
		t.Fatal(err)
	}
	b.await("IMRecvBroadcastMessage", "that was one") // the first has come before it
	if got, err := call(b, hear, "null"); err != nil || got != (engine.Result{}) {
		t.Errorf("listening: %v, %v", got, err)
	}
	if _, err := call(a, send, `{"roomID":"room","msgType":2,"msgContent":"two"}`); err != nil {
		t.Error(err)
	}
	if line := b.await("recvExperimentalAPI"); !hasAll(line, []string{`"method":"onRecvRoomChannelMessage"`, `"roomID":"room","msgType":2,"msgContent":"two"`}) {
		t.Errorf("heard %s, and was not armed for the first", line)
	}
	for params, want := range map[string]engine.Code{
		`{"roomID":"other","msgContent":"x"}`: 1009005, `{"roomID":"room"}`: 1100001, `{"roomID":"room","msgContent":""}`: 1009001, `7`: 1100001,
	} {
		_, err := call(a, send, params)
		wantCode(t, params, err, want)
	}
	if got, err := call(a, "somethingElse", "{}"); got != nil || err != nil {
		t.Errorf("what does not exist gives %v, %v", got, err)
	}
}
