//go:build !js

package rtc

import (
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"

	"github.com/pion/webrtc/v4"
)

// told is what a receiver without a connection told and sent, in virtual time.
type told struct {
	*Peer
	began time.Time

	mu     sync.Mutex
	states []State
	asked  []time.Duration // when it asked for a restart
}

func newTold() *told {
	r := &told{began: time.Now()}
	r.Peer = &Peer{wake: make(chan struct{}, 1), done: make(chan struct{}), path: newPath(), cfg: Config{
		Open: protocol.SessionOpen{Session: "x", Role: protocol.Receive},
		Send: func(protocol.Body) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.asked = append(r.asked, time.Since(r.began))
		},
		OnState: func(s State) {
			r.mu.Lock()
			defer r.mu.Unlock()
			r.states = append(r.states, s)
		},
	}}
	go r.run()
	return r
}

// is makes the browser tell a state that then lasts.
func (r *told) is(s State, lasts time.Duration) {
	r.post(func() { r.onState(s) })
	time.Sleep(lasts)
	synctest.Wait()
}

func (r *told) wants(t *testing.T, asked int, states ...State) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.asked) != asked {
		t.Errorf("asked for a restart at %v, want %d times", r.asked, asked)
	}
	if !slices.Equal(r.states, states) {
		t.Errorf("told %q, want %q", r.states, states)
	}
}

func TestStates(t *testing.T) {
	for _, c := range []struct {
		name  string
		do    func(*told)
		asked int
		want  []State
	}{
		{"first connecting", func(r *told) { r.is(Connecting, time.Second); r.is(Failed, time.Minute) }, 0, []State{Connecting, Failed}},
		{"flapping", func(r *told) {
			for range 100 {
				r.is(Connected, 300*time.Millisecond)
				r.is(Disconnected, 300*time.Millisecond)
			}
			r.is(Connected, time.Minute)
		}, 0, []State{Connected}},
		{"flapping slowly", func(r *told) {
			for range 100 {
				r.is(Connected, 10*time.Millisecond)
				r.is(Disconnected, 600*time.Millisecond)
			}
			r.is(Connected, time.Minute)
		}, 20, []State{Connected}}, // in 61 s: not before the last is long enough ago
		{"comes back", func(r *told) {
			for range 10 {
				r.is(Connected, 10*time.Second)
				r.is(Disconnected, time.Second)
				r.is(Connecting, time.Second)
			}
			r.is(Connected, time.Minute)
		}, 10, []State{Connected}},
		{"stays away", func(r *told) { r.is(Connected, time.Second); r.is(Disconnected, time.Hour) }, maxTries, []State{Connected, Failed}},
		{"fails", func(r *told) { r.is(Connected, time.Second); r.is(Failed, time.Millisecond) }, 1, []State{Connected}},
		{"fails for good", func(r *told) { r.is(Connected, 0); r.is(Disconnected, 0); r.is(Failed, time.Hour) }, maxTries, []State{Connected, Failed}},
		{"another network", func(r *told) {
			r.is(Connected, time.Second)
			r.is(Disconnected, 7*time.Second)
			r.post(r.onNetwork) // one try more at once, and then all of them again
			time.Sleep(7 * time.Second)
			r.is(Connected, time.Second)
			r.post(r.onNetwork)
			time.Sleep(time.Minute)
		}, 2 * maxTries, []State{Connected}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := newTold()
				c.do(r)
				synctest.Wait()
				r.wants(t, c.asked, c.want...)
				r.Close()
				<-r.Done()
			})
		})
	}
}

// TestGivingUpIsBounded: a new session must not be waited for longer.
func TestGivingUpIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newTold()
		r.is(Connected, time.Second)
		r.is(Disconnected, 7*time.Second)
		r.wants(t, maxTries, Connected)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		r.wants(t, maxTries, Connected, Failed)
		r.Close()
	})
}

// readPackets reads the receiver's track to its end, and counts.
func (p *pair) readPackets() *atomic.Int64 {
	remote, _ := (<-p.tracks).Source().(*webrtc.TrackRemote)
	var packets atomic.Int64
	p.receiver.post(func() {
		p.receiver.hooks.packets = func() float64 { return float64(packets.Load()) }
	})
	go func() {
		for {
			if _, _, err := remote.ReadRTP(); err != nil {
				return
			}
			packets.Add(1)
		}
	}()
	return &packets
}

// whenSteady does something once so much media has come that it will be missed: at once,
// before the receiver can look again.
func (p *pair) whenSteady(do func()) {
	p.t.Helper()
	await(p.t, "steady media", func() bool {
		steadily := make(chan bool)
		p.receiver.post(func() {
			ok := p.receiver.path.seen >= steady
			if ok {
				do()
			}
			steadily <- ok
		})
		return <-steadily
	})
}

// await waits until something is so.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in time: %s", what)
		}
	}
}

// TestPathIsReplaced cuts the path of a pair while its messages still pass. On a slow
// machine the browser's word comes too before the new path is there: it asks once more.
func TestPathIsReplaced(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	w := newWire(t)
	w.relay(p)
	p.awaitConnected()
	packets := p.readPackets()
	var asked, described int // before
	var cut time.Time
	p.whenSteady(func() {
		asked, described = w.count(protocol.TypeSessionRestart), w.count(protocol.TypeSessionDesc)
		w.cutOld()
		cut = time.Now()
	})
	await(t, "an offer and its answer", func() bool {
		n := w.count(protocol.TypeSessionDesc) - described
		return n >= 2 && n%2 == 0
	})
	before := packets.Load()
	await(t, "packets again", func() bool { return packets.Load() > before })
	if gap := time.Since(cut); gap > maxTries*again+silence {
		t.Errorf("packets came again after %v", gap)
	}
	if n := w.count(protocol.TypeSessionRestart) - asked; n < 1 || n > maxTries {
		t.Errorf("the receiver asked %d times for a restart", n)
	}
	wantQuiet(t, p)
}

// wantQuiet fails the test for whatever a pair told.
func wantQuiet(t *testing.T, p *pair) {
	t.Helper()
	select {
	case s := <-p.states:
		t.Errorf("the receiver told %q", s)
	case s := <-p.sending:
		t.Errorf("the sender told %q", s)
	case err := <-p.errors:
		t.Error(err)
	default:
	}
}

// TestSilentSenderIsAskedOnce: it may have nothing to send.
func TestSilentSenderIsAskedOnce(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	w := newWire(t)
	w.relay(p)
	p.awaitConnected()
	p.readPackets()
	before := 0
	p.whenSteady(func() {
		p.muted.Store(true)
		before = w.count(protocol.TypeSessionRestart)
	})
	asked := func() int { return w.count(protocol.TypeSessionRestart) - before }
	await(t, "a wish for a restart", func() bool { return asked() > 0 })
	time.Sleep(again + 3*glance)
	if asked() != 1 {
		t.Errorf("the receiver asked %d times for a restart", asked())
	}
	wantQuiet(t, p)
}

func TestFloodOfRestarts(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	w := newWire(t)
	w.relay(p)
	p.sender.Restart() // before it is connected there is nothing to restart
	p.awaitConnected()
	began := time.Now()
	for range 100_000 {
		p.sender.Restart()
	}
	time.Sleep(again / 2)
	for range 100_000 {
		p.sender.Restart()
	}
	p.sender.Stats() // so all before it is done
	await(t, "the last answer", func() bool { return !p.sender.Negotiating() })
	p.sender.Desc(protocol.SessionDesc{Kind: "answer", SDP: "for the order"})
	p.awaitError("not asked for")
	most := 4 + 2*int(time.Since(began)/again) // two offers and two answers, on a machine that is not slow
	if descriptions := w.count(protocol.TypeSessionDesc); descriptions < 4 || descriptions > most {
		t.Errorf("%d descriptions, want 4 to %d", descriptions, most)
	}
}

// awaitError waits for an error with that text in it.
func (p *pair) awaitError(part string) {
	p.t.Helper()
	select {
	case err := <-p.errors:
		if !strings.Contains(err.Error(), part) {
			p.t.Errorf("the error is %q, want one with %q", err, part)
		}
	case <-time.After(patience):
		p.t.Fatalf("no error with %q in time", part)
	}
}

// TestOneOfferAtATime: an answer could not tell which of two it is for.
func TestOneOfferAtATime(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	w := newWire(t)
	w.relay(p)
	p.awaitConnected()
	w.loseAnswers()
	for range 2 {
		p.sender.Restart()
		w.awaitOffers(2)
		time.Sleep(again + 100*time.Millisecond)
	}
	p.sender.Stats() // so all before it is done
	if offers := w.awaitOffers(2); len(offers) != 2 {
		t.Errorf("%d offers, but the second has no answer", len(offers))
	}
	wantQuiet(t, p)
}

// TestRestartHasOtherCredentials: by those the ends know that it is one.
func TestRestartHasOtherCredentials(t *testing.T) {
	p := newPair(t)
	w := newWire(t)
	w.relay(p)
	p.awaitConnected()
	p.sender.Restart()
	p.sender.Restart()
	offers := w.awaitOffers(2)
	first, second := ufrag(offers[0]), ufrag(offers[1])
	if first == "" || first == second {
		t.Errorf("the offers have the credentials %q and %q", first, second)
	}
}

func ufrag(sdp string) string {
	_, rest, _ := strings.Cut(sdp, "a=ice-ufrag:")
	found, _, _ := strings.Cut(rest, "\r\n")
	return found
}

func TestUnexpectedDescriptionsAreErrors(t *testing.T) {
	p := newPair(t)
	w := newWire(t)
	w.relay(p)
	p.awaitConnected()
	for _, c := range []struct {
		to   *Peer
		kind string
	}{{p.sender, "offer"}, {p.sender, "answer"}, {p.receiver, "answer"}, {p.receiver, "rollback"}} {
		c.to.Desc(protocol.SessionDesc{Kind: c.kind, SDP: "v=0"})
		p.awaitError("not asked for")
	}
}
