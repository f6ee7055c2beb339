package main

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pion "github.com/pion/turn/v5"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
)

// relayed makes a relay by each URL that a user is handed out, and returns those that work.
func relayed(t *testing.T, s *site, user protocol.UserID) (worked []string, all []protocol.ICEServer) {
	t.Helper()
	all = s.rooms.ICEServers(7, user)
	for _, server := range all {
		for _, url := range server.URLs {
			if err := relayBy(url, server.Username, server.Credential); err != nil {
				t.Logf("%s: %v", url, err)
				continue
			}
			kind, rest, _ := strings.Cut(url, ":")
			_, transport, _ := strings.Cut(rest, "?")
			worked = append(worked, kind+" "+transport)
		}
	}
	return worked, all
}

func relayBy(url, username, password string) error {
	scheme, rest, _ := strings.Cut(url, ":")
	at, transport, _ := strings.Cut(rest, "?transport=")
	var conn net.PacketConn
	var stream net.Conn
	var err error
	switch {
	case scheme == "turns":
		stream, err = tls.Dial("tcp", at, &tls.Config{InsecureSkipVerify: true})
	case transport == "tcp":
		stream, err = net.Dial("tcp", at)
	default:
		conn, err = net.ListenPacket("udp4", "")
	}
	if err != nil {
		return err
	}
	if stream != nil {
		conn = pion.NewSTUNConn(stream)
	}
	defer conn.Close()
	client, err := pion.NewClient(&pion.ClientConfig{STUNServerAddr: at, TURNServerAddr: at, Conn: conn, Username: username, Password: password})
	if err == nil {
		defer client.Close()
		err = client.Listen()
	}
	if err != nil {
		return err
	}
	if scheme == "stun" {
		_, err = client.SendBindingRequest()
		return err
	}
	relay, err := client.Allocate()
	return errors.Join(err, func() error {
		if relay == nil {
			return nil
		}
		return relay.Close()
	}())
}

// TestRelayIsHandedOut: every way to the relay works with what users get, also on the
// port of HTTPS.
func TestRelayIsHandedOut(t *testing.T) {
	cert, key := testPair(t, t.TempDir(), time.Hour, "localhost")
	s := startSite(t, io.Discard, "--addr", ":0", "--open", "--tls-cert", cert, "--tls-key", key, "--turn-addr", "127.0.0.1:0", "--turn-tls-addr", "127.0.0.1:0", "--turn-host", "localhost")
	worked, all := relayed(t, s, "anna")
	if got := strings.Join(worked, ", "); got != "stun , turn transport=udp, turn transport=tcp, turns transport=tcp, turns transport=tcp" {
		t.Errorf("ways that work: %s; handed out: %v", got, all)
	}
	if !strings.Contains(all[1].Username, ":7:anna") {
		t.Errorf("user name %q", all[1].Username)
	}
	if made := s.relay.Stats().Made; made != 4 {
		t.Errorf("%d relays were made", made)
	}
}

func TestRelayOnlyOnHTTPS(t *testing.T) {
	cert, key := testPair(t, t.TempDir(), time.Hour, "localhost")
	s := startSite(t, io.Discard, "--addr", ":0", "--open", "--tls-cert", cert, "--tls-key", key)
	if worked, all := relayed(t, s, "anna"); len(all) != 1 || len(worked) != 1 || worked[0] != "turns transport=tcp" {
		t.Errorf("ways that work: %v; handed out: %v", worked, all)
	}
	for name, flags := range map[string][]string{
		"self-signed":     {"--addr", ":0", "--open", "--tls-self-signed"},
		"switched off":    {"--addr", ":0", "--open", "--tls-cert", cert, "--tls-key", key, "--turn-on-https=false"},
		"of this machine": {"--tls-cert", cert, "--tls-key", key},
		"plain":           nil,
	} {
		if all := startSite(t, io.Discard, flags...).rooms.ICEServers(7, "anna"); len(all) != 0 {
			t.Errorf("%s: handed out: %v", name, all)
		}
	}
}

// withApp makes a file with an app.
func withApp(t *testing.T) (file string, apps *auth.Apps) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "apps.json")
	apps, err := auth.OpenApps(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := apps.Create(auth.App{ID: 7}); err != nil {
		t.Fatal(err)
	}
	return file, apps
}

// TestRelaySecrets: with apps only their users get credentials, which outlive a restart.
func TestRelaySecrets(t *testing.T) {
	file, _ := withApp(t)
	first := startSite(t, io.Discard, "--apps", file, "--turn-addr", "127.0.0.1:0")
	second := startSite(t, io.Discard, "--apps", file, "--turn-addr", "127.0.0.1:0")
	_, handed := relayed(t, first, "anna")
	at := second.rooms.ICEServers(7, "anna")[1].URLs[0]
	if err := relayBy(at, handed[1].Username, handed[1].Credential); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	shared := startSite(t, io.Discard, "--apps", file, "--turn-addr", "127.0.0.1:0", "--turn-secret", "with another relay")
	for _, s := range []*site{first, shared} {
		if strangers := s.rooms.ICEServers(8, "anna"); len(strangers) != 1 || strangers[0].Username != "" {
			t.Errorf("users of no app get %v", strangers)
		}
	}
	open := startSite(t, io.Discard, "--turn-addr", "127.0.0.1:0")
	if err := relayBy(open.rooms.ICEServers(7, "anna")[1].URLs[0], handed[1].Username, handed[1].Credential); err == nil {
		t.Error("a server without apps takes credentials of one with apps")
	}
}

// TestRelaySecretsRotate: what users have makes relays for as long as the secret before is
// kept, and not at all when somebody else has that. What they get makes relays in any case.
func TestRelaySecretsRotate(t *testing.T) {
	file, apps := withApp(t)
	s := startSite(t, io.Discard, "--apps", file, "--turn-addr", "127.0.0.1:0")
	handed := func() protocol.ICEServer { return s.rooms.ICEServers(7, "anna")[1] }
	relays := func(by protocol.ICEServer) bool { return relayBy(by.URLs[0], by.Username, by.Credential) == nil }
	before := handed()
	for _, c := range []struct {
		keep time.Duration
		good bool
	}{{24 * time.Hour, true}, {0, false}} {
		if _, err := apps.Rotate(7, c.keep); err != nil {
			t.Fatal(err)
		}
		s.reload()
		if relays(before) != c.good {
			t.Errorf("keep %s: what was handed out before is good: %t", c.keep, !c.good)
		}
		if before = handed(); !relays(before) {
			t.Errorf("keep %s: what is handed out now is not good", c.keep)
		}
	}
}

// TestOutsideRelay: the credentials are those of coturn's use-auth-secret.
func TestOutsideRelay(t *testing.T) {
	s := startSite(t, io.Discard, "--turn-url", "turn:turn.example.com:3478?transport=udp", "--turn-url", "turns:turn.example.com:5349",
		"--turn-secret", "theirs", "--stun-url", "stun:stun.example.com:3478", "--turn-ttl", "1h")
	all := s.rooms.ICEServers(7, "anna")
	if len(all) != 2 || all[0].URLs[0] != "stun:stun.example.com:3478" || len(all[1].URLs) != 2 || s.relay != nil {
		t.Fatalf("handed out: %v", all)
	}
	handler := pion.LongTermTURNRESTAuthHandler("theirs", nil)
	_, key, ok := handler(&pion.RequestAttributes{Username: all[1].Username, Realm: "r"})
	if !ok || string(key) != string(pion.GenerateAuthKey(all[1].Username, "r", all[1].Credential)) {
		t.Errorf("an outside server does not take %v", all[1])
	}
}

func TestBadRelays(t *testing.T) {
	for want, flags := range map[string]string{
		"needs --turn-secret":        "--turn-url turn:a.example",
		"write turn:host:port":       "--turn-url http://a.example --turn-secret x",
		"write stun:host:port":       "--stun-url turn:a.example",
		"needs a certificate":        "--turn-tls-addr 127.0.0.1:0",
		"is below":                   "--turn-min-port 5000 --turn-max-port 4000",
		"is no network":              "--turn-addr 127.0.0.1:0 --turn-allow-private 10.0.0.0",
		"does not have the address":  "--turn-addr 127.0.0.1:0 --turn-relay-ip 203.0.113.7",
		"write an address, or publi": "--turn-addr 127.0.0.1:0 --turn-relay-ip turn.example.com",
		"the other is not":           "--turn-addr 127.0.0.1:0 --turn-relay-ip 203.0.113.7/::1",
		"one address of IPv4":        "--turn-addr 127.0.0.1:0 --turn-relay-ip 127.0.0.1 --turn-relay-ip 127.0.0.2",
		"write host:port":            "--turn-addr nonsense",
	} {
		err := run(t.Context(), append(strings.Fields("serve --addr 127.0.0.1:0"), strings.Fields(flags)...), io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", flags, err, want)
		}
	}
	if _, err := relayAddress("203.0.113.7/127.0.0.1"); err != nil {
		t.Error(err)
	}
}
