package console

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"expressrtc/server/room"
)

// What bounds the streams of what changes.
const (
	maxWatchers  = 20
	maxChanged   = 200 // rooms that one event names; more are all
	maxRecent    = 100 // entries of the journal in one event
	betweenTicks = 500 * time.Millisecond
	// quietTime is how long nothing may be sent: counts change without a report, and who is
	// gone is found out by writing.
	quietTime    = 2 * time.Second
	watchTimeout = 10 * time.Second // of one write
)

// roomName names a room in an event.
type roomName struct {
	App uint32 `json:"app"`
	ID  string `json:"id"`
}

// tick is one event.
type tick struct {
	Counts counts     `json:"counts"`
	All    bool       `json:"all,omitempty"` // more rooms changed than are named
	Rooms  []roomName `json:"rooms"`
	Recent []entry    `json:"recent"`
}

// crowd has all watchers.
type crowd struct {
	mu       sync.Mutex
	watchers map[*watcher]struct{}
	closed   chan struct{}
	once     sync.Once
}

// watcher is one stream. What changed waits in it, bounded, until it may be sent.
type watcher struct {
	news chan struct{} // has an element when something waits

	mu      sync.Mutex
	all     bool
	changed map[roomName]struct{}
}

func newCrowd() *crowd {
	return &crowd{watchers: map[*watcher]struct{}{}, closed: make(chan struct{})}
}

func (c *crowd) close() { c.once.Do(func() { close(c.closed) }) }

// enter adds a watcher; nil when there are too many.
func (c *crowd) enter() *watcher {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.watchers) >= maxWatchers {
		return nil
	}
	w := &watcher{news: make(chan struct{}, 1), changed: map[roomName]struct{}{}}
	c.watchers[w] = struct{}{}
	return w
}

func (c *crowd) leave(w *watcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.watchers, w)
}

// each calls do with every watcher.
func (c *crowd) each(do func(*watcher)) {
	c.mu.Lock()
	list := make([]*watcher, 0, len(c.watchers))
	for w := range c.watchers {
		list = append(list, w)
	}
	c.mu.Unlock()
	for _, w := range list {
		do(w)
	}
}

func (c *crowd) report(r room.Report) {
	c.each(func(w *watcher) { w.note(roomName{uint32(r.Room.App), string(r.Room.ID)}) })
}

func (c *crowd) wake() { c.each((*watcher).wake) }

func (w *watcher) note(name roomName) {
	w.mu.Lock()
	switch {
	case w.all:
	case len(w.changed) >= maxChanged:
		w.all = true
		clear(w.changed)
	default:
		w.changed[name] = struct{}{}
	}
	w.mu.Unlock()
	w.wake()
}

func (w *watcher) wake() {
	select {
	case w.news <- struct{}{}:
	default:
	}
}

// take empties w into an event.
func (w *watcher) take() (t tick) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t.All, w.all = w.all, false
	t.Rooms = make([]roomName, 0, len(w.changed))
	for name := range w.changed {
		t.Rooms = append(t.Rooms, name)
	}
	clear(w.changed)
	return t
}

// serveLive streams what changes until the session ends, or the watcher is gone or too slow.
func (c *Console) serveLive(w http.ResponseWriter, r *http.Request) {
	s, err := c.authorize(r)
	if err != nil {
		fail(w, err)
		return
	}
	watching := c.crowd.enter()
	if watching == nil {
		fail(w, failure{http.StatusServiceUnavailable, "tooMany", "too many consoles are open: close one"})
		return
	}
	defer c.crowd.leave(watching)
	over := time.NewTimer(time.Until(s.until))
	defer over.Stop()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // a proxy would hold it back
	quiet := time.NewTicker(quietTime)
	defer quiet.Stop()
	for last := c.journal.newest(); ; {
		if last, err = c.sendTick(w, watching.take(), last); err != nil {
			return // who watched is gone, or too slow
		}
		pause := time.NewTimer(betweenTicks)
		if !waits(r, c.crowd.closed, s.ended, over.C, pause.C, nil) || !waits(r, c.crowd.closed, s.ended, over.C, quiet.C, watching.news) {
			return
		}
	}
}

// waits waits for a time or for news; false means that the stream is over.
func waits(r *http.Request, closed, ended <-chan struct{}, over, until <-chan time.Time, news <-chan struct{}) bool {
	select {
	case <-r.Context().Done():
	case <-closed:
	case <-ended:
	case <-over:
	case <-until:
		return true
	case <-news:
		return true
	}
	return false
}

// sendTick writes an event with what the journal has after last, and gives the new last.
// What was before the first event the page reads by itself.
func (c *Console) sendTick(w http.ResponseWriter, t tick, last uint64) (uint64, error) {
	t.Counts, t.Recent = c.count(), c.journal.since(last, maxRecent)
	if len(t.Recent) > 0 {
		last = t.Recent[0].Number
	}
	data, err := json.Marshal(t)
	if err != nil {
		return last, err
	}
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(watchTimeout)) // a recorder of tests has none
	if _, err := w.Write(append(append([]byte("data: "), data...), "\n\n"...)); err != nil {
		return last, err
	}
	return last, control.Flush()
}
