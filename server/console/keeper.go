package console

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"maps"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"expressrtc/server/signaling"
)

// What bounds who signs in.
const (
	sessionTime  = 12 * time.Hour
	maxSessions  = 50 // then the oldest goes
	maxAddresses = 1000

	// Wrong keys: five at once and one in 10 s from an address, fifty and one a second in all.
	ownBurst, allBurst = 5, 50
	cookieName         = "expressrtc-console"
)

var (
	ownRate = rate.Every(10 * time.Second)
	allRate = rate.Every(time.Second)
)

var (
	errSignIn   = failure{http.StatusUnauthorized, "signIn", "sign in first, or show the admin key as bearer token"}
	errWrongKey = failure{http.StatusUnauthorized, "wrongKey", "this is not the admin key"}
	errTooOften = failure{http.StatusTooManyRequests, "tooOften", "there were too many wrong keys: try again later"}
)

type hash = [sha256.Size]byte

// derive makes the key that signs cookies.
func derive(key string) []byte {
	const rounds = 100_000
	signing, err := pbkdf2.Key(sha256.New, key, []byte("expressrtc console"), rounds, sha256.Size)
	if err != nil {
		panic(err) // of lengths, which are constant
	}
	return signing
}

// keeper lets the operator in.
//
// A session's cookie is a random id and the end of its time, signed with a key that is
// derived from the admin key: so it outlives a restart of the server, and nobody's
// outlives a change of the admin key. Deriving takes long, so that a stolen cookie is of no
// use for guessing the admin key.
type keeper struct {
	key  hash // so that the comparison takes the same time whatever the length
	sign func() []byte

	mu       sync.Mutex
	sessions map[string]*session  // by id
	ended    map[string]time.Time // ids that were signed out, and until when that matters
	wrong    *rate.Limiter
	wrongBy  map[netip.Prefix]*rate.Limiter
	right    map[netip.Prefix]struct{} // have shown the key: the wrong ones of others do not keep them out
}

// session is a signed-in browser's.
type session struct {
	id    string
	until time.Time
	ended chan struct{} // closed when it ends before
}

func newKeeper(key string) *keeper {
	return &keeper{
		key:      sha256.Sum256([]byte(key)),
		sign:     sync.OnceValue(func() []byte { return derive(key) }),
		sessions: map[string]*session{},
		ended:    map[string]time.Time{},
		wrong:    rate.NewLimiter(allRate, allBurst),
		wrongBy:  map[netip.Prefix]*rate.Limiter{},
		right:    map[netip.Prefix]struct{}{},
	}
}

// try compares a key. Who has shown too many wrong ones is not even told whether this one
// is right.
func (k *keeper) try(key string, from netip.Prefix) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	own := k.wrongByLocked(from)
	if _, known := k.right[from]; own.Tokens() < 1 || !known && k.wrong.Tokens() < 1 {
		return errTooOften
	}
	shown := sha256.Sum256([]byte(key))
	if subtle.ConstantTimeCompare(shown[:], k.key[:]) == 1 {
		if len(k.right) < maxAddresses {
			k.right[from] = struct{}{}
		}
		return nil
	}
	k.wrong.Allow()
	own.Allow()
	return errWrongKey
}

// wrongByLocked counts an address's wrong keys. When there are too many addresses those
// that have been quiet are forgotten; if none was, a newcomer counts among all only.
func (k *keeper) wrongByLocked(from netip.Prefix) *rate.Limiter {
	if own := k.wrongBy[from]; own != nil {
		return own
	}
	if len(k.wrongBy) >= maxAddresses {
		for address, own := range k.wrongBy {
			if own.Tokens() >= ownBurst {
				delete(k.wrongBy, address)
			}
		}
	}
	own := rate.NewLimiter(ownRate, ownBurst)
	if len(k.wrongBy) < maxAddresses {
		k.wrongBy[from] = own
	}
	return own
}

// open begins a session and gives its cookie's value.
func (k *keeper) open() string {
	id, until := rand.Text(), time.Now().Add(sessionTime).Truncate(time.Second)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.tidyLocked()
	if len(k.sessions) >= maxSessions {
		k.endLocked(k.oldestLocked())
	}
	k.sessions[id] = &session{id, until, make(chan struct{})}
	return k.cookie(id, until)
}

// cookie is the value of a session's.
func (k *keeper) cookie(id string, until time.Time) string {
	text := id + "." + strconv.FormatInt(until.Unix(), 10)
	mac := hmac.New(sha256.New, k.sign())
	mac.Write([]byte(text))
	return text + "." + hex.EncodeToString(mac.Sum(nil))
}

// read is the id and the end that a cookie tells, if we signed it and it is not over.
func (k *keeper) read(cookie string) (id string, until time.Time, ok bool) {
	id, rest, _ := strings.Cut(cookie, ".")
	number, _, _ := strings.Cut(rest, ".")
	seconds, err := strconv.ParseInt(number, 10, 64)
	until = time.Unix(seconds, 0)
	ok = err == nil && time.Now().Before(until) && hmac.Equal([]byte(k.cookie(id, until)), []byte(cookie))
	return id, until, ok
}

// find is the session of a cookie's value, or nil. One of before the server was started
// again is taken up.
func (k *keeper) find(cookie string) *session {
	id, until, ok := k.read(cookie)
	if !ok {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if s := k.sessions[id]; s != nil {
		return s
	}
	if _, over := k.ended[id]; over || len(k.sessions) >= maxSessions {
		return nil
	}
	k.sessions[id] = &session{id, until, make(chan struct{})}
	return k.sessions[id]
}

func (k *keeper) oldestLocked() (oldest *session) {
	for _, s := range k.sessions {
		if oldest == nil || s.until.Before(oldest.until) {
			oldest = s
		}
	}
	return oldest
}

// tidyLocked forgets what time has ended.
func (k *keeper) tidyLocked() {
	now := time.Now()
	for id, s := range k.sessions {
		if !now.Before(s.until) {
			delete(k.sessions, id)
			close(s.ended)
		}
	}
	maps.DeleteFunc(k.ended, func(_ string, until time.Time) bool { return !now.Before(until) })
}

// endLocked ends a session before its time. Only who knew the key makes one, so their
// number needs no other bound than their time.
func (k *keeper) endLocked(s *session) {
	if k.sessions[s.id] != s {
		return
	}
	delete(k.sessions, s.id)
	k.ended[s.id] = s.until
	close(s.ended)
}

// end ends a session.
func (k *keeper) end(s *session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.endLocked(s)
}

// authorize finds out whether the operator asks. A program that shows the key gets a
// session that nothing ends but time.
func (c *Console) authorize(r *http.Request) (*session, error) {
	if key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		if err := c.tryKey(r, key); err != nil {
			return nil, err
		}
		return &session{until: time.Now().Add(sessionTime)}, nil
	}
	if s := c.sessionOf(r); s != nil {
		return s, nil
	}
	return nil, errSignIn
}

// Shows reports whether a request shows the admin key as bearer token. Who has shown too
// many wrong ones shows none.
func (c *Console) Shows(r *http.Request) bool {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && c.config.Key != "" && c.tryKey(r, key) == nil
}

func (c *Console) tryKey(r *http.Request, key string) error {
	err := c.keeper.try(key, signaling.Network(r.RemoteAddr))
	if errors.Is(err, errWrongKey) {
		c.config.Log.Warn("console: wrong key", "address", r.RemoteAddr)
	}
	return err
}

func (c *Console) sessionOf(r *http.Request) *session {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return nil
	}
	return c.keeper.find(cookie.Value)
}

// getSession tells whether the browser is signed in.
func (c *Console) getSession(w http.ResponseWriter, r *http.Request) {
	_, err := c.authorize(r)
	if err != nil {
		send(w, http.StatusOK, map[string]any{"signedIn": false})
		return
	}
	send(w, http.StatusOK, map[string]any{
		"signedIn": true, "version": c.config.Version, "site": c.config.Site(), "kept": c.config.Kept,
	})
}

func (c *Console) signIn(w http.ResponseWriter, r *http.Request) {
	body, err := decode[struct {
		Key string `json:"key"`
	}](r)
	if err == nil {
		err = c.tryKey(r, body.Key)
	}
	if err != nil {
		fail(w, err)
		return
	}
	c.note(r, "signed in")
	setCookie(w, r, c.keeper.open(), int(sessionTime.Seconds()))
	send(w, http.StatusNoContent, nil)
}

func (c *Console) signOut(w http.ResponseWriter, r *http.Request) {
	if s := c.sessionOf(r); s != nil {
		c.keeper.end(s)
		c.note(r, "signed out")
	}
	setCookie(w, r, "", -1)
	send(w, http.StatusNoContent, nil)
}

// setCookie leaves the path to the browser: it is that of the API, also where a proxy puts
// the console below another path.
func setCookie(w http.ResponseWriter, r *http.Request, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookieName, Value: value, MaxAge: maxAge, HttpOnly: true, SameSite: http.SameSiteStrictMode,
		Secure: r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https",
	})
}
