package console

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// stream is a client of what changes.
type stream struct {
	t       *testing.T
	reader  *bufio.Reader
	body    io.Closer
	arrived time.Time
}

// pipeWriter is an answer that can be read while it is written.
type pipeWriter struct {
	*io.PipeWriter
	header http.Header
}

func (w pipeWriter) Header() http.Header { return w.header }
func (pipeWriter) WriteHeader(int)       {}
func (pipeWriter) Flush()                {}

// watch opens the stream without a network, in the test's virtual time.
func (d *desk) watch() *stream {
	in, out := io.Pipe()
	r := httptest.NewRequestWithContext(d.t.Context(), "GET", "http://admin.example/console/api/live", nil)
	r.Header = d.header.Clone()
	go func() {
		d.console.ServeHTTP(pipeWriter{out, http.Header{}}, r)
		out.Close()
	}()
	return &stream{t: d.t, reader: bufio.NewReader(in), body: in}
}

// next is the next event; false is the end.
func (s *stream) next() (got tick, there bool) {
	s.t.Helper()
	line, err := s.reader.ReadString('\n')
	if err == io.EOF {
		return got, false
	}
	blank, _ := s.reader.ReadString('\n')
	data, ok := strings.CutPrefix(line, "data: ")
	if err != nil || !ok || blank != "\n" {
		s.t.Fatalf("%q %q, %v", line, blank, err)
	}
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		s.t.Fatal(err)
	}
	s.arrived = time.Now()
	return got, true
}

// TestLive: what changes is told at most twice a second, put together.
func TestLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		s := d.watch()
		if first, _ := s.next(); first.Counts.Users != 0 || len(first.Recent) != 0 {
			t.Errorf("first %+v", first)
		}
		began := s.arrived
		for i := range 50 {
			m, _ := d.join(fmt.Sprint("room", i%2), fmt.Sprint("user", i))
			if i%10 == 9 {
				m.Room().Leave(m, 0)
			}
		}
		got, _ := s.next()
		if got.Counts.Users != 45 || len(got.Rooms) != 2 || len(got.Recent) != 5 || got.All || s.arrived.Sub(began) != betweenTicks {
			t.Errorf("%+v after %v", got, s.arrived.Sub(began))
		}
		if quiet, _ := s.next(); len(quiet.Rooms) != 0 || len(quiet.Recent) != 0 || quiet.Counts.Users != 45 {
			t.Errorf("told again: %+v", quiet)
		}
		for i := range maxChanged + 1 {
			d.join(fmt.Sprint("many", i), fmt.Sprint("other", i))
		}
		if got, _ = s.next(); !got.All || len(got.Rooms) != 0 {
			t.Errorf("many changes: all %t, %d rooms", got.All, len(got.Rooms))
		}
		d.console.Close()
		if _, there := s.next(); there {
			t.Error("it goes on while the server stops")
		}
	})
}

// TestLiveEndsWithTheSession: by signing out, and by its time.
func TestLiveEndsWithTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.signIn(204, testKey)
		s := d.watch()
		s.next()
		d.ask(204, "DELETE", "session", nil)
		if _, there := s.next(); there {
			t.Error("it goes on after signing out")
		}
		d.signIn(204, testKey)
		began, last := time.Now(), time.Now()
		time.Sleep(sessionTime - time.Minute) // to hear all of it would take seconds of ours
		s = d.watch()
		for _, there := s.next(); there; _, there = s.next() {
			last = s.arrived
		}
		if lasted := last.Sub(began); lasted > sessionTime || lasted < sessionTime-2*quietTime {
			t.Errorf("it ended after %v", lasted)
		}
	})
}

// TestWatchersAreBounded, and who does not read holds up nobody and nothing.
func TestWatchersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		for range maxWatchers {
			defer d.watch().body.Close() // and does not read
		}
		synctest.Wait()
		d.refused(http.StatusServiceUnavailable, "tooMany", "GET", "live", nil)
		for i := range 1000 {
			d.join(fmt.Sprint("room", i), fmt.Sprint("user", i))
		}
		for w := range d.console.crowd.watchers {
			if len(w.changed) > maxChanged {
				t.Errorf("%d changes wait for one who does not read", len(w.changed))
			}
		}
		d.console.Close()
	})
}

// TestWatcherWhoIsGone is found out by writing, over a real network.
func TestWatcherWhoIsGone(t *testing.T) {
	d := newDesk(t)
	server := httptest.NewServer(d.console)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/console/api/live", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = d.header
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if kind := answer.Header.Get("Content-Type"); kind != "text/event-stream" {
		t.Errorf("it is %q", kind)
	}
	if line, err := bufio.NewReader(answer.Body).ReadString('\n'); err != nil || !strings.HasPrefix(line, "data: {") {
		t.Errorf("%q, %v", line, err)
	}
	answer.Body.Close()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		d.console.crowd.mu.Lock()
		n := len(d.console.crowd.watchers)
		d.console.crowd.mu.Unlock()
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("who is gone is still written to")
		}
	}
}
