package engine

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"time"

	"expressrtc/server/protocol/json"

	"expressrtc/server/protocol"
)

// expiryNotice is how long before its end a page is told that a token expires.
const expiryNotice = 30 * time.Second

// tokenExpiry reads when a token expires. It is in those of version 3 and later only:
// two digits, then base64 that begins with the Unix time (contract 5.4).
func tokenExpiry(token string) (time.Time, bool) {
	const version, encoded = 2, 12 // characters, of which the latter make nine bytes
	if len(token) < version+encoded {
		return time.Time{}, false
	}
	n, err := strconv.ParseUint(token[:version], 10, 8)
	if err != nil || n < 3 {
		return time.Time{}, false
	}
	data, err := base64.StdEncoding.DecodeString(token[version : version+encoded])
	if err != nil {
		return time.Time{}, false
	}
	return time.Unix(int64(binary.BigEndian.Uint64(data)), 0), true
}

// expiryWait is how long it is until a page must be told; false when that is never.
func expiryWait(token string, now time.Time) (time.Duration, bool) {
	end, ok := tokenExpiry(token)
	wait := end.Sub(now) - expiryNotice
	return min(max(wait, 0), maxMilliseconds*time.Millisecond), ok
}

// armTokenLocked tells the page in time that the room's token expires.
func (e *Engine) armTokenLocked(r *room) {
	stopTimers(r.expiry)
	if wait, ok := expiryWait(r.login.Token, e.clock.now()); ok {
		r.expiry = e.roomTimerLocked(r, wait, func() { e.emitLocked(tokenWillExpire(string(r.id))) })
	}
}

// RenewToken takes a new token for a room, by default the first one, and does not block:
// the server is told, and logins that follow a lost connection present it. True means
// that a room takes it; what the server thinks of it is logged.
func (e *Engine) RenewToken(token Text, id *Text) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !token.OK || id != nil && (!id.OK || id.S == "") {
		return false
	}
	r := e.firstRoomLocked()
	if id != nil && e.rooms[protocol.RoomID(id.S)] != nil {
		r = e.rooms[protocol.RoomID(id.S)]
	}
	if r == nil || !r.loggedIn {
		return false
	}
	if r.login.Token == token.S {
		return true
	}
	e.explain(tokenMistakes("renewToken: the token", token.S, e.clock.now()))
	r.login.Token = token.S
	e.armTokenLocked(r)
	if !r.out { // else the login under way tells, or is told of below
		e.tellTokenLocked(r)
	}
	return true
}

func (e *Engine) tellTokenLocked(r *room) {
	if e.client == nil {
		return
	}
	e.client.Call(protocol.RoomToken{Room: r.id, Token: r.login.Token}, func(_ json.RawMessage, err error) {
		if refused(err) {
			e.log("error", fmt.Sprintf("renewToken: the server refused the token: %v", err))
		}
	})
}
