package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
)

const adminKey = "the operator's own key"

// operated is a server process with a console.
type operated struct {
	*process
	console *site // at the admin address
}

// newOperated starts one with a file for apps; without a key the console is closed.
func newOperated(t *testing.T, key string, flags ...string) *operated {
	t.Helper()
	admin := steadyAddr(t)
	flags = append(flags, "--log-level", "info", "--admin-addr", admin, "--apps", filepath.Join(t.TempDir(), "apps.json"))
	if key != "" {
		flags = append(flags, "--admin-key", key)
	}
	return &operated{newProcess(t, flags...), &site{t, "http://" + admin}}
}

// signedIn is the console after the operator has signed in, at a view.
func (s *operated) signedIn(view string, options ...option) *visitor {
	s.t.Helper()
	p := s.console.visit(usual, "console#"+view, options...)
	p.page = "console"
	p.role("textbox", "Admin key").fill(adminKey)
	p.role("button", "Sign in").press()
	p.appears("button", "Sign out")
	return p
}

// TestPagesConsoleSignIn: without a key nobody comes in, with a wrong one neither, and it
// says what to do.
func TestPagesConsoleSignIn(t *testing.T) {
	t.Parallel()
	t.Run("no key is set", func(t *testing.T) {
		s := newOperated(t, "")
		p := open(t, usual, "closed", s.console.url+"/console")
		p.expect("403")
		p.wants("value", true, `document.body.textContent.includes("--admin-key-file")`)
	})
	s := newOperated(t, adminKey)
	line := newCable(t, strings.TrimPrefix(s.console.url, "http://"))
	p := (&site{t, "http://" + line.addr}).visit(usual, "console", before(impatient))
	p.role("textbox", "Admin key").becomes("focused", "true")
	p.look("signin")
	p.role("button", "Sign in").press() // with nothing: the browser asks for it
	p.wants("value", true, `document.querySelector("#key:user-invalid") !== null`)
	p.expect("401")
	p.role("textbox", "Admin key").fill("wrong")
	p.keys("Enter")
	p.appears("alert", "This is not the admin key.")
	p.look("wrongkey")
	p.role("textbox", "Admin key").fill(adminKey)
	p.keys("Enter")
	p.appears("heading", "Overview")
	p.wants("value", "overview-title", `document.activeElement.id`)
	p.look("empty")
	p.stays()
	if shift := p.shift(); shift > 0.05 {
		t.Errorf("what is there moved by %.3f", shift)
	}
	p.wants("value", "", `document.cookie`) // scripts do not see it
	checkWords(t, eval[dictionary](p.tab, `return (await import("./ui/language.js")).dictionary`))

	// The server goes away and comes back; the session lives on.
	p.expect("ERR_")
	s.kill()
	p.appears("status", "The server cannot be reached…")
	p.look("away")
	s.start()
	p.gone("status", "The server cannot be reached…")
	p.appears("heading", "Overview")

	// The server's machine dies, which ends no connection.
	p.do(`hastily = true`)
	line.benumb()
	p.appears("status", "The server cannot be reached…")
	p.do(`hastily = false`)
	line.cut()
	line.mend()
	p.gone("status", "The server cannot be reached…")

	// Signing out while the page asks why the stream has ended.
	p.do(holdingSession)
	line.cut()
	p.do(`await asked`)
	line.mend()
	p.role("button", "Sign out").press()
	p.appears("alert", "You are signed out.")
	p.do(`await answer()`)
	p.appears("alert", "You are signed out.")
	p.navigate(p.site.url + "/console#rooms")
	p.appears("button", "Sign in")
}

// impatient makes the console's patience with a silent server a third, while hastily is true.
const impatient = `globalThis.hastily = false;
	const wait = globalThis.setTimeout, limit = AbortSignal.timeout.bind(AbortSignal);
	globalThis.setTimeout = (act, ms, ...args) => wait(act, hastily && ms === 10000 ? 3000 : ms, ...args);
	AbortSignal.timeout = (ms) => limit(hastily ? 1000 : ms);`

// holdingSession keeps the page's next question who is signed in until answer(), which
// resolves when the page has read it.
const holdingSession = `globalThis.asked = new Promise((isAsked) => {
		const request = globalThis.fetch;
		globalThis.fetch = (url, init) => {
			if (!url.includes("/session") || init.method !== "GET") return request(url, init);
			globalThis.fetch = request;
			return new Promise((resolve) => {
				globalThis.answer = async () => {
					const response = await request(url, {cache: "no-store"}), {json} = response;
					const read = new Promise((isRead) => {
						response.json = async () => { try { return await json.call(response); } finally { setTimeout(isRead); } };
					});
					resolve(response);
					await read;
				};
				isAsked();
			});
		};
	});`

// saw waits until a native client has an event with these parts.
func (n *native) saw(t *testing.T, name string, parts ...string) {
	t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(pace) {
		n.mu.Lock()
		for _, s := range n.seen {
			if s.Name == name && hasParts(s, parts) {
				n.mu.Unlock()
				return
			}
		}
		n.mu.Unlock()
		if time.Now().After(end) {
			t.Fatalf("%s saw no %s with %q: %+v", n.name, name, parts, n.seen)
		}
	}
}

func hasParts(s sighting, parts []string) bool {
	text, _ := json.Marshal(s.Args)
	for _, part := range parts {
		if !strings.Contains(string(text), part) {
			return false
		}
	}
	return true
}

// TestPagesConsoleRoom: the operator watches a call, speaks to it, removes one of its users
// and closes it, and the users notice.
func TestPagesConsoleRoom(t *testing.T) {
	t.Parallel()
	s := newOperated(t, adminKey)
	p := s.signedIn("overview")
	anna, bert := newNative(t, "anna", s.addr), newNative(t, "bert", s.addr)
	anna.join("stand-up")
	anna.publish("anna-camera")
	bert.join("stand-up")
	bert.play("anna-camera")
	p.role("link", "stand-up").press() // it has come by itself
	p.appears("heading", "stand-up")
	p.appears("heading", "Users (2)")
	p.appears("heading", "Streams (1)")
	p.appears("heading", "Sessions (1)")
	p.appears("listitem", "anna-camera anna → bert Direct")
	p.appears("image", "Quality: excellent")
	p.look("room")

	p.role("button", "Message").press()
	p.look("message")
	p.role("textbox", "Message").fill("We close in a minute")
	p.do(`globalThis.sent = e2e.when(() => document.getElementById("toast").textContent === "The message was sent.")`)
	p.keys("Enter")
	p.do(`await sent`)
	anna.saw(t, "IMRecvBroadcastMessage", "We close in a minute", "Operator")
	bert.saw(t, "IMRecvBroadcastMessage", "We close in a minute")

	p.role("button", "Remove bert").press()
	p.appears("dialog", "Remove bert?")
	p.look("remove")
	p.keys("Escape")
	p.gone("dialog", "Remove bert?")
	p.appears("heading", "Users (2)")
	p.role("button", "Remove bert").press()
	p.role("textbox", "Reason, which they are told (optional)").fill("be kind")
	p.role("button", "Remove").press()
	p.appears("heading", "Users (1)")
	p.appears("heading", "Sessions (0)")
	bert.saw(t, "roomStateChanged", "KICKOUT", "1002055")
	anna.saw(t, "roomUserUpdate", "DELETE", "bert")

	p.role("button", "Close room").press()
	p.look("closing")
	p.tabTo("button", "Close the room")
	p.keys("Enter")
	p.appears("alert", "This room is closed…")
	anna.saw(t, "roomStateChanged", "KICKOUT")
	p.look("closed")

	p.role("link", "Joins").press()
	p.appears("heading", "Recent joins")
	p.appears("listitem", "anna…")
	p.look("joins")
}

// TestPagesConsoleApps: an app is made, and its secret seen once; a token lets somebody in
// who else is refused, which the operator reads.
func TestPagesConsoleApps(t *testing.T) {
	t.Parallel()
	s := newOperated(t, adminKey)
	p := s.signedIn("apps")
	p.appears("listitem", "There is no app yet…")
	p.role("button", "Create an app").press()
	p.look("newapp")
	p.role("textbox", "Name, for you").fill("Shop")
	p.role("button", "Create").press()
	p.appears("dialog", "Keep this secret now")
	secret, app := p.role("textbox", "Secret").value(), p.role("textbox", "App ID").value()
	if len(secret) != 32 || app == "" {
		t.Fatalf("the secret is %q of app %q", secret, app)
	}
	p.look("secret")
	p.role("button", "I have kept it").press()
	p.appears("listitem", "Shop App ID "+app+"…")
	seen := eval[string](p.tab, `return document.documentElement.outerHTML +
		[...document.querySelectorAll("input, textarea")].map((it) => it.value) + await (await fetch("console/api/apps")).text()`)
	if strings.Contains(seen, secret) {
		t.Error("the secret is still there")
	}
	p.look("apps")

	if answer := s.login(t, app, "anna", "", "lounge"); !strings.Contains(answer, `"error"`) {
		t.Errorf("without a token: %s", answer)
	}
	p.role("link", "Joins").press()
	p.appears("listitem", "…There was no token…")
	p.look("refused")
	p.role("link", "Token").press()
	p.role("textbox", "User ID").fill("anna")
	p.role("textbox", "Room (empty: any)").fill("lounge")
	p.look("token")
	p.role("button", "Make the token").becomes("disabled", "")
	p.role("button", "Make the token").press()
	p.appears("heading", "Your token")
	token := p.role("textbox", "Token").value()
	p.look("tokenmade")
	if answer := s.login(t, app, "anna", token, "lounge"); strings.Contains(answer, `"error"`) {
		t.Errorf("with the token: %s", answer)
	}
	if answer := s.login(t, app, "bert", token, "lounge"); !strings.Contains(answer, `"error"`) {
		t.Errorf("bert with anna's token: %s", answer)
	}
	a := s.console.arrive(usual, "", as("anna"))
	a.navigate(eval[string](p.tab, `return document.getElementById("token-link").href`))
	a.role("textbox", "Your name").fill("Anna")
	a.role("button", "Join").press()
	a.appears("button", "Leave")
	p.role("link", "Rooms").press()
	p.role("link", "lounge").press()
	p.appears("listitem", "Anna…")
	p.role("link", "Apps").press()
	p.role("button", "New secret for Shop").press()
	p.look("rotate")
	p.role("textbox", "To confirm, type "+app).fill(app)
	p.role("button", "Make a new secret").press()
	p.appears("dialog", "Keep this secret now")
	if again := p.role("textbox", "Secret").value(); again == secret || len(again) != 32 {
		t.Errorf("the new secret is %q", again)
	}
	p.keys("Escape")
	p.role("button", "Delete Shop").press()
	p.role("textbox", "To confirm, type "+app).fill("something else")
	p.role("button", "Delete the app").press()
	p.role("textbox", "To confirm, type "+app).becomes("invalid", "true")
	p.role("textbox", "To confirm, type "+app).fill(app)
	p.role("button", "Delete the app").press()
	p.appears("listitem", "There is no app yet…")
}

// login asks to be let in, and gives the server's answer.
func (s *operated) login(t *testing.T, app, user, token, room string) string {
	t.Helper()
	c, err := dialSocket("http://"+s.addr, "/ws")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	var number protocol.AppID
	if _, err := fmt.Sscan(app, &number); err != nil {
		t.Fatal(err)
	}
	return c.enters(t, protocol.RoomLogin{
		Version: protocol.Version, App: number, Room: protocol.RoomID(room), User: protocol.User{ID: protocol.UserID(user)}, Token: token,
	})
}

// enters sends a login and gives the answer.
func (s *socket) enters(t *testing.T, login protocol.RoomLogin) string {
	t.Helper()
	frame, err := protocol.Request(1, login)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.send(string(frame)); err != nil {
		t.Fatal(err)
	}
	for {
		answer, err := s.next()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(answer, `"room.login"`) {
			return answer
		}
	}
}
