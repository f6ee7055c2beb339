package webhook

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

func TestSignatureVector(t *testing.T) {
	if got := signature("secret", 1470820198, "123412"); got != "5bd59fd62953a8059fb7eaba95720f66d19e4517" {
		t.Errorf("signature %s", got)
	}
}

// TestBodies has each event with every field and its type: numbers in those about rooms,
// texts in all others.
func TestBodies(t *testing.T) {
	bubble(t, Config{}, func(b *bench) {
		at := func() string { return fmt.Sprint(time.Now().UnixMilli()) }
		began := at()
		anna := b.join(7, "room", "anna", room.Pass{Level: 4})
		info := anna.Room().Info()
		life, number := fmt.Sprint(info.Life), fmt.Sprint(anna.Room().Users()[0].Number)
		time.Sleep(1500 * time.Millisecond)
		published := at()
		publish(t, anna, "cam")
		stream := fmt.Sprint("s-", anna.Room().Streams()[0].Number)
		time.Sleep(time.Second)
		anna.Room().Leave(anna, protocol.ReasonHeartbeat)
		left := at()

		type object = map[string]any
		inNumbers := func(event string, more object) object {
			maps.Copy(more, object{"event": event, "appid": 7.0, "room_id": "room", "room_session_id": float64(info.Life)})
			return more
		}
		inTexts := func(event string, more object) object {
			maps.Copy(more, object{"event": event, "appid": "7", "room_id": "room"})
			return more
		}
		want := []object{
			inNumbers("room_create", object{"room_create_time": began, "id_name": "anna"}),
			inTexts("room_login", object{
				"room_name": "room", "room_seq": life, "user_account": "anna", "user_nickname": "name of anna", "session_id": number,
				"login_time": began, "user_role": "2", "auth_level": "4", "relogin": "0", "callback_data": "", "term_type": "6",
			}),
			inTexts("stream_create", object{
				"room_session_id": life, "user_id": "anna", "user_name": "name of anna", "channel_id": "room", "stream_id": "cam", "stream_sid": stream,
				"title": "", "stream_alias": "cam", "stream_attr": `{"cid":0}`, "create_time": published[:len(published)-3], "create_time_ms": published,
				"extra_info": "extra", "recreate": "0", "publish_id": "anna", "publish_name": "name of anna",
				"rtmp_url": []any{}, "hls_url": []any{}, "hdl_url": []any{}, "pic_url": []any{},
			}),
			inTexts("stream_close", object{
				"room_session_id": life, "user_id": "anna", "user_name": "name of anna", "channel_id": "room", "type": "1", "stream_alias": "cam",
				"stream_id": "cam", "stream_sid": stream, "third_define_data": "", "create_time_ms": published, "destroy_timemillis": left,
			}),
			inTexts("room_logout", object{
				"room_seq": life, "user_account": "anna", "user_nickname": "name of anna", "session_id": number, "login_time": began,
				"logout_time": left, "reason": "1", "user_role": "2",
			}),
			inNumbers("room_close", object{"close_reason": 1.0, "room_close_time": left}),
		}
		last := ""
		for i, got := range b.receiver.take() {
			wantStamp(t, got.body)
			for _, key := range []string{"user_update_seq", "stream_seq"} { // rises from event to event
				if seq, ok := got.body[key].(string); ok {
					if len(seq) < len(last) || len(seq) == len(last) && seq <= last {
						t.Errorf("%s %s after %s", key, seq, last)
					}
					last = seq
					delete(got.body, key)
				}
			}
			if i >= len(want) || !reflect.DeepEqual(got.body, want[i]) {
				t.Errorf("event %d is\n\t%v, should be\n\t%v", i, got.body, want[min(i, len(want)-1)])
			}
		}
		b.stats(Stats{Delivered: 6})
	})
}

// wantStamp checks what every callback begins with, and takes it out.
func wantStamp(t *testing.T, body map[string]any) {
	t.Helper()
	at, now := fmt.Sprint(body["timestamp"]), time.Now().Unix()
	if f, ok := body["timestamp"].(float64); ok {
		at = fmt.Sprint(int64(f))
	}
	if _, isText := body["timestamp"].(string); isText == strings.HasPrefix(body["event"].(string), "room_c") {
		t.Errorf("timestamp of %s is a %T", body["event"], body["timestamp"])
	}
	var sec int64
	if _, err := fmt.Sscan(at, &sec); err != nil || sec < now-10 || sec > now {
		t.Errorf("timestamp %s, now %d", at, now)
	}
	if nonce := body["nonce"].(string); nonce == "" || body["signature"] != signature("secret", sec, nonce) {
		t.Errorf("signature %s", body["signature"])
	}
	delete(body, "timestamp")
	delete(body, "nonce")
	delete(body, "signature")
}

// TestReasons has why users, streams and rooms end, by what happened to them.
func TestReasons(t *testing.T) {
	for what, c := range map[string]struct {
		do                  func(*bench, *room.Member)
		stream, user, whole any // nil is no such event
	}{
		"left":      {func(_ *bench, m *room.Member) { m.Room().Leave(m, protocol.ReasonStopped) }, "0", "0", 2.0},
		"heartbeat": {func(_ *bench, m *room.Member) { m.Room().Leave(m, protocol.ReasonHeartbeat) }, "1", "1", 1.0},
		"lost":      {func(_ *bench, m *room.Member) { m.Room().Leave(m, protocol.ReasonOffline) }, "4", "2", 1.0},
		"removed":   {func(_ *bench, m *room.Member) { m.Room().Remove("", m.User().ID) }, "3", "3", 3.0},
		"closed":    {func(_ *bench, m *room.Member) { m.Room().Close("") }, "5", "3", 0.0},
		"quietly":   {func(_ *bench, m *room.Member) { m.Room().CloseQuietly("") }, "5", "3", nil},
		"elsewhere": {func(b *bench, _ *room.Member) { b.join(7, "other", "anna", room.Pass{}) }, "2", "3", 3.0},
		"stopped":   {func(_ *bench, m *room.Member) { unpublish(t, m, "cam") }, "0", nil, nil},
		"forbidden": {func(b *bench, _ *room.Member) { _ = b.hub.Ban(7, "cam") }, "3", nil, nil},
		"delisted":  {func(_ *bench, m *room.Member) { _ = m.Room().Withdraw("anna", "cam") }, "100", nil, nil},
		"expired": {func(_ *bench, m *room.Member) {
			_ = m.RenewToken("", room.Pass{Expires: time.Now(), AtExpiry: room.KickOut})
			time.Sleep(time.Second)
		}, "3", "4", 3.0},
	} {
		t.Run(what, func(t *testing.T) {
			bubble(t, Config{}, func(b *bench) {
				anna := b.join(7, "room", "anna", room.Pass{})
				publish(t, anna, "cam")
				b.receiver.take()
				c.do(b, anna)
				got := map[string]any{}
				for _, r := range b.receiver.take() {
					for event, field := range map[string]string{"stream_close": "type", "room_logout": "reason", "room_close": "close_reason"} {
						if r.body["event"] == event && r.body["room_id"] == "room" {
							got[event] = r.body[field]
						}
					}
				}
				want := map[string]any{"stream_close": c.stream}
				if c.user != nil {
					want["room_logout"] = c.user
				}
				if c.whole != nil {
					want["room_close"] = c.whole
				}
				if !reflect.DeepEqual(got, want) {
					t.Errorf("reasons %v, want %v", got, want)
				}
			})
		})
	}
}

// TestComesBack: a stream that comes back within 90 s says so, and a member that brings
// what it had.
func TestComesBack(t *testing.T) {
	bubble(t, Config{}, func(b *bench) {
		anna := b.join(7, "room", "anna", room.Pass{})
		for _, wait := range []time.Duration{0, 89 * time.Second, 90 * time.Second} {
			time.Sleep(wait)
			publish(t, anna, "cam")
			unpublish(t, anna, "cam")
		}
		var again []any
		for _, r := range b.receiver.take() {
			if r.body["event"] == "stream_create" {
				again = append(again, r.body["recreate"])
			}
		}
		if fmt.Sprint(again) != "[0 1 0]" {
			t.Errorf("recreate %v", again)
		}
		msg := protocol.RoomLogin{App: 7, Room: "room", User: protocol.User{ID: "bert"}, Carried: &protocol.Carried{}}
		if _, err := b.hub.Login(msg, room.Pass{}, &deaf{}, func(*room.Member, protocol.RoomSnapshot) {}); err != nil {
			t.Fatal(err)
		}
		if got := b.receiver.take(); len(got) != 1 || got[0].body["relogin"] != "1" {
			t.Errorf("%+v", got)
		}
		for i := range maxEnded + 10 {
			b.sender.mu.Lock()
			b.sender.isAgainLocked(room.Report{Kind: room.StreamDown, Time: time.Now(), Stream: room.StreamInfo{Stream: protocol.Stream{ID: protocol.StreamID(fmt.Sprint(i))}}})
			b.sender.mu.Unlock()
		}
		if n := len(b.sender.ended); n > maxEnded {
			t.Errorf("%d streams are remembered", n)
		}
	})
}

// TestWithoutSecretOfItsOwn signs with the app's.
func TestWithoutSecretOfItsOwn(t *testing.T) {
	s := sign(auth.App{ID: 1, Secret: "own"}, time.Now())
	if s.signature != signature("own", s.at, s.nonce) {
		t.Error("not signed with the app's secret")
	}
	if other := sign(auth.App{ID: 1}, time.Now()); other.nonce == s.nonce {
		t.Error("the same nonce twice")
	}
	var body map[string]any
	data, err := json.Marshal(newBody(&event{report: room.Report{Kind: room.RoomClosed}}, s))
	if err != nil || json.Unmarshal(data, &body) != nil || body["event"] != "room_close" {
		t.Errorf("%s, %v", data, err)
	}
}
