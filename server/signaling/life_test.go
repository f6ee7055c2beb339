package signaling

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

func TestHeartbeat(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		c.ok(enter("r2", "a"))
		go s.login("r", "b").listen()
		start := time.Now()
		var last time.Time
		for i := range 8 {
			f, err := c.read()
			if err != nil || f.Type != protocol.TypePing {
				t.Fatalf("got %+v, %v", f, err)
			}
			var ping protocol.Ping
			if err := json.Unmarshal(f.Body, &ping); err != nil {
				t.Fatal(err)
			}
			counts := map[protocol.RoomID]int{}
			for _, r := range ping.Rooms {
				counts[r.Room] = r.Count
			}
			if ping.Time != time.Now().UnixMilli() || counts["r"] != 2 || counts["r2"] != 1 {
				t.Errorf("ping %+v", ping)
			}
			if i == 0 && time.Since(start) >= 25*time.Second {
				t.Errorf("first ping after %v", time.Since(start))
			}
			if i > 0 {
				elapsed(t, last, 25*time.Second)
			}
			last = time.Now()
			c.notify(protocol.Pong{})
		}
	})
}

func TestSilentClientIsGivenUp(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		b := s.login("r", "b")
		c := s.login("r", "a")
		c.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
		hears[protocol.RoomStreams](b)
		start := time.Now()
		gone := make(chan struct{})
		go func() {
			if got := hears[protocol.RoomStreams](b); got.Reason != protocol.ReasonHeartbeat {
				t.Errorf("b heard %+v", got)
			}
			elapsed(t, start, 62500*time.Millisecond)
			close(gone)
		}()
		c.closed(protocol.CloseSilent)
		<-gone
	})
}

func TestLoginDeadline(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.dial()
		start := time.Now()
		c.refused(enter("", "a"), protocol.CodeRoomIDEmpty) // a failed login does not count
		c.closed(protocol.CloseNoLogin)
		elapsed(t, start, 15*time.Second)

		c = s.login("r", "a")
		c.ok(protocol.RoomLogout{Room: "r"})
		start = time.Now()
		for time.Since(start) < time.Minute { // without a room it may stay
			f, err := c.read()
			if err != nil || f.Type != protocol.TypePing {
				t.Fatalf("%+v, %v", f, err)
			}
			c.notify(protocol.Pong{})
		}
	})
}

func TestSlowReaderIsClosed(t *testing.T) {
	for name, c := range map[string]Config{
		"messages": {QueueMessages: 10, BroadcastRate: 1000},
		"bytes":    {QueueBytes: 10 * 3050, BroadcastRate: 1000},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, c, func(s *site) {
				slow := s.login("r", "slow")
				slow.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
				b := s.login("r", "b")
				text := long(2900)
				for range 11 { // one is being written, ten wait
					b.ok(protocol.MessageBroadcast{Room: "r", Text: text})
					synctest.Wait()
				}
				b.request(protocol.MessageBroadcast{Room: "r", Text: text})
				b.next()
				if got := hears[protocol.RoomStreams](b); got.Reason != protocol.ReasonOffline {
					t.Errorf("b heard %+v", got)
				}
				slow.closed(protocol.CloseTooSlow)
			})
		})
	}
}

func TestDeadReaderIsDropped(t *testing.T) {
	bubble(t, Config{QueueMessages: 2, BroadcastRate: 1000}, func(s *site) {
		s.login("r", "slow")
		b := s.login("r", "b")
		for range 4 {
			b.ok(protocol.MessageBroadcast{Room: "r", Text: "x"})
		}
		time.Sleep(10*time.Second + time.Millisecond) // virtual: the write times out
		synctest.Wait()
		if s.server.count != 1 {
			t.Errorf("%d connections", s.server.count)
		}
	})
}

func TestBarrageIsDroppedForSlowReader(t *testing.T) {
	bubble(t, Config{QueueMessages: 10}, func(s *site) {
		slow := s.login("r", "slow")
		b := s.login("r", "b")
		for range 50 {
			b.ok(protocol.MessageBarrage{Room: "r", Text: "x"})
		}
		b.ok(protocol.MessageBroadcast{Room: "r", Text: "last"})
		barrages := 0
		for f := slow.next(); f.Type != protocol.TypeMessageBroadcast; f = slow.next() {
			barrages++
		}
		if barrages < 5 || barrages > 7 {
			t.Errorf("%d barrages of 50 came through", barrages)
		}
	})
}

func TestFloodIsSlowedDown(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a") // the first of 400
		start := time.Now()
		const more = 599
		go func() {
			for range more {
				c.request(protocol.StreamStop{Room: "r", Stream: "x"})
			}
		}()
		for i := range more {
			if f := c.next(); f.ID != uint64(i+2) || f.Error != nil {
				t.Fatalf("reply %d: %+v", i, f)
			}
		}
		if got := time.Since(start); got < 1990*time.Millisecond || got > 2010*time.Millisecond {
			t.Errorf("200 frames above the burst took %v, want 2s", got)
		}
	})
}

func TestBroadcastRate(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		say := protocol.MessageBroadcast{Room: "r", Text: "x"}
		for range 10 {
			c.ok(say)
		}
		c.refused(say, protocol.CodeTooOften)
		time.Sleep(100 * time.Millisecond) // virtual
		c.ok(say)
		c.refused(say, protocol.CodeTooOften)
	})
}

func TestMalformedFramesEndTheConnection(t *testing.T) {
	for name, c := range map[string]struct {
		kind websocket.MessageType
		data string
	}{
		"no JSON":  {websocket.MessageText, `{"type":`},
		"no type":  {websocket.MessageText, `{"id":1}`},
		"too long": {websocket.MessageText, `{"type":"pong","x":"` + long(256<<10) + `"}`},
		"binary":   {websocket.MessageBinary, `{"type":"pong"}`},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, Config{}, func(s *site) {
				client := s.login("r", "a")
				largest := `{"type":"pong","x":"` + long(256<<10-22) + `"}`
				client.send(largest)
				go client.ws.Write(s.t.Context(), c.kind, []byte(c.data)) //nolint:errcheck // may be cut off
				client.closed(protocol.CloseMalformed)
			})
		})
	}
}

// A client must not keep a connection by never finishing the frame that broke the rules.
func TestUnfinishedFrameIsCutOff(t *testing.T) {
	bubble(t, Config{MaxFrame: 100}, func(s *site) {
		c := s.dial()
		w, err := c.ws.Writer(s.t.Context(), websocket.MessageText)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan struct{})
		go func() {
			defer close(done)
			for range 60 {
				if _, err := w.Write([]byte(long(50))); err != nil {
					return
				}
				time.Sleep(time.Second)
			}
			t.Error("the server listened for a minute")
		}()
		c.listen()
		<-done
	})
}

func TestHowASocketEnds(t *testing.T) {
	for name, c := range map[string]struct {
		end  func(*client)
		want protocol.DeleteReason
	}{
		"closed": {func(c *client) { c.ws.Close(websocket.StatusNormalClosure, "") }, protocol.ReasonStopped},
		"left":   {func(c *client) { c.ws.Close(websocket.StatusGoingAway, "") }, protocol.ReasonStopped},
		"lost":   {func(c *client) { c.ws.CloseNow() }, protocol.ReasonOffline},
		"logout": {func(c *client) { c.ok(protocol.RoomLogout{Room: "r"}) }, protocol.ReasonStopped},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, Config{}, func(s *site) {
				a, b := s.login("r", "a"), s.login("r", "b")
				a.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
				hears[protocol.RoomStreams](b)
				c.end(a)
				if got := hears[protocol.RoomStreams](b); got.Reason != c.want || got.Change != protocol.Delete {
					t.Errorf("b heard %+v, want reason %d", got, c.want)
				}
			})
		})
	}
}

func TestShutdown(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b, idle := s.login("r", "a"), s.login("r", "b"), s.dial()
		a.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
		hears[protocol.RoomStreams](b)
		done := make(chan error)
		go func() { done <- s.server.Shutdown(s.t.Context()) }()
		for _, c := range []*client{a, b, idle} {
			_, err := c.read() // nobody hears that others left
			if websocket.CloseStatus(err) != websocket.StatusCode(protocol.CloseStopping) {
				t.Errorf("closed with %v", err)
			}
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		wantBusy(t, s)
	})
}

func TestShutdownIsBounded(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		s.login("r", "a") // reads nothing any more
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := s.server.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		elapsed(t, start, time.Second)
	})
}

func wantBusy(t *testing.T, s *site) {
	t.Helper()
	_, response, err := websocket.Dial(s.t.Context(), "ws://site/ws", &websocket.DialOptions{HTTPClient: &s.http})
	if err == nil || response == nil || response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %v, %v, want 503", response, err)
	}
}

func TestConnectionBounds(t *testing.T) {
	for name, c := range map[string]Config{
		"server":  {MaxConnections: 2},
		"address": {MaxPerAddress: 2},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, c, func(s *site) {
				a := s.dial()
				s.dial()
				wantBusy(t, s)
				a.ws.CloseNow()
				synctest.Wait()
				s.dial()
			})
		})
	}
}

func TestNetwork(t *testing.T) {
	for remote, want := range map[string]string{
		"203.0.113.9:1":        "203.0.113.9/32",
		"[::ffff:192.0.2.1]:1": "192.0.2.1/32",
		"[2001:db8::1%eth0]:1": "2001:db8::/64",
		"[::1]:1":              "::1/128",
		"pipe":                 "invalid Prefix",
	} {
		if got := network(remote).String(); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
	s := New(Config{MaxPerAddress: 1})
	for _, remote := range []string{"127.0.0.1:1", "127.0.0.1:2", "[::1]:1", "[::1]:2", "192.0.2.1:1", "192.0.2.2:1"} {
		if err := s.reserve(network(remote)); err != nil {
			t.Errorf("%s: %v", remote, err)
		}
	}
	if s.reserve(network("192.0.2.1:9")) == nil {
		t.Error("a second connection from an address for one")
	}
}

func TestNoWebSocket(t *testing.T) {
	bubble(t, Config{MaxConnections: 1}, func(s *site) {
		for range 2 { // the first gives its place back
			response, err := s.http.Get("http://site/ws")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, response.Body); err != nil {
				t.Error(err)
			}
			response.Body.Close()
			if response.StatusCode != http.StatusUpgradeRequired {
				t.Errorf("status %s", response.Status)
			}
		}
	})
}

func TestPanicEndsOneConnection(t *testing.T) {
	authorize := func(msg protocol.RoomLogin) error {
		if msg.Token == "bug" {
			panic("bug")
		}
		return nil
	}
	bubble(t, Config{Authorize: authorize}, func(s *site) {
		other := s.login("r", "b")
		c := s.login("r", "a")
		msg := enter("r2", "a")
		msg.Token = "bug"
		c.request(msg)
		if _, err := c.read(); err == nil {
			t.Error("the connection goes on")
		}
		other.ok(protocol.StreamStop{Room: "r", Stream: "x"})
	})
}

func TestLogIsOneLineWithoutSecrets(t *testing.T) {
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	bubble(t, Config{Log: logger}, func(s *site) {
		c := s.dial()
		msg := enter("r", "a")
		msg.Token = "secret-token"
		c.ok(msg)
		c.ok(protocol.MessageBroadcast{Room: "r", Text: "secret-text"})
		c.send(`secret{`)
		c.closed(protocol.CloseMalformed)
		s.login("r", "quiet").ws.CloseNow()
	})
	if got := log.String(); strings.Count(got, "\n") != 1 || strings.Contains(got, "secret") || !strings.Contains(got, "code=4001") {
		t.Errorf("log:\n%s", got)
	}
}

// FuzzConnection sends whatever frames, one a line, and wants a server that still works.
func FuzzConnection(f *testing.F) {
	f.Add(`{"type":"room.login","id":1,"body":{"version":1,"room":"r","user":{"id":"a"}}}
{"type":"stream.publish","id":2,"body":{"room":"r","stream":"s"}}
{"type":"stream.play","id":3,"body":{"room":"r","stream":"s"}}
{"type":"session.close","body":{"session":"x","reason":"failed"}}
{"type":"room.logout","id":4,"body":{"room":"r"}}`)
	f.Add(`{"type":"room.login","id":1,"body":null}`)
	f.Add("{\"type\":\"pong\"}\n[]\n\x00")
	f.Fuzz(func(t *testing.T, frames string) {
		bubble(t, Config{}, func(s *site) {
			c := s.dial()
			go c.listen()
			for line := range strings.SplitSeq(frames, "\n") {
				if c.ws.Write(s.t.Context(), websocket.MessageText, []byte(line)) != nil {
					break
				}
			}
			s.login("other", "u")
		})
	})
}
