package engine

import (
	"time"

	"expressrtc/server/protocol"
)

// networkInterval is how often the network's grades are told, to the page and to those
// who play.
const networkInterval = 3 * time.Second

// The ends of the contract's scale of grades.
const (
	gradeUnknown = -1
	gradeDead    = 4
)

// grades are what a user's network is worth, each way.
type grades struct{ up, down int }

// upstream is what the publisher of a played stream told last of itself.
type upstream struct {
	grades
	at time.Time // zero before the first
}

// now is the last report while it is new, then unknown, and dead after three more that
// did not come.
func (u upstream) now(at time.Time) grades {
	switch missed := at.Sub(u.at) - networkInterval/2; {
	case u.at.IsZero():
		return grades{gradeUnknown, gradeUnknown}
	case missed < networkInterval:
		return u.grades
	case missed < 4*networkInterval:
		return grades{gradeUnknown, gradeUnknown}
	default:
		return grades{gradeDead, gradeDead}
	}
}

// watchNetworkLocked begins to tell, unless that has begun. It ends by itself when
// nothing is published or played any more.
func (e *Engine) watchNetworkLocked() {
	if e.network == nil {
		e.network = time.AfterFunc(networkInterval, e.tellNetwork)
	}
}

func (e *Engine) tellNetwork() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.publishers)+len(e.players) == 0 {
		e.network = nil
		return
	}
	e.network.Reset(networkInterval)
	own := grades{gradeUnknown, gradeUnknown}
	for _, p := range e.publishers {
		own.up = max(own.up, p.grade())
	}
	for _, p := range e.players {
		own.down = max(own.down, p.grade())
	}
	e.emitLocked(networkQuality("", own))
	e.reportNetworkLocked(own)
	for id, user := range e.publishersPlayedLocked(time.Now()) {
		e.emitLocked(networkQuality(string(id), user))
	}
}

// reportNetworkLocked tells those who play from here.
func (e *Engine) reportNetworkLocked(own grades) {
	for id, s := range e.sessions {
		if s.publisher != nil && s.connected && !s.publisher.room.out {
			e.notifyLocked(protocol.SessionQuality{Session: id, Up: own.up, Down: own.down, Relay: s.relayed.Load()})
		}
	}
}

// publishersPlayedLocked are the users that are played, with the worst that each said.
func (e *Engine) publishersPlayedLocked(now time.Time) map[protocol.UserID]grades {
	users := map[protocol.UserID]grades{}
	for _, p := range e.players {
		info, there := p.room.streams.here[p.id]
		if !there || p.state.State != playing {
			continue
		}
		told := p.upstream.now(now)
		if other, twice := users[info.User.ID]; twice {
			told = grades{max(told.up, other.up), max(told.down, other.down)}
		}
		users[info.User.ID] = told
	}
	return users
}

func (e *Engine) onSessionQualityLocked(m protocol.SessionQuality) {
	if s := e.sessions[m.Session]; s != nil && s.player != nil {
		s.player.upstream = upstream{grades{clamp(m.Up), clamp(m.Down)}, time.Now()}
	}
}

func clamp(grade int) int { return min(max(grade, gradeUnknown), gradeDead) }

// grade of a published stream: unknown before it is, dead while it is being restored.
func (p *publisher) grade() int {
	switch {
	case !p.began:
		return gradeUnknown
	case p.state.State != publishing || p.room.out:
		return gradeDead
	case p.quality == nil:
		return 0
	default:
		return max(p.quality.Video.Quality, p.quality.Audio.Quality)
	}
}

// grade of a played stream: unknown before it is, dead while it is being restored.
func (p *player) grade() int {
	switch {
	case !p.began:
		return gradeUnknown
	case p.state.State != playing:
		return gradeDead
	case p.quality == nil:
		return 0
	default:
		return max(p.quality.Video.Quality, p.quality.Audio.Quality)
	}
}
