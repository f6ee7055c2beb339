package e2e

import (
	"net/http"
	"strings"
	"testing"

	"expressrtc/server/signaling"
)

// ours are the pages that people see.
var ours = []string{"", "check", "debug", "embed"}

// TestPagesPolicy: the server lets no page run what is not ours, and no page needs it to:
// each can be read, is tidy, says nothing on the console and loads nothing from elsewhere.
func TestPagesPolicy(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	for _, path := range ours {
		t.Run("page "+path, func(t *testing.T) {
			response, err := http.Get(s.url + "/" + path)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			policy := response.Header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self'", "base-uri 'none'"} {
				if !strings.Contains(policy, part) {
					t.Errorf("the policy has no %s: %s", part, policy)
				}
			}
			for _, part := range []string{"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"} {
				if strings.Contains(policy, part) {
					t.Errorf("the policy has %s: %s", part, policy)
				}
			}
			p := (&site{t, s.url}).visit(usual, path)
			p.appears("heading", "")
			p.wants("value", 1, `[...document.querySelectorAll("h1")].filter((it) => it.checkVisibility()).length`)
			p.look("start")
			p.stays()
		})
	}
}
