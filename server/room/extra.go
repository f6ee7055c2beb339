package room

import (
	"encoding/json"
	"slices"
	"time"

	"expressrtc/server/protocol"
)

// Every member is told all pairs with each change: so many bytes a second are enough, and
// so many at once are not too much for one that reads.
const (
	extraByteRate  = 64 << 10
	extraByteBurst = 512 << 10
)

// SetExtra sets a pair of the room's extra info; the others are told all pairs.
func (r *Room) SetExtra(m *Member, msg protocol.RoomExtra, reply Reply) error {
	if err := checkExtra(msg.Key, msg.Value); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.requireLocked(m); err != nil {
		return err
	}
	pair := protocol.ExtraInfo{Key: msg.Key, Value: msg.Value, User: m.user, Time: time.Now().UnixMilli()}
	if i := findExtra(r.extra, msg.Key); i >= 0 {
		pair.Time = max(pair.Time, r.extra[i].Time+1) // newer, whatever the clock says
	}
	all, size := r.withExtra(r.extra, pair)
	switch {
	case all == nil:
		return protocol.Errorf(protocol.CodeTooManyExtra,
			"room %q takes no more extra info: at most %d keys and %d bytes in all", r.key.room, r.hub.config.MaxExtra, protocol.MaxExtraBytes)
	case !r.extraPace.AllowN(time.Now(), size):
		return protocol.Errorf(protocol.CodeTooOften, "the extra info of room %q changes too often: set fewer, or shorter values", r.key.room)
	}
	reply(protocol.RoomExtraReply{Seq: r.extraSeq + 1, Time: pair.Time})
	r.emitLocked(extraChanged{m, all})
	return nil
}

func findExtra(all []protocol.ExtraInfo, key string) int {
	return slices.IndexFunc(all, func(x protocol.ExtraInfo) bool { return x.Key == key })
}

// withExtra is a copy of all with pair in it, and its bytes as JSON; nil if that is too much.
func (r *Room) withExtra(all []protocol.ExtraInfo, pair protocol.ExtraInfo) ([]protocol.ExtraInfo, int) {
	all = slices.Clone(all)
	if i := findExtra(all, pair.Key); i >= 0 {
		all[i] = pair
	} else {
		all = append(all, pair)
	}
	data, err := json.Marshal(all)
	if err != nil || len(all) > r.hub.config.MaxExtra || len(data) > protocol.MaxExtraBytes {
		return nil, 0
	}
	return all, len(data)
}

// bringExtraLocked takes up what a client knows of a server's life before. Of a key that
// several bring the newest pair counts, so it does not matter who comes first.
func (r *Room) bringExtraLocked(c *protocol.Carried) {
	now := time.Now()
	if c == nil || c.Life == r.hub.life || now.Sub(r.hub.started) > comingBack {
		return
	}
	all, size := r.extra, 0
	for _, pair := range c.Extra[:min(len(c.Extra), r.hub.config.MaxExtra)] {
		i := findExtra(all, pair.Key)
		if !soundExtra(pair, now) || i >= 0 && all[i].Time >= pair.Time {
			continue
		}
		if next, n := r.withExtra(all, pair); next != nil {
			all, size = next, n
		}
	}
	if size > 0 && r.extraPace.AllowN(time.Now(), size) {
		r.emitLocked(extraChanged{nil, all})
	}
}

// comingBack is how long after a start there are clients that were there before. What
// somebody brings later, in the name of others, is not believed.
const comingBack = 10 * time.Minute

// soundExtra reports whether a pair that was brought can ever have been set. Clocks of two
// machines may differ a little.
func soundExtra(pair protocol.ExtraInfo, now time.Time) bool {
	return checkExtra(pair.Key, pair.Value) == nil && userIDRule.check(string(pair.User.ID)) == nil &&
		protocol.Length(pair.User.Name) <= protocol.MaxUserName && pair.Time > 0 && pair.Time <= now.Add(time.Minute).UnixMilli()
}

// extraChanged is new extra info of the room; by is nil when it is somebody's who comes in.
type extraChanged struct {
	by  *Member
	all []protocol.ExtraInfo
}

func (e extraChanged) applyLocked(r *Room) {
	r.extra = e.all
	r.extraSeq++
}

func (e extraChanged) tellLocked(r *Room) {
	r.tellOthersLocked(e.by, protocol.RoomExtra{Room: r.key.room, All: e.all})
}
