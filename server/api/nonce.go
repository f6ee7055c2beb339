package api

import (
	"sync"
	"time"

	"expressrtc/server/protocol"
)

// maxNonces bounds the nonces that are remembered of one app: more than 400 requests a
// second, all the time.
const maxNonces = 1 << 18

// nonces remembers which nonces were used, as long as a request with one could be sent
// once more. Only signed requests get here, so an app fills its own share only.
type nonces struct {
	mu   sync.Mutex
	apps map[protocol.AppID]*used
}

// used are an app's, by the minute of the request's own time, so that whole minutes are
// forgotten at once.
type used struct {
	count   int
	minutes map[int64]map[string]struct{}
}

func newNonces() *nonces { return &nonces{apps: map[protocol.AppID]*used{}} }

// use notes a nonce of a request that was signed at a time, or says why it must not count.
func (n *nonces) use(app protocol.AppID, nonce string, at int64, now time.Time) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	u := n.apps[app]
	if u == nil {
		u = &used{minutes: map[int64]map[string]struct{}{}}
		n.apps[app] = u
	}
	u.forget(now.Add(-window).Unix()/60 - 1)
	for _, minute := range u.minutes {
		if _, again := minute[nonce]; again {
			return fail(codeSignatureExpired, "SignatureNonce %q was used already: sign each request anew", nonce)
		}
	}
	if u.count >= maxNonces {
		return fail(codeAppTooOften, "more than %d requests in %v: send fewer", maxNonces, 2*window)
	}
	if u.minutes[at/60] == nil {
		u.minutes[at/60] = map[string]struct{}{}
	}
	u.minutes[at/60][nonce] = struct{}{}
	u.count++
	return nil
}

// forget drops the minutes up to one.
func (u *used) forget(last int64) {
	for minute, all := range u.minutes {
		if minute <= last {
			u.count -= len(all)
			delete(u.minutes, minute)
		}
	}
}
