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

// armTokenLocked tells the page in time that a token of the room expires.
func (e *Engine) armTokenLocked(r *room, token string) {
	stopTimers(r.expiry)
	if wait, ok := expiryWait(token, e.clock.now()); ok {
		r.expiry = e.roomTimerLocked(r, wait, func() {
			if !r.warned && r.newestToken() == token { // else it waited for the lock meanwhile
				r.warned = true
				e.emitLocked(tokenWillExpire(string(r.id)))
			}
		})
	}
}

// rearmTokenLocked looks again how long it is: timers stand still while a machine sleeps.
func (e *Engine) rearmTokenLocked(r *room) {
	if r.loggedIn && !r.warned {
		e.armTokenLocked(r, r.newestToken())
	}
}

// RenewToken takes a new token for a room, by default the first one, and does not block:
// the server is told, and logins that follow a lost connection present it. True means
// that a room takes it; one that the server refuses is logged, and the one before counts.
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
	if r.newestToken() == token.S {
		return true
	}
	e.explain(tokenMistakes("renewToken: the token", token.S, e.clock.now()))
	r.renewed, r.warned = &token.S, false
	e.armTokenLocked(r, token.S)
	if !r.out { // else the login under way tells, or is told of below
		e.tellTokenLocked(r)
	}
	return true
}

// newestToken may be one of which the server's opinion is not known yet.
func (r *room) newestToken() string {
	if r.renewed != nil {
		return *r.renewed
	}
	return r.login.Token
}

// tellTokenLocked tells the newest token. A loss of the socket may pass meanwhile.
func (e *Engine) tellTokenLocked(r *room) {
	if e.client == nil {
		return
	}
	token := r.newestToken()
	stopTimers(r.retelling)
	e.client.CallWithin(e.tellLimit(), protocol.RoomToken{Room: r.id, Token: token}, func(_ json.RawMessage, err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		switch {
		case e.rooms[r.id] != r:
		case err == nil:
			r.tokenTaken(token)
		case codeOf(err) == protocol.CodeTooOften || !refused(err): // which is over soon
			r.retelling = e.roomTimerLocked(r, loginDelay(0), func() { e.retellTokenLocked(r, token) })
		default:
			e.log("error", fmt.Sprintf("renewToken: the server refused the token, the one before counts on: %v", err))
			e.tokenRefusedLocked(r, token)
		}
	})
}

// retellTokenLocked tells a token once more, unless a newer one or a login has done that.
func (e *Engine) retellTokenLocked(r *room, token string) {
	if r.renewed != nil && *r.renewed == token && !r.out {
		e.tellTokenLocked(r)
	}
}

// tokenTaken notes that the server has taken a token.
func (r *room) tokenTaken(token string) {
	r.login.Token = token
	if r.renewed != nil && *r.renewed == token {
		r.renewed = nil
	}
}

// tokenRefusedLocked goes back to the last token that the server took. A page that was
// told of its end already is not told again: it would bring the same token again.
func (e *Engine) tokenRefusedLocked(r *room, token string) {
	if r.renewed == nil || *r.renewed != token {
		return
	}
	r.renewed = nil
	stopTimers(r.expiry)
	wait, ok := expiryWait(r.login.Token, e.clock.now())
	if r.warned = ok && wait == 0; !r.warned {
		e.armTokenLocked(r, r.login.Token)
	}
}

// otherTokenLocked reports whether a login that was refused is worth another try, because
// a renewed token was refused that may be worse than the one before.
func (e *Engine) otherTokenLocked(r *room, token string, err error) bool {
	code := codeOf(err)
	if !refused(err) || code != protocol.CodeToken && code != protocol.CodeTokenExpired {
		return false
	}
	e.tokenRefusedLocked(r, token)
	return r.newestToken() != token
}
