package signaling

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

// stay logs in so that the connection can be resumed.
func (s *site) stay(room, user string) *client {
	s.t.Helper()
	c := s.dial()
	msg := enter(room, user)
	msg.Resume, msg.Users = true, true
	var snapshot protocol.RoomSnapshot
	if err := json.Unmarshal(c.ok(msg).Body, &snapshot); err != nil {
		s.t.Fatal(err)
	}
	if snapshot.Key == "" || snapshot.Grace != 30_000 || snapshot.Life == "" {
		s.t.Fatalf("snapshot %+v", snapshot)
	}
	c.key = snapshot.Key
	return c
}

// drop breaks a socket as a lost network does.
func (c *client) drop() {
	c.t.Helper()
	c.ws.CloseNow()
	synctest.Wait()
}

// back resumes the connection of c on another socket, and tells what the server had.
func (s *site) back(c *client) protocol.Resumed {
	s.t.Helper()
	c.ws = s.dial().ws
	f := c.replyTo(c.resume())
	if f.Error != nil {
		s.t.Fatalf("resume: %v", f.Error)
	}
	var resumed protocol.Resumed
	if err := json.Unmarshal(f.Body, &resumed); err != nil {
		s.t.Fatal(err)
	}
	return resumed
}

func (c *client) resume() protocol.Resume {
	return protocol.Resume{Version: protocol.Version, Key: c.key, Received: c.received}
}

// quiet fails when anything was sent to c since its last request.
func (c *client) quiet() {
	c.t.Helper()
	c.ok(protocol.StreamStop{Room: "r", Stream: "nothing"})
}

func TestAwayAndBack(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		hears[protocol.RoomUsers](a)
		a.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
		hears[protocol.RoomStreams](b)
		a.drop()
		for _, text := range []string{"one", "two", "three"} {
			b.ok(protocol.MessageBroadcast{Room: "r", Text: text})
		}
		for range 4 {
			time.Sleep(7 * time.Second) // virtual
			b.quiet()
		}
		if got := s.back(a); got.Received != 2 {
			t.Errorf("the server had %d frames, want 2", got.Received)
		}
		for _, text := range []string{"one", "two", "three"} {
			if got := hears[protocol.MessageBroadcast](a); got.Text != text {
				t.Errorf("heard %q, want %q", got.Text, text)
			}
		}
		a.ok(protocol.MessageBroadcast{Room: "r", Text: "back"})
		if got := hears[protocol.MessageBroadcast](b); got.Text != "back" {
			t.Errorf("heard %q", got.Text)
		}
		for range 8 { // the heartbeat goes on, and the grace time is over
			time.Sleep(8 * time.Second) // virtual
			a.quiet()
			b.quiet()
		}
		if a.pings < 2 {
			t.Errorf("%d pings after coming back", a.pings)
		}
	})
}

// What was written to a socket that died is sent again, what the client had is not.
func TestResumeSendsAgainWhatWasNotReceived(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		for _, text := range []string{"one", "two"} {
			b.ok(protocol.MessageBroadcast{Room: "r", Text: text})
			synctest.Wait()
		}
		hears[protocol.RoomUsers](a)
		hears[protocol.MessageBroadcast](a)
		a.drop() // with "two" on its way
		s.back(a)
		if got := hears[protocol.MessageBroadcast](a); got.Text != "two" {
			t.Errorf("heard %q, want two", got.Text)
		}
		a.quiet()
	})
}

func TestReplyComesOverTheNextSocket(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		id := a.request(protocol.MessageBroadcast{Room: "r", Text: "x"})
		synctest.Wait()
		a.drop()
		if got := s.back(a); got.Received != 2 {
			t.Errorf("the server had %d frames, want 2", got.Received)
		}
		if f := a.next(); f.ID != id || f.Error != nil {
			t.Errorf("got %+v, want the reply to %d", f, id)
		}
	})
}

func TestGraceEnds(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		a.ok2(protocol.StreamPublish{Room: "r", Stream: "cam"})
		hears[protocol.RoomStreams](b)
		start := time.Now()
		a.drop()
		if got := hears[protocol.RoomStreams](b); got.Change != protocol.Delete || got.Reason != protocol.ReasonOffline {
			t.Errorf("b heard %+v", got)
		}
		elapsed(t, start, 30*time.Second)
		hears[protocol.RoomUsers](b)
		late := s.dial()
		late.refused(a.resume(), protocol.CodeSessionLost)
		late.ok(enter("r", "a")) // the socket is as good as any
		synctest.Wait()
		if len(s.server.keys) != 1 || s.server.away.All() != 0 {
			t.Errorf("%d keys, %d away are left", len(s.server.keys), s.server.away.All())
		}
	})
}

// ok2 passes over the notices before the reply.
func (c *client) ok2(b protocol.Body) {
	c.t.Helper()
	id := c.request(b)
	for {
		if f := c.next(); f.ID == id {
			return
		}
	}
}

// A socket that died without a word does not keep its connection from coming back.
func TestResumeBeforeTheLossIsNoticed(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		hears[protocol.RoomUsers](a)
		dead := a.ws
		s.back(a)
		b.ok(protocol.MessageBroadcast{Room: "r", Text: "x"})
		hears[protocol.MessageBroadcast](a)
		if _, _, err := dead.Read(s.t.Context()); err == nil {
			t.Error("the older socket is still served")
		}
		synctest.Wait()
		if n := s.server.sockets.All(); n != 2 {
			t.Errorf("%d sockets, want 2", n)
		}
	})
}

func TestBadResumes(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		resume := a.resume()
		c := s.dial()
		c.refused(protocol.Resume{Version: protocol.Version}, protocol.CodeSessionLost)
		c.refused(resume, protocol.CodeInput) // a second try
		s.login("r", "b").refused(resume, protocol.CodeInput)
		hears[protocol.RoomUsers](a)
		a.quiet()
		old := s.dial()
		old.refused(protocol.Resume{Version: 99, Key: a.key}, protocol.CodeInput)
		old.closed(protocol.CloseVersion)
		a.quiet()
		s.dial().notify(resume) // without an id
		synctest.Wait()
		a.quiet()
		resume.Received = 1000 // more than was sent
		liar := s.dial()
		liar.refused(resume, protocol.CodeSessionLost)
		if _, err := a.read(); err == nil {
			t.Error("a connection goes on that cannot be resumed")
		}
	})
}

func TestAwayWithTooMuchToSay(t *testing.T) {
	bubble(t, Config{QueueMessages: 20, BroadcastRate: 1000}, func(s *site) {
		a, b := s.stay("r", "a"), s.dial()
		msg := enter("r", "b")
		msg.Users = true
		b.ok(msg)
		a.drop()
		for range 18 { // beside the reply to its login and the news of b
			b.ok(protocol.MessageBroadcast{Room: "r", Text: "x"})
		}
		synctest.Wait()
		b.ok(protocol.MessageBroadcast{Room: "r", Text: "one too many"})
		if got := hears[protocol.RoomUsers](b); got.Change != protocol.Delete {
			t.Errorf("b heard %+v", got)
		}
		s.dial().refused(a.resume(), protocol.CodeSessionLost)
	})
}

// A client that acknowledges is not cut off, however much it is sent.
func TestAcknowledgementsKeepTheOutboxShort(t *testing.T) {
	bubble(t, Config{QueueMessages: 50, BroadcastRate: 10_000, Rate: 10_000}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		for i := range 500 {
			b.ok2(protocol.MessageBroadcast{Room: "r", Text: "x"})
			b.notify(protocol.Ack{Received: b.received})
			if a.next(); i%protocol.AckEvery == 0 {
				a.notify(protocol.Ack{Received: a.received})
				synctest.Wait() // until it is heard
			}
		}
		a.ok2(protocol.StreamStop{Room: "r", Stream: "nothing"})
		a.notify(protocol.Ack{Received: a.received + 1})
		a.closed(protocol.CloseMalformed)
	})
}

// The server acknowledges in its turn.
func TestServerAcknowledges(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		for range protocol.AckEvery - 2 {
			a.ok(protocol.StreamStop{Room: "r", Stream: "x"})
		}
		a.request(protocol.StreamStop{Room: "r", Stream: "x"})
		if f := a.next(); f.Type != protocol.TypeAck || !strings.Contains(string(f.Body), `"received":32`) {
			t.Errorf("got %s %s, want an ack of 32", f.Type, f.Body)
		}
		a.next()
		a.notify(protocol.Ping{})
		if f := a.next(); f.Type != protocol.TypePong || !strings.Contains(string(f.Body), `"received":32`) {
			t.Errorf("got %s %s, want a pong of 32", f.Type, f.Body)
		}
	})
}

// Who is kicked out while away hears of it on coming back.
func TestKickedWhileAway(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a := s.stay("r", "a")
		a.drop()
		time.Sleep(2 * kickGrace) // virtual
		s.login("r", "a")
		time.Sleep(2 * kickGrace) // virtual
		s.back(a)
		start := time.Now()
		if got := hears[protocol.RoomKickout](a); got.Code != protocol.CodeKickedByLogin {
			t.Errorf("heard %+v", got)
		}
		a.closed(protocol.CloseKicked)
		elapsed(t, start, kickGrace)
	})
}

func TestSilentClientIsAway(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		b := s.stay("r", "b")
		a := s.stay("r", "a")
		a.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
		hears[protocol.RoomUsers](b)
		hears[protocol.RoomStreams](b)
		start := time.Now()
		go func() { // it reads, and says nothing
			for {
				if _, err := a.read(); err != nil {
					return
				}
			}
		}()
		if got := hears[protocol.RoomStreams](b); got.Reason != protocol.ReasonHeartbeat {
			t.Errorf("b heard %+v", got)
		}
		elapsed(t, start, 25*time.Second*5/2+30*time.Second)
	})
}

func TestFarewell(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		a.ok2(protocol.StreamPublish{Room: "r", Stream: "cam"})
		hears[protocol.RoomStreams](b)
		for body, want := range map[string]int{`{"key":"guessed"}`: 204, `{"key":""}`: 204, `nonsense`: 400, `{"key":"` + long(2000): 400} {
			if got := s.post(body); got != want {
				t.Errorf("%.20s: status %d, want %d", body, got, want)
			}
		}
		b.quiet()
		if got := s.post(`{"key":"` + a.key + `"}`); got != 204 {
			t.Errorf("status %d", got)
		}
		if got := hears[protocol.RoomStreams](b); got.Reason != protocol.ReasonStopped {
			t.Errorf("b heard %+v", got)
		}
	})
}

func (s *site) post(body string) int {
	s.t.Helper()
	response, err := s.http.Post("http://site/ws", "text/plain", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// Those who are away are bounded as those who are here, and the latter come first.
func TestAwayIsBounded(t *testing.T) {
	for name, c := range map[string]Config{
		"server":  {MaxConnections: 2},
		"address": {MaxPerAddress: 2},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, c, func(s *site) {
				for _, user := range []string{"a", "b", "c"} {
					s.stay("r"+user, user).drop()
				}
				if n := len(s.server.keys); n != 2 {
					t.Errorf("%d are kept, want 2", n)
				}
				s.dial()
				s.dial()
				if s.server.sockets.All() != 2 {
					t.Errorf("%d sockets", s.server.sockets.All())
				}
			})
		})
	}
}

func TestShutdownForgetsTheAway(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.stay("r", "a"), s.stay("r", "b")
		a.drop()
		stopped := make(chan error)
		go func() { stopped <- s.server.Shutdown(s.t.Context()) }()
		b.closed(protocol.CloseStopping)
		if err := <-stopped; err != nil {
			t.Error(err)
		}
		if len(s.server.keys) != 0 || s.server.away.All() != 0 {
			t.Errorf("%d keys, %d away are left", len(s.server.keys), s.server.away.All())
		}
		response, err := s.http.Get("http://site/ws")
		if err == nil {
			response.Body.Close()
		}
		if err != nil || response.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("got %v, %v", response, err)
		}
	})
}
