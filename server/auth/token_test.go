package auth

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// The vectors that generators of others have made, and what they say.
const (
	secret = "fa94dd0f974cf2e293728a526b028271"
	v1     = "04AAAAAGsCxDYAEHF2bHE2ZzlqM3JqeTd3ZXcAcG5o2kOBSnxjeOtcmX53JiBLPsYc/3c0lHx1zcCi6TM2BHlmAY0FyXDPqc5ZbUUxQIMT2brtlEEvgcueDXbfRrrV3ND0/zJOjsV/AYXZ/+u47MvGD5fGgfBIQ3ONNF6HQoW6Qnk6LkJDcLHJvEoZwFQ="
	v2     = "04AAAAAPSGVwAAEG0zam9qZnJsdXFwZzZmMWEAcL/SuedKTof2vi8auY0Sbx8cQGu/JHGhr6Jp8f7zq8es36MrJFCV+VRH9KqKvhnuuRB/sv9UMBMt3U94rTnsrCr22Ft+1SvWpJkv2XSUjzbDYsGiSjOglQpNqXBBrUaHwfVAN8eVPJecfy0Us+h61yo="
	v3     = "04AAAAAPSGVwAAEDcybzlwYWZ0bW42ZHJjNWcAwIGyqEkhaAJ6FUQLQmXYBPPQxMRrAwCVckC55P8+ttaMO+RP+XcXtFi3qtDn8GysesHzA4IQsct9i6TrqsD7XIckz8TJyOZzKWwi3cilJn5xFbzfTx5z5y8EHCsEAp6PfQiRssNOrGWC1tpueFMn/NqWRwYx8hi9tyEXplyAwyygUeHSmr20DcpKihfuWdu1hcN2IZe8/cHTGbo/VE1r/TdQmE+O8RITpjiEPYvHZM3x1gFg84YJ6kTT9nGdOQXCXQ=="
	v4     = "04AAAAAPSGVwAADANrwQxAhTxZQ1fRswCA+fCz1LlGegm9NwTJ5mvI0B8gtiP/F8M7ILFLQbOeGI+Db0lRY1Agb5Ir1jrZi7g9Qj/eLD7MNv0twedsrsqfYZx3hitP0ZaFVOCn6BB+EJlcICD0KFDhEmL/mpiWIVEMVTFZky2wctCc1r2FvwQYXBzQZr3hKxYjK5zasnQvjw0B"
)

var (
	app1    = App{ID: 1, Secret: secret}
	appN    = App{ID: 1234567890, Secret: secret}
	century = time.Unix(4102444800, 0)
	now     = time.Unix(1795340000, 0)
)

func TestVectors(t *testing.T) {
	issued := time.Unix(1795339814, 0)
	rights := &Rights{Room: "room1", Login: true}
	payload := `{"room_id":"room1","privilege":{"1":1,"2":0},"stream_id_list":null}`
	for name, test := range map[string]struct {
		app   App
		token string
		want  Claims
	}{
		"official Go, CBC":         {app1, v1, Claims{1, "demo", issued, time.Unix(1795343414, 0), nil, ""}},
		"official Node, CBC":       {appN, v2, Claims{1234567890, "user_1", issued, century, nil, ""}},
		"official Node, privilege": {appN, v3, Claims{1234567890, "user_1", issued, century, rights, payload}},
		"official Node, GCM":       {appN, v4, Claims{1234567890, "user_1", issued, century, nil, ""}},
		"with what a kit adds":     {appN, v4 + "#eyJ1c2VySUQiOiJ1In0=", Claims{1234567890, "user_1", issued, century, nil, ""}},
	} {
		got, err := Verify(test.app, test.token, now)
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		if got, err = Explain(test.app, test.token, now); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s explained: %+v, %v", name, got, err)
		}
	}
	if got, err := Verify(app1, v1, time.Unix(1795343414, 0)); !errors.Is(err, ErrExpired) || got.User != "demo" {
		t.Errorf("V1 in the second when it expires: %+v, %v", got, err)
	}
}

// TestAltered: what is altered is refused with one and the same error, of which those who
// have the secret are told the reason.
func TestAltered(t *testing.T) {
	bytes := func(token string, change func([]byte) []byte) string {
		data, err := base64.StdEncoding.DecodeString(token[2:])
		if err != nil {
			t.Fatal(err)
		}
		return "04" + base64.StdEncoding.EncodeToString(change(data))
	}
	flip := func(at int) func([]byte) []byte {
		return func(b []byte) []byte { b[(at+len(b))%len(b)] ^= 1; return b }
	}
	for name, test := range map[string]struct {
		token string
		why   error
	}{
		"nothing":                 {"", errVersion},
		"another thing":           {"hello", errVersion},
		"version 03":              {"03" + v4[2:], errOldVersion},
		"only the version":        {"04", errCut},
		"cut off":                 {v4[:len(v4)-7], errCut},
		"cut off by four":         {v4[:len(v4)-4], errCut},
		"in the middle":           {v4[:80], errCut},
		"unescaped":               {strings.ReplaceAll(v4, "+", " "), errBase64},
		"escaped":                 {strings.ReplaceAll(v3, "=", "%3D"), errBase64},
		"loose bits":              {v2[:len(v2)-2] + "p=", errBase64},
		"a line's end":            {v4 + "\n", errBase64},
		"URL base64":              {strings.NewReplacer("+", "-", "/", "_").Replace(v4), errBase64},
		"twice":                   {bytes(v4, func(b []byte) []byte { return append(b, b...) }), errTail},
		"an unknown mode":         {bytes(v4, func(b []byte) []byte { b[len(b)-1] = 2; return b }), errLayout},
		"GCM said to be CBC":      {bytes(v4, func(b []byte) []byte { b[len(b)-1] = 0; return b }), errLayout},
		"CBC said to be GCM":      {bytes(v2, func(b []byte) []byte { return append(b, 1) }), errLayout},
		"an empty cipher text":    {bytes(v2, func(b []byte) []byte { return append(b[:26], 0, 0) }), errLayout},
		"half a block":            {bytes(v2, func(b []byte) []byte { b[27] -= 8; return b[:len(b)-8] }), errLayout},
		"a time in clear, GCM":    {bytes(v4, flip(7)), errTwoTimes},
		"a time in clear, CBC":    {bytes(v2, flip(7)), errTwoTimes},
		"a bit of the nonce":      {bytes(v4, flip(10)), ErrSecret},
		"a bit of the text":       {bytes(v4, flip(40)), ErrSecret},
		"a bit of the tag":        {bytes(v4, flip(-2)), ErrSecret},
		"a bit of the first, CBC": {bytes(v2, flip(10)), errNoJSON},
		"a bit of the last, CBC":  {bytes(v2, flip(-1)), ErrSecret},
		"too long":                {"04" + strings.Repeat("A", maxToken), errLong},
	} {
		if _, err := Verify(appN, test.token, now); err != ErrToken { //nolint:errorlint // the very same, no wrapped one
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Explain(appN, test.token, now); !errors.Is(err, test.why) {
			t.Errorf("%s: explained as %v, want %v", name, err, test.why)
		}
	}
	if _, err := Verify(app1, v4, now); !errors.Is(err, ErrToken) {
		t.Errorf("a token for another app with the same secret: %v", err)
	}
	if _, err := Explain(app1, v4, now); !errors.Is(err, errApp) {
		t.Errorf("a token for another app with the same secret: explained as %v", err)
	}
}

// TestExplainedByChance: that the new secret seems to open a token of AES-CBC, as one in 256
// does, keeps nobody from hearing that the former one made it.
func TestExplainedByChance(t *testing.T) {
	rotated := App{ID: 7, Former: secret, FormerUntil: now}
	for i := range 100_000 {
		s, err := sealCBC(secret, fmt.Appendf(nil, `{"app_id":7,"user_id":"u","ctime":1,"expire":%d}`, now.Unix()+60))
		if err != nil {
			t.Fatal(err)
		}
		s.expires = now.Unix() + 60
		rotated.Secret = fmt.Sprintf("%032d", i)
		if _, err := s.open(rotated.Secret); err != nil {
			continue
		}
		if claims, err := Explain(rotated, s.String(), now); !errors.Is(err, ErrFormer) || claims.User != "u" {
			t.Errorf("explained as %v", err)
		}
		return
	}
	t.Error("no secret opened it by chance")
}

// TestHolds: the JSON of a token is held to its form.
func TestHolds(t *testing.T) {
	const whole = `{"app_id":1234567890,"user_id":"u","nonce":-2147483648,"ctime":1,"expire":4102444800,"payload":""}`
	for name, test := range map[string]struct {
		plain string
		want  error
	}{
		"whole":               {whole, nil},
		"a field more":        {strings.Replace(whole, "{", `{"x":[1],`, 1), nil},
		"no payload":          {strings.Replace(whole, `,"payload":""`, "", 1), nil},
		"a user in UTF-8":     {strings.Replace(whole, `"u"`, `"жанна-☎"`, 1), nil},
		"no UTF-8":            {strings.Replace(whole, `"u"`, "\"\xff\"", 1), errNoJSON},
		"no user":             {strings.Replace(whole, `"u"`, `""`, 1), errNoUser},
		"the user a number":   {strings.Replace(whole, `"u"`, `7`, 1), errNoJSON},
		"no app":              {strings.Replace(whole, `"app_id":1234567890,`, "", 1), errNoJSON},
		"the app in quotes":   {strings.Replace(whole, `1234567890`, `"1234567890"`, 1), errNoJSON},
		"the app too large":   {strings.Replace(whole, `1234567890`, `12345678901`, 1), errNoJSON},
		"another app":         {strings.Replace(whole, `1234567890`, `1`, 1), errApp},
		"another time":        {strings.Replace(whole, `4102444800`, `4102444801`, 1), errTwoTimes},
		"no time":             {strings.Replace(whole, `"expire":4102444800,`, "", 1), errTwoTimes},
		"something behind it": {whole + "{}", errNoJSON},
		"no object":           {`[]`, errNoJSON},
		"a payload of words":  {strings.Replace(whole, `"payload":""`, `"payload":"free for all"`, 1), errPayload},
		"half a payload":      {strings.Replace(whole, `"payload":""`, `"payload":"{\"room_id\":\"r\""`, 1), errPayload},
	} {
		for mode, seal := range map[string]func(string, []byte) (sealed, error){"GCM": sealGCM, "CBC": sealCBC} {
			s, err := seal(secret, []byte(test.plain))
			if err != nil {
				t.Fatal(err)
			}
			s.expires = century.Unix()
			if _, err := Explain(appN, s.String(), now); !errors.Is(err, test.want) {
				t.Errorf("%s, %s: %v, want %v", name, mode, err, test.want)
			}
			if _, err := Verify(appN, s.String(), now); (err == nil) != (test.want == nil) || err != nil && err != ErrToken { //nolint:errorlint // the very same
				t.Errorf("%s, %s: verified as %v", name, mode, err)
			}
		}
	}
}

func TestRights(t *testing.T) {
	for text, want := range map[string]*Rights{
		"":                nil,
		" ":               nil,
		`{}`:              {Login: true, Publish: true},
		`null`:            {Login: true, Publish: true},
		`{"room_id":"r"}`: {Room: "r", Login: true, Publish: true},
		`{"room_id":"","privilege":{"1":1,"2":1}}`:        {Login: true, Publish: true},
		`{"room_id":"r","privilege":{"1":1}}`:             {Room: "r", Login: true},
		`{"room_id":"r","privilege":{}}`:                  {Room: "r"},
		`{"privilege":{"1":2,"2":-1}}`:                    {},
		`{"privilege":{"2":1},"stream_id_list":["a"]}`:    {Publish: true, Streams: []string{"a"}},
		`{"privilege":{"1":0,"2":1},"stream_id_list":[]}`: {Publish: true, Streams: []string{}},
	} {
		if got, err := readRights(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
	}
}

// TestSign: what is signed is verified, and only with the secret of then.
func TestSign(t *testing.T) {
	for name, sign := range map[string]func(App, Claims) (string, error){"GCM": Sign, "CBC": SignCBC} {
		for _, rights := range []*Rights{nil, {Room: "r", Login: true}, {Login: true, Publish: true, Streams: []string{"a", "ж"}}} {
			want := Claims{App: 7, User: "用户", Issued: now, Expires: now.Add(time.Minute), Rights: rights}
			app := App{ID: 7, Secret: strings.Repeat("x", SecretLength)}
			token, err := sign(app, want)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Verify(app, token, now)
			want.Payload = got.Payload
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
			if gcm := mustParse(t, token).gcm; gcm != (name == "GCM") {
				t.Errorf("%s made %s", name, token)
			}
			rotated := App{ID: 7, Secret: secret, Former: app.Secret, FormerUntil: now.Add(time.Second)}
			if _, err := Verify(rotated, token, now); err != nil {
				t.Errorf("%s: right after the rotation: %v", name, err)
			}
			if _, err := Verify(rotated, token, now.Add(time.Second)); !errors.Is(err, ErrToken) {
				t.Errorf("%s: long after the rotation: %v", name, err)
			}
			if _, err := Explain(rotated, token, now.Add(time.Second)); !errors.Is(err, ErrFormer) {
				t.Errorf("%s: long after the rotation: explained as %v", name, err)
			}
		}
	}
}

// TestGCMOnly: an app may refuse what AES-CBC sealed.
func TestGCMOnly(t *testing.T) {
	app := appN
	app.GCMOnly = true
	if _, err := Verify(app, v4, now); err != nil {
		t.Errorf("GCM: %v", err)
	}
	if _, err := Verify(app, v2, now); !errors.Is(err, ErrToken) {
		t.Errorf("CBC: %v", err)
	}
	if _, err := Explain(app, v2, now); !errors.Is(err, errCBC) {
		t.Errorf("CBC: explained as %v", err)
	}
}

func mustParse(t *testing.T, token string) sealed {
	t.Helper()
	s, err := parse(token)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSignRefuses(t *testing.T) {
	good := Claims{User: "u", Issued: now, Expires: now.Add(time.Second)}
	for name, change := range map[string]func(*App, *Claims){
		"a short secret":    func(a *App, _ *Claims) { a.Secret = "short" },
		"no app":            func(a *App, _ *Claims) { a.ID = 0 },
		"no user":           func(_ *App, c *Claims) { c.User = "" },
		"a long user":       func(_ *App, c *Claims) { c.User = strings.Repeat("ж", MaxUser+1) },
		"a user of no text": func(_ *App, c *Claims) { c.User = "\xff" },
		"no time":           func(_ *App, c *Claims) { c.Expires = c.Issued },
		"too much to say":   func(_ *App, c *Claims) { c.Rights = &Rights{Room: strings.Repeat("r", maxPlain)} },
	} {
		app, claims := appN, good
		change(&app, &claims)
		if token, err := Sign(app, claims); err == nil {
			t.Errorf("%s: %s", name, token)
		}
	}
	if _, err := Sign(appN, Claims{User: strings.Repeat("ж", MaxUser), Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Error(err)
	}
	claims := good
	claims.Rights = &Rights{Room: strings.Repeat("r", maxPlain-200)}
	if token, err := SignCBC(appN, claims); err != nil || len(token) > maxToken {
		t.Errorf("the longest token: %d bytes, %v", len(token), err)
	}
}

// FuzzVerify: of tokens without the secret none says anything but what one with it says
// (in CBC the case of a key may be altered, no more), and nothing crashes. The fuzzer seals
// clear text, too, which nobody without the secret could.
func FuzzVerify(f *testing.F) {
	said := map[string]bool{}
	for token, app := range map[string]App{v1: app1, v2: appN, v3: appN, v4: appN} {
		claims, err := Verify(app, token, now)
		if err != nil {
			f.Fatal(err)
		}
		said[claims.User+claims.Payload+claims.Expires.String()] = true
		s, err := parse(token)
		if err != nil {
			f.Fatal(err)
		}
		plain, err := s.open(secret)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(token, plain, s.gcm)
	}
	f.Fuzz(func(t *testing.T, token string, plain []byte, gcm bool) {
		for _, app := range []App{app1, appN} {
			if claims, err := Verify(app, token, now); err == nil && !said[claims.User+claims.Payload+claims.Expires.String()] {
				t.Errorf("%q is taken: %+v", token, claims)
			}
		}
		seal := sealCBC
		if gcm {
			seal = sealGCM
		}
		s, err := seal(secret, plain)
		if err != nil {
			t.Fatal(err)
		}
		if len(token) >= 8 {
			s.expires = int64(binary.BigEndian.Uint64([]byte(token)))
		}
		claims, err := Verify(appN, s.String(), now)
		switch {
		case err == nil && (claims.App != appN.ID || claims.User == "" || claims.Expires.Unix() != s.expires || !now.Before(claims.Expires)):
			t.Errorf("%q is taken: %+v", plain, claims)
		case err != nil && !errors.Is(err, ErrToken) && !errors.Is(err, ErrExpired):
			t.Errorf("%q: %v", plain, err)
		}
	})
}
