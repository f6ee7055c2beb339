package e2e

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// plan is a run of the fault bench, decided by its seed before anything happens.
type plan struct {
	seed    uint64
	length  time.Duration // after that nothing is broken any more
	clients int           // of which the first are real pages, the others native
	rooms   int
	steps   []step // in the order of time
	wishes  []wish // of each client, at the end
	began   time.Time
}

// step is one thing that is done to a client, or by it, or to the server.
type step struct {
	at     time.Duration
	client int // theServer for the server
	what   deed
	name   string        // of a room, a stream or a text
	to     []string      // the users whom a command is for
	lasts  time.Duration // of a fault
}

// theServer stands for a client's number.
const theServer = -1

// deed is what a step does.
type deed string

// What clients do, what is done to their sockets, and to the server.
const (
	doJoin      deed = "join"
	doLeave     deed = "leave"
	doPublish   deed = "publish"
	doUnpublish deed = "unpublish"
	doPlay      deed = "play"
	doStop      deed = "stop"
	doBroadcast deed = "broadcast"
	doBarrage   deed = "barrage"
	doCommand   deed = "command"
	doVanish    deed = "vanish" // for good, without a word
	doCut       deed = "cut"    // sockets end, new ones are refused while it lasts
	doFreeze    deed = "freeze" // sockets stand still while it lasts, then go on
	doLose      deed = "lose"   // sockets stand still while it lasts, then end
	doKill      deed = "kill"   // the server, as kill -9 does
	doTerm      deed = "term"   // as an update does
	doStart     deed = "start"
)

// wish is what a client wants at a time.
type wish struct {
	calm    bool // nothing is ever done to its socket, and it stays
	gone    bool
	room    string
	streams []string // that it publishes
	plays   []string
}

func (s step) String() string {
	who := clientName(s.client)
	if s.client == theServer {
		who = "server"
	}
	text := fmt.Sprintf("%6.2fs %-8s %s %s", s.at.Seconds(), who, s.what, s.name)
	if len(s.to) > 0 {
		text += " to " + strings.Join(s.to, ", ")
	}
	if s.lasts > 0 {
		text += fmt.Sprintf(" for %.2fs", s.lasts.Seconds())
	}
	return text
}

// since is when in the plan something was, given its time in milliseconds, rounded up.
func (p *plan) since(at int64) time.Duration {
	return time.Duration(at+1-p.began.UnixMilli()) * time.Millisecond
}

func clientName(i int) string { return fmt.Sprintf("c%02d", i) }

// planner makes a plan: it follows what the clients want, not what becomes of it.
type planner struct {
	*rand.Rand
	plan
	texts int
	free  []time.Duration // when a client's fault is over
}

// Every third client is calm: what becomes of the others and of the server must not
// show with it.
func newPlan(seed uint64, length time.Duration, clients, rooms int) plan {
	p := &planner{Rand: rand.New(rand.NewPCG(seed, 0)), plan: plan{seed: seed, length: length, clients: clients, rooms: rooms}}
	p.wishes = make([]wish, clients)
	p.free = make([]time.Duration, clients)
	p.planServer()
	for i := range clients {
		p.wishes[i].calm = i%3 == 0
		p.planClient(i)
	}
	slices.SortStableFunc(p.steps, func(a, b step) int { return cmp.Compare(a.at, b.at) })
	return p.plan
}

// spareServer takes out what happens to the server.
func (p *plan) spareServer() {
	p.steps = slices.DeleteFunc(p.steps, func(s step) bool { return s.client == theServer })
}

// calm reports whether nothing is ever done to a client's socket.
func (p *plan) calm(who string) bool {
	for i, w := range p.wishes {
		if clientName(i) == who {
			return w.calm
		}
	}
	return false
}

// excuses counts how often others may have been told, until a time, that somebody left or
// stopped to publish: it did so, or its socket was broken, but for a first break that is
// over before the client's first try: it is back within the grace time for sure.
func (p *plan) excuses(who string, what deed, at int64) (n int) {
	outages, faults := 0, 0
	for _, s := range p.steps {
		if s.at > p.since(at) {
			break
		}
		if s.what == doKill || s.what == doTerm {
			outages++
		}
		if s.client == theServer || clientName(s.client) != who {
			continue
		}
		switch s.what {
		case what, doLeave, doVanish:
			n++
		case doCut, doFreeze, doLose:
			if faults++; faults > 1 || outages > 0 || s.lasts > brief {
				n++
			}
		}
	}
	return n
}

// between is a random time.
func (p *planner) between(from, to time.Duration) time.Duration {
	return from + time.Duration(p.Int64N(int64(to-from)))
}

// chance is true so many times of a hundred.
func (p *planner) chance(percent int) bool { return p.IntN(100) < percent }

func (p *planner) add(s step) { p.steps = append(p.steps, s) }

// planServer ends the server once or twice, and now and then again when it is just back.
func (p *planner) planServer() {
	for at := p.between(p.length/6, p.length/2); at < p.length*4/5; at += p.between(p.length/3, p.length) {
		for again := true; again; again = p.chance(30) {
			s := step{at: at, client: theServer, what: doKill, lasts: p.between(0, min(8*time.Second, p.length-at))}
			if p.chance(30) {
				s.what = doTerm
			}
			p.add(s)
			p.add(step{at: at + s.lasts, client: theServer, what: doStart})
			at += s.lasts + p.between(time.Second, 3*time.Second)
			if at > p.length*4/5 {
				return
			}
		}
	}
}

func (p *planner) planClient(i int) {
	at := p.between(0, 2*time.Second)
	vanishes := p.length
	if i >= 2 && !p.wishes[i].calm && p.chance(15) { // never a page
		vanishes = p.between(p.length/3, p.length)
	}
	for at < vanishes {
		p.planDeed(i, at)
		at += p.between(300*time.Millisecond, 2500*time.Millisecond)
	}
	if vanishes < p.length {
		p.add(step{at: vanishes, client: i, what: doVanish})
		p.wishes[i] = wish{gone: true}
	}
}

// planDeed decides what a client does next.
func (p *planner) planDeed(i int, at time.Duration) {
	w := &p.wishes[i]
	if w.room == "" {
		w.room = fmt.Sprint("room", p.IntN(p.rooms))
		p.add(step{at: at, client: i, what: doJoin, name: w.room})
		return
	}
	switch n := p.IntN(100); {
	case n < 25:
		p.planStream(i, at)
	case n < 50:
		p.planPlay(i, at)
	case n < 80:
		p.planMessage(i, at)
	case w.calm:
	case n < 85:
		*w = wish{}
		p.add(step{at: at, client: i, what: doLeave})
	default:
		p.planFault(i, at)
	}
}

// planStream publishes, or stops that. A client has one stream, a calm one keeps it.
func (p *planner) planStream(i int, at time.Duration) {
	w := &p.wishes[i]
	id := streamOf(i)
	switch {
	case len(w.streams) == 0 && p.chance(60):
		w.streams = []string{id}
		p.add(step{at: at, client: i, what: doPublish, name: id})
	case len(w.streams) > 0 && !w.calm && p.chance(50):
		w.streams = nil
		p.add(step{at: at, client: i, what: doUnpublish, name: id})
	}
}

func streamOf(client int) string { return clientName(client) + "-camera" }

// planPlay plays anybody's stream, be it there or not, or stops that.
func (p *planner) planPlay(i int, at time.Duration) {
	w := &p.wishes[i]
	id := streamOf(p.IntN(p.clients))
	at0 := slices.Index(w.plays, id)
	switch {
	case at0 >= 0 && p.chance(30):
		w.plays = slices.Delete(w.plays, at0, at0+1)
		p.add(step{at: at, client: i, what: doStop, name: id})
	case at0 < 0 && len(w.plays) < 6:
		w.plays = append(w.plays, id)
		p.add(step{at: at, client: i, what: doPlay, name: id})
	}
}

func (p *planner) planMessage(i int, at time.Duration) {
	p.texts++
	s := step{at: at, client: i, name: fmt.Sprint("text", p.texts)}
	switch p.IntN(3) {
	case 0:
		s.what = doBroadcast
	case 1:
		s.what = doBarrage
	case 2:
		s.what = doCommand
		for range 1 + p.IntN(8) {
			s.to = append(s.to, clientName(p.IntN(p.clients)))
		}
		slices.Sort(s.to)
		s.to = slices.Compact(s.to)
	}
	p.add(s)
}

// brief is less than a client waits before it tries to come back.
const brief = 400 * time.Millisecond

// planFault breaks a client's socket, briefly, for a while, or for longer than the grace time.
func (p *planner) planFault(i int, at time.Duration) {
	if at < p.free[i] {
		return // one at a time
	}
	s := step{at: at, client: i, what: []deed{doCut, doCut, doFreeze, doLose}[p.IntN(4)]}
	switch p.IntN(10) {
	case 0, 1, 2:
		s.lasts = p.between(time.Millisecond, brief)
	case 3, 4, 5, 6, 7:
		s.lasts = p.between(brief, 2500*time.Millisecond)
	default:
		s.lasts = p.between(3500*time.Millisecond, 8*time.Second)
	}
	s.lasts = min(s.lasts, p.length-at)
	p.free[i] = at + s.lasts
	p.add(s)
}
