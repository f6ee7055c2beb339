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

// readPackets reads the receiver's track to its end. It tells each time for which no
// packet came, if that is more than a second.
func (p *pair) readPackets() <-chan time.Duration {
	gaps := make(chan time.Duration, 10)
	remote, _ := (<-p.tracks).Source().(*webrtc.TrackRemote)
	var packets atomic.Int64
	p.receiver.post(func() {
		p.receiver.hooks.packets = func() float64 { return float64(packets.Load()) }
	})
	go func() {
		for last := time.Now(); ; last = time.Now() {
			if _, _, err := remote.ReadRTP(); err != nil {
				return
			}
			packets.Add(1)
			if gap := time.Since(last); gap > time.Second {
				gaps <- gap
			}
		}
	}()
	return gaps
}

// TestPathIsReplaced cuts the path of a pair while its messages still pass.
func TestPathIsReplaced(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	w := newWire(t)
	w.relay(p)
	p.awaitConnected()
	gaps := p.readPackets()
	time.Sleep((steady + 2) * glance) // only what came for a while is missed
	for len(gaps) > 0 {
		<-gaps // this machine's
	}
	w.cutOld()
	select {
	case gap := <-gaps:
		t.Logf("no packet for %v", gap)
		if gap > 5*time.Second {
			t.Errorf("packets came again after %v", gap)
		}
	case <-time.After(patience):
		t.Fatal("packets never came again")
	}
	if asked := w.count(protocol.TypeSessionRestart); asked != 1 {
		t.Errorf("the receiver asked %d times for a restart", asked)
	}
	if offers := w.count(protocol.TypeSessionDesc); offers != 4 {
		t.Errorf("%d descriptions, want two offers and two answers", offers)
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
	time.Sleep((steady + 2) * glance)
	p.muted.Store(true)
	time.Sleep(silence + again + 3*glance)
	if asked := w.count(protocol.TypeSessionRestart); asked != 1 {
		t.Errorf("the receiver asked %d times for a restart", asked)
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
	for range 100_000 {
		p.sender.Restart()
	}
	time.Sleep(again / 2)
	for range 100_000 {
		p.sender.Restart()
	}
	p.sender.Desc(protocol.SessionDesc{Kind: "answer", SDP: "for the order"})
	p.awaitError("not asked for") // so all before it is done
	if descriptions := w.count(protocol.TypeSessionDesc); descriptions != 4 {
		t.Errorf("%d descriptions, want two offers and two answers", descriptions)
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
