package room

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"expressrtc/server/protocol"
)

// What an app's own server says in a room, in the name of somebody who need not be there.

// namedLocked gives a user without a name the member's, or its id, as members have it.
func (r *Room) namedLocked(u protocol.User) protocol.User {
	if m := r.members[u.ID]; m != nil && u.Name == "" {
		u.Name = m.user.Name
	}
	if u.Name == "" {
		u.Name = string(u.ID)
	}
	return u
}

// Say sends a broadcast of somebody who need not be in the room; a member of the same id
// does not get it.
func (r *Room) Say(from protocol.User, text string) (id int64, err error) {
	if err := checkText(text); err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	from = r.namedLocked(from)
	r.messages++
	r.emitLocked(messageSent{r.members[from.ID], protocol.MessageBroadcast{
		Room: r.key.room, Text: text, ID: r.messages, From: &from, Time: time.Now().UnixMilli(),
	}})
	return r.messages, nil
}

// SayBarrage is like Say, but passes over who does not keep up.
func (r *Room) SayBarrage(from protocol.User, text string) (id string, err error) {
	if err := checkText(text); err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	from = r.namedLocked(from)
	r.barrages++
	id = strconv.FormatInt(r.barrages, 10)
	r.emitLocked(messageSent{r.members[from.ID], protocol.MessageBarrage{
		Room: r.key.room, Text: text, ID: id, From: &from, Time: time.Now().UnixMilli(),
	}})
	return id, nil
}

// Tell sends a command to the named users, or to everyone when none is named, but never
// to a member of the sender's own id. It answers who is not in the room. An error means
// that nobody got it.
func (r *Room) Tell(from protocol.User, to []protocol.UserID, text string) (absent []protocol.UserID, err error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	command, err := json.Marshal(text)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	from = r.namedLocked(from)
	var here []protocol.UserID
	for _, id := range slices.Compact(slices.Sorted(slices.Values(to))) {
		switch {
		case r.members[id] == nil:
			absent = append(absent, id)
		case id != from.ID:
			here = append(here, id)
		}
	}
	if len(to) > 0 && len(here) == 0 {
		return absent, nil
	}
	e := commandSent{r.members[from.ID], here, protocol.MessageCommand{Room: r.key.room, From: &from, Command: command}}
	if e.isTooMuchLocked(r) {
		return nil, protocol.Errorf(protocol.CodeTooOften, "nobody whom the message is for keeps up with what they are sent: send fewer")
	}
	r.emitLocked(e)
	return absent, nil
}
