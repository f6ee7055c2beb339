package engine

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
)

// LoginRoom enters a room and blocks until that succeeded or failed; it resolves true
// or fails with the contract's code. LogoutRoom cancels it. Events: LOGINING before
// anything is checked, then LOGINED or LOGIN_FAILED (contract 5.2).
func (e *Engine) LoginRoom(ctx context.Context, id, token Text, user LoginUser, cfg RoomConfig) (bool, error) {
	r, err := e.enterRoom(protocol.RoomID(id.S), user.UserID.S)
	if err != nil {
		return false, err
	}
	e.explain(loginMistakes(id.S, token.S, user.UserID.S, time.Now()))
	if err := checkLogin(id, token, user, cfg); err != nil {
		return false, e.refuseLogin(r, err)
	}
	if !e.appOK {
		return false, e.refuseLogin(r, shapeMsg.error(codeInit, ""))
	}
	if len(e.urls) == 0 {
		return false, e.refuseLogin(r, shapeMsg.error(protocol.CodeInput, "there is no server to connect to: see the console"))
	}
	if err := e.login(ctx, r, token.S, user, cfg); err != nil {
		return false, err
	}
	return true, nil
}

func (e *Engine) enterRoom(id protocol.RoomID, user string) (*room, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.mayEnterLocked(id, user); err != nil {
		return nil, err
	}
	r := e.addRoomLocked(id, user)
	e.setRoomLocked(r, roomConnecting, "LOGINING", 0, "")
	return r, nil
}

// refuseLogin ends a login that never reached the server.
func (e *Engine) refuseLogin(r *room, err *Error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failLoginLocked(r, err)
	return err
}

// failLoginLocked makes room for the next login. Whoever waits for this one is told
// before the events are delivered.
func (e *Engine) failLoginLocked(r *room, err *Error) {
	if e.rooms[r.id] != r {
		return
	}
	r.settle(err)
	data := err.Error()
	if err.Code == protocol.CodeInternal {
		data = marshal(map[string]int{"server_code": 52000000})
	}
	e.log("error", fmt.Sprintf("loginRoom %q: %s", r.id, err))
	e.leaveLocked(r, leaving{
		reason: "LOGIN_FAILED", code: err.Code, data: data, publish: err.Code, play: err.Code,
		tell: err.Code == codeLoginTimeout, // the server may have taken us in
	})
}

// login asks the server, again and again until the retry time is over.
func (e *Engine) login(ctx context.Context, r *room, token string, user LoginUser, cfg RoomConfig) error {
	result := make(chan settled, 1)
	e.mu.Lock()
	if e.rooms[r.id] != r { // logged out since: nobody would settle it
		e.mu.Unlock()
		return shapeMsg.error(codeCancelLogin, "")
	}
	name, _ := user.name()
	limit, _ := cfg.maxMembers()
	e.user = protocol.User{ID: protocol.UserID(user.UserID.S), Name: name}
	r.login = protocol.RoomLogin{
		Version: protocol.Version, App: e.app, Room: r.id, User: e.user,
		Token: token, Users: bool(cfg.UserUpdate), MaxMembers: limit, Resume: true,
	}
	r.settle = e.settler(result)
	e.afterLocked(r, e.settings.roomRetry, func() {
		e.failLoginLocked(r, shapeMsg.error(codeLoginTimeout, ""))
	})
	if e.connectLocked().Resumable() { // else onUp asks
		e.requestLoginLocked(r)
	}
	e.mu.Unlock()
	return await(ctx, result)
}

// settled is how a promise ends, and the wait until the page has heard what came before.
type settled struct {
	err   error
	heard func()
}

// settler is what ends a promise, under the lock; only its first call counts. Events
// that were emitted before reach the page before the promise does, later ones after.
func (e *Engine) settler(result chan<- settled) func(error) {
	done := false
	return func(err error) {
		if !done {
			done = true
			result <- settled{err, e.cfg.Heard()}
		}
	}
}

// await prefers a result that is there to the end of ctx: destroying the engine makes both.
func await(ctx context.Context, result <-chan settled) error {
	select {
	case s := <-result:
		s.heard()
		return s.err
	case <-ctx.Done():
	}
	select {
	case s := <-result:
		return s.err
	default:
		return ctx.Err()
	}
}

// afterLocked runs f under the lock after d, if the room is still there then.
func (e *Engine) afterLocked(r *room, d time.Duration, f func()) {
	r.timers = append(r.timers, e.roomTimerLocked(r, d, f))
}

func (e *Engine) roomTimerLocked(r *room, d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.rooms[r.id] == r {
			f()
		}
	})
}

const (
	// loginTimeout is the contract's, of one login request.
	loginTimeout = 6 * time.Second
	// loginAgainTimeout is longer: everybody else comes back at the same time, and asking
	// twice would be leaving first.
	loginAgainTimeout = 30 * time.Second
)

// requestLoginLocked sends one login request; its reply decides what follows.
func (e *Engine) requestLoginLocked(r *room) {
	if r.asking {
		return // a new room and a new connection may both ask
	}
	r.asking = true
	request, limit := r.login, loginTimeout
	request.Token = r.newestToken()
	if r.loggedIn {
		request.Carried, limit = e.carriedLocked(r), loginAgainTimeout
	}
	sent := time.Now()
	e.client.CallWithin(limit, request, func(body json.RawMessage, err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		r.asking = false
		switch {
		case e.rooms[r.id] != r:
		case err == nil:
			r.tokenTaken(request.Token)
			e.onLoginLocked(r, sent, body, nil)
			if r.renewed != nil { // meanwhile
				e.tellTokenLocked(r)
			}
		case e.otherTokenLocked(r, request.Token, err):
			e.requestLoginLocked(r)
		default:
			e.onLoginLocked(r, sent, body, err)
		}
	})
}

func (e *Engine) onLoginLocked(r *room, sent time.Time, body json.RawMessage, err error) {
	var snapshot protocol.RoomSnapshot
	if err == nil {
		err = json.Unmarshal(body, &snapshot)
	}
	switch {
	case err == nil:
		e.clock.answered(sent, snapshot.Time)
		e.onLoggedInLocked(r, snapshot)
	case codeOf(err) == protocol.CodeTooOften: // too many at once, which is over soon
		e.afterLocked(r, loginDelay(r.tries), func() { e.requestLoginLocked(r) })
		r.tries++
	case refused(err) && r.loggedIn:
		e.leaveLocked(r, leaving{reason: "RECONNECT_FAILED", code: codeOf(err), data: err.Error(), publish: codeOf(err), play: codeOf(err)})
	case refused(err):
		e.failLoginLocked(r, e.loginError(err))
	case e.client.Up():
		// No answer on a connection that stands. Without one, onUp asks again.
		e.afterLocked(r, loginDelay(r.tries), func() {
			if e.client.Up() {
				e.askAgainLocked(r)
			}
		})
		r.tries++
	}
}

// askAgainLocked asks after a request that had no answer: the server may have taken us in,
// and would not do so twice.
func (e *Engine) askAgainLocked(r *room) {
	if !r.asking {
		e.tellLocked(protocol.RoomLogout{Room: r.id})
		e.requestLoginLocked(r)
	}
}

// loginError keeps the server's sentence: it knows more than the table.
func (e *Engine) loginError(err error) *Error {
	code := codeOf(err)
	return shapeMsg.error(code, "(%s)", err)
}

// loginDelay is the wait before another login request: 1 to 4 s at first, then up to 32.
func loginDelay(tries int) time.Duration {
	if tries == 0 {
		return time.Second + rand.N(3*time.Second)
	}
	return time.Duration(min(32, 4<<min(tries/2, 3))) * time.Second
}

// onLoggedInLocked takes the room up as the server has it. The order of events is the
// contract's: count, streams, state, then users.
func (e *Engine) onLoggedInLocked(r *room, s protocol.RoomSnapshot) {
	r.stopTimers()
	r.tries = 0
	e.client.Established(time.Duration(s.Heartbeat)*time.Millisecond, s.Key)
	if r.loggedIn {
		e.rearmTokenLocked(r)
		e.onBackLocked(r, s)
		return
	}
	r.loggedIn, r.life = true, s.Life
	r.settle(nil)
	e.emitLocked(roomOnlineUserCountUpdate(string(r.id), s.Count))
	e.addStreamsLocked(r, s.Streams)
	e.setRoomLocked(r, roomConnected, "LOGINED", 0, "")
	e.addUsersLocked(r, s.Users)
	e.tellExtraLocked(r, s.Extra)
	e.armTokenLocked(r, r.login.Token)
	e.startWaitingLocked(r)
}

// startWaitingLocked begins what was asked for before the login was through.
func (e *Engine) startWaitingLocked(r *room) {
	for _, p := range e.publishers {
		if p.room == r && !p.carried {
			e.announceLocked(p)
		}
	}
	for _, p := range e.players {
		if p.room == r && !p.carried {
			e.requestPlayLocked(p)
		}
	}
}
