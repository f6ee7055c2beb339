package webhook

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// TestRetries: after 2, 4, 8, 16 and 32 s, each signed anew; the room's next event waits,
// other rooms do not.
func TestRetries(t *testing.T) {
	bubble(t, Config{}, func(b *bench) {
		b.receiver.answer = func(_ string, body map[string]any, try int) int {
			if body["room_id"] == "slow" && body["event"] == "room_create" && try < 5 {
				return []int{500, 302, 404, 0, 199}[try]
			}
			return 204
		}
		b.join(1, "slow", "anna", room.Pass{})
		b.join(1, "quick", "bert", room.Pass{})
		time.Sleep(2 * time.Minute)
		b.got("0s slow room_create ", "0s quick room_create ", "0s quick room_login bert", "2s slow room_create ", "6s slow room_create ",
			"14s slow room_create ", "30s slow room_create ", "1m2s slow room_create ", "1m2s slow room_login anna")
		b.stats(Stats{Delivered: 4, Retried: 5})
	})
}

// TestLostAfterFiveRetries goes on with the room's next event, and says so in the log,
// without the address.
func TestLostAfterFiveRetries(t *testing.T) {
	bubble(t, Config{}, func(b *bench) {
		nonces := map[any]bool{}
		b.receiver.answer = func(_ string, body map[string]any, _ int) int {
			if body["event"] == "room_create" {
				nonces[body["nonce"]] = true
				return 0
			}
			return 200
		}
		b.join(1, "room", "anna", room.Pass{})
		time.Sleep(2 * time.Minute)
		got := b.receiver.take()
		if len(got) != 7 || got[6].what() != "room room_login anna" || got[6].at != 62*time.Second || len(nonces) != 6 {
			t.Errorf("%d requests, %d nonces", len(got), len(nonces))
		}
		b.stats(Stats{Delivered: 1, Failed: 1, Retried: 5})
		if log := b.log.String(); !strings.Contains(log, `app=1 "not acknowledged"=1`) || strings.Contains(log, "hidden") || strings.Contains(log, "password") {
			t.Errorf("log: %s", log)
		}
	})
}

// TestEveryLossIsLogged: the lines add up, though few are written; in the end of the server, too.
func TestEveryLossIsLogged(t *testing.T) {
	for end, do := range map[string]func(*bench){
		"quiet": func(*bench) { time.Sleep(time.Minute) },
		"shutdown": func(b *bench) {
			if err := b.sender.Shutdown(context.Background()); err != nil {
				t.Error(err)
			}
		},
	} {
		bubble(t, Config{}, func(b *bench) {
			b.receiver.answer = func(string, map[string]any, int) int { return 500 }
			for i := range 25 {
				b.join(1, fmt.Sprint("room", i), fmt.Sprint("user", i), room.Pass{})
			}
			time.Sleep(125 * time.Second) // five retries of each of two events
			do(b)
			b.stats(Stats{Failed: 50, Retried: 250})
			lines, sum := regexp.MustCompile(`"not acknowledged"=(\d+)`).FindAllStringSubmatch(b.log.String(), -1), 0
			for _, line := range lines {
				n, err := strconv.Atoi(line[1])
				if err != nil {
					t.Error(err)
				}
				sum += n
			}
			if sum != 50 || len(lines) > 4 {
				t.Errorf("%s: %d lines tell of %d: %s", end, len(lines), sum, b.log)
			}
		})
	}
}

// TestHangs: a request that is not answered ends, and hinders no other room and no other app.
func TestHangs(t *testing.T) {
	bubble(t, Config{Parallel: 2}, func(b *bench) {
		b.receiver.answer = func(host string, body map[string]any, try int) int {
			if host == "app1.example" && try == 0 && strings.HasPrefix(body["room_id"].(string), "bad") {
				return hang
			}
			return 200
		}
		for i := range 4 {
			b.join(1, fmt.Sprint("bad", i), fmt.Sprint("u", i), room.Pass{})
		}
		b.join(2, "good", "anna", room.Pass{})
		b.got("0s bad0 room_create ", "0s bad1 room_create ", "0s good room_create ", "0s good room_login anna")
		if n := b.receiver.atMost(); n > 3 {
			t.Errorf("%d requests at a time", n)
		}
		time.Sleep(10 * time.Second) // their time is over, the next two are sent
		b.got("10s bad2 room_create ", "10s bad3 room_create ")
		time.Sleep(time.Hour)
		if got := b.receiver.take(); len(got) == 0 {
			t.Error("nothing was tried again")
		}
		stats := b.sender.Stats()
		if stats.Delivered != 10 || stats.Queued+int(stats.Failed+stats.Dropped) != 0 {
			t.Errorf("stats %+v", stats)
		}
	})
}

// TestAwayForAMinute: what happens meanwhile arrives when the receiver is back, all of it
// and in the order of each room.
func TestAwayForAMinute(t *testing.T) {
	bubble(t, Config{}, func(b *bench) {
		began := time.Now()
		b.receiver.answer = func(string, map[string]any, int) int {
			if time.Since(began) < time.Minute {
				return 0
			}
			return 200
		}
		want := map[any][]string{}
		for i := range 60 {
			in := fmt.Sprint("r", i%3)
			m := b.join(1, in, fmt.Sprint("u", i), room.Pass{})
			if i < 3 {
				want[in] = append(want[in], in+" room_create ")
			}
			publish(t, m, fmt.Sprint("s", i))
			want[in] = append(want[in], fmt.Sprintf("%s room_login u%d", in, i), fmt.Sprintf("%s stream_create s%d", in, i))
			time.Sleep(time.Second)
		}
		b.receiver.take()
		time.Sleep(5 * time.Minute)
		got := map[any][]string{}
		for _, r := range b.receiver.take() {
			got[r.body["room_id"]] = append(got[r.body["room_id"]], r.what())
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("received\n\t%v, want\n\t%v", got, want)
		}
		stats := b.sender.Stats()
		if stats.Delivered != 123 || stats.Failed+stats.Dropped > 0 {
			t.Errorf("stats %+v", stats)
		}
	})
}

// TestBound: of too many events the oldest go, not the one on its way, and another app's
// stay. The log says so now and then.
func TestBound(t *testing.T) {
	bubble(t, Config{MaxEvents: 4, Parallel: 1}, func(b *bench) {
		answered := make(chan int)
		b.receiver.answer = func(host string, _ map[string]any, _ int) int {
			if host == "app1.example" {
				return <-answered
			}
			return 200
		}
		m := b.join(1, "room", "anna", room.Pass{})
		synctest.Wait() // room_create is on its way
		for i := range 10 {
			publish(t, m, fmt.Sprint("s", i))
		}
		b.join(2, "room", "bert", room.Pass{})
		b.stats(Stats{Queued: 4, Delivered: 2, Dropped: 8})
		if n := strings.Count(b.log.String(), "callbacks are lost"); n != 1 {
			t.Errorf("%d lines in the log", n)
		}
		b.receiver.take()
		close(answered)
		synctest.Wait()
		time.Sleep(time.Hour) // status 0: each fails, and is tried again
		var order []string
		for _, r := range b.receiver.take() {
			if len(order) == 0 || order[len(order)-1] != r.what() {
				order = append(order, r.what())
			}
		}
		if fmt.Sprint(order) != "[room room_create  room stream_create s7 room stream_create s8 room stream_create s9]" {
			t.Errorf("sent %q", order)
		}
		b.stats(Stats{Delivered: 2, Failed: 4, Dropped: 8, Retried: 20})
	})
}

// TestBoundOfWaiting: an event that waits to be sent again may be dropped; the next one of
// its room does not wait for it. The bound in bytes holds, too.
func TestBoundOfWaiting(t *testing.T) {
	bubble(t, Config{MaxBytes: 3 * 1200}, func(b *bench) {
		b.receiver.answer = func(string, map[string]any, int) int { return 503 }
		m := b.join(1, "room", "anna", room.Pass{})
		b.receiver.take()
		time.Sleep(7 * time.Second) // after tries at 0, 2 and 6 s
		b.receiver.take()
		publish(t, m, "one")
		publish(t, m, "two")
		b.got("7s room room_login anna")
		b.stats(Stats{Queued: 3, Dropped: 1, Retried: 4})
		b.sender.mu.Lock()
		defer b.sender.mu.Unlock()
		bytes := 0
		for at := b.sender.outboxes[1].all.Front(); at != nil; at = at.Next() {
			bytes += at.Value.(*event).size
		}
		if got := b.sender.outboxes[1].bytes; got != bytes || got > 3*1200 {
			t.Errorf("%d bytes are counted of %d", got, bytes)
		}
	})
}

// TestParallel: so many rooms at a time, the others wait their turn.
func TestParallel(t *testing.T) {
	bubble(t, Config{Parallel: 3}, func(b *bench) {
		b.receiver.answer = func(string, map[string]any, int) int {
			time.Sleep(time.Second)
			return 200
		}
		for i := range 9 {
			b.join(1, fmt.Sprint("r", i), fmt.Sprint("u", i), room.Pass{})
		}
		time.Sleep(10 * time.Second)
		b.stats(Stats{Delivered: 18})
		if n := b.receiver.atMost(); n != 3 {
			t.Errorf("%d at a time", n)
		}
		if got := b.receiver.take(); got[len(got)-1].at != 5*time.Second {
			t.Errorf("the last one came at %v", got[len(got)-1].at)
		}
		if o := b.sender.outboxes[1]; len(o.lines)+len(o.ready)+o.workers+o.bytes != 0 {
			t.Errorf("left: %+v", o)
		}
	})
}

// TestWithoutAddress: of apps without an address, or that are gone, nothing is kept.
func TestWithoutAddress(t *testing.T) {
	var gone atomic.Bool
	app := func(id uint32) (auth.App, bool) {
		a := auth.App{ID: id, CallbackURL: "http://a.example"}
		if id == 2 {
			a.CallbackURL = ""
		}
		return a, id != 404 && !gone.Load()
	}
	bubble(t, Config{App: app}, func(b *bench) {
		b.join(2, "room", "anna", room.Pass{})
		b.join(404, "room", "anna", room.Pass{})
		b.stats(Stats{})
		b.receiver.answer = func(string, map[string]any, int) int {
			gone.Store(true) // deleted while its events wait
			return 200
		}
		b.join(1, "room", "anna", room.Pass{})
		time.Sleep(2 * time.Minute)
		b.stats(Stats{Delivered: 1, Failed: 1, Retried: 5})
	})
}

// TestShutdown delivers what waits, without waiting itself, as far as there is time.
func TestShutdown(t *testing.T) {
	bubble(t, Config{Parallel: 1}, func(b *bench) {
		b.receiver.answer = func(_ string, body map[string]any, try int) int {
			if body["event"] == "room_create" && try == 0 {
				return 500
			}
			time.Sleep(time.Second)
			return 200
		}
		served := make(chan error)
		go func() { served <- b.sender.Serve() }()
		b.join(1, "room", "anna", room.Pass{})
		b.join(1, "other", "bert", room.Pass{})
		synctest.Wait()
		began := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := b.sender.Shutdown(ctx); err != nil || time.Since(began) != 4*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		if err := <-served; err != nil {
			t.Error(err)
		}
		b.stats(Stats{Delivered: 4, Retried: 2})
		b.join(1, "late", "carl", room.Pass{})
		b.stats(Stats{Delivered: 4, Retried: 2, Dropped: 2})
	})
}

// TestShutdownWithNothingToDo: without time, and with nothing to deliver, nothing is lost,
// and no line says so.
func TestShutdownWithNothingToDo(t *testing.T) {
	for range 20 {
		var log bytes.Buffer
		sender := New(Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
		ctx, cancel := context.WithTimeout(t.Context(), 0)
		if err := sender.Shutdown(ctx); err != nil || log.Len() > 0 {
			t.Fatalf("%v, logged %s", err, &log)
		}
		cancel()
	}
}

func TestShutdownOfDeadReceiver(t *testing.T) {
	bubble(t, Config{}, func(b *bench) {
		b.receiver.answer = func(string, map[string]any, int) int { return hang }
		b.join(1, "room", "anna", room.Pass{})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		defer cancel()
		began := time.Now()
		if err := b.sender.Shutdown(ctx); err == nil || time.Since(began) != 3*time.Second {
			t.Errorf("after %v: %v", time.Since(began), err)
		}
		b.stats(Stats{Dropped: 2})
		if !strings.Contains(b.log.String(), "events=2") {
			t.Errorf("log: %s", b.log)
		}
	})
}

// TestOverTheWire: a real receiver, which sees one POST of JSON; a redirect is not followed.
func TestOverTheWire(t *testing.T) {
	type seen struct{ method, kind, body string }
	got := make(chan seen, 4)
	var followed atomic.Int64
	mux := http.NewServeMux()
	mux.HandleFunc("/calls", func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got <- seen{r.Method, r.Header.Get("Content-Type"), string(body)}
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		got <- seen{}
	})
	mux.HandleFunc("/elsewhere", func(http.ResponseWriter, *http.Request) { followed.Add(1) })
	site := httptest.NewServer(mux)
	defer site.Close()
	sender := New(Config{App: func(id uint32) (auth.App, bool) {
		return auth.App{ID: id, CallbackURL: site.URL + map[uint32]string{1: "/calls", 2: "/moved"}[id]}, true
	}})
	hear := func(app protocol.AppID) {
		sender.Hear(room.Report{Kind: room.RoomOpened, Time: time.Now(), Room: room.Info{App: app, ID: "räume & <mehr>", Life: 1 << 52}})
	}
	hear(1)
	if r := <-got; r.method != "POST" || r.kind != "application/json; charset=utf-8" || !strings.HasPrefix(r.body, `{"event":"room_create","appid":1,"timestamp":`) ||
		!strings.Contains(r.body, `"room_session_id":4503599627370496,`) {
		t.Errorf("%+v", r)
	}
	hear(2)
	<-got
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := sender.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	if stats := sender.Stats(); stats.Delivered != 1 || stats.Queued != 0 || followed.Load() != 0 {
		t.Errorf("stats %+v, followed %d times", stats, followed.Load())
	}
}
