package signaling

import (
	"errors"
	"net/netip"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
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

	_, err = operator.Create(auth.App{ID: 7})
	reload(err)
	reload(operator.Delete(7))
	admit = AdmitTokens(serving)
	want("when nobody has come while there was one", "", protocol.CodeAppID)
}

// TestVectorsAreAdmitted: what generators of others have made lets its user in, and is
// refused with the contract's codes when it is altered or its time is over.
func TestVectorsAreAdmitted(t *testing.T) {
	const (
		goCBC     = "04AAAAAGsCxDYAEHF2bHE2ZzlqM3JqeTd3ZXcAcG5o2kOBSnxjeOtcmX53JiBLPsYc/3c0lHx1zcCi6TM2BHlmAY0FyXDPqc5ZbUUxQIMT2brtlEEvgcueDXbfRrrV3ND0/zJOjsV/AYXZ/+u47MvGD5fGgfBIQ3ONNF6HQoW6Qnk6LkJDcLHJvEoZwFQ="
		nodeCBC   = "04AAAAAPSGVwAAEG0zam9qZnJsdXFwZzZmMWEAcL/SuedKTof2vi8auY0Sbx8cQGu/JHGhr6Jp8f7zq8es36MrJFCV+VRH9KqKvhnuuRB/sv9UMBMt3U94rTnsrCr22Ft+1SvWpJkv2XSUjzbDYsGiSjOglQpNqXBBrUaHwfVAN8eVPJecfy0Us+h61yo="
		nodeLogin = "04AAAAAPSGVwAAEDcybzlwYWZ0bW42ZHJjNWcAwIGyqEkhaAJ6FUQLQmXYBPPQxMRrAwCVckC55P8+ttaMO+RP+XcXtFi3qtDn8GysesHzA4IQsct9i6TrqsD7XIckz8TJyOZzKWwi3cilJn5xFbzfTx5z5y8EHCsEAp6PfQiRssNOrGWC1tpueFMn/NqWRwYx8hi9tyEXplyAwyygUeHSmr20DcpKihfuWdu1hcN2IZe8/cHTGbo/VE1r/TdQmE+O8RITpjiEPYvHZM3x1gFg84YJ6kTT9nGdOQXCXQ=="
		nodeGCM   = "04AAAAAPSGVwAADANrwQxAhTxZQ1fRswCA+fCz1LlGegm9NwTJ5mvI0B8gtiP/F8M7ILFLQbOeGI+Db0lRY1Agb5Ir1jrZi7g9Qj/eLD7MNv0twedsrsqfYZx3hitP0ZaFVOCn6BB+EJlcICD0KFDhEmL/mpiWIVEMVTFZky2wctCc1r2FvwQYXBzQZr3hKxYjK5zasnQvjw0B"
	)
	secret := "fa94dd0f974cf2e293728a526b028271"
	admit := AdmitTokens(newApps(t, "", auth.App{ID: 1, Secret: secret}, auth.App{ID: 1234567890, Secret: secret}))
	want := func(what string, code protocol.Code, app protocol.AppID, user protocol.UserID, in protocol.RoomID, token string) (pass room.Pass) {
		t.Helper()
		err := admit(protocol.RoomLogin{App: app, Room: in, User: protocol.User{ID: user}, Token: token}, &pass)
		var coded *protocol.Error
		if errors.As(err, &coded); code == 0 && err != nil || code != 0 && (coded == nil || coded.Code != code) {
			t.Errorf("%s: %v, want %d", what, err, code)
		}
		return pass
	}
	put := func(token string, at int, text string) string { return token[:at] + text + token[at+len(text):] }
	synctest.Test(t, func(t *testing.T) { // in 2000, when all of them are good
		want("Go, CBC", 0, 1, "demo", "r", goCBC)
		want("Node, CBC", 0, 1234567890, "user_1", "r", nodeCBC)
		want("Node, GCM", 0, 1234567890, "user_1", "r", nodeGCM)
		if pass := want("Node, login", 0, 1234567890, "user_1", "room1", nodeLogin); !pass.NoPublish || pass.Level != 4 || pass.Expires.Unix() != 4102444800 {
			t.Errorf("the login token allows %+v", pass)
		}
		for what, token := range map[string]string{
			"the version":          put(nodeGCM, 0, "03"),
			"the time in clear":    put(nodeGCM, 10, "w"),
			"the nonce":            put(nodeGCM, 24, "B"),
			"the text":             put(nodeGCM, 60, "AAAA"),
			"the tag":              put(nodeGCM, len(nodeGCM)-6, "AA"),
			"the mode":             put(nodeGCM, len(nodeGCM)-1, "A"),
			"the end":              nodeGCM[:len(nodeGCM)-4],
			"the text, CBC":        put(nodeCBC, 100, "AAAA"),
			"the last block, CBC":  put(nodeCBC, len(nodeCBC)-8, "AAAA"),
			"the time, CBC":        put(nodeCBC, 10, "w"),
			"the base64":           put(nodeCBC, 50, "*"),
			"something behind it":  nodeGCM + "AAAA",
			"blanks in it":         put(nodeGCM, 70, " "),
			"another one's middle": nodeCBC[:100] + nodeLogin[100:],
		} {
			want("altered in "+what, protocol.CodeToken, 1234567890, "user_1", "room1", token)
		}
		want("another app", protocol.CodeToken, 1, "user_1", "r", nodeGCM)
		want("another user", protocol.CodeToken, 1234567890, "user_2", "r", nodeGCM)
		want("another room", protocol.CodeToken, 1234567890, "user_1", "room2", nodeLogin)
		want("no such app", protocol.CodeAppID, 2, "user_1", "r", nodeGCM)
		time.Sleep(time.Until(time.Unix(1795343414, 0)))
		want("its last second is over", protocol.CodeTokenExpired, 1, "demo", "r", goCBC)
		want("another is still good", 0, 1234567890, "user_1", "r", nodeGCM)
	})
}
