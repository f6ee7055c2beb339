package signaling

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
)

// TestStats: what goes through a server is counted, each frame once, and what is there is told.
func TestStats(t *testing.T) {
	bubble(t, Config{QueueMessages: 10, MaxConnections: 3}, func(s *site) {
		anna, bert := s.login("r", "anna"), s.login("r", "bert")
		anna.ok(protocol.MessageBroadcast{Room: "r", Text: "hello"})
		hears[protocol.MessageBroadcast](bert)
		third := s.dial()
		third.send("{\"type\":\"no.such\",\"id\":1}")
		third.next()
		s.dial().closed(protocol.CloseBusy)
		third.send("nonsense")
		third.closed(protocol.CloseMalformed)
		bert.ok(protocol.RoomLogout{Room: "r"})
		bert.ws.Close(1000, "")
		synctest.Wait()
		got := s.server.Stats()
		for what, n := range map[string][2]uint64{
			"logins received":    {got.Received[protocol.TypeRoomLogin], 2},
			"logins answered":    {got.Sent[protocol.TypeRoomLogin], 2},
			"broadcasts":         {got.Received[protocol.TypeMessageBroadcast], 1},
			"reply and notice":   {got.Sent[protocol.TypeMessageBroadcast], 2},
			"unknown and broken": {got.Received[Other], 2},
			"unknown answered":   {got.Sent[Other], 1},
			"malformed":          {got.Ended[protocol.CloseMalformed], 1},
			"bye":                {got.Ended[protocol.CloseBye], 1},
			"full":               {got.Refused[errFull.Error()], 1},
			"connections":        {uint64(got.Connections), 1},
			"empty queues":       {uint64(got.Queues.Fill[0]), 1},
		} {
			if n[0] != n[1] {
				t.Errorf("%s: %d, want %d", what, n[0], n[1])
			}
		}
		if got.ReceivedBytes < 200 || got.SentBytes < 200 {
			t.Errorf("%d bytes received, %d sent", got.ReceivedBytes, got.SentBytes)
		}
	})
}

// TestStatsOfQueues: how full they are, of clients that are away as well.
func TestStatsOfQueues(t *testing.T) {
	bubble(t, Config{QueueMessages: 10}, func(s *site) {
		anna := s.login("r", "anna")
		msg := enter("r", "bert")
		msg.Resume, msg.Users = true, true
		bert := s.dial()
		var snapshot protocol.RoomSnapshot
		if err := json.Unmarshal(bert.ok(msg).Body, &snapshot); err != nil {
			t.Fatal(err)
		}
		bert.notify(protocol.Ack{Received: 1})
		bert.ws.CloseNow()
		synctest.Wait()
		for range 6 {
			anna.ok(protocol.MessageBroadcast{Room: "r", Text: "hello"})
			time.Sleep(time.Second) // virtual
		}
		got := s.server.Stats()
		if got.Queues.Fullest != 0.6 || got.Queues.Fill[0.75] != 1 || got.Queues.Fill[0] != 1 || got.Away != 1 || got.Connections != 1 {
			t.Errorf("%+v", got)
		}
		back := s.dial()
		back.ok(protocol.Resume{Version: protocol.Version, Key: snapshot.Key, Received: 1})
		s.dial().refused(protocol.Resume{Version: protocol.Version, Key: "none"}, protocol.CodeSessionLost)
		if got := s.server.Stats(); got.Resumed != 1 || got.NotResumed != 1 || got.Away != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// TestEveryTypeIsCounted: each message of the protocol has its own count.
func TestEveryTypeIsCounted(t *testing.T) {
	files, err := filepath.Glob("../protocol/testdata/*.json")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d examples of messages, %v", len(files), err)
	}
	counted := newTraffic()
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := protocol.Decode(data)
		if err != nil {
			t.Fatal(err)
		}
		if counted.sent.of[f.Type] == nil {
			t.Errorf("%s (%s) has no count", f.Type, strings.TrimSuffix(filepath.Base(file), ".json"))
		}
	}
}
