package e2e

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"

	"expressrtc/server/auth"
)

// comeBack is within what time after SIGTERM everyone must be back on the new process.
const comeBack = 15 * time.Second

// newProcessWithApp starts a server that lets nobody in without a token, and has whoever
// makes them.
func newProcessWithApp(t *testing.T) (*process, notary) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "apps.json")
	apps, err := auth.OpenApps(file)
	if err == nil {
		_, err = apps.Create(auth.App{ID: 1})
	}
	if err != nil {
		t.Fatal(err)
	}
	return newProcess(t, "--apps", file), notary{t, apps}
}

// throng are users without browsers: in each room one shows a picture and the others watch.
type throng struct {
	t        *testing.T
	users    []*native
	watchers []*watcher
}

// watcher reads what somebody watches, and knows how long it did not come.
type watcher struct {
	name    string
	last    atomic.Int64 // of a packet, in Unix milliseconds
	longest atomic.Int64 // pause, in milliseconds
	packets atomic.Int64
	ended   atomic.Bool // the track did
}

// newThrong has everyone in, and pictures everywhere.
func newThrong(t *testing.T, addr string, n notary, rooms, members int) *throng {
	t.Helper()
	c := &throng{t: t}
	var wait sync.WaitGroup
	slots := make(chan struct{}, 2*runtime.NumCPU()) // handshakes are work: a few at a time
	for r := range rooms {
		room := fmt.Sprint("crowd", r)
		shows := c.enter(addr, n, room, 0)
		shows.publish(room + "-cam")
		for m := 1; m < members; m++ {
			u := c.enter(addr, n, room, m)
			slots <- struct{}{}
			wait.Go(func() {
				defer func() { <-slots }()
				stream := u.watch(t, room+"-cam")
				if stream != nil {
					w := &watcher{name: u.name}
					u.open.Go(func() { w.run(stream) })
					u.mu.Lock()
					defer u.mu.Unlock()
					u.watching = w
				}
			})
		}
	}
	wait.Wait()
	for _, u := range c.users {
		if u.watching != nil {
			c.watchers = append(c.watchers, u.watching)
		}
	}
	if want := rooms * (members - 1); len(c.watchers) != want {
		t.Fatalf("%d of %d users see something", len(c.watchers), want)
	}
	return c
}

func (c *throng) enter(addr string, n notary, room string, number int) *native {
	u := newNative(c.t, fmt.Sprint(room, "-user", number), addr)
	u.token = n.token(1, u.name, hour, nil)
	u.join(room)
	c.users = append(c.users, u)
	return u
}

// watch plays a stream until it is there.
func (n *native) watch(t *testing.T, id string) *webrtc.TrackRemote {
	n.play(id)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		n.mu.Lock()
		stream := n.played[id]
		n.mu.Unlock()
		if stream == nil || len(stream.Tracks()) == 0 {
			continue
		}
		if track, ok := stream.Tracks()[0].Source().(*webrtc.TrackRemote); ok {
			return track
		}
	}
	t.Errorf("%s does not see %s", n.name, id)
	return nil
}

func (w *watcher) run(track *webrtc.TrackRemote) {
	for {
		if _, _, err := track.ReadRTP(); err != nil { // also when the client ends
			w.ended.Store(true)
			return
		}
		now := time.Now().UnixMilli()
		if last := w.last.Swap(now); last > 0 {
			w.longest.Store(max(w.longest.Load(), now-last))
		}
		w.packets.Add(1)
	}
}

// mark forgets what was until now.
func (c *throng) mark() {
	c.t.Helper()
	for _, u := range c.users {
		if _, err := u.take(); err != nil {
			c.t.Fatal(err)
		}
	}
	for _, w := range c.watchers {
		w.longest.Store(0)
		w.packets.Store(0)
	}
}

// wantBack checks that everyone came back in time, that nobody was told of a leave, and
// that no picture stopped. It is asked when all that was to be told was.
func (c *throng) wantBack(since time.Time) {
	c.t.Helper()
	var returns []int64
	told := map[string]int{}
	for _, u := range c.users {
		seen, err := u.take()
		if err != nil {
			c.t.Fatal(err)
		}
		back := int64(-1)
		for _, s := range seen {
			switch what := s.what(); what {
			case "log":
				if u.watching != nil && u.watching.ended.Load() {
					c.t.Logf("%s, %d ms after SIGTERM: %s", u.name, s.At-since.UnixMilli(), s.Args)
				}
			case "roomStateChanged RECONNECTED":
				back = s.At - since.UnixMilli()
			case "roomUserUpdate DELETE", "roomStreamUpdate DELETE", "roomStateChanged KICKOUT", "roomStateChanged RECONNECT_FAILED",
				"roomUserUpdate ADD", "roomStreamUpdate ADD", "playerStateUpdate", "publisherStateUpdate":
				told[what]++
				if told[what] == 1 {
					c.t.Errorf("%s was told %s %s", u.name, s.Name, s.Args)
				}
			}
		}
		returns = append(returns, back)
	}
	slices.Sort(returns)
	if returns[0] < 0 || returns[len(returns)-1] > comeBack.Milliseconds() {
		c.t.Errorf("back after %d ms at first and %d ms at last (-1 is not at all), not all within %v", returns[0], returns[len(returns)-1], comeBack)
	}
	if len(told) > 0 {
		c.t.Errorf("told of what did not happen: %v", told)
	}
	c.t.Logf("%d users back after SIGTERM: the first after %d ms, half after %d ms, the last after %d ms",
		len(returns), returns[0], returns[len(returns)/2], returns[len(returns)-1])
	c.wantMoving()
}

// what is an event's name with what it says of a room.
func (s sighting) what() string {
	if len(s.Args) > 1 && (s.Name == "roomStateChanged" || s.Name == "roomUserUpdate" || s.Name == "roomStreamUpdate") {
		var change string
		if json.Unmarshal(s.Args[1], &change) == nil {
			return s.Name + " " + change
		}
	}
	return s.Name
}

// wantMoving: no picture ended, all move now, and none stood still for long: a process that
// plays hundreds of users on few cores is late with packets while all of them come back.
func (c *throng) wantMoving() {
	c.t.Helper()
	var longest int64
	for _, w := range c.watchers {
		longest = max(longest, w.longest.Load(), time.Now().UnixMilli()-w.last.Load())
		if w.ended.Load() || w.packets.Load() < 50 {
			c.t.Errorf("the picture of %s ended, after %d packets", w.name, w.packets.Load())
		}
	}
	c.t.Logf("no picture of %d stood still for longer than %d ms", len(c.watchers), longest)
	if limit := orFull(2*time.Second, 5*time.Second); longest > limit.Milliseconds() {
		c.t.Errorf("a picture stood still for %d ms", longest)
	}
}
