package api

import (
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// TestUserRules: each kind refuses the login, or the publishing, of whom it is about, and
// of nobody else, until it ends.
func TestUserRules(t *testing.T) {
	anna := room.Pass{Address: netip.MustParseAddr("192.0.2.7")}
	for _, about := range [][]string{
		{"RuleType", "1", "IP", "192.0.2.7"},
		{"RuleType", "1", "IP", "::ffff:192.0.2.7"},
		{"RuleType", "2", "RoomId", "room"},
		{"RuleType", "3", "UserId", "anna"},
		{"RuleType", "4", "RoomId", "room", "UserId", "anna"},
	} {
		for _, privileges := range [][]string{{"1"}, {"2"}, {"1", "2"}} {
			synctest.Test(t, func(t *testing.T) {
				b := newBench(t)
				here, err := b.tryJoin("room", "anna", anna)
				if err != nil {
					t.Fatal(err)
				}
				if err := here.publish("running"); err != nil {
					t.Fatal(err)
				}
				set := append([]string{"EffectiveTime", "60"}, about...)
				for _, p := range privileges {
					set = append(set, "DisabledPrivilege[]", p)
				}
				same(t, b.do("SetForbidUserRule", set...), object{"ExpireTime": time.Now().Unix() + 60})
				if n := len(here.Room().Streams()); n != 1 {
					t.Errorf("%d streams go on", n)
				}
				wantCode(t, here.publish("more"), protocol.CodeNoPublish)
				here.Room().Leave(here.Member, protocol.ReasonStopped)

				mayLogIn := privileges[0] == "2"
				again, err := b.tryJoin("room", "anna", anna)
				if mayLogIn {
					wantCode(t, err, 0)
					wantCode(t, again.publish("more"), protocol.CodeNoPublish)
					again.Room().Leave(again.Member, protocol.ReasonStopped)
				} else {
					wantCode(t, err, protocol.CodeUserForbidden)
				}
				other, err := b.tryJoin("other", "bert", room.Pass{Address: netip.MustParseAddr("192.0.2.8")})
				wantCode(t, err, 0)
				wantCode(t, other.publish("mine"), 0)

				time.Sleep(time.Minute)
				again, err = b.tryJoin("room", "anna", anna)
				wantCode(t, err, 0)
				wantCode(t, again.publish("more"), 0)
			})
		}
	}
}

func TestListOfUserRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		now := time.Now().Unix()
		set := func(more ...string) []string { return append([]string{"DisabledPrivilege[]", "2"}, more...) }
		b.do("SetForbidUserRule", set("RuleType", "4", "RoomId", "r", "UserId", "u", "EffectiveTime", "120")...)
		b.do("SetForbidUserRule", set("RuleType", "4", "RoomId", "r", "UserId", "v", "EffectiveTime", "60", "DisabledPrivilege[]", "1")...)
		b.do("SetForbidUserRule", set("RuleType", "1", "IP", "2001:db8::1", "EffectiveTime", "86400")...)
		same(t, b.do("DescribeForbidUserRules", "RuleType", "4"), object{"RuleList": array{
			object{"RuleType": 4, "IP": "", "RoomId": "r", "UserId": "v", "DisabledPrivilegeList": array{1, 2}, "ExpireTime": now + 60},
			object{"RuleType": 4, "IP": "", "RoomId": "r", "UserId": "u", "DisabledPrivilegeList": array{2}, "ExpireTime": now + 120},
		}})
		same(t, b.do("DescribeForbidUserRules", "RuleType", "1"), object{"RuleList": array{
			object{"RuleType": 1, "IP": "2001:db8::1", "RoomId": "", "UserId": "", "DisabledPrivilegeList": array{2}, "ExpireTime": now + 86400},
		}})
		same(t, b.do("DescribeForbidUserRules", "RuleType", "2"), object{"RuleList": array{}})
		b.do("DelForbidUserRule", "RuleType", "1", "IP", "2001:db8::1")
		b.fails(codeNoRule, "DelForbidUserRule", "RuleType", "1", "IP", "2001:db8::1")
		time.Sleep(time.Minute)
		b.fails(codeNoRule, "DelForbidUserRule", "RuleType", "4", "RoomId", "r", "UserId", "v")
		b.do("DelForbidUserRule", "RuleType", "4", "RoomId", "r", "UserId", "u")

		for _, wrong := range [][]string{
			{"RuleType", "5", "EffectiveTime", "60"},
			{"EffectiveTime", "60"},
			{"RuleType", "x", "EffectiveTime", "60"},
			{"RuleType", "1", "EffectiveTime", "60"},
			{"RuleType", "1", "IP", "localhost", "EffectiveTime", "60"},
			{"RuleType", "2", "EffectiveTime", "60"},
			{"RuleType", "3", "RoomId", "r", "EffectiveTime", "60"},
			{"RuleType", "4", "UserId", "u", "EffectiveTime", "60"},
			{"RuleType", "2", "RoomId", "r"},
			{"RuleType", "2", "RoomId", "r", "EffectiveTime", "0"},
			{"RuleType", "2", "RoomId", "r", "EffectiveTime", "86401"},
			{"RuleType", "2", "RoomId", "r", "EffectiveTime", "60", "DisabledPrivilege[]", "3"},
		} {
			time.Sleep(time.Second)
			b.fails(codeParameter, "SetForbidUserRule", set(wrong...)...)
		}
		time.Sleep(time.Second)
		b.fails(codeParameter, "SetForbidUserRule", "RuleType", "2", "RoomId", "r", "EffectiveTime", "60")

		for kind, most := range map[string]int{"1": 100, "2": 200, "3": 200} {
			rule := func(i int) []string {
				time.Sleep(100 * time.Millisecond)
				return set("RuleType", kind, "IP", fmt.Sprint("192.0.2.", i%256), "RoomId", fmt.Sprint(i), "UserId", fmt.Sprint(i), "EffectiveTime", "3600")
			}
			for i := range most {
				b.do("SetForbidUserRule", rule(i)...)
			}
			b.fails(codeTooManyRules, "SetForbidUserRule", rule(most)...)
			b.do("SetForbidUserRule", rule(0)...) // changes one
		}
		time.Sleep(time.Hour)
		b.do("SetForbidUserRule", set("RuleType", "2", "RoomId", "new", "EffectiveTime", "60")...)
	})
}

func TestStreamRules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		anna, bert := b.join("room", "anna"), b.join("room", "bert")
		if err := anna.publish("cam"); err != nil {
			t.Fatal(err)
		}
		if err := bert.play("cam"); err != nil {
			t.Fatal(err)
		}
		about := []string{"RoomId", "room", "StreamId", "cam"}
		set := func(more ...string) []string { return append(more, about...) }
		b.do("SetForbidStreamRule", set("DisableVideo", "1")...)
		if m := one[protocol.SessionPause](anna); !m.Video || m.Audio {
			t.Errorf("%+v", m)
		}
		created := time.Now().Unix()
		same(t, b.do("DescribeForbidStreamRules", "RoomId", "room", "StreamId[]", "cam", "StreamId[]", "none"), object{
			"RoomId": "room", "ForbidStreamRuleList": array{
				object{"StreamId": "cam", "DisableAudio": 0, "DisableVideo": 1, "CreateTime": created, "EffectiveTime": 21600},
				object{"StreamId": "none", "DisableAudio": 0, "DisableVideo": 0, "CreateTime": 0, "EffectiveTime": 0},
			},
		})
		b.do("SetForbidStreamRule", set("DisableAudio", "1", "DisableVideo", "0", "EffectiveTime", "60")...)
		if m := one[protocol.SessionPause](anna); m.Video || !m.Audio {
			t.Errorf("%+v", m)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if m := one[protocol.SessionPause](anna); m.Video || m.Audio {
			t.Errorf("%+v", m)
		}
		b.do("SetForbidStreamRule", set("DisableAudio", "1", "DisableVideo", "1", "EffectiveTime", "999999")...)
		list := b.do("DescribeForbidStreamRules", "RoomId", "room", "StreamId[]", "cam")["ForbidStreamRuleList"].([]any)
		if list[0].(object)["EffectiveTime"] != 86400.0 {
			t.Errorf("listed %v", list)
		}
		b.do("DelForbidStreamRule", about...)
		b.do("DelForbidStreamRule", about...)
		if m := take[protocol.SessionPause](anna); len(m) != 2 || m[1].Video || m[1].Audio {
			t.Errorf("%+v", m)
		}

		b.fails(codeParameter, "SetForbidStreamRule", about...)
		b.fails(codeParameter, "SetForbidStreamRule", set("DisableVideo", "0")...)
		b.fails(codeParameter, "SetForbidStreamRule", set("DisableVideo", "2")...)
		b.fails(codeParameter, "SetForbidStreamRule", set("DisableVideo", "1", "EffectiveTime", "0")...)
		b.fails(codeParameter, "SetForbidStreamRule", "RoomId", "room", "DisableVideo", "1")
		b.fails(codeParameter, "DelForbidStreamRule", "StreamId", "cam")
		b.fails(codeParameter, "DescribeForbidStreamRules", "RoomId", "room")
		b.fails(codeParameter, "DescribeForbidStreamRules", append(numbered(0), "RoomId", "room")...)
	})
}
