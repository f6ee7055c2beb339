package api

import (
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/auth"
)

func newLogger(t *testing.T) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}

func TestSignatureVector(t *testing.T) {
	got := hex.EncodeToString(sign(12345, "4fd24687296dd9f3", "9193cc662a4c0ec135ec71fb57194b38", 1615186943))
	if got != "43e5cfcca828314675f91b001390566a" {
		t.Errorf("signature %s", got)
	}
}

// TestGatewayCodes has each cause with its code, one thing wrong at a time.
func TestGatewayCodes(t *testing.T) {
	b := newBench(t)
	now := time.Now().Unix()
	for _, c := range []struct {
		name, value string
		want        Code
	}{
		{"AppId", "", codeAppID},
		{"AppId", "abc", codeAppID},
		{"AppId", "0", codeAppID},
		{"AppId", "-12345", codeAppID},
		{"AppId", "4294967296", codeAppID},
		{"AppId", "54321", codeNoSecret},
		{"Timestamp", "", codeTimestampEmpty},
		{"Timestamp", "yesterday", codeTimestamp},
		{"Timestamp", "-1", codeTimestamp},
		{"Timestamp", "1615186943.5", codeTimestamp},
		{"Timestamp", "1615186943", codeSignatureExpired},
		{"Timestamp", fmt.Sprint(now - 700), codeSignatureExpired},
		{"Timestamp", fmt.Sprint(now + 700), codeSignatureExpired},
		{"Timestamp", fmt.Sprint(now - 100), codeSignature},
		{"SignatureNonce", "", codeNonceEmpty},
		{"SignatureNonce", strings.Repeat("0", maxNonce+1), codeNonceEmpty},
		{"SignatureNonce", "0123456789abcdef", codeSignature},
		{"Signature", "", codeSignatureEmpty},
		{"Signature", "43e5cfcca828314675f91b001390566a", codeSignature},
		{"Signature", "no digits", codeSignature},
		{"SignatureVersion", "", codeVersionEmpty},
		{"SignatureVersion", "1.0", codeVersionUnsupported},
		{"Action", "", codeActionEmpty},
		{"Action", "DescribeWeather", codeActionUnknown},
		{"Action", "StartMix", codeActionUnsupported},
		{"Action", "describeusernum", codeActionUnknown},
	} {
		q := b.query("DescribeUserNum", "RoomId[]", "room")
		q.Set(c.name, c.value)
		if got := b.get(q); got.Code != int(c.want) {
			t.Errorf("%s=%q: code %d, want %d: %s", c.name, c.value, got.Code, c.want, got.Message)
		}
	}
	b.do("DescribeUserNum", "RoomId[]", "room")
}

func TestTimeWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		for _, wait := range []time.Duration{0, window - time.Second, 2 * time.Second} {
			q := b.query("DescribeUserNum", "RoomId[]", "room")
			time.Sleep(wait)
			if got := b.get(q); got.Code != 0 {
				t.Errorf("after %v: code %d", wait, got.Code)
			}
		}
		q := b.query("DescribeUserNum", "RoomId[]", "room")
		time.Sleep(window + time.Second)
		if got := b.get(q); got.Code != int(codeSignatureExpired) {
			t.Errorf("too late: code %d", got.Code)
		}
	})
}

// TestReplay: a request counts once, also when something else in it has changed, for as
// long as its time is in the window; then it is forgotten.
func TestReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		q := b.query("DescribeUserNum", "RoomId[]", "room")
		if got := b.get(q); got.Code != 0 {
			t.Fatalf("code %d", got.Code)
		}
		for _, wait := range []time.Duration{0, time.Minute, window - 2*time.Minute} {
			time.Sleep(wait)
			q.Set("Action", "CloseRoom")
			if got := b.get(q); got.Code != int(codeSignatureExpired) || !strings.Contains(got.Message, "used already") {
				t.Errorf("again after %v: code %d: %s", wait, got.Code, got.Message)
			}
		}
		for range 50 {
			time.Sleep(time.Minute)
			b.do("DescribeUserNum", "RoomId[]", "room")
		}
		if n := b.server.nonces.apps[testApp].count; n > 13 {
			t.Errorf("%d nonces are remembered after 50 minutes of one a minute", n)
		}
		b.server.nonces.apps[testApp].count = maxNonces
		b.fails(codeAppTooOften, "DescribeUserNum", "RoomId[]", "room")
	})
}

// TestUnsignedLeaveNothing: who does not know the secret fills no memory.
func TestUnsignedLeaveNothing(t *testing.T) {
	b := newBench(t)
	q := b.query("DescribeUserNum", "RoomId[]", "room")
	good := q.Get("Signature")
	q.Set("Signature", strings.Repeat("0", 32))
	b.get(q)
	if n := len(b.server.nonces.apps) + len(b.server.paces.apps); n != 0 {
		t.Errorf("%d things are kept of a request that nobody signed", n)
	}
	q.Set("Signature", good) // the nonce was not used up by it
	if got := b.get(q); got.Code != 0 {
		t.Errorf("code %d: %s", got.Code, got.Message)
	}
}

func TestFormerSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		if _, err := b.apps.Rotate(testApp, time.Hour); err != nil {
			t.Fatal(err)
		}
		b.do("DescribeUserNum", "RoomId[]", "room") // signed with the former one
		app, _ := b.apps.Get(testApp)
		q := b.query("DescribeUserNum", "RoomId[]", "room")
		q.Set("Signature", hex.EncodeToString(sign(testApp, q.Get("SignatureNonce"), app.Secret, time.Now().Unix())))
		if got := b.get(q); got.Code != 0 {
			t.Errorf("the new secret: code %d", got.Code)
		}
		time.Sleep(time.Hour)
		b.fails(codeSignature, "DescribeUserNum", "RoomId[]", "room")
		if isSigned(auth.App{ID: 1, Secret: testSecret, FormerUntil: time.Now().Add(time.Hour)}, "n", 7, hex.EncodeToString(sign(1, "n", "", 7)), time.Now()) {
			t.Error("an empty secret signs")
		}
	})
}

// TestOverTheWire goes through a socket as the published examples do: the parameters in
// the query, nothing else; and once with a body.
func TestOverTheWire(t *testing.T) {
	b := newBench(t)
	b.join("room", "anna")
	site := httptest.NewServer(b.server)
	defer site.Close()
	ask := func(r *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	const want = `"Data":{"UserCountList":[{"RoomId":"room","UserCount":1,"AdminUserCount":0},{"RoomId":"none","UserCount":0,"AdminUserCount":0}]}`
	q := b.query("DescribeUserNum")
	if body := ask(http.Get(site.URL + "/?" + q.Encode() + "&RoomId[]=room&RoomId[]=none&IsTest=false")); !strings.Contains(body, want) {
		t.Error(body)
	}
	q = b.query("DescribeUserNum")
	if body := ask(http.Post(site.URL+"/?"+q.Encode(), "application/json", strings.NewReader(`{"RoomId": ["room", "none"]}`))); !strings.Contains(body, want) {
		t.Error(body)
	}
	request, err := http.NewRequest(http.MethodDelete, site.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	ask(response, err)
	if response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: status %d", response.StatusCode)
	}
}

func TestBodies(t *testing.T) {
	b := newBench(t)
	for body, want := range map[string]Code{
		`{"RoomId[]": ["a"]}`:  codeOK,
		`{"RoomId": "a"}`:      codeOK,
		`{"RoomId": 7}`:        codeOK,
		``:                     codeParameter,
		`{`:                    codeBody,
		`[]`:                   codeBody,
		`{"RoomId": {"a": 1}}`: codeParameter,
		`{"RoomId": [["a"]]}`:  codeParameter,
		`{"x": "` + strings.Repeat("x", 70_000) + `"}`: codeBody,
	} {
		q := b.query("DescribeUserNum")
		got := b.send(httptest.NewRequest(http.MethodPost, "/?"+q.Encode(), strings.NewReader(body)))
		if got.Code != int(want) {
			t.Errorf("%.40s: code %d, want %d: %s", body, got.Code, want, got.Message)
		}
	}
}

// TestNoApp: a server without apps has no such address.
func TestNoApp(t *testing.T) {
	apps, err := auth.OpenApps("")
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	New(Config{Apps: apps}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/?Action=DescribeUserNum", nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
}

// TestPaces has the rates: so many a second for an app, and for a room.
func TestPaces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		b.join("room", "anna")
		parameters := []string{
			"RoomId", "room", "UserId", "x", "UserName", "x", "FromUserId", "x", "MessageCategory", "1", "MessageContent", "x",
			"StreamId", "none", "Sequence", "1", "RuleType", "2", "DisableAudio", "1",
		}
		for name, do := range actions {
			if do.perRoom > 0 {
				b.do(name, parameters...)
				b.fails(codeRoomTooOften, name, parameters...)
				time.Sleep(do.perRoom)
				b.do(name, parameters...)
				continue
			}
			time.Sleep(time.Second)
			if name == "CloseRoom" {
				continue // its room is gone; the rate is the same table's
			}
			for range do.perSecond {
				if got := b.get(b.query(name, parameters...)); got.Code == int(do.tooOften()) {
					t.Fatalf("%s is too often already", name)
				}
			}
			b.fails(do.tooOften(), name, parameters...)
			time.Sleep(time.Second / time.Duration(do.perSecond))
			if got := b.get(b.query(name, parameters...)); got.Code == int(do.tooOften()) {
				t.Errorf("%s is too often for ever", name)
			}
		}
		for i := range 3000 { // another room each time: none is kept for long
			b.get(b.query("DescribeUserList", "RoomId", fmt.Sprint("r", i)))
			time.Sleep(10 * time.Millisecond)
		}
		if n := len(b.server.paces.rooms); n > 1100 {
			t.Errorf("%d rooms are remembered", n)
		}
	})
}

// TestMalformedQuery is told, not guessed at.
func TestMalformedQuery(t *testing.T) {
	b := newBench(t)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.RawQuery = b.query("DescribeUserNum").Encode() + "&RoomId[]=%zz"
	if got := b.send(r); got.Code != int(codeParameter) {
		t.Errorf("code %d", got.Code)
	}
}
