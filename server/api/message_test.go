package api

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

func TestMessagesReachTheRoom(t *testing.T) {
	b := newBench(t)
	anna, bert := b.join("room", "anna"), b.join("room", "bert")
	said := []string{"RoomId", "room", "UserId", "host", "UserName", "The host", "MessageCategory", "1", "MessageContent", "grüß Gott & 你好"}

	id := b.do("SendBroadcastMessage", said...)["MessageId"]
	for _, e := range []*ear{anna, bert} {
		m := one[protocol.MessageBroadcast](e)
		if m.Text != "grüß Gott & 你好" || *m.From != (protocol.User{ID: "host", Name: "The host"}) || id != float64(m.ID) || time.Since(time.UnixMilli(m.Time)) > time.Minute {
			t.Errorf("%+v, id %v", m, id)
		}
	}
	id = b.do("SendBarrageMessage", said...)["MessageId"]
	for _, e := range []*ear{anna, bert} {
		if m := one[protocol.MessageBarrage](e); m.Text != "grüß Gott & 你好" || m.From.ID != "host" || id != m.ID {
			t.Errorf("%+v, id %v", m, id)
		}
	}
	// Who is in the room under the sender's id hears nothing, and lends its name.
	b.do("SendBroadcastMessage", "RoomId", "room", "UserId", "anna", "MessageCategory", "2", "MessageContent", "x")
	if m := one[protocol.MessageBroadcast](bert); m.From.Name != "ANNA" {
		t.Errorf("name %q", m.From.Name)
	}
	b.do("SendBarrageMessage", "RoomId", "room", "UserId", "nobody", "MessageCategory", "2", "MessageContent", "x")
	if m := one[protocol.MessageBarrage](bert); m.From.Name != "nobody" {
		t.Errorf("name %q", m.From.Name)
	}
	if n := len(take[protocol.MessageBroadcast](anna)); n != 0 {
		t.Errorf("the sender heard itself %d times", n)
	}
}

func TestCommands(t *testing.T) {
	b := newBench(t)
	anna, bert, carl := b.join("room", "anna"), b.join("room", "bert"), b.join("room", "carl")
	hears := func(e *ear, want ...string) {
		t.Helper()
		for _, m := range take[protocol.MessageCommand](e) {
			if len(want) == 0 || string(m.Command) != want[0] || m.From.ID != "anna" && m.From.ID != "host" {
				t.Errorf("%s heard %s of %v, want %v", e.User().ID, m.Command, m.From, want)
				return
			}
			want = want[1:]
		}
		if len(want) > 0 {
			t.Errorf("%s did not hear %v", e.User().ID, want)
		}
	}
	command := []string{"RoomId", "room", "FromUserId", "anna", "MessageContent", `{"go": "home"}`}
	same(t, b.do("SendCustomCommand", command...), object{"FailUsers": array{}})
	hears(anna)
	hears(bert, `"{\"go\": \"home\"}"`)
	hears(carl, `"{\"go\": \"home\"}"`)

	data := b.do("SendCustomCommand", append(command, "ToUserId[]", "carl", "ToUserId[]", "nobody", "ToUserId[]", "anna")...)
	same(t, data, object{"FailUsers": array{object{"Uid": "nobody", "Code": 50003}}})
	hears(anna) // the sender does not hear itself
	hears(bert)
	hears(carl, `"{\"go\": \"home\"}"`)

	// Numbered, as PHP's http_build_query writes lists.
	data = b.do("SendCustomCommand", append(command, "ToUserId[0]", "bert", "ToUserId[1]", "nobody")...)
	same(t, data, object{"FailUsers": array{object{"Uid": "nobody", "Code": 50003}}})
	hears(bert, `"{\"go\": \"home\"}"`)
	hears(carl)

	bert.crowded = true
	b.fails(codeCommandFailed, "SendCustomCommand", append(command, "ToUserId[]", "bert")...)
	hears(bert)
}

func TestMessageErrors(t *testing.T) {
	b := newBench(t)
	b.join("room", "anna")
	long := strings.Repeat("ü", maxMessage/2)
	change := func(all []string, name string, values ...string) (changed []string) {
		for i := 0; i < len(all); i += 2 {
			if all[i] != name {
				changed = append(changed, all[i], all[i+1])
			}
		}
		for _, v := range values {
			changed = append(changed, name, v)
		}
		return changed
	}
	said := []string{"RoomId", "room", "UserId", "host", "UserName", "x", "MessageCategory", "1", "MessageContent", long}
	for _, action := range []string{"SendBroadcastMessage", "SendBarrageMessage"} {
		b.do(action, said...)
		b.fails(codeParameter, action, change(said, "RoomId")...)
		b.fails(codeNoRoom, action, change(said, "RoomId", "another")...)
		b.fails(codeTooLong, action, change(said, "RoomId", strings.Repeat("r", 129))...)
		b.fails(codeParameter, action, change(said, "UserId")...)
		b.fails(codeTooLong, action, change(said, "UserId", strings.Repeat("u", 65))...)
		b.fails(codeParameter, action, change(said, "UserId", "\xff")...)
		b.fails(codeTooLong, action, change(said, "UserName", strings.Repeat("u", 257))...)
		b.fails(codeParameter, action, change(said, "MessageCategory")...)
		b.fails(codeParameter, action, change(said, "MessageCategory", "3")...)
		b.fails(codeParameter, action, change(said, "MessageCategory", "chat")...)
		b.fails(codeEmptyMessage, action, change(said, "MessageContent")...)
		b.fails(codeTooLong, action, change(said, "MessageContent", long+"x")...)
	}
	command := []string{"RoomId", "room", "FromUserId", "host", "MessageContent", long}
	b.do("SendCustomCommand", command...)
	b.fails(codeNoRoomToAsk, "SendCustomCommand", change(command, "RoomId", "another")...)
	b.fails(codeParameter, "SendCustomCommand", change(command, "FromUserId")...)
	b.fails(codeMessageLength, "SendCustomCommand", change(command, "MessageContent", long+"x")...)
	b.fails(codeEmptyMessage, "SendCustomCommand", change(command, "MessageContent")...)
	b.fails(codeUserList, "SendCustomCommand", change(command, "ToUserId[]", strings.Split(strings.Repeat("a", 11), "")...)...)
	b.do("SendCustomCommand", change(command, "ToUserId[]", strings.Split(strings.Repeat("a", 10), "")...)...)
	b.fails(codeParameter, "SendCustomCommand", change(command, "ToUserId[]", "")...)
}

func TestDescribe(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		began := time.Now().UnixMilli()
		anna := b.join("room", "anna")
		time.Sleep(time.Second)
		b.join("room", "bert")
		if err := anna.publish("cam"); err != nil {
			t.Fatal(err)
		}

		same(t, b.do("DescribeUserNum", "RoomId[]", "room", "RoomId[]", "none"), object{"UserCountList": array{
			object{"RoomId": "room", "UserCount": 2, "AdminUserCount": 0}, object{"RoomId": "none", "UserCount": 0, "AdminUserCount": 0},
		}})
		same(t, b.do("DescribeUsers", "RoomId", "room", "UserId[]", "anna", "UserId[]", "nobody"), object{"UserStatusList": array{
			object{"UserId": "anna", "Status": 1, "LoginTime": began, "UserRole": 2},
			object{"UserId": "nobody", "Status": 0, "LoginTime": 0, "UserRole": 0},
		}})
		number := anna.Room().Streams()[0].Number
		same(t, b.do("DescribeSimpleStreamList", "RoomId", "room"), object{"StreamList": array{
			object{"StreamId": "cam", "UserId": "anna", "UserName": "ANNA", "CreateTime": began + 1000, "StreamNumberId": number},
		}})

		b.fails(codeParameter, "DescribeUserNum")
		b.fails(codeParameter, "DescribeUserNum", "RoomId[]", strings.Repeat("r", 129))
		b.fails(codeParameter, "DescribeUserNum", list("RoomId[]", 11)...)
		b.do("DescribeUserNum", list("RoomId[]", 10)...)
		b.fails(codeParameter, "DescribeUsers", "RoomId", "room")
		b.fails(codeNoRoomToAsk, "DescribeUsers", "RoomId", "none", "UserId[]", "anna")
		b.fails(codeParameter, "DescribeUsers", append(list("UserId[]", 11), "RoomId", "room")...)
		b.fails(codeNoRoom, "DescribeSimpleStreamList", "RoomId", "none")
		b.fails(codeParameter, "DescribeSimpleStreamList")
	})
}

// list is a parameter with so many values.
func list(name string, n int) (all []string) {
	for i := range n {
		all = append(all, name, "v"+strings.Repeat("x", i))
	}
	return all
}

// TestUserPages reads a room of five by two, either way, while one leaves and one comes.
func TestUserPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		same(t, b.do("DescribeUserList", "RoomId", "room"), object{"Marker": "", "UserList": array{}})
		var all []*ear
		for _, id := range []string{"e", "d", "c", "b-1", "a"} {
			all = append(all, b.join("room", id))
			if id != "d" { // which comes in the same millisecond as the next
				time.Sleep(time.Second)
			}
		}
		marker := ""
		next := func(mode string, want ...string) {
			t.Helper()
			time.Sleep(time.Second)
			data := b.do("DescribeUserList", "RoomId", "room", "Mode", mode, "Limit", "2", "Marker", marker)
			got := []string{}
			for _, u := range data["UserList"].([]any) {
				u := u.(object)
				if u["UserName"] != strings.ToUpper(u["UserId"].(string)) || u["UserRole"] != 2.0 {
					t.Errorf("user %v", u)
				}
				got = append(got, u["UserId"].(string))
			}
			if strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("users %v, want %v", got, want)
			}
			marker = data["Marker"].(string)
		}
		next("0", "e", "c")
		next("0", "d", "b-1")
		all[3].Room().Leave(all[3].Member, protocol.ReasonStopped) // the marker's
		next("0", "a")
		if marker != "" {
			t.Errorf("marker %q at the end", marker)
		}
		next("1", "a", "d")
		b.join("room", "f") // behind the reader
		next("1", "c", "e")
		if marker != "" {
			t.Errorf("marker %q at the end", marker)
		}
		for i, wrong := range [][]string{{"Mode", "2"}, {"Mode", "x"}, {"Limit", "201"}, {"Limit", "-1"}, {"Marker", "x"}, {"Marker", "x-y"}} {
			b.fails(codeParameter, "DescribeUserList", append(wrong, "RoomId", "r"+strings.Repeat("x", i))...)
		}
		b.fails(codeParameter, "DescribeUserList")
	})
}
