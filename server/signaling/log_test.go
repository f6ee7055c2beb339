package signaling

import (
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

func (j *journal) atDebug() *slog.Logger {
	return slog.New(slog.NewTextHandler(j, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// find is the only line since the last call that has all the texts.
func find(t *testing.T, lines []string, texts ...string) string {
	t.Helper()
	var found []string
lines:
	for _, line := range lines {
		for _, text := range texts {
			if !strings.Contains(line, text) {
				continue lines
			}
		}
		found = append(found, line)
	}
	if len(found) != 1 {
		t.Fatalf("lines with %q: %q, of %q", texts, found, lines)
	}
	return found[0]
}

// TestLogSaysWho: each line about a client says which, by the same name throughout, and
// nothing that is not the operator's business.
func TestLogSaysWho(t *testing.T) {
	var j journal
	bubble(t, Config{Log: j.atDebug()}, func(s *site) {
		msg := enter("room1", "anna")
		msg.App, msg.Token, msg.Resume = 7, "04SECRET", true
		anna := s.dial()
		key := string(anna.ok(msg).Body)
		anna.ok(protocol.MessageBroadcast{Room: "room1", Text: "whispered"})
		anna.notify(protocol.SessionDesc{Session: "none"})
		anna.send(`{"type":"stream.stop","body":[]}`)
		synctest.Wait()
		anna.ws.CloseNow()
		synctest.Wait()
		time.Sleep(time.Minute) // virtual: nobody comes back
		lines := j.lines()
		login := find(t, lines, "msg=login ", "app=7", "room=room1", "user=anna", "address=", "level=DEBUG")
		_, name, _ := strings.Cut(login, "connection=")
		name, _, _ = strings.Cut(name, " ")
		if len(name) > 8 || name == "" {
			t.Errorf("the connection is called %q", name)
		}
		for _, message := range []string{`"notice dropped"`, `"connection away"`, `"connection ended"`} {
			find(t, lines, "msg="+message, "connection="+name, "app=7", "room=room1", "user=anna", "address=")
		}
		_, key, _ = strings.Cut(key, `"key":"`)
		key, _, _ = strings.Cut(key, `"`)
		for _, secret := range []string{"04SECRET", "whispered", key} {
			if text := strings.Join(lines, "\n"); secret == "" || strings.Contains(text, secret) {
				t.Errorf("%q is in the log:\n%s", secret, text)
			}
		}
	})
}

// TestLogOfRefusedLogins: the operator sees one example of each sort, shortened where the
// client may say anything; at the level debug all of them.
func TestLogOfRefusedLogins(t *testing.T) {
	var j journal
	refuse := func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		if msg.User.ID == "late" {
			return room.Pass{}, protocol.Errorf(protocol.CodeTokenExpired, "the token has expired")
		}
		return room.Pass{}, protocol.Errorf(protocol.CodeToken, "the token is not valid")
	}
	for level, want := range map[slog.Level]int{slog.LevelInfo: 1, slog.LevelDebug: 3} {
		log := slog.New(slog.NewTextHandler(&j, &slog.HandlerOptions{Level: level}))
		bubble(t, Config{Log: log, Authorize: refuse}, func(s *site) {
			c := s.dial()
			for range 3 {
				c.refused(enter("room1", "anna"), protocol.CodeToken)
			}
			synctest.Wait()
			lines := j.lines()
			if len(lines) != want {
				t.Errorf("%v: %q", level, lines)
			}
			find(t, lines, "level=INFO", `msg="login refused" reason="code 1102016"`, "room=room1", "user=anna", "not valid")
			c.refused(enter(long(5000), "late"), protocol.CodeTokenExpired)
			synctest.Wait()
			if line := find(t, j.lines(), `reason="code 1102018"`, "user=late"); len(line) > 600 {
				t.Errorf("a line of %d bytes", len(line))
			}
		})
		j.lines() // what was left out
	}
}

// TestLogOfKicks: who is put out is noted, with the code.
func TestLogOfKicks(t *testing.T) {
	var j journal
	bubble(t, Config{Log: j.logger()}, func(s *site) {
		s.login("room1", "anna")
		s.login("room1", "anna")
		j.want(t, `level=INFO msg="kicked out" reason="code 1002050" room=room1 connection=`)
		s.server.Hub().Find(0, "room1").Remove("a reason that is nobody's business", "anna")
		j.want(t, `level=INFO msg="kicked out" reason="code 1002055" room=room1 connection=`)
	})
}
