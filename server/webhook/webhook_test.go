package webhook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// receiver stands for the receivers of all apps. answer decides what a request gets; nil
// acknowledges all. A status of 0 is a connection that fails.
type receiver struct {
	began  time.Time
	answer func(host string, body map[string]any, try int) int

	mu    sync.Mutex
	got   []request
	tries map[string]int
	now   int // requests that run
	most  int
}

type request struct {
	host string
	at   time.Duration
	body map[string]any
	try  int
	raw  string
}

// what names an event in a line.
func (r request) what() string {
	who := r.body["stream_id"]
	if who == nil {
		who = r.body["user_account"]
	}
	if who == nil {
		who = ""
	}
	return fmt.Sprint(r.body["room_id"], " ", r.body["event"], " ", who)
}

// hang is the status of a request that is never answered.
const hang = -1

func (r *receiver) RoundTrip(q *http.Request) (*http.Response, error) {
	raw, err := io.ReadAll(q.Body)
	if err != nil {
		return nil, err
	}
	got := request{host: q.URL.Host, at: time.Since(r.began), raw: string(raw)}
	if err := json.Unmarshal(raw, &got.body); err != nil {
		return nil, err
	}
	r.mu.Lock()
	key := got.host + got.what() + fmt.Sprint(got.body["stream_seq"], got.body["user_update_seq"], got.body["room_session_id"])
	got.try = r.tries[key]
	r.tries[key]++
	r.got = append(r.got, got)
	r.now++
	r.most = max(r.most, r.now)
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.now--
	}()
	status := http.StatusOK
	if r.answer != nil {
		status = r.answer(got.host, got.body, got.try)
	}
	switch status {
	case 0:
		return nil, io.ErrUnexpectedEOF
	case hang:
		<-q.Context().Done()
		return nil, q.Context().Err()
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: io.NopCloser(bytes.NewReader(nil)), Request: q}, nil
}

// atMost is how many requests ran at a time.
func (r *receiver) atMost() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.most
}

// take is what came since the last take.
func (r *receiver) take() []request {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	got := r.got
	r.got = nil
	return got
}

// bench is rooms whose callbacks go to a receiver, in virtual time.
type bench struct {
	t        *testing.T
	sender   *Sender
	receiver *receiver
	hub      *room.Hub
	log      *bytes.Buffer
}

func bubble(t *testing.T, c Config, test func(*bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{t: t, receiver: &receiver{began: time.Now(), tries: map[string]int{}}, log: &bytes.Buffer{}}
		if c.App == nil {
			c.App = func(id uint32) (auth.App, bool) {
				app := auth.App{ID: id, Secret: "own", CallbackURL: fmt.Sprintf("https://user:password@app%d.example/calls?key=hidden", id), CallbackSecret: "secret"}
				return app, id != 404
			}
		}
		c.Transport, c.Log = b.receiver, slog.New(slog.NewTextHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		b.sender = New(c)
		b.hub = room.NewHub(room.Config{Observe: b.sender.Hear})
		test(b)
	})
}

// stats compares the counts.
func (b *bench) stats(want Stats) {
	b.t.Helper()
	synctest.Wait()
	if got := b.sender.Stats(); got != want {
		b.t.Errorf("stats %+v, want %+v", got, want)
	}
}

// got checks what came since the last check, each with its time, in the order of each room.
func (b *bench) got(want ...string) {
	b.t.Helper()
	var lines []string
	for _, r := range b.receiver.take() {
		lines = append(lines, fmt.Sprint(r.at, " ", r.what()))
	}
	byRoom := func(a, b string) int { return strings.Compare(strings.Fields(a)[1], strings.Fields(b)[1]) }
	slices.SortStableFunc(lines, byRoom)
	slices.SortStableFunc(want, byRoom)
	if !slices.Equal(lines, want) {
		b.t.Errorf("received\n\t%q, want\n\t%q", lines, want)
	}
}

// deaf is the end of a member that nobody listens at.
type deaf struct{ n int }

func (*deaf) Send(protocol.Body) {}
func (*deaf) Crowded() bool      { return false }

func (b *bench) join(app protocol.AppID, in, user string, pass room.Pass) *room.Member {
	b.t.Helper()
	m, err := b.hub.Login(protocol.RoomLogin{
		App: app, Room: protocol.RoomID(in), User: protocol.User{ID: protocol.UserID(user), Name: "name of " + user},
	}, pass, &deaf{len(user)}, func(*room.Member, protocol.RoomSnapshot) {})
	if err != nil {
		b.t.Fatal(err)
	}
	return m
}

func publish(t *testing.T, m *room.Member, id string) {
	t.Helper()
	if err := m.Room().Publish(m, protocol.StreamPublish{Stream: protocol.StreamID(id), ExtraInfo: "extra"}, func(any) {}); err != nil {
		t.Fatal(err)
	}
}

func unpublish(t *testing.T, m *room.Member, id string) {
	t.Helper()
	if err := m.Room().Unpublish(m, protocol.StreamUnpublish{Stream: protocol.StreamID(id)}, func(any) {}); err != nil {
		t.Fatal(err)
	}
}
