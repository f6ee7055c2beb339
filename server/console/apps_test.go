package console

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// TestSecretsAreShownOnce: to who makes one, in that answer, and nowhere else.
func TestSecretsAreShownOnce(t *testing.T) {
	d := newDesk(t)
	made := d.ask(200, "POST", "apps", map[string]string{"name": " Shop ", "atExpiry": "kick"})
	first, _ := made["secret"].(string)
	if len(first) != auth.SecretLength || made["name"] != "Shop" || made["atExpiry"] != "kick" {
		t.Fatalf("made %v", made)
	}
	rotated := d.ask(200, "POST", "apps/rotate", map[string]any{"id": made["id"], "keep": 3600})
	second, _ := rotated["secret"].(string)
	if len(second) != auth.SecretLength || second == first || rotated["formerUntil"] == nil {
		t.Fatalf("rotated %v", rotated)
	}
	listed := list(d.ask(200, "GET", "apps", nil), "apps")
	if len(listed) != 1 || listed[0]["id"] != made["id"] || listed[0]["formerUntil"] == nil {
		t.Errorf("listed %v", listed)
	}
	for _, path := range []string{"apps", "session", "recent", "rooms"} {
		d.ask(200, "GET", path, nil)
		if text := d.got.Body.String() + d.log.String(); strings.Contains(text, first) || strings.Contains(text, second) {
			t.Errorf("%s or the log tells a secret:\n%s", path, text)
		}
	}
	d.ask(204, "POST", "apps/delete", map[string]any{"id": made["id"]})
	if got := d.ask(200, "GET", "apps", nil); len(list(got, "apps")) != 0 {
		t.Errorf("deleted, and still there: %v", got)
	}
	for _, line := range []string{"app created", "app has another secret", "app deleted"} {
		if !strings.Contains(d.log.String(), fmt.Sprintf(`"console: %s" address=192.0.2.1:1234 app=%.0f`, line, made["id"])) {
			t.Errorf("%s is not in the log:\n%s", line, d.log)
		}
	}
}

// TestDeletedAppEndsItsCalls: its users are removed; those of other apps, and who came
// while there was no app, stay.
func TestDeletedAppEndsItsCalls(t *testing.T) {
	d := newDesk(t)
	for _, id := range []uint32{2, 3} {
		if _, err := d.apps.Create(auth.App{ID: id}); err != nil {
			t.Fatal(err)
		}
		login := protocol.RoomLogin{Version: protocol.Version, App: protocol.AppID(id), Room: "r", User: protocol.User{ID: "anna"}}
		e := &end{make(chan protocol.Body, 100)}
		if _, err := d.hub.Login(login, room.Pass{Level: 4}, e, func(*room.Member, protocol.RoomSnapshot) {}); err != nil {
			t.Fatal(err)
		}
	}
	d.join("r", "before") // to app 1, which is none
	d.ask(204, "POST", "apps/delete", map[string]any{"id": 2})
	for app, want := range map[protocol.AppID]bool{1: true, 2: false, 3: true} {
		if r := d.hub.Find(app, "r"); (r != nil) != want {
			t.Errorf("app %d: its room is there: %v", app, r != nil)
		}
	}
	if !strings.Contains(d.log.String(), `"console: app deleted" address=192.0.2.1:1234 app=2 users=1`) {
		t.Errorf("log %s", d.log)
	}
}

func TestAppsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	d.refused(404, "noApp", "POST", "apps/rotate", map[string]any{"id": 7})
	d.refused(404, "noApp", "POST", "apps/delete", map[string]any{"id": 7})
	d.refused(400, "input", "POST", "apps", map[string]any{"name": "a\nb"})
	d.refused(400, "input", "POST", "apps", map[string]any{"atExpiry": "explode"})
	d.refused(400, "input", "POST", "apps/rotate", map[string]any{"id": 7, "keep": -1})
	d.refused(400, "input", "POST", "apps/rotate", map[string]any{"id": 7, "keep": int64(maxKeep.Seconds()) + 1})
}

// TestAppsOfTheEnvironment are not the console's to change.
func TestAppsOfTheEnvironment(t *testing.T) {
	d := newDesk(t)
	apps, err := auth.OpenApps("", auth.Variable+"7="+strings.Repeat("s", auth.SecretLength))
	if err != nil {
		t.Fatal(err)
	}
	d.console.config.Apps = apps
	d.refused(409, "given", "POST", "apps/rotate", map[string]any{"id": 7})
	d.refused(409, "given", "POST", "apps/delete", map[string]any{"id": 7})
}

// TestAppsThatCannotBeKept: the operator hears that it failed, and the log why.
func TestAppsThatCannotBeKept(t *testing.T) {
	d := newDesk(t)
	folder := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	apps, err := auth.OpenApps(filepath.Join(folder, "apps.json"))
	if err != nil {
		t.Fatal(err)
	}
	d.console.config.Apps = apps
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	d.refused(http.StatusInternalServerError, "internal", "POST", "apps", map[string]string{"name": "x"})
	if strings.Contains(d.got.Body.String(), folder) || !strings.Contains(d.log.String(), folder) {
		t.Errorf("answer %s, log %s", d.got.Body, d.log)
	}
}

func TestTokens(t *testing.T) {
	d := newDesk(t)
	app, err := d.apps.Create(auth.App{})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		wish tokenWish
		want *auth.Rights
	}{
		"basic": {tokenWish{User: "anna", Login: true, Publish: true, Seconds: 60}, nil},
		"of a room": {
			tokenWish{User: "anna", Room: "r", Login: true, Publish: true, Seconds: 60},
			&auth.Rights{Room: "r", Login: true, Publish: true},
		},
		"of a watcher": {tokenWish{User: "anna", Login: true, Seconds: 86400}, &auth.Rights{Login: true}},
		"of a stream": {
			tokenWish{User: "anna", Login: true, Publish: true, Streams: []string{"cam"}, Seconds: 60},
			&auth.Rights{Login: true, Publish: true, Streams: []string{"cam"}},
		},
	} {
		c.wish.App = app.ID
		answer := d.ask(200, "POST", "tokens", c.wish)
		token, _ := answer["token"].(string)
		claims, err := auth.Verify(app, token, time.Now())
		if err != nil || claims.User != "anna" || fmt.Sprint(claims.Rights) != fmt.Sprint(c.want) || float64(claims.Expires.Unix()*1000) > answer["expires"].(float64) {
			t.Errorf("%s: %+v %+v, %v", name, claims, claims.Rights, err)
		}
		if strings.Contains(d.log.String(), token) {
			t.Errorf("%s: the log has the token", name)
		}
	}
	for name, wish := range map[string]tokenWish{
		"no user": {Seconds: 60}, "a user that cannot be": {User: "a b", Seconds: 60}, "a long user": {User: strings.Repeat("a", 65), Seconds: 60},
		"no time": {User: "a"}, "too long": {User: "a", Seconds: 86401}, "a room that cannot be": {User: "a", Room: "a b", Seconds: 60},
		"no stream": {User: "a", Streams: []string{""}, Seconds: 60}, "many streams": {User: "a", Streams: make([]string, 33), Seconds: 60},
	} {
		wish.App = app.ID
		t.Log(name)
		d.refused(400, "input", "POST", "tokens", wish)
	}
	d.refused(404, "noApp", "POST", "tokens", tokenWish{App: app.ID + 1, User: "a", Seconds: 60})
}
