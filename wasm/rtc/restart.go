package rtc

import (
	"time"

	"expressrtc/server/protocol"

	"github.com/pion/webrtc/v4"
)

// A path that died is looked for again by ICE restarts: the sender offers anew, a
// receiver asks it to. Chromium needs 5 to 6 s to call a dead path disconnected, so a
// receiver also looks for itself whether media comes.
const (
	// settle is how long a connection must be disconnected: most come back by themselves
	// from a shorter moment.
	settle = 500 * time.Millisecond
	// again is how long a try is given before the next.
	again = 2500 * time.Millisecond
	// maxTries in vain are the end of the connection: about 8 s.
	maxTries = 3
	// glance is how often a receiver looks whether media comes.
	glance = 500 * time.Millisecond
	// silence is for how long none must come for a path to be doubted.
	silence = 1500 * time.Millisecond
	// steady is how many glances must have seen media, without a silence between them,
	// before its silence means something: a still picture is sent now and then only.
	steady = 3
)

// path is what is known of the way that media takes.
type path struct {
	connected bool      // once
	dead      bool      // disconnected or failed, since then
	since     time.Time // of dead
	failed    bool      // and no more than that is to be expected of the browser
	over      bool      // which is told
	tries     int       // in vain, so far
	tried     time.Time // the last

	media    float64 // changes when media comes
	came     time.Time
	seen     int // glances that saw media come, since the last silence
	nextTick *time.Timer
}

func newPath() path {
	t := time.NewTimer(0)
	t.Stop()
	return path{nextTick: t}
}

// Restart is the other end's wish for another path. It does not block.
func (p *Peer) Restart() {
	p.mu.Lock()
	waits := p.restartWaits
	p.restartWaits = true
	p.mu.Unlock()
	if !waits { // however many come, one takes part of the inbox
		p.post(p.onRestart)
	}
}

func (p *Peer) onRestart() {
	p.mu.Lock()
	p.restartWaits = false
	p.mu.Unlock()
	w := &p.path
	switch {
	case p.cfg.Open.Role != protocol.Send || !w.connected:
	case !w.dead && p.silent(): // that is why the other end hears nothing
	case w.dead:
		w.failed = true // at both ends: no use in waiting for it to settle
		p.mend()
	case time.Since(w.tried) >= again:
		p.try(p.restart())
	}
}

// restart offers another path, unless an offer still waits for its answer.
func (p *Peer) restart() error {
	p.path.tried = time.Now()
	if p.offered.Load() {
		return nil
	}
	p.watchWay()
	return p.offer(&webrtc.OfferOptions{ICERestart: true})
}

// onState tells the owner how the first connecting goes. Later on a path that died is
// no news until nothing helps.
func (p *Peer) onState(s State) {
	w := &p.path
	switch {
	case s == Connected:
		w.dead, w.failed, w.tries = false, false, 0
		if !w.connected {
			w.connected = true
			p.cfg.OnState(s)
			p.onTick()
		}
	case !w.connected:
		p.cfg.OnState(s)
	case s == Disconnected || s == Failed:
		p.onDead(s == Failed)
	}
}

func (p *Peer) onDead(failed bool) {
	w := &p.path
	if !w.dead {
		w.dead, w.since = true, time.Now()
	}
	w.failed = failed
	p.onTick()
}

// onTick does what is due, and arms the timer for the next time. It may come late:
// pages in the back have slow timers.
func (p *Peer) onTick() {
	p.watchMedia()
	p.mend()
	p.arm()
}

func (p *Peer) arm() {
	switch {
	case p.path.over:
	case p.path.dead, p.path.connected && p.cfg.Open.Role == protocol.Receive:
		p.path.nextTick.Reset(glance)
	}
}

// mend tries to get a dead path going, and gives up after some tries.
func (p *Peer) mend() {
	w := &p.path
	settled := w.failed || time.Since(w.since) >= settle
	switch {
	case !w.dead || w.over || !settled || time.Since(w.tried) < again:
	case w.tries >= maxTries:
		w.over = true
		p.cfg.OnState(Failed)
	default:
		p.tryAgain()
	}
}

func (p *Peer) tryAgain() {
	p.path.tries++
	if p.cfg.Open.Role == protocol.Send {
		p.try(p.restart())
		return
	}
	p.path.tried = time.Now()
	p.cfg.Send(protocol.SessionRestart{Session: p.cfg.Open.Session})
}

// watchMedia makes a receiver ask for another path when media that came steadily
// stopped to come. It asks once: the sender may have nothing to send, and if the path
// is dead the browser will say so.
func (p *Peer) watchMedia() {
	w := &p.path
	if p.cfg.Open.Role != protocol.Receive || !w.connected {
		return
	}
	if media := p.mediaMark(); media != w.media {
		w.media, w.came = media, time.Now()
		w.seen++
		if !w.dead {
			w.tries = 0
		}
		return
	}
	if time.Since(w.came) < silence {
		return
	}
	if w.seen >= steady {
		p.doubt()
	}
	w.seen = 0
}

func (p *Peer) doubt() {
	if !p.path.dead { // or it is being mended
		p.tryAgain()
	}
}

// onNetwork tries at once: the browser says that the network is another.
func (p *Peer) onNetwork() {
	if w := &p.path; w.dead && !w.over {
		w.since, w.tried, w.tries = time.Time{}, time.Time{}, 0
		p.onTick()
	}
}
