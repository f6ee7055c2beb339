package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

const testKey = "a key of the operator"

// desk is a console with rooms behind it, and a client of its API.
type desk struct {
	t       *testing.T
	console *Console
	hub     *room.Hub
	apps    *auth.Apps
	log     *bytes.Buffer
	header  http.Header // of every request
	from    string
	got     *httptest.ResponseRecorder // the last answer
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	apps, err := auth.OpenApps(filepath.Join(t.TempDir(), "apps.json"))
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, apps: apps, log: &bytes.Buffer{}, header: http.Header{}, from: "192.0.2.1:1234"}
	d.header.Set("Authorization", "Bearer "+testKey)
	d.console = New(Config{
		Key: testKey, Apps: apps, Kept: true, Version: "v1",
		Hub:  func() *room.Hub { return d.hub },
		Site: func() string { return "http://calls.example" },
		Log:  slog.New(slog.NewTextHandler(d.log, nil)),
	})
	d.hub = room.NewHub(room.Config{Observe: d.console.OnReport})
	return d
}

// ask makes a request and wants a status.
func (d *desk) ask(status int, method, path string, body any) map[string]any {
	d.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(d.t.Context(), method, "http://admin.example/console/api/"+path, bytes.NewReader(data))
	r.RemoteAddr = d.from
	for name, values := range d.header {
		r.Header[name] = values
	}
	d.got = httptest.NewRecorder()
	d.console.ServeHTTP(d.got, r)
	if d.got.Code != status {
		d.t.Fatalf("%s %s: %d %s, want %d", method, path, d.got.Code, d.got.Body, status)
	}
	answer := map[string]any{}
	if d.got.Body.Len() > 0 && d.got.Header().Get("Content-Type") == "application/json" {
		if err := json.Unmarshal(d.got.Body.Bytes(), &answer); err != nil {
			d.t.Fatalf("%s %s: %q is no JSON", method, path, d.got.Body)
		}
	}
	return answer
}

// refused makes a request that fails with a code.
func (d *desk) refused(status int, code, method, path string, body any) {
	d.t.Helper()
	answer := d.ask(status, method, path, body)
	if said, _ := answer["error"].(map[string]any); said["code"] != code || said["message"] == "" {
		d.t.Errorf("%s %s: %v, want %s", method, path, answer, code)
	}
}

// list reads a list of an answer.
func list(answer map[string]any, name string) []map[string]any {
	items, _ := answer[name].([]any)
	all := make([]map[string]any, len(items))
	for i, item := range items {
		all[i], _ = item.(map[string]any)
	}
	return all
}

// end is a member's connection.
type end struct{ got chan protocol.Body }

func (e *end) Send(b protocol.Body) {
	select {
	case e.got <- b:
	default: // the test reads no more
	}
}

func (*end) Crowded() bool { return false }

// join puts a user into a room.
func (d *desk) join(roomID, user string) (*room.Member, *end) {
	d.t.Helper()
	e := &end{make(chan protocol.Body, 100)}
	login := protocol.RoomLogin{
		Version: protocol.Version, App: 1, Room: protocol.RoomID(roomID),
		User: protocol.User{ID: protocol.UserID(user), Name: "Name of " + user},
	}
	m, err := d.hub.Login(login, room.Pass{}, e, func(*room.Member, protocol.RoomSnapshot) {})
	if err != nil {
		d.t.Fatal(err)
	}
	return m, e
}

// await is the next message of a kind that comes to an end.
func await[B protocol.Body](t *testing.T, e *end) (found B) {
	t.Helper()
	for {
		select {
		case b := <-e.got:
			if s, ok := b.(*protocol.Shared); ok {
				b = s.Body
			}
			if found, ok := b.(B); ok {
				return found
			}
		default:
			t.Fatalf("no %T came", found)
		}
	}
}

func TestClosedWithoutKey(t *testing.T) {
	c := New(Config{Log: slog.New(slog.DiscardHandler)})
	page := c.Guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the page was served") }))
	for path, h := range map[string]http.Handler{"/console": page, "/console/api/session": c, "/console/api/apps": c} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Authorization", "Bearer ")
		h.ServeHTTP(w, r)
		if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "EXPRESSRTC_ADMIN_KEY") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// TestEveryEndpointIsClosed: whoever has not shown the key gets nothing of any of them.
func TestEveryEndpointIsClosed(t *testing.T) {
	d := newDesk(t)
	d.header.Del("Authorization")
	for _, e := range append(endpoints, endpoint{"GET", "live", nil}) {
		d.refused(http.StatusUnauthorized, "signIn", e.method, e.path, nil)
	}
	if got := d.ask(200, "GET", "session", nil); len(got) != 1 || got["signedIn"] != false {
		t.Errorf("a stranger is told %v", got)
	}
	d.header.Set("Cookie", cookieName+"=")
	d.refused(http.StatusUnauthorized, "signIn", "GET", "apps", nil)
	d.header = http.Header{"Authorization": {"Bearer " + testKey}}
	d.refused(http.StatusNotFound, "unknown", "GET", "nothing", nil)
	d.refused(http.StatusNotFound, "unknown", "PUT", "apps", nil)
}

// TestAnswersAreNotKept: neither by caches nor by other sites' pages.
func TestAnswersAreNotKept(t *testing.T) {
	d := newDesk(t)
	d.ask(200, "GET", "apps", nil)
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff",
		"Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "",
	} {
		if got := d.got.Header().Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
}

// TestChangesComeFromTheConsole: a browser sends what other sites' pages make it send.
func TestChangesComeFromTheConsole(t *testing.T) {
	for name, c := range map[string]struct {
		header http.Header
		may    bool
	}{
		"a program":      {http.Header{}, true},
		"the page":       {http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"http://admin.example"}}, true},
		"older browser":  {http.Header{"Origin": {"http://admin.example"}}, true},
		"another site":   {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"http://evil.example"}}, false},
		"another port":   {http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://admin.example:81"}}, false},
		"older, another": {http.Header{"Origin": {"http://evil.example"}}, false},
		"a sandbox":      {http.Header{"Origin": {"null"}}, false},
	} {
		d := newDesk(t)
		for name, values := range c.header {
			d.header[name] = values
		}
		if c.may {
			d.ask(200, "POST", "apps", map[string]string{"name": name})
			continue
		}
		d.refused(http.StatusForbidden, "crossSite", "POST", "apps", map[string]string{"name": name})
		if len(d.apps.List()) > 0 {
			t.Errorf("%s made an app", name)
		}
		d.refused(http.StatusForbidden, "crossSite", "POST", "session", map[string]string{"key": testKey})
	}
}

func TestBodiesAreBounded(t *testing.T) {
	d := newDesk(t)
	d.refused(400, "input", "POST", "apps", map[string]string{"name": strings.Repeat("x", maxBody)})
	d.refused(400, "input", "POST", "apps", map[string]string{"unknown": "field"})
	d.refused(400, "input", "POST", "apps", "text")
	d.refused(400, "input", "POST", "apps", map[string]string{"name": strings.Repeat("x", maxName+1)})
	d.refused(400, "input", "GET", "rooms?limit=501", nil)
	d.refused(400, "input", "GET", "rooms?offset=-1", nil)
	d.refused(400, "input", "GET", "rooms?sort=secret", nil)
	d.refused(400, "input", "GET", "room?app=x&room=r", nil)
}

// TestCounts sums up over the rooms.
func TestCounts(t *testing.T) {
	d := newDesk(t)
	for i := range 3 {
		d.join(fmt.Sprint("room", i/2), fmt.Sprint("user", i))
	}
	if got := d.ask(200, "GET", "counts", nil); got["rooms"] != 2.0 || got["users"] != 3.0 || got["streams"] != 0.0 {
		t.Errorf("%v", got)
	}
}
