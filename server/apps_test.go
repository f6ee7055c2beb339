package main

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
)

const (
	testSecret = "fa94dd0f974cf2e293728a526b028271"
	testVector = "04AAAAAPSGVwAADANrwQxAhTxZQ1fRswCA+fCz1LlGegm9NwTJ5mvI0B8gtiP/F8M7ILFLQbOeGI+Db0lRY1Agb5Ir1jrZi7g9Qj/eLD7MNv0twedsrsqfYZx3hitP0ZaFVOCn6BB+EJlcICD0KFDhEmL/mpiWIVEMVTFZky2wctCc1r2FvwQYXBzQZr3hKxYjK5zasnQvjw0B"
)

// shell runs commands as an operator does.
type shell struct {
	*testing.T
}

// ok wants a command to work, and answers what it printed.
func (s shell) ok(args ...string) string {
	s.Helper()
	var out, log strings.Builder
	if err := run(s.Context(), args, &out, &log); err != nil {
		s.Fatalf("%q: %v\n%s%s", args, err, &out, &log)
	}
	return out.String() + log.String()
}

// fails wants a command to fail and to say something, and answers what else it printed.
func (s shell) fails(says string, args ...string) string {
	s.Helper()
	var out, log strings.Builder
	err := run(s.Context(), args, &out, &log)
	if err == nil || !strings.Contains(err.Error(), says) {
		s.Errorf("%q: %v, want %q", args, err, says)
	}
	return out.String()
}

// has wants a text to have parts.
func (s shell) has(text string, parts ...string) {
	s.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			s.Errorf("no %q in\n%s", part, text)
		}
	}
}

func TestAppCommands(t *testing.T) {
	s := shell{t}
	file := filepath.Join(t.TempDir(), "apps.json")
	t.Setenv("EXPRESSRTC_APPS", file)
	made := s.ok("app", "create", "--name", "shop", "--at-expiry", "kick", "--gcm-only", "--callback-url", "https://shop.example/hook")
	s.has(made, "app ID", "secret", "callback secret", "shown once")
	s.fails("takes no tokens of AES-CBC", "token", "--user", "a", "--cbc")
	app := mustApps(t, file).List()[0]
	s.has(made, app.Secret, app.CallbackSecret)
	if app.Name != "shop" || app.AtExpiry != "kick" || !app.GCMOnly || app.CallbackURL != "https://shop.example/hook" || len(app.CallbackSecret) != auth.SecretLength {
		t.Errorf("made %+v", app)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}

	known := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(known, []byte(testSecret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.has(s.ok("app", "create", "--id", "1234567890", "--secret-file", known), "1234567890", testSecret)
	rotated := s.ok("app", "rotate", "--id", "1234567890", "--keep", "1h")
	now, _ := mustApps(t, file).Get(1234567890)
	if s.has(rotated, now.Secret); now.Secret == testSecret || now.Former != testSecret || time.Until(now.FormerUntil) > time.Hour {
		t.Errorf("rotated to %+v", now)
	}
	list := s.ok("app", "list")
	if s.has(list, "1234567890", "shop", "kick", "stay", "https://shop.example/hook", "until "); strings.Contains(list, now.Secret) ||
		strings.Contains(list, testSecret) || strings.Contains(list, app.Secret) || strings.Contains(list, app.CallbackSecret) {
		t.Errorf("the list shows secrets:\n%s", list)
	}
	s.ok("app", "create", "--callback-url", "https://me:hunter2@shop.example/hook")
	if list := s.ok("app", "list"); strings.Contains(list, "hunter2") {
		t.Errorf("the list shows a password:\n%s", list)
	}
	s.has(s.ok("app", "delete", "--id", "1234567890"), "1234567890 is deleted")
	if _, ok := mustApps(t, file).Get(1234567890); ok {
		t.Error("the app is still there")
	}
}

func mustApps(t *testing.T, file string) *auth.Apps {
	t.Helper()
	apps, err := auth.OpenApps(file)
	if err != nil {
		t.Fatal(err)
	}
	return apps
}

func TestAppCommandsRefuse(t *testing.T) {
	s := shell{t}
	file := filepath.Join(t.TempDir(), "apps.json")
	s.fails("say where the apps are kept", "app", "create")
	s.fails("unknown command", "app", "destroy")
	s.fails("from 1 to", "app", "create", "--apps", file, "--id", "0")
	s.fails("from 1 to", "app", "create", "--apps", file, "--id", "12345678901")
	s.fails("stay, stop, kick", "app", "create", "--apps", file, "--at-expiry", "explode")
	s.fails("the callback URL is none", "app", "create", "--apps", file, "--callback-url", "shop.example")
	s.fails("no such file", "app", "create", "--apps", file, "--secret-file", file)
	s.fails("say which app", "app", "rotate", "--apps", file)
	s.fails("there is no such app", "app", "rotate", "--apps", file, "--id", "5")
	s.fails("there is no such app", "app", "delete", "--apps", file, "--id", "5")
	s.fails("too much", "app", "delete", "--apps", file, "5")
	s.has(s.ok("app", "list", "--apps", file), "There is no app")
	s.has(s.ok("app"), "create", "rotate", "EXPRESSRTC_APP_")
	s.has(s.ok("app", "create", "-h"), "--at-expiry", "stay", "EXPRESSRTC_APPS")

	t.Setenv("EXPRESSRTC_APP_5", testSecret)
	s.has(s.ok("app", "list"), "5", "by a variable")
	s.ok("app", "create", "--apps", file, "--id", "6")
	s.fails("comes from the environment", "app", "rotate", "--apps", file, "--id", "5")
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	s.fails("chmod 600", "app", "list", "--apps", file)
	t.Setenv("EXPRESSRTC_APP_5", testSecret[1:])
	s.fails("31 characters, not 32", "app", "list")
}

func TestTokenCommand(t *testing.T) {
	s := shell{t}
	t.Setenv("EXPRESSRTC_APP_7", testSecret)
	app := auth.App{ID: 7, Secret: testSecret}
	made := func(args ...string) auth.Claims {
		t.Helper()
		text := strings.TrimSpace(s.ok(append([]string{"token"}, args...)...))
		claims, err := auth.Verify(app, text, time.Now())
		if err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		_, gcm, _ := auth.Clear(text)
		if cbc := strings.Contains(strings.Join(args, " "), "--cbc"); gcm == cbc {
			t.Errorf("%q: GCM is %t", args, gcm)
		}
		return claims
	}
	c := made("--user", "anna")
	if c.User != "anna" || c.App != 7 || c.Rights != nil || c.Expires.Sub(c.Issued) != 24*time.Hour {
		t.Errorf("basic: %+v", c)
	}
	c = made("--app", "7", "--user", "anna", "--room", "r", "--for", "90m", "--cbc")
	if r := c.Rights; r == nil || r.Room != "r" || !r.Login || !r.Publish || len(r.Streams) != 0 || c.Expires.Sub(c.Issued) != 90*time.Minute {
		t.Errorf("for a room: %+v, %+v", c, c.Rights)
	}
	c = made("--user", "anna", "--publish=false")
	if r := c.Rights; r == nil || r.Room != "" || !r.Login || r.Publish {
		t.Errorf("to watch: %+v", c.Rights)
	}
	c = made("--user", "anna", "--stream", "a", "--stream", "b", "--login=false")
	if r := c.Rights; r == nil || r.Login || !r.Publish || strings.Join(r.Streams, " ") != "a b" {
		t.Errorf("two streams: %+v", c.Rights)
	}
	link, err := url.Parse(strings.TrimSpace(s.ok("token", "--user", "an&na", "--room", "r#1", "--link", "https://calls.example")))
	if err != nil {
		t.Fatal(err)
	}
	fragment, err := url.ParseQuery(link.EscapedFragment())
	if err != nil {
		t.Fatal(err)
	}
	if q := link.Query(); link.Host != "calls.example" || link.Path != "/" || q.Get("app") != "7" || q.Get("user") != "an&na" || q.Get("room") != "r#1" {
		t.Errorf("the link is %s", link)
	}
	if c, err = auth.Verify(app, fragment.Get("token"), time.Now()); err != nil || c.User != "an&na" || c.Rights.Room != "r#1" {
		t.Errorf("the link's token: %+v, %v", c, err)
	}
}

func TestTokenCommandRefuses(t *testing.T) {
	s := shell{t}
	s.fails("there is no app to make a token for", "token", "--user", "a")
	t.Setenv("EXPRESSRTC_APP_7", testSecret)
	s.fails("say whom the token is for", "token")
	s.fails("there is no such app", "token", "--app", "8", "--user", "a")
	s.fails("a character that no id may have", "token", "--user", "an na")
	s.fails("a character that no id may have", "token", "--user", "a", "--room", "комната")
	s.fails("use a value from 1s", "token", "--user", "a", "--for", "0s")
	s.fails("no address of a page", "token", "--user", "a", "--link", "calls.example")
	s.fails("more than 64", "token", "--user", strings.Repeat("a", 65))
	s.fails("not defined", "token", "--usr", "a")
	t.Setenv("EXPRESSRTC_APP_8", testSecret)
	s.fails("there are 2 apps: say which", "token", "--user", "a")
	s.has(s.ok("token", "-h"), "--publish", "basic token", "token verify")
}

// TestTokenVerify: what a token holds, whether it is good, and what to do if not.
func TestTokenVerify(t *testing.T) {
	s := shell{t}
	s.has(s.fails("with the app's secret only", "token", "verify", testVector), "AES-GCM", "2100-01-01")
	t.Setenv("EXPRESSRTC_APP_7", strings.Repeat("7", auth.SecretLength))
	s.fails("no app here has made it", "token", "verify", testVector)
	t.Setenv("EXPRESSRTC_APP_1234567890", testSecret)
	s.has(s.ok("token", "verify", testVector), "1234567890", `"user_1"`, "every room", "any stream", "2100-01-01 00:00:00 UTC", "It is good.")
	s.has(s.ok("token", "verify", " "+testVector+"\n"), "It is good.")
	kit := testVector + "#eyJ1c2VySUQiOiJ1c2VyXzEiLCJyb29tSUQiOiJyIiwidXNlck5hbWUiOiJBJTIwQiIsImFwcElEIjoxMjM0NTY3ODkwfQ=="
	s.has(s.ok("token", "verify", kit), `name "A B"`, "nobody has signed", "It is good.")
	s.has(s.ok("token", "verify", "https://x.example/?app=1#token="+url.QueryEscape(testVector)), "The token of the link", "It is good.")
	s.fails("is for another app", "token", "verify", "--app", "7", mustSign(t, auth.App{ID: 9, Secret: strings.Repeat("7", auth.SecretLength)}, auth.Claims{User: "a"}))
	s.fails("no app here has made it", "token", "verify", "--app", "7", testVector)

	app := auth.App{ID: 1234567890, Secret: testSecret}
	rights := &auth.Rights{Room: "r", Login: true, Publish: true, Streams: []string{"x"}}
	s.has(s.ok("token", "verify", mustSign(t, app, auth.Claims{User: "a", Rights: rights})), `"r" only`, `these streams only: ["x"]`)
	s.has(s.fails("privilege 1", "token", "verify", mustSign(t, app, auth.Claims{User: "a", Rights: &auth.Rights{}})), "log in    no", "publish   no")
	s.has(s.fails("no page can log in as this user", "token", "verify", mustSign(t, app, auth.Claims{User: "жанна"})), `"жанна"`)
	old := auth.Claims{User: "a", Issued: time.Unix(1, 0), Expires: time.Unix(1e9, 0)}
	s.has(s.fails("has expired: let your server make a new one", "token", "verify", mustSign(t, app, old)), "2001-09-09", "days ago")

	for text, says := range map[string]string{
		"":                                      "there is nothing",
		testSecret:                              "looks like a secret",
		"hello":                                 "does not begin with 04",
		"03" + testVector[2:]:                   "version 03, which is not supported",
		testVector[:50]:                         "cut off",
		testVector[:len(testVector)-3]:          "cut off",
		testVector[:len(testVector)-4]:          "cut off",
		"04!" + testVector[3:]:                  "is not base64",
		url.QueryEscape(testVector):             "it was escaped for an address",
		"https://x.example/#token=":             "no token that can be read",
		testVector[:90] + "A" + testVector[91:]: "no app here has made it",
	} {
		s.fails(says, "token", "verify", text)
	}
	s.fails("too much or too little", "token", "verify")
	s.has(s.ok("token", "verify", "-h"), "TOKEN")
}

func mustSign(t *testing.T, app auth.App, claims auth.Claims) string {
	t.Helper()
	if claims.Expires.IsZero() {
		claims.Expires = time.Now().Add(time.Hour)
	}
	text, err := auth.Sign(app, claims)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
