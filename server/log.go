package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"sync/atomic"
	"time"

	"expressrtc/server/room"
)

// logOptions say what is logged, and how.
type logOptions struct {
	level  slog.LevelVar // may change while the server runs
	format string
}

func (o *options) declareLog(s *settings) {
	s.TextVar(&o.log.level, "log-level", new(slog.LevelVar), "`level` of the log: debug, info, warn or error; debug has lines about every user")
	s.choiceVar(&o.log.format, "log-format", "`format` of the log: text or json", "text", "json")
}

// logger writes to w as the settings say. What was written is there when flush has returned.
func (l *logOptions) logger(w io.Writer) (log *slog.Logger, flush func()) {
	direct := slog.New(l.handler(w))
	if _, ok := w.(*os.File); !ok {
		return direct, func() {}
	}
	queue := newLines(w, func(n uint64) { direct.Warn("the log is read too slowly", "lines left out", n) })
	return slog.New(l.handler(queue)), queue.flush
}

func (l *logOptions) handler(w io.Writer) slog.Handler {
	how := &slog.HandlerOptions{Level: &l.level}
	if l.format == "json" {
		return slog.NewJSONHandler(w, how)
	}
	return slog.NewTextHandler(w, how)
}

// lines is a Writer that hands lines on from a goroutine of its own: whoever reads the log
// may hang, and nobody in a call waits for that. What is too much is left out.
type lines struct {
	to       io.Writer
	complain func(leftOut uint64)
	queue    chan line
	leftOut  atomic.Uint64
}

// line is a line of the log, or a question whether everything before it was written.
type line struct {
	text    []byte
	written chan struct{}
}

// maxLines bounds the lines that wait to be written.
const maxLines = 4096

func newLines(to io.Writer, complain func(uint64)) *lines {
	l := &lines{to: to, complain: complain, queue: make(chan line, maxLines)}
	go l.run()
	return l
}

func (l *lines) Write(p []byte) (int, error) {
	select {
	case l.queue <- line{text: append([]byte(nil), p...)}: // the logger uses p again
	default:
		l.leftOut.Add(1)
	}
	return len(p), nil
}

func (l *lines) run() {
	for line := range l.queue {
		if line.written != nil {
			close(line.written)
			continue
		}
		if n := l.leftOut.Swap(0); n > 0 {
			l.complain(n)
		}
		_, _ = l.to.Write(line.text) // where would we say that it failed?
	}
}

// flush waits until all is written, for a second at most.
func (l *lines) flush() {
	late := time.After(time.Second)
	written := make(chan struct{})
	select {
	case l.queue <- line{written: written}:
	case <-late:
		return
	}
	select {
	case <-written:
	case <-late:
	}
}

// addRoomLog notes what happens in rooms, at the level debug.
func (s *site) addRoomLog() error {
	what := map[room.Kind]string{
		room.RoomOpened: "room opened", room.RoomClosed: "room closed",
		room.StreamUp: "stream published", room.StreamDown: "stream ended",
	}
	s.reports = append(s.reports, func(r room.Report) {
		message, told := what[r.Kind]
		if !told || !s.log.Enabled(context.Background(), slog.LevelDebug) {
			return
		}
		details := []any{"app", r.Room.App, "room", r.Room.ID, "user", r.User.ID}
		if r.Stream.ID != "" {
			details = append(details, "stream", r.Stream.ID)
		}
		s.log.Debug(message, details...)
	})
	return nil
}
