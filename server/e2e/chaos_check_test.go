package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// settle waits until nothing is wrong any more.
func (c *chaos) settle() {
	c.t.Helper()
	quiet := time.Now()
	for {
		problems := c.problems()
		if len(problems) == 0 {
			c.t.Logf("seed %d: %d steps, settled in %.1f s; %s; %s", c.plan.seed, len(c.plan.steps), time.Since(quiet).Seconds(), c.traffic(), &c.stalls)
			return
		}
		if time.Since(quiet) > chaosSettle || c.hopeless(problems) {
			c.fail(problems)
		}
		time.Sleep(250 * time.Millisecond) // nothing tells when another process agrees
	}
}

// hopeless reports whether nothing is left that time heals.
func (c *chaos) hopeless(problems []problem) bool {
	wrongs := 0
	for _, s := range c.clients {
		wrongs += len(s.wrongs)
	}
	return wrongs == len(problems)
}

// problem is what is wrong with somebody; who may be "server".
type problem struct{ who, text string }

// problems looks at everything once.
func (c *chaos) problems() []problem {
	var all []problem
	for _, s := range c.clients {
		seen, err := s.take()
		if err != nil {
			all = append(all, problem{s.name, err.Error()})
		}
		s.fold(seen)
		for _, wrong := range s.wrongs {
			all = append(all, problem{s.name, wrong})
		}
	}
	for i := range c.plan.rooms {
		all = append(all, c.compareRoom(fmt.Sprint("room", i))...)
	}
	for _, s := range c.clients {
		for _, text := range append(s.checkStates(c), c.owed(s)...) {
			all = append(all, problem{s.name, text})
		}
	}
	return all
}

// compareRoom compares what is wanted, what the server has, and what each member knows.
func (c *chaos) compareRoom(room string) (all []problem) {
	want := c.wanted(room)
	c.looks++
	got, err := observe(c.addr, room, c.looks)
	if err != nil {
		return []problem{{"server", room + ": " + err.Error()}}
	}
	if got.String() != want.String() {
		all = append(all, problem{"server", fmt.Sprintf("%s has %v, and should have %v", room, got, want)})
	}
	for _, s := range c.clients {
		if s.wish.room != room {
			continue
		}
		want := want.without(s.name)
		if got := s.picture(); got.String() != want.String() {
			all = append(all, problem{s.name, fmt.Sprintf("knows of %s %v, and should know %v", room, got, want)})
		}
	}
	return all
}

// wanted is a room as the clients want it.
func (c *chaos) wanted(room string) (p picture) {
	for _, s := range c.clients {
		if s.wish.room == room {
			p.users = append(p.users, s.name)
			p.streams = append(p.streams, s.wish.streams...)
		}
	}
	return p.sorted()
}

// without is what a member is told of a room that it is in itself.
func (p picture) without(who string) picture {
	own := func(name string) bool { return name == who || strings.HasPrefix(name, who+"-") }
	p.users = slices.DeleteFunc(slices.Clone(p.users), own)
	p.streams = slices.DeleteFunc(slices.Clone(p.streams), own)
	return p
}

func (w *witness) picture() picture {
	return picture{slices.Collect(maps.Keys(w.users)), slices.Collect(maps.Keys(w.streams))}.sorted()
}

// checkStates compares what the client wants to publish and play with what it was told.
// A stream that is not there is waited for.
func (s *subject) checkStates(c *chaos) (wrongs []string) {
	for _, id := range s.wish.streams {
		if got := s.publishers[id]; got != "PUBLISHING" {
			wrongs = append(wrongs, fmt.Sprintf("publishes %s: %s", id, got))
		}
	}
	there := c.wanted(s.wish.room).streams
	for _, id := range s.wish.plays {
		want := "PLAY_REQUESTING"
		if slices.Contains(there, id) {
			want = "PLAYING"
		}
		if got := s.players[id]; got != want {
			wrongs = append(wrongs, fmt.Sprintf("plays %s: %s, and should be %s", id, got, want))
		}
	}
	return wrongs
}

// owed are the messages that a client should have had and has not.
//
// A message is owed to whoever was a member of its room, uninterrupted as far as it was
// told, since before the message was begun, if the sender's promise resolved, and if
// either the stay goes on, or the member had in the same stay a message that the server
// took after that promise. For an interruption (the grace time was over, or the server
// started anew) may be older than its telling, and ends the obligation; but within a
// stay everything comes in the order in which the server took it, so a later message
// proves that the earlier one was still owed. Commands are owed to those they name.
func (c *chaos) owed(to *subject) (lost []string) {
	if to.wish.gone {
		return nil
	}
	for _, from := range c.clients {
		for _, m := range from.sent {
			if from != to && m.Acked != 0 && to.owes(m) && !to.has(m) {
				lost = append(lost, fmt.Sprintf("%s of %s is lost: a %s of %.2fs, acknowledged at %.2fs",
					m.Text, from.name, m.Kind, to.since(m.Began).Seconds(), to.since(m.Acked).Seconds()))
			}
		}
	}
	return lost
}

// owes reports whether the message is owed to the witness.
func (w *witness) owes(m message) bool {
	if m.Kind == string(doCommand) && !slices.Contains(m.To, w.name) {
		return false
	}
	for i, s := range w.stays {
		if s.room != m.Room || m.Began <= s.began || s.end != 0 && m.Began >= s.end {
			continue
		}
		later := func(r receipt) bool { return r.stay == i && r.taken > m.Acked }
		return s.end == 0 || slices.ContainsFunc(w.receipts, later)
	}
	return false
}

func (w *witness) has(m message) bool {
	return slices.ContainsFunc(w.receipts, func(r receipt) bool { return r.text == m.Text })
}

// traffic says how much the check of messages had to look at.
func (c *chaos) traffic() string {
	sent, acked, owed, received := 0, 0, 0, 0
	for _, from := range c.clients {
		sent += len(from.sent)
		received += len(from.receipts)
		for _, m := range from.sent {
			if m.Acked == 0 {
				continue
			}
			acked++
			for _, to := range c.clients {
				if to != from && !to.wish.gone && to.owes(m) {
					owed++
				}
			}
		}
	}
	return fmt.Sprintf("%d messages sent, %d acknowledged, owed %d times, received %d times", sent, acked, owed, received)
}

// checkMedia wants a packet for every player whose stream is there.
func (c *chaos) checkMedia() {
	c.t.Helper()
	var players sync.WaitGroup
	var mu sync.Mutex
	var all []problem
	for _, s := range c.clients {
		there := c.wanted(s.wish.room).streams
		for _, id := range s.wish.plays {
			if !slices.Contains(there, id) {
				continue
			}
			players.Go(func() {
				if err := s.flows(id); err != nil {
					mu.Lock()
					defer mu.Unlock()
					all = append(all, problem{s.name, fmt.Sprintf("plays %s: %v", id, err)})
				}
			})
		}
	}
	players.Wait()
	if len(all) > 0 {
		c.fail(all)
	}
}

// end has everyone leave: the rooms are empty then, and no connection is left.
func (c *chaos) end() {
	c.t.Helper()
	for _, s := range c.clients {
		if s.wish.room != "" {
			s.leave()
		}
	}
	deadline := time.Now().Add(chaosSettle)
	for {
		problems := c.remains()
		if len(problems) == 0 {
			return
		}
		if time.Now().After(deadline) {
			c.fail(problems)
		}
		time.Sleep(100 * time.Millisecond) // nothing tells when another process is done
	}
}

func (c *chaos) remains() (all []problem) {
	for i := range c.plan.rooms {
		room := fmt.Sprint("room", i)
		c.looks++
		got, err := observe(c.addr, room, c.looks)
		if err != nil || len(got.users)+len(got.streams) > 0 {
			all = append(all, problem{"server", fmt.Sprintf("everyone has left, but %s has %v (%v)", room, got, err)})
		}
	}
	for _, s := range c.clients {
		if n, err := s.peers(); n > 0 || err != nil {
			all = append(all, problem{s.name, fmt.Sprintf("%d connections for media are open (%v)", n, err)})
		}
	}
	return all
}

func (c *chaos) again() string {
	if c.plan.length == chaosLong {
		return fmt.Sprintf("make chaos SEED=%d SEEDS=1", c.plan.seed)
	}
	return "go test -count=1 -run " + c.t.Name() + " ./server/e2e"
}

// What a failure shows at most: one cause has many effects.
const (
	mostProblems = 30
	mostStories  = 4
)

// fail tells the seed, the plan, the problems, and the stories of those concerned.
func (c *chaos) fail(problems []problem) {
	c.t.Helper()
	var out strings.Builder
	fmt.Fprintf(&out, "seed %d, %v; the same run again: %s\n", c.plan.seed, c.plan.length, c.again())
	for _, p := range problems[:min(len(problems), mostProblems)] {
		fmt.Fprintf(&out, "%s: %s\n", p.who, p.text)
	}
	fmt.Fprintf(&out, "%d problems; %s; the plan:\n", len(problems), &c.stalls)
	for _, s := range c.plan.steps {
		fmt.Fprintln(&out, s)
	}
	stories := mostStories
	for _, s := range c.clients {
		concerned := slices.ContainsFunc(problems, func(p problem) bool { return p.who == s.name })
		if concerned && stories > 0 {
			stories--
			fmt.Fprintf(&out, "what %s saw:\n  %s\n", s.name, strings.Join(s.story, "\n  "))
		}
	}
	c.t.Fatal(out.String())
}
