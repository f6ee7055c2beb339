// Package console owns the operator's side of calls, as the page at /console uses it: a
// small JSON API that lists and changes apps, makes temporary tokens, looks into rooms and
// acts in them, and a stream of what changes. The page itself is served by package web.
//
// Who asks shows the admin key, either by signing in, which sets a cookie for 12 hours, or
// with every request as "Authorization: Bearer KEY". Wrong keys are slowed down, by address
// and all together. A browser may change things from the console's own pages only. Bodies
// and answers are JSON; times are Unix milliseconds; a failure is answered with its status
// and {"error": {"code", "message"}}. Below /console/api:
//
//	GET    /session        {"signedIn", "version", "site", "kept"}; never refused
//	POST   /session        {"key"}: sign in; 401 wrongKey, 429 tooOften
//	DELETE /session        sign out
//	GET    /counts         {"rooms", "users", "streams", "sessions"}
//	GET    /live           server-sent events: at most two a second, each with "counts", what
//	                       changed ("rooms": [{"app", "id"}], or "all": true), and the newest "recent"
//	GET    /rooms          ?search= &sort=members|created|name, -sort for the other way, &offset= &limit= (100, at
//	                       most 500): {"total", "rooms": [{"app", "id", "life", "created", "members", "streams"}]}
//	GET    /room           ?app= &room= &search=: {"room", "users", "streams", "sessions", "found"}: at most 500 of
//	                       each, and how many were found; a session's route is "direct", "relay", "forwarder" or
//	                       "", and its up and down are grades from 0, excellent, to 4, dead; -1 is unknown; of a
//	                       room that nobody is in {"room": null}
//	POST   /room/kick      {"app", "room", "users", "reason"}: {"removed"}
//	POST   /room/close     {"app", "room", "reason"}
//	POST   /room/message   {"app", "room", "name", "text"}: to everyone there, from user "operator"
//	GET    /apps           {"apps": [{"id", "name", "atExpiry", "created", "formerUntil"}]}; no secrets
//	POST   /apps           {"name", "atExpiry"}: the app with its secret, this once
//	POST   /apps/rotate    {"id", "keep"}: the app with its new secret, this once; the old one is good for keep seconds
//	POST   /apps/delete    {"id"}; its users are removed from their rooms
//	POST   /tokens         {"app", "user", "room", "login", "publish", "streams", "seconds"}: {"token", "expires"}
//	GET    /recent         {"recent": [{"number", "kind": "in"|"out"|"refused", …}]}, the newest first
//
// Without a key all of it, and the page, is answered with 403 and what to do. Every change,
// and every wrong key, is logged with the address that it came from.
//
// Locking: the keeper, the journal and each watcher have a mutex of their own for what is
// below it; none is held while another is taken. What rooms report comes in with a room's
// mutex held, so it is only noted.
package console

import (
	"errors"
	"log/slog"
	"net/http"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// Config sets up a Console.
type Config struct {
	// Key is what the operator signs in with; without one the console is closed.
	Key string
	// Apps are the apps to manage; Kept says that they outlive the server.
	Apps *auth.Apps
	Kept bool
	// Hub has the rooms. It is not called before the first request.
	Hub func() *room.Hub
	// Site is the address of the pages for links to calls.
	Site func() string
	// Version is the program's.
	Version string
	// Log gets who changed what.
	Log *slog.Logger
}

// Console is the http.Handler of the API.
type Console struct {
	config  Config
	keeper  *keeper
	journal *journal
	crowd   *crowd
	handler http.Handler
}

// New makes a Console.
func New(c Config) *Console {
	made := &Console{config: c, keeper: newKeeper(c.Key), journal: newJournal(), crowd: newCrowd()}
	mux := http.NewServeMux()
	for _, e := range endpoints {
		mux.HandleFunc(e.method+" /console/api/"+e.path, made.answer(e))
	}
	mux.HandleFunc("GET /console/api/session", made.getSession)
	mux.HandleFunc("POST /console/api/session", made.signIn)
	mux.HandleFunc("DELETE /console/api/session", made.signOut)
	mux.HandleFunc("GET /console/api/live", made.serveLive)
	mux.HandleFunc("/console/api/", func(w http.ResponseWriter, _ *http.Request) {
		fail(w, failure{http.StatusNotFound, "unknown", "there is no such endpoint"})
	})
	made.handler = made.Guard(sameSite(mux))
	return made
}

// ServeHTTP answers a request below /console/api/.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	c.handler.ServeHTTP(w, r)
}

// closed is what everyone reads while there is no key.
const closed = `The console is closed, because this server has no admin key.
Make one ("openssl rand -hex 16"), start the server with --admin-key-file FILE or EXPRESSRTC_ADMIN_KEY, and load this page again.

控制台未开放：服务器没有设置管理密钥。
请生成一个密钥（openssl rand -hex 16），用 --admin-key-file 文件名 或环境变量 EXPRESSRTC_ADMIN_KEY 启动服务器，然后刷新本页。
`

// Guard closes what belongs to the console while there is no key.
func (c *Console) Guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c.config.Key == "" {
			w.Header().Set("Cache-Control", "no-store")
			http.Error(w, closed, http.StatusForbidden)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// sameSite refuses changes that a browser makes on behalf of other pages than ours.
func sameSite(h http.Handler) http.Handler {
	check := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if check.Check(r) != nil {
			fail(w, failure{http.StatusForbidden, "crossSite", "this is not a page of the console"})
			return
		}
		h.ServeHTTP(w, r)
	})
}

// OnReport notes what happens in rooms. It does not block.
func (c *Console) OnReport(r room.Report) {
	c.journal.report(r)
	c.crowd.report(r)
}

// OnLogin notes how a login ended. It does not block.
func (c *Console) OnLogin(l signaling.Login) {
	c.journal.login(l)
	c.crowd.wake()
}

// Close ends the streams of what changes, so that the server can stop.
func (c *Console) Close() { c.crowd.close() }

// endpoint is one row of the API that needs a signed-in operator.
type endpoint struct {
	method, path string
	// handle gives the answer's body; nil is none.
	handle func(*Console, *http.Request) (any, error)
}

var endpoints = []endpoint{
	{"GET", "counts", (*Console).counts},
	{"GET", "rooms", (*Console).rooms},
	{"GET", "room", (*Console).room},
	{"POST", "room/kick", (*Console).kick},
	{"POST", "room/close", (*Console).closeRoom},
	{"POST", "room/message", (*Console).message},
	{"GET", "apps", (*Console).apps},
	{"POST", "apps", (*Console).createApp},
	{"POST", "apps/rotate", (*Console).rotateApp},
	{"POST", "apps/delete", (*Console).deleteApp},
	{"POST", "tokens", (*Console).createToken},
	{"GET", "recent", (*Console).recent},
}

// answer makes a handler of a row.
func (c *Console) answer(e endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := c.authorize(r); err != nil {
			fail(w, err)
			return
		}
		body, err := e.handle(c, r)
		if err != nil {
			c.logUnexpected(r, err)
			fail(w, err)
			return
		}
		send(w, http.StatusOK, body)
	}
}

// logUnexpected keeps what went wrong with the server itself.
func (c *Console) logUnexpected(r *http.Request, err error) {
	var f failure
	if !errors.As(err, &f) {
		c.config.Log.Error("console: request failed", "path", r.URL.Path, "error", err)
	}
}

// note logs a change and who made it.
func (c *Console) note(r *http.Request, what string, about ...any) {
	c.config.Log.Info("console: "+what, append([]any{"address", r.RemoteAddr}, about...)...)
}

// millis is a time as the API writes it; none is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}
