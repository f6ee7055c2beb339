package console

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/signaling"
)

// signIn is a browser's; it gives the cookie.
func (d *desk) signIn(status int, key string) *http.Cookie {
	d.t.Helper()
	d.header = http.Header{}
	d.ask(status, "POST", "session", map[string]string{"key": key})
	cookies := d.got.Result().Cookies()
	if len(cookies) == 0 {
		return nil
	}
	d.header.Set("Cookie", cookies[0].Name+"="+cookies[0].Value)
	return cookies[0]
}

func TestSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		cookie := d.signIn(204, testKey)
		if cookie == nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Secure || cookie.Path != "" || cookie.MaxAge != 12*3600 || len(cookie.Value) < 26 {
			t.Fatalf("the cookie is %+v", cookie)
		}
		got := d.ask(200, "GET", "session", nil)
		if got["signedIn"] != true || got["site"] != "http://calls.example" || got["version"] != "v1" || got["kept"] != true {
			t.Errorf("signed in: %v", got)
		}
		time.Sleep(sessionTime - time.Second)
		d.ask(200, "GET", "apps", nil)
		time.Sleep(time.Second)
		d.refused(401, "signIn", "GET", "apps", nil)

		d.signIn(204, testKey)
		d.ask(204, "DELETE", "session", nil)
		if gone := d.got.Result().Cookies()[0]; gone.MaxAge >= 0 || gone.Value != "" {
			t.Errorf("after signing out the cookie is %+v", gone)
		}
		d.refused(401, "signIn", "GET", "apps", nil)
		if log := d.log.String(); strings.Contains(log, testKey) || strings.Count(log, `"console: signed in" address=192.0.2.1:1234`) != 2 || !strings.Contains(log, "signed out") {
			t.Errorf("the log is\n%s", log)
		}
	})
}

// TestSessionOutlivesARestart, but not a change of the key, and no sign-out is undone by
// one who kept the cookie.
func TestSessionOutlivesARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		first := d.signIn(204, testKey)
		before := d.console.keeper
		d.console.keeper = newKeeper(testKey)
		d.ask(200, "GET", "apps", nil)
		d.ask(204, "DELETE", "session", nil)
		d.refused(401, "signIn", "GET", "apps", nil)

		d.console.keeper = newKeeper("another key of the operator")
		d.refused(401, "signIn", "GET", "apps", nil)
		d.console.keeper = before
		for _, forged := range []string{
			first.Value + "0", first.Value[1:], strings.Replace(first.Value, ".", ".9", 1), first.Value[:strings.LastIndex(first.Value, ".")], "..", "",
		} {
			d.header.Set("Cookie", first.Name+"="+forged)
			d.refused(401, "signIn", "GET", "apps", nil)
		}
		d.header.Set("Cookie", first.Name+"="+first.Value)
		d.ask(200, "GET", "apps", nil)
	})
}

func TestCookieIsSecureOverTLS(t *testing.T) {
	d := newDesk(t)
	d.header = http.Header{"X-Forwarded-Proto": {"https"}}
	d.ask(204, "POST", "session", map[string]string{"key": testKey})
	if !d.got.Result().Cookies()[0].Secure {
		t.Error("it is not")
	}
}

// TestSessionsAreBounded: the newest stay.
func TestSessionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		first := d.signIn(204, testKey)
		for range maxSessions {
			time.Sleep(time.Second)
			d.signIn(204, testKey)
		}
		d.ask(200, "GET", "apps", nil)
		d.header.Set("Cookie", first.Name+"="+first.Value)
		d.refused(401, "signIn", "GET", "apps", nil)
		if n := len(d.console.keeper.sessions); n != maxSessions {
			t.Errorf("there are %d", n)
		}
	})
}

// TestWrongKeys: after five an address waits, whichever way it shows them, and is not even
// told that one is right; others are let in.
func TestWrongKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		for i, wrong := range []string{"", "wrong", testKey + " ", testKey[1:]} {
			if d.signIn(401, wrong); d.header.Get("Cookie") != "" {
				t.Errorf("wrong key %d got a cookie", i)
			}
		}
		d.header = http.Header{"Authorization": {"Bearer wrong"}}
		d.refused(401, "wrongKey", "GET", "apps", nil)
		d.refused(429, "tooOften", "GET", "apps", nil)
		d.header = http.Header{"Authorization": {"Bearer " + testKey}}
		d.refused(429, "tooOften", "GET", "apps", nil)
		d.signIn(429, testKey)

		d.from = "192.0.2.2:1"
		d.signIn(204, testKey)
		d.from = "192.0.2.1:9"
		time.Sleep(10 * time.Second)
		d.signIn(204, testKey)
		if log := d.log.String(); strings.Count(log, "wrong key") != 5 || strings.Contains(log, testKey) {
			t.Errorf("the log is\n%s", log)
		}
	})
}

// TestWrongKeysOfMany: many addresses together are slowed down, too, and cost no memory.
func TestWrongKeysOfMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.from = "192.0.2.1:1"
		d.signIn(204, testKey)
		refused := 0
		for i := range 3 * maxAddresses {
			d.from = fmt.Sprintf("10.0.%d.%d:1", i/256, i%256)
			if errors.Is(d.console.keeper.try("wrong", signaling.Network(d.from)), errTooOften) {
				refused++
			}
		}
		if refused != 3*maxAddresses-allBurst {
			t.Errorf("%d of %d had to wait", refused, 3*maxAddresses)
		}
		if n := len(d.console.keeper.wrongBy); n > maxAddresses {
			t.Errorf("%d addresses are remembered", n)
		}
		d.from = "192.0.2.2:1"
		d.signIn(429, testKey)
		d.from = "192.0.2.1:2" // the operator's, or that of what reads the metrics
		d.signIn(204, testKey)
	})
}
