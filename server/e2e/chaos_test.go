package e2e

import (
	"fmt"
	"net/http/httptest"
	"os"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

// The size of a run, and how long everything may take to come right after the last fault:
// a client comes back within 6 s, and tells after 10 s more who did not.
const (
	chaosClients = 26
	chaosRooms   = 4
	chaosShort   = 8 * time.Second
	chaosLong    = 30 * time.Second
	chaosSettle  = 25 * time.Second
)

// TestChaos breaks sockets and the server at random under clients that do at random what
// clients do, and then looks whether all agree. One short run, unless EXPRESSRTC_SEEDS
// tells how many long ones; EXPRESSRTC_SEED is the first seed, by which a run is replayed.
func TestChaos(t *testing.T) {
	length := chaosShort
	if os.Getenv("EXPRESSRTC_SEEDS") != "" || os.Getenv("EXPRESSRTC_SEED") != "" {
		length = chaosLong
	}
	first := number(t, "EXPRESSRTC_SEED")
	for i := range number(t, "EXPRESSRTC_SEEDS") {
		seed := uint64(first + i)
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			wantGoroutinesBack(t)
			server := newProcess(t, "--heartbeat", "2s", "--grace", "3s", "--log-level", "info")
			c := newChaos(t, newPlan(seed, length, chaosClients, chaosRooms), server.addr, 2)
			c.server = server
			c.run()
		})
	}
}

// number is a setting of the environment, 1 unless it is there.
func number(t *testing.T, name string) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return 1
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s is %q: write a number", name, text)
	}
	return n
}

// TestChaosLeavesNothing has clients only, and looks into the server: of those who left,
// were lost or vanished nothing may stay, no session, no room, no user, no goroutine.
func TestChaosLeavesNothing(t *testing.T) {
	wantGoroutinesBack(t)
	signals := signaling.New(signaling.Config{Heartbeat: time.Second, Grace: 3 * time.Second})
	server := httptest.NewServer(signals)
	t.Cleanup(server.Close)
	p := newPlan(uint64(number(t, "EXPRESSRTC_SEED")), chaosShort, 12, 2)
	p.spareServer()
	newChaos(t, p, server.Listener.Addr().String(), 0).run()
	wantEmpty(t, signals)
}

// wantEmpty waits until the server, and whatever it points to of its own, has nothing in
// a map any more: everything that could leak is in one.
func wantEmpty(t *testing.T, signals *signaling.Server) {
	t.Helper()
	deadline := time.Now().Add(chaosSettle)
	for {
		kept := mapsIn(reflect.ValueOf(signals), "server")
		if len(kept) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the server keeps %v", kept)
		}
		time.Sleep(100 * time.Millisecond) // nothing tells when the grace time is over
	}
}

// boundedInSize are the fields whose maps keep what is not of a connection: rates, until
// their time is over, and figures, one a type or code.
var boundedInSize = map[string]bool{"paces": true, "traffic": true}

// mapsIn finds the maps in v that have something in them, but those that may.
func mapsIn(v reflect.Value, name string) (kept []string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && strings.HasPrefix(v.Type().Elem().PkgPath(), "expressrtc/") {
			return mapsIn(v.Elem(), name)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i).Name; !boundedInSize[field] {
				kept = append(kept, mapsIn(v.Field(i), name+"."+field)...)
			}
		}
	case reflect.Map:
		if v.Len() > 0 {
			kept = append(kept, fmt.Sprintf("%s: %d", name, v.Len()))
		}
	}
	return kept
}

// chaos is a run.
type chaos struct {
	t       *testing.T
	plan    *plan
	addr    string
	server  *process // nil if it is never killed
	clients []*subject
	looks   int // of observers so far
	stalls  stalls
}

// client is what the bench can have done.
type client interface {
	join(room string)
	leave()
	publish(stream string)
	unpublish(stream string)
	play(stream string)
	stop(stream string)
	send(kind deed, text string, to []string)
	vanish()
	// take is what it saw since the last take.
	take() ([]sighting, error)
	// flows waits for media of a played stream.
	flows(stream string) error
	// peers is how many connections for media are not closed.
	peers() (int, error)
}

// subject is a client, its way to the server, and what it was told.
type subject struct {
	client
	*witness
	gate *gate
	wish *wish // at the end
}

func newChaos(t *testing.T, p plan, addr string, pages int) *chaos {
	t.Helper()
	t.Setenv("PION_LOG_DISABLE", "ice") // it complains of what is asked of closed peers
	c := &chaos{t: t, plan: &p, addr: addr}
	for i := range p.clients {
		s := &subject{witness: newWitness(&p, clientName(i)), gate: newGate(t, addr), wish: &p.wishes[i]}
		if i < pages {
			s.client = newBrowsed(t, s.name, "http://"+addr+"/ZegoExpressWebRTC-3.12.0.js", s.gate.addr())
		} else {
			s.client = newNative(t, s.name, s.gate.addr())
		}
		c.clients = append(c.clients, s)
	}
	return c
}

// run follows the plan, waits until all is well, and has everyone leave.
func (c *chaos) run() {
	c.plan.began = time.Now()
	c.watchStalls()
	var clients sync.WaitGroup
	clients.Go(func() {
		for _, s := range c.plan.steps {
			if s.client != theServer {
				c.wait(s.at)
				c.clients[s.client].do(s)
			}
		}
		c.wait(c.plan.length)
	})
	for _, s := range c.plan.steps {
		if s.client == theServer {
			c.wait(s.at)
			c.serve(s.what)
		}
	}
	clients.Wait()
	c.settle()
	c.checkMedia()
	c.end()
}

// wait lets time pass until the plan's.
func (c *chaos) wait(at time.Duration) { time.Sleep(time.Until(c.plan.began.Add(at))) }

// serve does a step of the server; it belongs to the test's goroutine.
func (c *chaos) serve(what deed) {
	switch what {
	case doKill:
		c.server.kill()
	case doTerm:
		c.server.terminate()
	case doStart:
		c.server.start()
	}
}

func (s *subject) do(step step) {
	switch step.what {
	case doJoin:
		s.join(step.name)
	case doLeave:
		s.leave()
	case doPublish:
		s.publish(step.name)
	case doUnpublish:
		s.unpublish(step.name)
	case doPlay:
		s.play(step.name)
	case doStop:
		s.stop(step.name)
	case doBroadcast, doBarrage, doCommand:
		s.send(step.what, step.name, step.to)
	case doVanish:
		s.gate.cutForGood()
		s.vanish()
	case doCut:
		s.gate.cutFor(step.lasts)
	case doFreeze, doLose:
		s.gate.freezeFor(step.lasts, step.what == doLose)
	}
}
