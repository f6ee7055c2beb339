package console

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/signaling"
)

// ids are those of a list of rooms, in one line.
func ids(answer map[string]any) string {
	var all []string
	for _, r := range list(answer, "rooms") {
		all = append(all, fmt.Sprint(r["id"]))
	}
	return strings.Join(all, " ")
}

func TestRooms(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		for i, members := range []int{1, 3, 2, 1} {
			for n := range members {
				d.join(fmt.Sprint("Room-", i), fmt.Sprintf("user%d-%d", i, n))
			}
			time.Sleep(time.Second)
		}
		for query, want := range map[string]string{
			"":                            "4: Room-1 Room-2 Room-0 Room-3",
			"sort=members":                "4: Room-0 Room-3 Room-2 Room-1",
			"sort=created":                "4: Room-0 Room-1 Room-2 Room-3",
			"sort=-created&limit=2":       "4: Room-3 Room-2",
			"sort=name&offset=1&limit=2":  "4: Room-1 Room-2",
			"sort=name&offset=3":          "4: Room-3",
			"sort=-name&offset=9":         "4: ",
			"search=room-2":               "1: Room-2",
			"search=1":                    "4: Room-1 Room-2 Room-0 Room-3", // the app's id
			"search=none":                 "0: ",
			"search=" + "%20ROOM-3%20":    "1: Room-3",
			"search=room&sort=-members&x": "4: Room-1 Room-2 Room-0 Room-3",
		} {
			answer := d.ask(200, "GET", "rooms?"+query, nil)
			if got := fmt.Sprintf("%v: %s", answer["total"], ids(answer)); got != want {
				t.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		first := list(d.ask(200, "GET", "rooms?limit=1", nil), "rooms")[0]
		if first["members"] != 3.0 || first["streams"] != 0.0 || first["app"] != 1.0 || first["created"] != float64(time.Now().Add(-3*time.Second).UnixMilli()) {
			t.Errorf("%v", first)
		}
	})
}

// TestThousandsOfRooms come page by page, each once.
func TestThousandsOfRooms(t *testing.T) {
	d := newDesk(t)
	const rooms = 2000
	for i := range rooms {
		d.join(fmt.Sprint("room", i), fmt.Sprint("user", i))
	}
	seen := map[string]bool{}
	began := time.Now()
	for offset := 0; offset < rooms; offset += maxPage {
		answer := d.ask(200, "GET", fmt.Sprintf("rooms?offset=%d&limit=%d", offset, maxPage), nil)
		for _, r := range list(answer, "rooms") {
			seen[fmt.Sprint(r["id"])] = true
		}
	}
	t.Logf("%d rooms in pages of %d: %v a page", rooms, maxPage, time.Since(began)/(rooms/maxPage))
	if len(seen) != rooms {
		t.Errorf("%d of %d were listed", len(seen), rooms)
	}
}

func roomPath(id, search string) string {
	return "room?" + url.Values{"app": {"1"}, "room": {id}, "search": {search}}.Encode()
}

func TestRoom(t *testing.T) {
	d := newDesk(t)
	const id = "a.b+c&d" // is a room's id, too
	anna, sender := d.join(id, "anna")
	bert, receiver := d.join(id, "bert")
	reply := func(any) {}
	if err := anna.Room().Publish(anna, protocol.StreamPublish{Room: id, Stream: "cam"}, reply); err != nil {
		t.Fatal(err)
	}
	if err := bert.Room().Play(bert, protocol.StreamPlay{Room: id, Stream: "cam"}, reply); err != nil {
		t.Fatal(err)
	}
	answer := d.ask(200, "GET", roomPath(id, ""), nil)
	users, streams, sessions := list(answer, "users"), list(answer, "streams"), list(answer, "sessions")
	if len(users) != 2 || users[0]["id"] != "anna" || users[0]["name"] != "Name of anna" || len(streams) != 1 || streams[0]["user"] != "anna" {
		t.Fatalf("%v", answer)
	}
	if s := sessions[0]; s["from"] != "anna" || s["to"] != "bert" || s["stream"] != "cam" || s["route"] != "" || s["up"] != -1.0 {
		t.Errorf("before anything was told: %v", s)
	}
	open := await[protocol.SessionOpen](t, receiver)
	for _, c := range []struct {
		told protocol.SessionQuality
		want string
	}{
		{protocol.SessionQuality{Up: 1, Down: -1}, "direct 1 -1"},
		{protocol.SessionQuality{Up: 3, Down: 2, Relay: true}, "relay 3 2"},
	} {
		c.told.Session = open.Session
		d.hub.Relay(sender, open.Session, c.told)
		s := list(d.ask(200, "GET", roomPath(id, ""), nil), "sessions")[0]
		if got := fmt.Sprintf("%v %v %v", s["route"], s["up"], s["down"]); got != c.want {
			t.Errorf("%v, want %s", s, c.want)
		}
	}
	answer = d.ask(200, "GET", roomPath(id, "BERT"), nil)
	if len(list(answer, "users")) != 1 || len(list(answer, "streams")) != 0 || len(list(answer, "sessions")) != 1 {
		t.Errorf("of bert: %v", answer)
	}
	if answer := d.ask(200, "GET", roomPath("other", ""), nil); len(answer) != 1 || answer["room"] != nil {
		t.Errorf("of a room that there is not: %v", answer)
	}
}

// TestLargeRoom: answers are bounded, and say how many there are.
func TestLargeRoom(t *testing.T) {
	d := newDesk(t)
	for i := range maxListed + 20 {
		d.join("crowd", fmt.Sprint("user", i))
	}
	answer := d.ask(200, "GET", roomPath("crowd", ""), nil)
	if n := len(list(answer, "users")); n != maxListed || answer["found"].(map[string]any)["users"] != float64(maxListed+20) {
		t.Errorf("%d users, found %v", n, answer["found"])
	}
}

func TestKick(t *testing.T) {
	d := newDesk(t)
	d.join("r", "anna")
	_, bert := d.join("r", "bert")
	answer := d.ask(200, "POST", "room/kick", map[string]any{"app": 1, "room": "r", "users": []string{"bert", "nobody"}, "reason": "be kind"})
	told := await[protocol.RoomKickout](t, bert)
	if answer["removed"] != 1.0 || told.Code != protocol.CodeKicked || told.Message != "be kind" {
		t.Errorf("%v; bert was told %+v", answer, told)
	}
	d.refused(404, "noUser", "POST", "room/kick", map[string]any{"app": 1, "room": "r", "users": []string{"bert"}})
	d.refused(404, "noRoom", "POST", "room/kick", map[string]any{"app": 2, "room": "r", "users": []string{"anna"}})
	d.refused(400, "input", "POST", "room/kick", map[string]any{"app": 1, "room": "r"})
	d.refused(400, "input", "POST", "room/kick", map[string]any{"app": 1, "room": "r", "users": make([]string, 501)})
	d.refused(400, "input", "POST", "room/kick", map[string]any{"app": 1, "room": "r", "users": []string{"anna"}, "reason": strings.Repeat("x", 257)})
	if !strings.Contains(d.log.String(), `"console: users removed" address=192.0.2.1:1234 app=1 room=r`) {
		t.Errorf("the log is\n%s", d.log)
	}
}

func TestMessageAndClose(t *testing.T) {
	d := newDesk(t)
	_, anna := d.join("r", "anna")
	d.ask(204, "POST", "room/message", map[string]any{"app": 1, "room": "r", "name": "Support", "text": "closing soon"})
	told := await[protocol.MessageBroadcast](t, anna)
	if told.Text != "closing soon" || told.From.Name != "Support" || told.From.ID != operator {
		t.Errorf("%+v from %+v", told, told.From)
	}
	d.refused(400, "input", "POST", "room/message", map[string]any{"app": 1, "room": "r", "text": ""})
	d.refused(400, "input", "POST", "room/message", map[string]any{"app": 1, "room": "r", "text": strings.Repeat("x", protocol.MaxText+1)})
	d.ask(204, "POST", "room/close", map[string]any{"app": 1, "room": "r", "reason": "over"})
	if told := await[protocol.RoomKickout](t, anna); told.Message != "over" {
		t.Errorf("%+v", told)
	}
	d.refused(404, "noRoom", "POST", "room/close", map[string]any{"app": 1, "room": "r"})
	if d.ask(200, "GET", "rooms", nil)["total"] != 0.0 {
		t.Error("the room is still there")
	}
}

// TestRecent: the newest first; who is refused over and over drives nobody out.
func TestRecent(t *testing.T) {
	d := newDesk(t)
	from := netip.MustParseAddr("192.0.2.9")
	login := signaling.Login{Time: time.Now(), App: 1, Room: "r", User: "anna", From: from}
	d.console.OnLogin(login)
	m, _ := d.join("r", "anna")
	m.Room().Leave(m, protocol.ReasonStopped)
	login.Code, login.Message, login.Room = protocol.CodeTokenExpired, "the token has expired", protocol.RoomID(strings.Repeat("é", 1000))
	for range 2 * ringSize {
		d.console.OnLogin(login)
	}
	recent := list(d.ask(200, "GET", "recent", nil), "recent")
	if len(recent) != ringSize+2 {
		t.Fatalf("there are %d", len(recent))
	}
	refused, out, in := recent[0], recent[ringSize], recent[ringSize+1]
	if refused["kind"] != "refused" || refused["code"] != float64(protocol.CodeTokenExpired) || len(refused["room"].(string)) > maxText+3 || refused["address"] != "192.0.2.9" {
		t.Errorf("%v", refused)
	}
	if out["kind"] != "out" || out["reason"] != float64(protocol.ReasonStopped) || in["kind"] != "in" || in["user"] != "anna" {
		t.Errorf("%v and %v", in, out)
	}
}
