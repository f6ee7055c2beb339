package signaling

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

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
				if n := slow.closed(protocol.CloseTooSlow); n > 2 {
					t.Errorf("%d frames were still sent to it", n)
				}
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
		if s.server.sockets.All() != 1 {
			t.Errorf("%d connections", s.server.sockets.All())
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

// Each of many keeps its own pace, and together they send more than one can read: it is
// told what fits, they are told that the rest did not, and it stays in its rooms.
func TestCommandsOfManyDoNotCloseTheirReceiver(t *testing.T) {
	bubble(t, Config{QueueMessages: 1000}, func(s *site) {
		slow := s.login("r", "slow")
		command := protocol.MessageCommand{Room: "r", To: []protocol.UserID{"slow"}, Command: json.RawMessage(`"x"`)}
		var many []*client
		for i := range 12 {
			many = append(many, s.login("r", fmt.Sprint("u", i)))
		}
		refused := 0
		for range 100 {
			for _, c := range many {
				if f := c.replyTo(command); f.Error != nil && f.Error.Code == protocol.CodeTooOften {
					refused++
				}
			}
		}
		many[0].ok(protocol.MessageBroadcast{Room: "r", Text: "last"})
		heard := 0
		for f := slow.next(); f.Type != protocol.TypeMessageBroadcast; f = slow.next() {
			heard++
		}
		if heard != 1200-refused || heard < 500 || heard > 502 {
			t.Errorf("%d of 1200 came through, %d were refused", heard, refused)
		}
		many[0].ok(command)
		hears[protocol.MessageCommand](slow)
	})
}

func TestFloodIsSlowedDown(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a") // the first 20 of 400
		start := time.Now()
		const more = 580
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

// Whatever a client sends is read at a pace, be it no frame at all.
func TestBytesAreSlowedDown(t *testing.T) {
	for name, c := range map[string]struct {
		first, text string
		times, cost int
	}{
		"fragments":              {"\x01\x80\x00\x00\x00\x00", "\x00\x80\x00\x00\x00\x00", 1000, 6},
		"pings of the WebSocket": {"", "\x89\x80\x00\x00\x00\x00", 10, 6 + bytesPerFrame},
		"pongs of the WebSocket": {"", "\x8a\xfd\x00\x00\x00\x00" + long(125), 10, 131 + bytesPerFrame},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, Config{LoginTimeout: time.Hour}, func(s *site) {
				raw, err := s.wire.dialFrom("pipe")
				if err != nil {
					t.Fatal(err)
				}
				defer raw.Close()
				go io.Copy(io.Discard, raw) //nolint:errcheck // until it is closed
				start := time.Now()
				text := handshake + c.first
				for range 200 {
					if _, err := io.WriteString(raw, text); err != nil {
						t.Fatal(err)
					}
					text = strings.Repeat(c.text, c.times)
				}
				perSecond := float64(199*c.times*c.cost-400*bytesPerFrame) / time.Since(start).Seconds()
				if perSecond < 195<<10 || perSecond > 215<<10 {
					t.Errorf("%.0f bytes a second were counted, want 200 KiB", perSecond)
				}
			})
		})
	}
}

// However low the pace, a frame that is allowed comes at once.
func TestLargestFrameIsNotSlowedDown(t *testing.T) {
	bubble(t, Config{Rate: 10, Burst: 1}, func(s *site) {
		c := s.dial()
		start := time.Now()
		c.send(`{"type":"room.party","x":"` + long(250<<10) + `"}`)
		synctest.Wait()
		elapsed(t, start, 0)
		c.ok(enter("r", "a"))
		elapsed(t, start, 100*time.Millisecond)
	})
}

// A login counts for 20 frames, as it makes as much work.
func TestLoginsAreSlowedDown(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.dial()
		start := time.Now()
		for range 40 {
			c.ok(enter("r", "a"))
			c.ok(protocol.RoomLogout{Room: "r"})
		}
		if got := time.Since(start); got < 4*time.Second || got > 4500*time.Millisecond {
			t.Errorf("40 logins and logouts took %v, want 4.2 s less the last login's share", got)
		}
	})
}

// A flood is answered as long as its answers are read: only the notices may be left out.
func TestBarragesAreAnswered(t *testing.T) {
	bubble(t, Config{QueueMessages: 10}, func(s *site) {
		c := s.login("r", "a")
		for range 9 {
			c.request(protocol.MessageBarrage{Room: "r", Text: "x"})
		}
		synctest.Wait()
		for i := range 9 {
			if f := c.next(); f.ID != uint64(i+2) {
				t.Fatalf("got %+v, want the reply to %d", f, i+2)
			}
		}
	})
}

// Large replies that nobody reads must not fill the memory, however many ask for them.
func TestLargeRepliesAreBounded(t *testing.T) {
	bubble(t, Config{MaxHeld: 1 << 20}, func(s *site) {
		a := s.login("large", "a")
		for i := range 32 {
			a.ok(protocol.StreamPublish{Room: "large", Stream: protocol.StreamID(fmt.Sprint("s", i)), ExtraInfo: strings.Repeat("\x01", 1024)})
		}
		go a.listen()
		var deaf []*client
		for i := range 20 { // they read nothing, and a snapshot has 200 kB
			c := s.dial()
			c.request(enter("large", fmt.Sprint("deaf", i)))
			deaf = append(deaf, c)
		}
		synctest.Wait()
		if n := s.server.held.Load(); n > 1<<20 {
			t.Errorf("%d bytes are held", n)
		}
		s.login("r", "small").ok(protocol.StreamStop{Room: "r", Stream: "x"})
		last := deaf[len(deaf)-1]
		last.closed(protocol.CloseBusy)
		for _, c := range deaf {
			c.ws.CloseNow()
		}
		time.Sleep(time.Minute) // virtual
		for s.server.held.Load() > 0 {
			runtime.GC()
		}
		s.login("large", "b")
	})
}

// Who has not acknowledged the reply to its login into a large room yet stays in it.
func TestLargeSnapshotIsNotTooMuch(t *testing.T) {
	bubble(t, Config{QueueBytes: 100 << 10}, func(s *site) {
		a := s.stay("large", "a")
		for i := range 20 {
			a.ok2(protocol.StreamPublish{Room: "large", Stream: protocol.StreamID(fmt.Sprint("s", i)), ExtraInfo: strings.Repeat("\x01", 1024)})
			a.notify(protocol.Pong{Received: a.received})
		}
		b := s.stay("large", "b") // whose reply has 120 kB
		for range 3 {
			a.ok2(protocol.MessageBroadcast{Room: "large", Text: long(10_000)})
			hears[protocol.MessageBroadcast](b)
		}
		b.notify(protocol.Pong{Received: b.received})
		b.ok2(protocol.StreamStop{Room: "large", Stream: "x"})
	})
}

// Pings and pongs acknowledge as well.
func TestEverySignOfLifeAcknowledges(t *testing.T) {
	bubble(t, Config{QueueMessages: 20}, func(s *site) {
		a := s.stay("r", "a")
		for i := range 20 {
			for range 15 {
				a.ok2(protocol.StreamStop{Room: "r", Stream: "x"})
			}
			if i%2 == 0 {
				a.notify(protocol.Pong{Received: a.received})
			} else {
				a.notify(protocol.Ping{Received: a.received})
				for f := a.next(); f.Type != protocol.TypePong; f = a.next() {
				}
			}
		}
	})
}

// What goes to everyone in the room counts together, and not what is refused before.
func TestBroadcastRate(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		say, tell := protocol.MessageBroadcast{Room: "r", Text: "x"}, protocol.MessageChannel{Room: "r", Text: "x"}
		for range 5 {
			c.ok(say)
			c.ok(tell)
			c.refused(protocol.MessageBroadcast{Room: "other", Text: "x"}, protocol.CodeNotLoggedIn)
		}
		c.refused(say, protocol.CodeTooOften)
		c.refused(tell, protocol.CodeTooOften)
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
				client.ok(protocol.StreamStop{Room: "r", Stream: "x"})
				go client.ws.Write(s.t.Context(), c.kind, []byte(c.data)) //nolint:errcheck // may be cut off
				client.closed(protocol.CloseMalformed)
			})
		})
	}
}

// A client must not keep a connection by never finishing the frame that broke the rules.
func TestUnfinishedFrameIsCutOff(t *testing.T) {
	bubble(t, Config{MaxFrame: 100}, func(s *site) {
		raw, err := s.wire.dial(s.t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		go io.Copy(io.Discard, raw) //nolint:errcheck // until it is closed
		if _, err = io.WriteString(raw, handshake); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		const textOfAGigabyte = "\x81\xff\x00\x00\x00\x00\x40\x00\x00\x00\x00\x00\x00\x00"
		if _, err := io.WriteString(raw, textOfAGigabyte); err != nil {
			t.Fatal(err)
		}
		for start := time.Now(); time.Since(start) < time.Minute; time.Sleep(time.Second) { // virtual
			if _, err := raw.Write([]byte(long(150))); err != nil {
				return
			}
		}
		t.Error("the server listened for a minute")
	})
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
				s.dial().closed(protocol.CloseBusy)
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
		if got := Network(remote).String(); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
	s := New(Config{MaxPerAddress: 1})
	for _, remote := range []string{"127.0.0.1:1", "127.0.0.1:2", "[::1]:1", "[::1]:2", "192.0.2.1:1", "192.0.2.2:1"} {
		if err := s.reserve(Network(remote)); err != nil {
			t.Errorf("%s: %v", remote, err)
		}
	}
	if s.reserve(Network("192.0.2.1:9")) == nil {
		t.Error("a second connection from an address for one")
	}
}
