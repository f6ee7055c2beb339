package api

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

const (
	testApp    = 12345
	testSecret = "9193cc662a4c0ec135ec71fb57194b38"
)

// bench is a server with one app, and a client that calls it as the published examples do.
type bench struct {
	t      *testing.T
	hub    *room.Hub
	apps   *auth.Apps
	policy *Policy
	server *Server
	calls  int
}

func newBench(t *testing.T) *bench {
	t.Helper()
	apps, err := auth.OpenApps(t.TempDir() + "/apps.json")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := apps.Create(auth.App{ID: testApp, Secret: testSecret}); err != nil {
		t.Fatal(err)
	}
	policy, history := &Policy{}, &History{Apps: apps}
	hub := room.NewHub(room.Config{MayPublish: policy.MayPublish, Observe: history.Hear})
	return &bench{
		t: t, hub: hub, apps: apps, policy: policy,
		server: New(Config{Hub: hub, Apps: apps, Policy: policy, History: history, Log: newLogger(t)}),
	}
}

// reply is an answer as a client reads it.
type reply struct {
	Code      int
	Message   string
	RequestID string `json:"RequestId"`
	Data      map[string]any
}

// query is a signed request for an action, with parameters as name and value.
func (b *bench) query(action string, parameters ...string) url.Values {
	b.calls++
	nonce, at := fmt.Sprintf("%016x", b.calls), time.Now().Unix()
	q := url.Values{
		"Action": {action}, "AppId": {fmt.Sprint(testApp)}, "SignatureNonce": {nonce}, "Timestamp": {fmt.Sprint(at)},
		"Signature": {hex.EncodeToString(sign(testApp, nonce, testSecret, at))}, "SignatureVersion": {"2.0"},
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		q.Add(parameters[i], parameters[i+1])
	}
	return q
}

// send sends a request and reads its answer.
func (b *bench) send(r *http.Request) reply {
	b.t.Helper()
	w := httptest.NewRecorder()
	b.server.ServeHTTP(w, r)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		b.t.Fatalf("status %d, type %q: %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		b.t.Fatalf("%v: %s", err, w.Body)
	}
	if got.RequestID == "" || (got.Code == 0) != (got.Message == "success") {
		b.t.Errorf("answer %s", w.Body)
	}
	return got
}

func (b *bench) get(q url.Values) reply {
	b.t.Helper()
	return b.send(httptest.NewRequest(http.MethodGet, "/?"+q.Encode(), nil))
}

// do does an action that must succeed.
func (b *bench) do(action string, parameters ...string) map[string]any {
	b.t.Helper()
	got := b.get(b.query(action, parameters...))
	if got.Code != 0 {
		b.t.Errorf("%s %v: code %d: %s", action, parameters, got.Code, got.Message)
	}
	return got.Data
}

// fails does an action that must be refused with a code.
func (b *bench) fails(want Code, action string, parameters ...string) {
	b.t.Helper()
	if got := b.get(b.query(action, parameters...)); got.Code != int(want) {
		b.t.Errorf("%s %v: code %d, want %d: %s", action, parameters, got.Code, want, got.Message)
	}
}

// ear is a member's end that keeps what it is sent.
type ear struct {
	t *testing.T
	*room.Member

	mu      sync.Mutex
	heard   []protocol.Body
	crowded bool
}

func (e *ear) Crowded() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.crowded
}

func (e *ear) Send(b protocol.Body) {
	if s, ok := b.(*protocol.Shared); ok {
		b = s.Body
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, b)
}

// take is what was heard since the last take, of one type.
func take[T protocol.Body](e *ear) (all []T) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = slices.DeleteFunc(e.heard, func(b protocol.Body) bool {
		it, ok := b.(T)
		if ok {
			all = append(all, it)
		}
		return ok
	})
	return all
}

// one is the only message of a type since the last take.
func one[T protocol.Body](e *ear) (it T) {
	e.t.Helper()
	all := take[T](e)
	if len(all) != 1 {
		e.t.Fatalf("%s heard %d times %T, not once: %v", e.User().ID, len(all), it, all)
	}
	return all[0]
}

// join logs a user in.
func (b *bench) join(in, user string) *ear {
	b.t.Helper()
	e, err := b.tryJoin(in, user, room.Pass{})
	if err != nil {
		b.t.Fatal(err)
	}
	return e
}

// tryJoin logs a user in as the policy allows.
func (b *bench) tryJoin(in, user string, pass room.Pass) (*ear, error) {
	e := &ear{t: b.t}
	msg := protocol.RoomLogin{
		Version: protocol.Version, App: testApp, Room: protocol.RoomID(in), Users: true,
		User: protocol.User{ID: protocol.UserID(user), Name: strings.ToUpper(user)},
	}
	if err := b.policy.Admit(msg, &pass); err != nil {
		return nil, err
	}
	m, err := b.hub.Login(msg, pass, e, func(_ *room.Member, s protocol.RoomSnapshot) {
		e.heard = append(e.heard, protocol.RoomStreams{Change: protocol.Add, Streams: s.Streams})
	})
	e.Member = m
	return e, err
}

func (e *ear) publish(id string) error {
	return e.Room().Publish(e.Member, protocol.StreamPublish{Stream: protocol.StreamID(id), ExtraInfo: "extra of " + id}, func(any) {})
}

func (e *ear) play(id string) error {
	return e.Room().Play(e.Member, protocol.StreamPlay{Stream: protocol.StreamID(id)}, func(any) {})
}

// same compares data as a client reads it with what it should be.
func same(t *testing.T, got, want any) {
	t.Helper()
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var plain any
	if err := json.Unmarshal(data, &plain); err != nil {
		t.Fatal(err)
	}
	if g, ok := got.(map[string]any); ok {
		got = any(g)
	}
	if !reflect.DeepEqual(got, plain) {
		t.Errorf("got\n\t%v, want\n\t%v", got, plain)
	}
}

type (
	object = map[string]any
	array  = []any
)
