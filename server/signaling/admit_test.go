package signaling

import (
	"errors"
	"net/netip"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

func newApps(t *testing.T, path string, list ...auth.App) *auth.Apps {
	t.Helper()
	apps, err := auth.OpenApps(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, app := range list {
		if _, err := apps.Create(app); err != nil {
			t.Fatal(err)
		}
	}
	return apps
}

func signed(t *testing.T, app auth.App, claims auth.Claims) string {
	t.Helper()
	if claims.Expires.IsZero() {
		claims.Expires = time.Now().Add(time.Hour)
	}
	token, err := auth.Sign(app, claims)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestAdmit: who gets in with which token, what the others are told, and what a token
// allows.
func TestAdmit(t *testing.T) {
	app := auth.App{ID: 7, Secret: strings.Repeat("s", auth.SecretLength), AtExpiry: "kick"}
	other := auth.App{ID: 8, Secret: strings.Repeat("o", auth.SecretLength)}
	thief := auth.App{ID: 7, Secret: strings.Repeat("t", auth.SecretLength)}
	admit := AdmitTokens(newApps(t, "", app, other))
	mine := func(rights *auth.Rights) string { return signed(t, app, auth.Claims{User: "a", Rights: rights}) }
	old := signed(t, app, auth.Claims{User: "a", Issued: time.Now().Add(-time.Hour), Expires: time.Now().Add(-time.Second)})
	for name, test := range map[string]struct {
		app   protocol.AppID
		token string
		code  protocol.Code
		says  string
	}{
		"good":                  {7, mine(nil), 0, ""},
		"good, with a kit's":    {7, mine(nil) + "#eyJ9", 0, ""},
		"for this room":         {7, mine(&auth.Rights{Room: "r", Login: true}), 0, ""},
		"for every room":        {7, mine(&auth.Rights{Login: true}), 0, ""},
		"for another room":      {7, mine(&auth.Rights{Room: "R", Login: true, Publish: true}), 1102016, "another room"},
		"not for login":         {7, mine(&auth.Rights{Room: "r", Publish: true}), 1102016, "not allow its user to log in"},
		"another user's":        {7, signed(t, app, auth.Claims{User: "b"}), 1102016, "another user"},
		"another user's, old":   {7, signed(t, app, auth.Claims{User: "b", Issued: time.Unix(1, 0), Expires: time.Unix(2, 0)}), 1102016, "another user"},
		"of another app":        {8, mine(nil), 1102016, "not good for app 8"},
		"with another secret":   {7, signed(t, thief, auth.Claims{User: "a"}), 1102016, "not good for app 7"},
		"expired":               {7, old, 1102018, "has expired"},
		"cut off":               {7, mine(nil)[:60], 1102016, "not good for app 7"},
		"none":                  {7, "", 1102016, "without a token"},
		"something else":        {7, "secret", 1102016, "not good for app 7"},
		"to an app that is not": {9, mine(nil), 1001004, "does not serve app 9"},
		"to no app":             {0, "", 1001004, "does not serve app 0"},
	} {
		err := admit(protocol.RoomLogin{App: test.app, Room: "r", User: protocol.User{ID: "a"}, Token: test.token}, &room.Pass{})
		var coded *protocol.Error
		if errors.As(err, &coded); test.code == 0 && err != nil || test.code != 0 && (coded == nil || coded.Code != test.code || !strings.Contains(coded.Message, test.says)) {
			t.Errorf("%s: %v, want %d %s", name, err, test.code, test.says)
		}
	}
}

// TestPassOfToken: what a token allows is what its member may do; what another part of
// the server decided stays.
func TestPassOfToken(t *testing.T) {
	end := time.Unix(time.Now().Unix()+100, 0)
	from := netip.MustParseAddr("192.0.2.1")
	for name, test := range map[string]struct {
		policy string
		rights *auth.Rights
		want   room.Pass
	}{
		"basic":   {"", nil, room.Pass{}},
		"publish": {"stop", &auth.Rights{Login: true, Publish: true}, room.Pass{AtExpiry: room.StopPublishing}},
		"listen":  {"kick", &auth.Rights{Login: true}, room.Pass{AtExpiry: room.KickOut, NoPublish: true}},
		"streams": {"", &auth.Rights{Login: true, Publish: true, Streams: []string{"x", "y"}}, room.Pass{Streams: []protocol.StreamID{"x", "y"}}},
	} {
		app := auth.App{ID: 7, Secret: strings.Repeat("s", auth.SecretLength), AtExpiry: test.policy}
		msg := protocol.RoomLogin{App: 7, Room: "r", User: protocol.User{ID: "a"}, Token: signed(t, app, auth.Claims{User: "a", Expires: end, Rights: test.rights})}
		got := room.Pass{Address: from}
		test.want.Address, test.want.Expires, test.want.Level = from, end, 4
		if err := AdmitTokens(newApps(t, "", app))(msg, &got); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

// TestAdmitFollowsTheApps: what is made, rotated and deleted in the file counts from the
// next reading on; a server that had an app is never open again.
func TestAdmitFollowsTheApps(t *testing.T) {
	path := filepath.Join(t.TempDir(), "apps.json")
	serving, operator := newApps(t, path), newApps(t, path)
	admit := AdmitTokens(serving)
	want := func(what string, token string, code protocol.Code) {
		t.Helper()
		err := admit(protocol.RoomLogin{App: 7, Room: "r", User: protocol.User{ID: "a"}, Token: token}, &room.Pass{})
		var coded *protocol.Error
		if errors.As(err, &coded); code == 0 && err != nil || code != 0 && (coded == nil || coded.Code != code) {
			t.Errorf("%s: %v, want %d", what, err, code)
		}
	}
	reload := func(err error) {
		t.Helper()
		if err := errors.Join(err, serving.Reload()); err != nil {
			t.Fatal(err)
		}
	}
	want("without apps", "", 0)
	app, err := operator.Create(auth.App{ID: 7})
	want("before it is read", "", 0)
	reload(err)
	first := signed(t, app, auth.Claims{User: "a"})
	want("without a token", "", protocol.CodeToken)
	want("with one", first, 0)
	app, err = operator.Rotate(7, time.Hour)
	reload(err)
	second := signed(t, app, auth.Claims{User: "a"})
	want("with one of the new secret", second, 0)
	want("with one of the former", first, 0)
	app, err = operator.Rotate(7, 0)
	reload(err)
	want("with one that was rotated out", second, protocol.CodeToken)
	want("with the newest", signed(t, app, auth.Claims{User: "a"}), 0)
	reload(operator.Delete(7))
	want("when the last app is gone", signed(t, app, auth.Claims{User: "a"}), protocol.CodeAppID)
}
