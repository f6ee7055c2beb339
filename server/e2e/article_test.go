package e2e

import (
	"os"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// TestArticle opens the page of the article that this project started from, in two
// windows and from another origin, with nothing changed but what its reader fills in.
func TestArticle(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../shared/seed/call-page.html")
	if err != nil {
		t.Skipf("the article is not beside this checkout: %v", err)
	}
	s := newSite(t, signaling.Config{})
	callEachOther(t, func(user string) string {
		html := string(page)
		for old, value := range map[string]string{
			`"ZegoExpressWebRTC-x.x.x.js"`: `"` + s.sdk() + `"`,
			`let userID = "user1"`:         `let userID = "` + user + `"`,
			`let roomID = "123"`:           `let roomID = "article-room"`,
		} {
			if !strings.Contains(html, old) {
				t.Fatalf("the article's page has no %s", old)
			}
			html = strings.Replace(html, old, value, 1)
		}
		return html
	})
}

// TestCallPage does the same with a page of our own.
func TestCallPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	callEachOther(t, func(user string) string {
		return fill(t, "call.html", visit{SDK: s.sdk(), Room: "the-room", User: user})
	})
}

// callEachOther opens a page in two windows: each must see and hear the other, until
// one of them is closed.
func callEachOther(t *testing.T, html func(user string) string) {
	t.Helper()
	a := open(t, usual, "anna", elsewhere(t, html("anna"), nil))
	b := open(t, usual, "bert", elsewhere(t, html("bert"), nil))
	perceive([]*tab{a, b}, "#local-video video", "#remote-video video")
	b.close()
	a.loses("#remote-video video")
	a.sees("#local-video video")
}

// TestFrontPage is the call that a newcomer makes: the server's own page, in two windows.
func TestFrontPage(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	var tabs []*tab
	for _, name := range []string{"Anna", "Bert"} {
		p := open(t, usual, name, s.url+"/?name="+name+"&room=hall")
		p.click("#enter")
		tabs = append(tabs, p)
	}
	perceive(tabs, "#local-video video", "#remote-video video")
	tabs[1].click("#leave")
	tabs[0].loses("#remote-video video")
	for _, p := range tabs {
		p.never("securitypolicyviolation")
	}
}
