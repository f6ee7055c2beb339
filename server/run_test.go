package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// record is a log that may be read while it is written.
type record struct {
	mu   sync.Mutex
	text bytes.Buffer
	grew chan struct{}
}

func newRecord() *record { return &record{grew: make(chan struct{}, 1)} }

func (r *record) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	select {
	case r.grew <- struct{}{}:
	default:
	}
	return r.text.Write(p)
}

// await waits until the text is in the log.
func (r *record) await(t *testing.T, text string) {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		r.mu.Lock()
		now := r.text.String()
		r.mu.Unlock()
		if strings.Contains(now, text) {
			return
		}
		select {
		case <-r.grew:
		case <-late:
			t.Fatalf("no %q in the log:\n%s", text, now)
		}
	}
}

// url is the one in the line of the log that says so.
func (r *record) url(t *testing.T, message string) string {
	t.Helper()
	r.await(t, message)
	r.mu.Lock()
	defer r.mu.Unlock()
	_, rest, _ := strings.Cut(r.text.String(), message)
	_, rest, _ = strings.Cut(rest, "url=")
	return strings.Fields(rest)[0]
}

// TestReload: SIGHUP puts the log's level into force and names what it does not.
func TestReload(t *testing.T) {
	path := writeFile(t, "log-level: info\nrate: 20\nadmin-key: 0123456789abcdef\n")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	log, done := newRecord(), make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"serve", "--addr", "127.0.0.1:0", "--config", path}, io.Discard, log)
	}()
	log.await(t, "msg=serving")
	reload := func(text, want string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(syscall.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		log.await(t, want)
	}
	reload("log-level: loud\n", `log-level \"loud\"`)
	reload("log-level: info\nrate: 30\nadmin-key: fedcba9876543210\n", `need a restart" settings="[admin-key rate]"`)
	reload("log-level: warn\nrate: 30\nadmin-key: fedcba9876543210\nheartbeat: 5s\n", "admin-key heartbeat rate")
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if text := log.text.String(); strings.Count(text, "msg=reloaded") != 1 || strings.Contains(text, "fedcba") {
		t.Errorf("with the level at info it says that it is reloaded, once:\n%s", text)
	}
}

// TestReloadsStandAlone: a mistake in the settings does not keep apps and certificates from
// being read. What has changed and needs a restart is told of, also in the file of a key.
func TestReloadsStandAlone(t *testing.T) {
	path, key := writeFile(t, "rate: 20\n"), writeFile(t, testKey+"\n")
	apps := filepath.Join(t.TempDir(), "apps.json")
	log := newRecord()
	o := &options{args: []string{"--addr", "127.0.0.1:0", "--config", path, "--apps", apps, "--admin-addr", "127.0.0.1:0", "--admin-key-file", key}}
	if _, err := load("serve", o.args, io.Discard, o.declare); err != nil {
		t.Fatal(err)
	}
	s, err := newSite(o, io.Discard, log)
	if err != nil {
		t.Fatal(err)
	}
	defer s.abandon() //nolint:errcheck // nothing runs
	s.reload()
	log.await(t, "msg=reloaded")
	if text := log.text.String(); strings.Contains(text, "need a restart") || strings.Contains(text, "another key") {
		t.Errorf("nothing has changed:\n%s", text)
	}
	if err := os.WriteFile(key, []byte("fedcba9876543210\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.reload()
	log.await(t, "admin-key-file has another key, which needs a restart")
	other, err := auth.OpenApps(apps)
	if err != nil {
		t.Fatal(err)
	}
	_, err = other.Create(auth.App{ID: 7})
	if err = errors.Join(err, os.WriteFile(path, []byte("nonsense: 1\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	s.reload()
	log.await(t, "nonsense")
	if _, ok := s.apps.Get(7); !ok {
		t.Error("the apps were not read")
	}
}

// TestSystemdIsTold: when the server is there, and when it ends.
func TestSystemdIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notify")
	systemd, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer systemd.Close()
	t.Setenv("NOTIFY_SOCKET", path)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan error, 1)
	go func() {
		done <- run(ctx, []string{"serve", "--addr", "127.0.0.1:0", "--stop-delay", "100ms"}, io.Discard, io.Discard)
	}()
	for _, want := range []string{"READY=1", "STOPPING=1\nEXTEND_TIMEOUT_USEC=30100000"} {
		got := make([]byte, 100)
		if err := systemd.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		n, err := systemd.Read(got)
		if err != nil || string(got[:n]) != want {
			t.Errorf("%q, %v, want %q", got[:n], err, want)
		}
		stop()
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestLogNeverBlocks: when nobody reads the log, lines are left out and counted.
func TestLogNeverBlocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // flush waits a second for a machine that may be slow
		r, w := io.Pipe()
		l := newLines(w, func(n uint64) { fmt.Fprintf(w, "left out %d\n", n) })
		defer close(l.queue)
		for range 2 * maxLines {
			fmt.Fprintln(l, "line")
		}
		var read bytes.Buffer
		done := make(chan struct{})
		go func() {
			defer close(done)
			if _, err := io.Copy(&read, r); err != nil {
				t.Error(err)
			}
		}()
		l.flush()
		w.Close()
		<-done
		written, leftOut := strings.Count(read.String(), "line\n"), 0
		for _, line := range strings.Split(read.String(), "\n") {
			n := 0
			if _, err := fmt.Sscanf(line, "left out %d", &n); err == nil {
				leftOut += n
			}
		}
		if written < maxLines || written+leftOut != 2*maxLines || leftOut == 0 {
			t.Errorf("%d lines written, %d said to be left out, of %d", written, leftOut, 2*maxLines)
		}
	})
}

// TestRoomsAreLoggedAtDebug: rooms and streams, and only then.
func TestRoomsAreLoggedAtDebug(t *testing.T) {
	for level, want := range map[slog.Level]int{slog.LevelDebug: 2, slog.LevelInfo: 0} {
		var log bytes.Buffer
		s := &site{log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: level}))}
		if err := s.addRoomLog(); err != nil {
			t.Fatal(err)
		}
		for _, kind := range []room.Kind{room.RoomOpened, room.UserIn, room.StreamUp} {
			s.reports[0](room.Report{Kind: kind, Room: room.Info{App: 7, ID: "room1"}, Stream: room.StreamInfo{Stream: protocol.Stream{ID: "cam"}}})
		}
		if n := strings.Count(log.String(), "app=7 room=room1"); n != want {
			t.Errorf("%v: %d lines, want %d: %s", level, n, want, &log)
		}
	}
}
