package api

import (
	"net/netip"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// maxEffect is how long a rule may last, in seconds.
const maxEffect = 24 * 60 * 60

// The privileges that a rule about users takes away.
const (
	privilegeLogin   = 1
	privilegePublish = 2
)

// subject is whom a rule is about: its type says which parameters it needs.
func (c *call) subject() subject {
	s := subject{kind: kind(c.number("RuleType", required, int(byAddress), int(byRoomAndUser)))}
	switch s.kind {
	case byAddress:
		text := c.text("IP", 64, codeParameter)
		ip, err := netip.ParseAddr(text)
		if err != nil {
			c.fail(codeParameter, "IP is %q, which is no address", text)
		}
		s.ip = ip.Unmap().WithZone("")
	case byRoom:
		s.room = c.roomID()
	case byUser:
		s.user = c.userID("UserId")
	case byRoomAndUser:
		s.room, s.user = c.roomID(), c.userID("UserId")
	}
	return s
}

// ban reads what a rule forbids, and until when.
func (c *call) ban() ban {
	b := ban{expires: time.Now().Add(time.Duration(c.number("EffectiveTime", required, 1, maxEffect)) * time.Second)}
	for _, text := range c.listed("DisabledPrivilege", maxAsked, 1) {
		switch text {
		case "1":
			b.login = true
		case "2":
			b.publish = true
		default:
			c.fail(codeParameter, "DisabledPrivilege[] has %q: use 1, to log in, or 2, to publish", text)
		}
	}
	return b
}

func (s *Server) setUserRule(c *call) (any, error) {
	about, forbidden := c.subject(), c.ban()
	if err := c.check(); err != nil {
		return nil, err
	}
	if err := s.policy.set(c.app, about, forbidden); err != nil {
		return nil, err
	}
	return map[string]int64{"ExpireTime": forbidden.expires.Unix()}, nil
}

func (s *Server) deleteUserRule(c *call) (any, error) {
	about := c.subject()
	if err := c.check(); err != nil {
		return nil, err
	}
	return nil, s.policy.remove(c.app, about)
}

type listedRule struct {
	RuleType              kind
	IP                    string
	RoomID                protocol.RoomID `json:"RoomId"`
	UserID                protocol.UserID `json:"UserId"`
	DisabledPrivilegeList []int
	ExpireTime            int64 // in seconds
}

// describeUserRules lists the rules in force.
func (s *Server) describeUserRules(c *call) (any, error) {
	which := kind(c.number("RuleType", required, int(byAddress), int(byRoomAndUser)))
	if err := c.check(); err != nil {
		return nil, err
	}
	list := []listedRule{}
	for _, it := range s.policy.of(c.app, which) {
		row := listedRule{RuleType: it.kind, RoomID: it.room, UserID: it.user, ExpireTime: it.expires.Unix()}
		if it.ip.IsValid() {
			row.IP = it.ip.String()
		}
		if it.login {
			row.DisabledPrivilegeList = append(row.DisabledPrivilegeList, privilegeLogin)
		}
		if it.publish {
			row.DisabledPrivilegeList = append(row.DisabledPrivilegeList, privilegePublish)
		}
		list = append(list, row)
	}
	return map[string]any{"RuleList": list}, nil
}

// defaultEffect is how long a rule about a stream lasts unless it says so, in seconds.
const defaultEffect = 6 * 60 * 60

// setStreamRule takes effect at once, and when the stream comes. Longer than a day is a day.
func (s *Server) setStreamRule(c *call) (any, error) {
	in, id := c.roomID(), c.streamID()
	audio, video := c.number("DisableAudio", 0, 0, 1) == 1, c.number("DisableVideo", 0, 0, 1) == 1
	lasts := min(c.number("EffectiveTime", defaultEffect, 1, 1<<31-1), maxEffect)
	if !audio && !video {
		c.fail(codeParameter, "neither DisableAudio nor DisableVideo is 1: use DelForbidStreamRule to allow both")
	}
	if err := c.check(); err != nil {
		return nil, err
	}
	rule := room.StreamRule{NoAudio: audio, NoVideo: video, Created: time.Now(), Lasts: time.Duration(lasts) * time.Second}
	return nil, refused(codeSetStream, s.hub.SetStreamRule(c.app, in, id, rule))
}

func (s *Server) deleteStreamRule(c *call) (any, error) {
	in, id := c.roomID(), c.streamID()
	if err := c.check(); err != nil {
		return nil, err
	}
	s.hub.DeleteStreamRule(c.app, in, id)
	return nil, nil
}

// listedStreamRule has zeros where there is no rule.
type listedStreamRule struct {
	StreamID      string `json:"StreamId"`
	DisableAudio  int
	DisableVideo  int
	CreateTime    int64 // in seconds
	EffectiveTime int64 // how long it lasts, in seconds
}

func (s *Server) describeStreamRules(c *call) (any, error) {
	in, ids := c.roomID(), c.listed("StreamId", maxAsked, protocol.MaxStreamID)
	if err := c.check(); err != nil {
		return nil, err
	}
	list := make([]listedStreamRule, 0, len(ids))
	for _, id := range ids {
		row := listedStreamRule{StreamID: id}
		if rule, ok := s.hub.StreamRule(c.app, in, protocol.StreamID(id)); ok {
			row = listedStreamRule{id, flag(rule.NoAudio), flag(rule.NoVideo), rule.Created.Unix(), int64(rule.Lasts / time.Second)}
		}
		list = append(list, row)
	}
	return map[string]any{"RoomId": in, "ForbidStreamRuleList": list}, nil
}

func flag(on bool) int {
	if on {
		return 1
	}
	return 0
}
