package console

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
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

// keeper lets the operator in.
type keeper struct {
	key hash // so that the comparison takes the same time whatever the length

	mu       sync.Mutex
	sessions map[hash]*session // by the hash of the cookie
	wrong    *rate.Limiter
	wrongBy  map[netip.Prefix]*rate.Limiter
}

// session is a signed-in browser's.
type session struct {
	until time.Time
	ended chan struct{} // closed when it ends before
}

func newKeeper(key string) *keeper {
	return &keeper{
		key:      sha256.Sum256([]byte(key)),
		sessions: map[hash]*session{},
		wrong:    rate.NewLimiter(allRate, allBurst),
		wrongBy:  map[netip.Prefix]*rate.Limiter{},
	}
}

// try compares a key. Who has shown too many wrong ones is not even told whether this one
// is right.
func (k *keeper) try(key string, from netip.Prefix) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	own := k.wrongByLocked(from)
	if k.wrong.Tokens() < 1 || own.Tokens() < 1 {
		return errTooOften
	}
	shown := sha256.Sum256([]byte(key))
	if subtle.ConstantTimeCompare(shown[:], k.key[:]) == 1 {
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
	token := rand.Text()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropLocked(func(s *session) bool { return !time.Now().Before(s.until) })
	if len(k.sessions) >= maxSessions {
		oldest := k.oldestLocked()
		k.dropLocked(func(s *session) bool { return s == oldest })
	}
	k.sessions[sha256.Sum256([]byte(token))] = &session{time.Now().Add(sessionTime), make(chan struct{})}
	return token
}

func (k *keeper) oldestLocked() (oldest *session) {
	for _, s := range k.sessions {
		if oldest == nil || s.until.Before(oldest.until) {
			oldest = s
		}
	}
	return oldest
}

func (k *keeper) dropLocked(which func(*session) bool) {
	for id, s := range k.sessions {
		if which(s) {
			delete(k.sessions, id)
			close(s.ended)
		}
	}
}

// find is the session of a cookie's value, or nil.
func (k *keeper) find(token string) *session {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.sessions[sha256.Sum256([]byte(token))]
	if s == nil || !time.Now().Before(s.until) {
		return nil
	}
	return s
}

// end ends a session.
func (k *keeper) end(ending *session) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.dropLocked(func(s *session) bool { return s == ending })
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

func (c *Console) tryKey(r *http.Request, key string) error {
	err := c.keeper.try(key, network(r.RemoteAddr))
	if err == errWrongKey { //nolint:errorlint // it is never wrapped
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

// network is what counts as one address: an IPv4 address, or an IPv6 /64 network.
func network(remote string) netip.Prefix {
	at, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	addr := at.Addr().Unmap().WithZone("")
	bits := addr.BitLen()
	if addr.Is6() {
		bits = 64
	}
	return netip.PrefixFrom(addr, bits).Masked()
}
