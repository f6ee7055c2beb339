package engine

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
	"time"
)

// tokenUntil is a token of version 04 as far as one may look into it.
func tokenUntil(end time.Time) string {
	data := binary.BigEndian.AppendUint64(nil, uint64(end.Unix()))
	return "04" + base64.StdEncoding.EncodeToString(append(data, make([]byte, 60)...))
}

func TestMistakesAreNamed(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	const secret = "0123456789abcdef0123456789abcdef"
	good, old := tokenUntil(now.Add(time.Hour)), tokenUntil(now.Add(-3*time.Hour))
	for name, c := range map[string]struct {
		room, token, user string
		want              []string // a part of each sentence
	}{
		"nothing":         {"room", good, "anna", nil},
		"no token":        {"room", "", "anna", nil},
		"token as room":   {good, "room", "anna", []string{"argument 1 (roomID) looks like a token"}},
		"token as user":   {"room", "anna", good, []string{"argument 3 (user.userID) looks like a token"}},
		"hexadecimal ids": {secret, good, secret, nil}, // as many have
		"secret as token": {"room", secret, "anna", []string{"argument 2 (token) looks like a ServerSecret, not a token"}},
		"expired":         {"room", old, "anna", []string{"argument 2 (token) expired 3 h ago: renew it"}},
		"all at once":     {good, secret, old, []string{"roomID) looks", "userID) looks", "(token) looks"}},
		"a number":        {"0400000000000000", "x", "0412345678901234", nil},
	} {
		got := loginMistakes(c.room, c.token, c.user, now)
		if len(got) != len(c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
			continue
		}
		for i, part := range c.want {
			if !strings.Contains(got[i], part) {
				t.Errorf("%s: %q does not say %q", name, got[i], part)
			}
		}
	}
}

func TestRoughly(t *testing.T) {
	for d, want := range map[time.Duration]string{
		90 * time.Second: "90 s", 119 * time.Minute: "119 min", 3 * time.Hour: "3 h", 72 * time.Hour: "3 days",
	} {
		if got := roughly(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

func TestTokenExpiry(t *testing.T) {
	end := time.Unix(1_800_000_000, 0)
	good := tokenUntil(end)
	for name, c := range map[string]struct {
		token string
		ok    bool
	}{
		"04": {good, true}, "03": {"03" + good[2:], true}, "12": {"12" + good[2:], true},
		"02": {"02" + good[2:], false}, "no version": {"xx" + good[2:], false}, "signed": {"+4" + good[2:], false},
		"short": {good[:13], false}, "empty": {"", false}, "no base64": {"04" + strings.Repeat("?", 40), false},
	} {
		if got, ok := tokenExpiry(c.token); ok != c.ok || ok && !got.Equal(end) {
			t.Errorf("%s: %v, %v, want %v", name, got, ok, c.ok)
		}
	}
}

func TestAppIDs(t *testing.T) {
	for text, want := range map[string]bool{
		"1": true, "1234567890": true, "42\n": true, "NaN": false, "": false, "0": true, "undefined": false, "1.5": false, "-1": false, "abc": false,
	} {
		if _, ok := parseApp(text); ok != want {
			t.Errorf("app id %q is %v, want %v", text, ok, want)
		}
	}
}

func TestExpiryWait(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for left, want := range map[time.Duration]time.Duration{
		-time.Hour: 0, 10 * time.Second: 0, time.Minute: 30 * time.Second,
		1000 * 24 * time.Hour: (1<<31 - 1) * time.Millisecond,
	} {
		if got, ok := expiryWait(tokenUntil(now.Add(left)), now); !ok || got != want {
			t.Errorf("with %v left: %v, %v, want %v", left, got, ok, want)
		}
	}
	if _, ok := expiryWait("02", now); ok {
		t.Error("a token without an end has one")
	}
}
