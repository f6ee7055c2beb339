package signaling

import (
	"bytes"
	"errors"
	"log/slog"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// journal keeps what is logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

// lines are those that were written since the last call.
func (j *journal) lines() []string {
	j.mu.Lock()
	defer j.mu.Unlock()
	text := strings.TrimSuffix(j.text.String(), "\n")
	j.text.Reset()
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func (j *journal) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// want checks what was logged since the last call: one line for each text, which is in it.
func (j *journal) want(t *testing.T, texts ...string) {
	t.Helper()
	synctest.Wait()
	lines := j.lines()
	if len(lines) != len(texts) {
		t.Fatalf("logged %q, want %q", lines, texts)
	}
	for i, text := range texts {
		if !strings.Contains(lines[i], text) {
			t.Errorf("logged %q, want %q", lines[i], text)
		}
	}
}

// nonsense opens connections that end for the same reason.
func nonsense(s *site, connections int) {
	for range connections {
		c := s.dial()
		c.send("nonsense")
		c.closed(protocol.CloseMalformed)
		synctest.Wait() // until its place is free
	}
}

func TestLogSaysItOnce(t *testing.T) {
	var j journal
	bubble(t, Config{Log: j.logger(), Rates: Rates{Connections: 100_000}}, func(s *site) {
		n := orFull(1000, 10_000)
		nonsense(s, n)
		j.want(t, `level=WARN msg="connection ended" reason="malformed or oversized frame" connection=`)
		time.Sleep(10 * time.Second) // virtual
		j.want(t, `level=WARN msg="connection ended" reason="malformed or oversized frame" more=`+strconv.Itoa(n-1))
		nonsense(s, 3) // less than 10 s after the last line
		j.want(t)
		time.Sleep(10 * time.Second) // virtual
		j.want(t, "more=3")
		time.Sleep(10 * time.Second) // virtual
		nonsense(s, 1)               // a first one again
		j.want(t, "error=")
		time.Sleep(10 * time.Second) // virtual
		j.want(t)
		if n := len(s.server.ledger.entries); n != 0 {
			t.Errorf("%d entries are left", n)
		}
		nonsense(s, 2)
		j.want(t, "error=")
		if err := s.server.Shutdown(s.t.Context()); err != nil {
			t.Error(err)
		}
		j.want(t, "more=1")
		time.Sleep(time.Minute) // virtual
		j.want(t)
	})
}

// What is wrong in different ways has lines of its own, however often one way is taken.
func TestLogOfSeveralReasons(t *testing.T) {
	var j journal
	authorize := func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		switch msg.Token {
		case "bug":
			panic("bug")
		case "down":
			return room.Pass{}, errors.New("the database is down")
		}
		return room.Pass{}, nil
	}
	bubble(t, Config{Log: j.logger(), MaxConnections: 3, Authorize: authorize}, func(s *site) {
		s.login("r", "a")
		s.login("r", "b")
		nonsense(s, 5)
		j.want(t, "malformed")
		for range 3 {
			msg := enter("r", "c")
			msg.Token = "bug"
			c := s.dial()
			c.request(msg)
			c.listen()
			synctest.Wait()
		}
		j.want(t, "level=ERROR msg=panic")
		third := s.dial()
		for range 4 {
			s.dial().closed(protocol.CloseBusy)
		}
		j.want(t, `level=WARN msg="connection refused" reason="the server takes no more connections`)
		for range 4 {
			msg := enter("r", "c")
			msg.Token = "down"
			third.refused(msg, protocol.CodeInternal)
		}
		j.want(t, `level=ERROR msg="request failed" reason=room.login`)
	})
}
