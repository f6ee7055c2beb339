// Package webhook owns the callbacks: what happens in rooms, sent to the address that the
// operator has given for the app, in the shape of ZEGO's callbacks. Of one room the events
// arrive in their order, one after the other; rooms go side by side.
//
// What an app's receiver does, or does not do, is felt by that app's callbacks alone: each
// app has an outbox with a bound, and so many requests at a time. When an outbox is full
// its oldest events go, because the newest tell how things are. Nothing of it outlives
// the process.
//
// Addresses come from the app alone, never from a page, and redirects are not followed: no
// user of a page can make this server ask for anything.
//
// Locking: one mutex for all outboxes. It is never held while a request runs, and may be
// taken with a room's mutex held.
package webhook

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// Config sets up a Sender.
type Config struct {
	// App is an app by its id, with the address of its callbacks and what they are signed with.
	App func(id uint32) (auth.App, bool)
	// Log gets a warning of what is lost, at most one for an app in 10 s; nothing without it.
	Log *slog.Logger
	// Transport makes the requests; without one it is that of net/http.
	Transport http.RoundTripper

	Timeout   time.Duration // of one request, 10 s unless set
	MaxEvents int           // that wait, of one app, 20,000 unless set
	MaxBytes  int           // of them, in memory, 32 MiB unless set
	Parallel  int           // requests at a time, of one app, 16 unless set
}

func (c Config) withDefaults() Config {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Timeout <= 0 {
		c.Timeout = 10 * time.Second
	}
	if c.MaxEvents <= 0 {
		c.MaxEvents = 20_000
	}
	if c.MaxBytes <= 0 {
		c.MaxBytes = 32 << 20
	}
	if c.Parallel <= 0 {
		c.Parallel = 16
	}
	if c.Transport == nil {
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.MaxIdleConnsPerHost = c.Parallel
		c.Transport = transport
	}
	return c
}

// Stats is what became of the events.
type Stats struct {
	// Queued wait now, or are on their way.
	Queued int
	// Delivered were acknowledged, Failed were not, however often they were sent, and
	// Dropped were not sent because too many waited or the server stopped.
	Delivered, Failed, Dropped uint64
	// Retried counts the requests that failed and were made again.
	Retried uint64
}

// Sender sends callbacks. Its methods are safe for concurrent use.
type Sender struct {
	config Config
	client http.Client
	ctx    context.Context // ends when the time to stop is over
	cancel context.CancelFunc
	done   chan struct{} // closed by Shutdown

	mu       sync.Mutex
	outboxes map[protocol.AppID]*outbox
	ended    map[streamKey]time.Time // when streams ended, of the last republished seconds
	seq      uint64                  // of the last event
	stats    Stats
	stopping bool
	empty    chan struct{} // closed when nothing is queued any more while stopping
}

// New makes a Sender.
func New(c Config) *Sender {
	c = c.withDefaults()
	ctx, cancel := context.WithCancel(context.Background())
	return &Sender{
		config: c,
		client: http.Client{
			Transport:     c.Transport,
			Timeout:       c.Timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		ctx: ctx, cancel: cancel,
		done:     make(chan struct{}),
		empty:    make(chan struct{}),
		outboxes: map[protocol.AppID]*outbox{},
		ended:    map[streamKey]time.Time{},
		seq:      uint64(time.Now().UnixMicro()), // beyond those of the server's life before
	}
}

// Hear queues what happened, if its app wants to know. It is an observer of rooms.
func (s *Sender) Hear(r room.Report) {
	app, ok := s.config.App(uint32(r.Room.App))
	if !ok || app.CallbackURL == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	again := s.isAgainLocked(r)
	if r.Kind == room.RoomClosed && r.Departure.Quiet {
		return // who asked for it knows
	}
	if s.stopping {
		s.stats.Dropped++
		return
	}
	s.seq++
	o := s.outboxes[r.Room.App]
	if o == nil {
		o = newOutbox(r.Room.App)
		s.outboxes[r.Room.App] = o
	}
	o.add(&event{report: r, seq: s.seq, again: again, size: sizeOf(r)})
	s.stats.Queued++
	for o.all.Len() > s.config.MaxEvents || o.bytes > s.config.MaxBytes {
		if !s.dropOldestLocked(o) {
			break
		}
	}
	s.workLocked(o)
}

// republished is within which time a stream that comes back is the same one.
const republished = 90 * time.Second

// maxEnded bounds the streams that are remembered for that.
const maxEnded = 50_000

type streamKey struct {
	app  protocol.AppID
	room protocol.RoomID
	id   protocol.StreamID
}

// isAgainLocked reports whether it is about a stream that was there a moment ago.
func (s *Sender) isAgainLocked(r room.Report) bool {
	key := streamKey{r.Room.App, r.Room.ID, r.Stream.ID}
	switch r.Kind {
	case room.StreamUp:
		at, ok := s.ended[key]
		delete(s.ended, key)
		return ok && r.Time.Sub(at) < republished
	case room.StreamDown:
		if len(s.ended) >= maxEnded {
			clear(s.ended)
		}
		s.ended[key] = r.Time
		if len(s.ended)%1000 == 0 {
			for old, at := range s.ended {
				if r.Time.Sub(at) >= republished {
					delete(s.ended, old)
				}
			}
		}
	default:
	}
	return false
}

// Stats tells what became of the events so far.
func (s *Sender) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats
}

// Serve blocks until Shutdown is called.
func (s *Sender) Serve() error {
	<-s.done
	return nil
}

// Shutdown delivers what it can until ctx ends. It tries nothing twice any more, and takes
// no more events.
func (s *Sender) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	first := !s.stopping
	s.stopping = true
	for _, o := range s.outboxes {
		for _, l := range o.lines {
			s.wakeLocked(o, l)
		}
	}
	s.checkEmptyLocked()
	s.mu.Unlock()
	if first {
		close(s.done)
	}
	defer s.client.CloseIdleConnections()
	defer s.cancel()
	select {
	case <-s.empty:
		s.mu.Lock()
		defer s.mu.Unlock()
		s.tellRestLocked()
		return nil
	case <-ctx.Done():
		return s.giveUp(ctx.Err())
	}
}

// giveUp counts what is left as dropped.
func (s *Sender) giveUp(cause error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tellRestLocked()
	left := s.stats.Queued
	if left == 0 {
		return nil // the last was delivered in the last moment
	}
	s.stats.Dropped += uint64(left)
	s.stats.Queued = 0
	clear(s.outboxes)
	s.config.Log.Warn("callbacks that could not be delivered before the server stopped are lost", "events", left)
	return fmt.Errorf("delivering callbacks: %w", cause)
}

func (s *Sender) checkEmptyLocked() {
	if s.stopping && s.stats.Queued == 0 {
		select {
		case <-s.empty:
		default:
			close(s.empty)
		}
	}
}
