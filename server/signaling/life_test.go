package signaling

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
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

// Coming and going must not put the next ping off.
func TestHeartbeatOfABusyClient(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		for range 50 {
			c.ok(enter("r2", "a"))
			c.ok(protocol.RoomLogout{Room: "r2"})
			time.Sleep(2 * time.Second) // virtual
		}
		if c.pings < 3 || c.pings > 4 {
			t.Errorf("%d pings in 100 s", c.pings)
		}
	})
}

// Timers may fire while they are being stopped.
func TestTimersThatComeLate(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		c.ok(enter("r2", "a"))
		late := s.conn(func(*conn) bool { return true })
		late.onLoginDeadline()
		c.ok(protocol.StreamStop{Room: "r", Stream: "x"})

		late.Send(protocol.RoomKickout{Room: "r"}) // it is still in the other room
		hears[protocol.RoomKickout](c)
		time.Sleep(2 * kickGrace) // virtual
		c.ok(protocol.StreamStop{Room: "r2", Stream: "x"})

		late.Send(protocol.RoomKickout{Room: "r2"})
		start := time.Now()
		late.onBeat()
		c.closed(protocol.CloseKicked)
		elapsed(t, start, kickGrace)
	})
}

// A connection that ends while its login is under way leaves no member behind.
func TestLoginOfAnEndedConnection(t *testing.T) {
	end := func() {}
	authorize := func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		if msg.User.ID == "a" {
			end()
		}
		return room.Pass{}, nil
	}
	bubble(t, Config{Authorize: authorize}, func(s *site) {
		b := s.dial()
		msg := enter("r", "b")
		msg.Users = true
		b.ok(msg)
		a := s.dial()
		ended := s.conn(func(c *conn) bool { return c.user == "" })
		end = func() { ended.end(protocol.CloseTooSlow, nil) }
		a.request(enter("r", "a"))
		if got := hears[protocol.RoomUsers](b); got.Change != protocol.Add {
			t.Errorf("b heard %+v", got)
		}
		if got := hears[protocol.RoomUsers](b); got.Change != protocol.Delete {
			t.Errorf("b heard %+v", got)
		}
		a.closed(protocol.CloseTooSlow)
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
		member := s.conn(func(c *conn) bool { return c.user == "a" }).members["r"]
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
		if n := member.Room().Count(); n != 2 {
			t.Errorf("%d members, want 2: nobody left", n)
		}
		_, response, err := websocket.Dial(s.t.Context(), "ws://site/ws", &websocket.DialOptions{HTTPClient: &s.http})
		if err == nil || response == nil || response.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("got %v, %v, want 503", response, err)
		}
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
	authorize := func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		if msg.Token == "bug" {
			panic("bug")
		}
		return room.Pass{}, nil
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
