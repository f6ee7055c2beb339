//go:build !js

package engine

import "testing"

func TestWhereToConnect(t *testing.T) {
	const home = "https://calls.example"
	for name, c := range map[string]struct {
		servers    []string
		dataServer string
		want       []string
	}{
		"nothing":             {nil, "", []string{"wss://calls.example/ws"}},
		"empty":               {[]string{""}, "", []string{"wss://calls.example/ws"}},
		"ZEGO's":              {[]string{"wss://webliveroom123-api.zego.im/ws"}, "", []string{"wss://calls.example/ws"}},
		"ZEGO's other":        {[]string{"wss://accesshub-wss.zegocloud.com/accesshub"}, "", []string{"wss://calls.example/ws"}},
		"not ZEGO's":          {[]string{"wss://notzego.im/ws"}, "", []string{"wss://notzego.im/ws"}},
		"own":                 {[]string{"wss://own.example/deep/path"}, "", []string{"wss://own.example/deep/path"}},
		"own without path":    {[]string{"ws://localhost:9"}, "", []string{"ws://localhost:9/ws"}},
		"fall-backs in order": {[]string{"wss://a.example/", "wss://x.zego.im", "wss://b.example"}, "", []string{"wss://a.example/ws", "wss://b.example/ws"}},
		"secret":              {[]string{"fa94dd0f974cf2e293728a526b028271"}, "", []string{"wss://calls.example/ws"}},
		"data-server wins":    {[]string{"wss://own.example"}, "https://data.example", []string{"wss://data.example/ws"}},
	} {
		var warned string
		e := New(Config{App: "1", Servers: c.servers, DataServer: c.dataServer, ScriptOrigin: home, Emit: func(Event) {}, Log: func(level, line string) {
			if level == "warn" {
				warned = line
			}
		}})
		if len(e.urls) != len(c.want) || e.urls[0] != c.want[0] || e.urls[len(e.urls)-1] != c.want[len(c.want)-1] {
			t.Errorf("%s: connects to %v, want %v", name, e.urls, c.want)
		}
		if (warned != "") != (name == "secret") {
			t.Errorf("%s: warned %q", name, warned)
		}
	}
}

func TestGrades(t *testing.T) {
	for _, c := range []struct {
		rtt, loss, jitter float64
		want              int
	}{{0, 0, 0, 0}, {0.05, 0, 0.005, 0}, {0.3, 0.02, 0.02, 1}, {0.5, 0.1, 0.02, 2}, {1.5, 0.5, 0.1, 3}, {5, 1, 1, 4}} {
		if got := grade(c.rtt, c.loss, c.jitter); got != c.want {
			t.Errorf("%+v: grade %d", c, got)
		}
	}
}
