package signaling

import (
	"net/netip"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// TestTokenIsRenewed: what decides about a login decides about the token that renews its
// token, and the newest that it let pass is kept.
func TestTokenIsRenewed(t *testing.T) {
	authorize := func(msg protocol.RoomLogin, _ netip.Addr) (room.Pass, error) {
		if msg.App == 0 && msg.Room == "r" && msg.User.ID == "a" && msg.Token != "bad" {
			return room.Pass{}, nil
		}
		return room.Pass{}, protocol.Errorf(protocol.CodeToken, "the token is for another user")
	}
	bubble(t, Config{Authorize: authorize}, func(s *site) {
		c := s.dial()
		c.refused(protocol.RoomToken{Room: "r", Token: "early"}, protocol.CodeNotLoggedIn)
		msg := enter("r", "a")
		msg.Token = "first"
		c.ok(msg)
		member := s.conn(func(c *conn) bool { return c.user == "a" }).members["r"]
		want := func(token string) {
			t.Helper()
			if got := member.Token(); got != token {
				t.Errorf("the member's token is %q, want %q", got, token)
			}
		}
		want("first")
		c.ok(protocol.RoomToken{Room: "r", Token: "second"})
		want("second")
		c.refused(protocol.RoomToken{Room: "r", Token: "bad"}, protocol.CodeToken)
		c.refused(protocol.RoomToken{Room: "r", Token: long(protocol.MaxToken + 1)}, protocol.CodeToken)
		want("second")
	})
}

// TestExtraInfoHasAPace: a page that sets in a loop does not fill everybody's queue.
func TestExtraInfoHasAPace(t *testing.T) {
	bubble(t, Config{}, func(s *site) {
		c := s.login("r", "a")
		for range extraBurst {
			c.ok(protocol.RoomExtra{Room: "r", Key: "k", Value: "v"})
		}
		c.refused(protocol.RoomExtra{Room: "r", Key: "k", Value: "v"}, protocol.CodeTooOften)
		time.Sleep(time.Second / extraRate)
		c.ok(protocol.RoomExtra{Room: "r", Key: "k", Value: "v"})
	})
}
