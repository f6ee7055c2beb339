package signaling

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// knocks are what attackers do who get no further than the door.
var knocks = map[string]struct {
	attack func(*attacker)
	code   protocol.CloseCode
}{
	"sockets": {func(a *attacker) {
		for range orFull(3000, 30_000) {
			if ws := a.deaf(); ws != nil {
				ws.CloseNow()
			}
			time.Sleep(time.Millisecond) // virtual
		}
	}, still},
	"tokens": {func(a *attacker) {
		for i := 0; a.ctx.Err() == nil; i++ {
			ws := a.open()
			for ok := true; ok; i++ {
				ok = a.request(ws, 1, with(fmt.Sprint("guess", i), "r", "caller-r"))
			}
			time.Sleep(time.Millisecond) // virtual
		}
	}, protocol.CloseNoLogin},
	"farewells": {func(a *attacker) {
		for i := range orFull(3000, 30_000) {
			a.post(fmt.Sprintf(`{"key":"GUESS%d"}`, i))
			time.Sleep(time.Millisecond) // virtual
		}
	}, still},
	"rooms": {func(a *attacker) {
		ws := a.open()
		for i := 0; a.request(ws, 1, enter(fmt.Sprint("room", i), "attacker")); i++ {
		}
	}, still},
}

// TestKnocks: whoever comes too often, or shows what is not good, is no trouble to those
// who are in.
func TestKnocks(t *testing.T) {
	authorize := func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		if strings.HasPrefix(msg.Token, "guess") {
			return room.Pass{}, protocol.Errorf(protocol.CodeToken, "no")
		}
		return room.Pass{}, nil
	}
	for name, c := range knocks {
		t.Run(name, func(t *testing.T) {
			config := Config{MaxPerAddress: 300, QueueMessages: 500, Authorize: authorize}
			bubble(t, config, func(s *site) { survive(s, c.attack, c.code) })
		})
	}
}

// TestNothingIsUnpacked: a server that agrees to no compression cannot be sent a small
// frame that becomes a large one.
func TestNothingIsUnpacked(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		raw, err := s.wire.dialFrom("203.0.113.1:1")
		if err != nil {
			t.Fatal(err)
		}
		defer raw.Close()
		offer := strings.Replace(handshake, "\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", 1)
		if _, err := io.WriteString(raw, offer); err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(raw)
		answer, err := http.ReadResponse(in, nil)
		if err != nil || answer.StatusCode != http.StatusSwitchingProtocols || answer.Header.Get("Sec-WebSocket-Extensions") != "" {
			t.Fatalf("%+v, %v", answer, err)
		}
		go io.WriteString(raw, "\xc1\x80\x00\x00\x00\x00") //nolint:errcheck // a packed frame, which may be cut off
		if text, _ := io.ReadAll(in); !strings.HasPrefix(string(text), "\x88") {
			t.Errorf("answered %q, want a close", text)
		}
	})
}

// TestLogIsQuoted: what a client calls itself makes no lines of the log.
func TestLogIsQuoted(t *testing.T) {
	const forged = "x\nlevel=ERROR msg=forged\n{\"level\":\"ERROR\",\"msg\":\"forged\"}\n\x1b[2J"
	refuse := func(protocol.RoomLogin, netip.Addr) (room.Pass, error) {
		return room.Pass{}, protocol.Errorf(protocol.CodeToken, "no")
	}
	for name, handler := range map[string]func(io.Writer) slog.Handler{
		"text": func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
		"json": func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
	} {
		var log bytes.Buffer
		bubble(t, Config{Log: slog.New(handler(&log)), Authorize: refuse}, func(s *site) {
			msg := enter(forged, forged)
			msg.Token, msg.User.Name = forged, forged
			s.dial().refused(msg, protocol.CodeToken)
		})
		text := log.String()
		if !strings.Contains(text, "forged") { // else nothing is shown
			t.Errorf("%s: logged %q", name, text)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "level=") || strings.HasPrefix(line, `{"level`) || strings.Contains(line, "\x1b") {
				t.Errorf("%s: logged %q", name, line)
			}
		}
	}
}
