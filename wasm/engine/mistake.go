package engine

import (
	"fmt"
	"strings"
	"time"
)

// explain logs what the page has probably done wrong: a sentence each.
func (e *Engine) explain(sentences []string) {
	for _, s := range sentences {
		e.log("warn", s)
	}
}

// loginMistakes names credentials that stand in the wrong place.
func loginMistakes(room, token, user string, now time.Time) (found []string) {
	for _, id := range []struct{ name, value string }{{"argument 1 (roomID)", room}, {"argument 3 (user.userID)", user}} {
		if looksLikeToken(id.value) {
			found = append(found, fmt.Sprintf("loginRoom: %s looks like a token: call loginRoom(roomID, token, {userID, userName})", id.name))
		}
	}
	return append(found, tokenMistakes("loginRoom: argument 2 (token)", token, now)...)
}

// tokenMistakes looks at a token from outside only.
func tokenMistakes(what, token string, now time.Time) []string {
	if looksLikeSecret(token) {
		return []string{what + " looks like a ServerSecret, not a token: keep secrets out of pages, and let your own server make tokens with it"}
	}
	if end, ok := tokenExpiry(token); ok && looksLikeToken(token) && end.Before(now) {
		return []string{fmt.Sprintf("%s expired %s ago: renew it", what, roughly(now.Sub(end)))}
	}
	return nil
}

// looksLikeToken knows tokens by their form: digits that are a version, then much base64.
func looksLikeToken(text string) bool {
	_, ok := tokenExpiry(text)
	return ok && len(text) >= 40 && strings.Trim(strings.ToLower(text), "abcdefghijklmnopqrstuvwxyz0123456789+/=") == ""
}

// roughly is a time as one says it.
func roughly(d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
