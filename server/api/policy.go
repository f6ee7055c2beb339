package api

import (
	"maps"
	"net/netip"
	"slices"
	"sync"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// Policy has the rules about users that the apps' own servers have made: who may not log
// in, or not publish, until when. Its zero value has none. Its methods are safe for
// concurrent use, and may be called with a room's mutex held.
type Policy struct {
	mu   sync.Mutex
	apps map[protocol.AppID]map[subject]ban
}

// kind is what a rule goes by, with the API's numbers.
type kind int

const (
	byAddress kind = iota + 1
	byRoom
	byUser
	byRoomAndUser
)

// subject is whom a rule is about: by its kind some of the fields are set.
type subject struct {
	kind kind
	ip   netip.Addr
	room protocol.RoomID
	user protocol.UserID
}

// ban is what a rule forbids.
type ban struct {
	login, publish bool
	expires        time.Time
}

// rule is a subject with its ban.
type rule struct {
	subject
	ban
}

// most is how many rules of a kind an app may have at a time.
func (k kind) most() int {
	if k == byAddress {
		return 100
	}
	return 200
}

// set makes a rule, or changes the one about the same subject.
func (p *Policy) set(app protocol.AppID, s subject, b ban) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	rules := p.liveLocked(app)
	if _, known := rules[s]; !known && len(rulesOf(rules, s.kind)) >= s.kind.most() {
		return fail(codeTooManyRules, "there are %d rules of type %d: delete some first", s.kind.most(), s.kind)
	}
	if p.apps == nil {
		p.apps = map[protocol.AppID]map[subject]ban{}
	}
	if rules == nil {
		rules = map[subject]ban{}
		p.apps[app] = rules
	}
	rules[s] = b
	return nil
}

// remove ends a rule.
func (p *Policy) remove(app protocol.AppID, s subject) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	rules := p.liveLocked(app)
	if _, known := rules[s]; !known {
		return fail(codeNoRule, "there is no such rule")
	}
	delete(rules, s)
	return nil
}

// of are the rules of a kind that are in force, those that end first in front.
func (p *Policy) of(app protocol.AppID, k kind) []rule {
	p.mu.Lock()
	defer p.mu.Unlock()
	return rulesOf(p.liveLocked(app), k)
}

func rulesOf(rules map[subject]ban, k kind) []rule {
	var all []rule
	for s, b := range rules {
		if s.kind == k {
			all = append(all, rule{s, b})
		}
	}
	slices.SortFunc(all, func(a, b rule) int { return a.expires.Compare(b.expires) })
	return all
}

// liveLocked are an app's rules, without those that are over.
func (p *Policy) liveLocked(app protocol.AppID) map[subject]ban {
	now := time.Now()
	maps.DeleteFunc(p.apps[app], func(_ subject, b ban) bool { return !now.Before(b.expires) })
	return p.apps[app]
}

// about is every ban in force for a user.
func (p *Policy) about(app protocol.AppID, in protocol.RoomID, user protocol.UserID, from netip.Addr) (all ban) {
	p.mu.Lock()
	defer p.mu.Unlock()
	rules := p.apps[app]
	if len(rules) == 0 {
		return ban{}
	}
	now := time.Now()
	for _, s := range []subject{{kind: byAddress, ip: from}, {kind: byRoom, room: in}, {kind: byUser, user: user}, {kind: byRoomAndUser, room: in, user: user}} {
		if b, ok := rules[s]; ok && now.Before(b.expires) {
			all.login, all.publish = all.login || b.login, all.publish || b.publish
		}
	}
	return all
}

// Admit refuses the logins that are forbidden.
func (p *Policy) Admit(msg protocol.RoomLogin, pass *room.Pass) error {
	if p.about(msg.App, msg.Room, msg.User.ID, pass.Address).login {
		return protocol.Errorf(protocol.CodeUserForbidden, "the app's server has forbidden user %.64q to log in here", msg.User.ID)
	}
	return nil
}

// MayPublish refuses what is forbidden to those who are in a room; who is not allowed to
// come is not allowed to publish either.
func (p *Policy) MayPublish(who room.Publisher) error {
	if b := p.about(who.App, who.Room, who.User, who.Address); b.login || b.publish {
		return protocol.Errorf(protocol.CodeNoPublish, "the app's server has forbidden user %q to publish here", who.User)
	}
	return nil
}
