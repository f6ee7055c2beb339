package signaling

import (
	"encoding/json"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

func TestCall(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.login("r", "a"), s.login("r", "b")
		a.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
		if got := hears[protocol.RoomStreams](b); got.Change != protocol.Add || got.Streams[0].User.ID != "a" {
			t.Errorf("b heard %+v", got)
		}
		reply := b.ok(protocol.StreamPlay{Room: "r", Stream: "cam"})
		if string(reply.Body) != `{"found":true}` {
			t.Errorf("reply %s", reply.Body)
		}
		sends, receives := hears[protocol.SessionOpen](a), hears[protocol.SessionOpen](b)
		if sends.Role != protocol.Send || receives.Role != protocol.Receive || sends.Session != receives.Session {
			t.Errorf("opened %+v and %+v", sends, receives)
		}
		a.notify(protocol.SessionDesc{Session: sends.Session, Kind: "offer", SDP: "v=0"})
		if got := hears[protocol.SessionDesc](b); got.SDP != "v=0" || got.Kind != "offer" {
			t.Errorf("b got %+v", got)
		}
		candidate := `{"session":"` + string(sends.Session) + `","candidate":{"sdpMid":"0","x":[1]}}`
		b.send(`{"type":"session.candidate","body":` + candidate + `}`)
		if f := a.next(); string(f.Body) != candidate {
			t.Errorf("a got %s, want it as the browser made it", f.Body)
		}
		b.notify(protocol.SessionClose{Session: sends.Session, Reason: protocol.CloseFailed})
		if got := hears[protocol.SessionClose](a); got.Reason != protocol.CloseFailed {
			t.Errorf("a got %+v", got)
		}
		a.notify(protocol.SessionDesc{Session: sends.Session})
		if got := hears[protocol.SessionClose](a); got.Reason != protocol.CloseUnknown {
			t.Errorf("a got %+v", got)
		}
	})
}

func TestEveryRequestReachesTheRoom(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		a, b := s.login("r", "a"), s.login("r", "b")
		muted := true
		for _, c := range []struct {
			request protocol.Body
			heard   protocol.Type
		}{
			{protocol.StreamPublish{Room: "r", Stream: "cam"}, protocol.TypeRoomStreams},
			{protocol.StreamUpdate{Room: "r", Stream: "cam", VideoMuted: &muted}, protocol.TypeStreamUpdate},
			{protocol.MessageBroadcast{Room: "r", Text: "hi"}, protocol.TypeMessageBroadcast},
			{protocol.MessageBarrage{Room: "r", Text: "hi"}, protocol.TypeMessageBarrage},
			{
				protocol.MessageCommand{Room: "r", To: []protocol.UserID{"b"}, Command: json.RawMessage(`"go"`)},
				protocol.TypeMessageCommand,
			},
			{protocol.MessageTransparent{Room: "r", Data: "AAE="}, protocol.TypeMessageTransparent},
			{protocol.MessageChannel{Room: "r", Text: "hi"}, protocol.TypeMessageChannel},
			{protocol.RoomExtra{Room: "r", Key: "k", Value: "v"}, protocol.TypeRoomExtra},
			{protocol.StreamUnpublish{Room: "r", Stream: "cam"}, protocol.TypeRoomStreams},
		} {
			a.ok(c.request)
			if f := b.next(); f.Type != c.heard {
				t.Errorf("%s: b heard %s", c.request.Type(), f.Type)
			}
		}
		b.ok(protocol.StreamPlay{Room: "r", Stream: "later"})
		b.ok(protocol.StreamStop{Room: "r", Stream: "later"})
		a.ok(protocol.StreamPublish{Room: "r", Stream: "later"})
		hears[protocol.RoomStreams](b)
		b.ok(protocol.RoomLogout{Room: "r"}) // no session.open in between
	})
}

func TestRequestsNeedALogin(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.dial()
		for _, b := range []protocol.Body{
			protocol.RoomLogout{Room: "r"},
			protocol.StreamPublish{Room: "r", Stream: "x"},
			protocol.StreamUnpublish{Room: "r", Stream: "x"},
			protocol.StreamUpdate{Room: "r", Stream: "x"},
			protocol.StreamPlay{Room: "r", Stream: "x"},
			protocol.StreamStop{Room: "r", Stream: "x"},
			protocol.MessageBroadcast{Room: "r", Text: "x"},
			protocol.MessageBarrage{Room: "r", Text: "x"},
			protocol.MessageCommand{Room: "r", To: []protocol.UserID{"x"}, Command: json.RawMessage(`"x"`)},
			protocol.MessageTransparent{Room: "r", Data: "AAE="},
			protocol.MessageChannel{Room: "r", Text: "x"},
			protocol.RoomExtra{Room: "r", Key: "k"},
			protocol.RoomToken{Room: "r"},
		} {
			c.refused(b, protocol.CodeNotLoggedIn)
		}
	})
}

func TestSnapshotTellsHeartbeat(t *testing.T) {
	bubble(t, Config{Heartbeat: 7 * time.Second}, func(s *site) {
		s.login("r", "a")
		c := s.dial()
		var snapshot protocol.RoomSnapshot
		if err := json.Unmarshal(c.ok(enter("r", "b")).Body, &snapshot); err != nil {
			t.Fatal(err)
		}
		if snapshot.Heartbeat != 7000 || snapshot.Count != 2 || snapshot.Time != time.Now().UnixMilli() {
			t.Errorf("snapshot %+v", snapshot)
		}
	})
}

func TestLoginIsAuthorized(t *testing.T) {
	authorize := func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		switch msg.Token {
		case "good":
			return room.Pass{}, nil
		case "old":
			return room.Pass{}, protocol.Errorf(protocol.CodeTokenExpired, "expired")
		}
		return room.Pass{}, errors.New("the database is down")
	}
	bubble(t, Config{Authorize: authorize}, func(s *site) {
		c := s.dial()
		msg := enter("r", "a")
		msg.Token = "old"
		c.refused(msg, protocol.CodeTokenExpired)
		msg.Token = "other"
		if f := c.replyTo(msg); f.Error.Code != protocol.CodeInternal || strings.Contains(f.Error.Message, "database") {
			t.Errorf("error %v", f.Error)
		}
		msg.Token = "good"
		c.ok(msg)
	})
}

func TestSecondLogin(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		b := s.login("r", "b")
		old := s.login("r", "a")
		old.ok(protocol.StreamPublish{Room: "r", Stream: "cam"})
		hears[protocol.RoomStreams](b)
		start := time.Now()
		s.login("r", "a")
		if got := hears[protocol.RoomStreams](b); got.Change != protocol.Delete || got.Reason != protocol.ReasonRelogin {
			t.Errorf("b heard %+v", got)
		}
		if got := hears[protocol.RoomKickout](old); got.Code != protocol.CodeKickedByLogin || got.Reason != 1 || got.Room != "r" {
			t.Errorf("the old one heard %+v", got)
		}
		old.refused(enter("r", "a"), protocol.CodeKickedByLogin)
		old.refused(protocol.StreamPlay{Room: "r", Stream: "x"}, protocol.CodeNotLoggedIn)
		old.closed(protocol.CloseKicked)
		elapsed(t, start, kickGrace)
	})
}

func TestLoginAgainOnTheSameSocket(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		c.refused(enter("r", "a"), protocol.CodeAlreadyInRoom)
		c.refused(enter("r2", "b"), protocol.CodeDifferentUser)
		c.ok(enter("r2", "a"))
		c.ok(protocol.RoomLogout{Room: "r"})
		c.ok(enter("r", "a"))
		c.ok(protocol.RoomLogout{Room: "r"})
		c.ok(protocol.RoomLogout{Room: "r2"})
		c.refused(protocol.RoomLogout{Room: "r2"}, protocol.CodeNotLoggedIn)
		c.ok(enter("r", "b"))
		c.ok(protocol.StreamPublish{Room: "r", Stream: "x"})
	})
}

func TestBadFrames(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		c.send(`{"type":"room.party"}`)
		c.send(`{"type":"stream.play","body":{"room":"r","stream":"x"}}`) // a request without id
		c.send(`{"type":"session.desc","body":[]}`)
		c.send(`{"type":"room.party","id":7,"body":{}}`)
		if f := c.next(); f.ID != 7 || f.Error == nil || f.Error.Code != protocol.CodeInput {
			t.Errorf("unknown type: %+v", f)
		}
		c.send(`{"type":"stream.play","id":8,"body":{"room":5}}`)
		if f := c.next(); f.ID != 8 || f.Error == nil || f.Error.Code != protocol.CodeInput {
			t.Errorf("wrong body: %+v", f)
		}
		c.send(`{"type":"stream.play","id":9,"future":1,"body":{"room":"r","stream":"x","future":{}}}`)
		if f := c.next(); f.ID != 9 || f.Error != nil {
			t.Errorf("unknown field: %+v", f)
		}
	})
}

func TestWrongVersion(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.dial()
		msg := enter("r", "a")
		msg.Version = protocol.Version + 1
		if f := c.replyTo(msg); f.Error.Code != protocol.CodeInput || !strings.Contains(f.Error.Message, "version 2") {
			t.Errorf("reply %v", f.Error)
		}
		c.closed(protocol.CloseVersion)
	})
}
