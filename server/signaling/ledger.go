package signaling

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// ledgerInterval is the least time between two lines about the same.
const ledgerInterval = 10 * time.Second

// ledger writes into the log what clients can cause again and again: one line, and then
// one in ledgerInterval that counts what was left out, for as long as there is more. It
// remembers subjects, not clients, so it stays small.
type ledger struct {
	log *slog.Logger

	mu      sync.Mutex
	entries map[subject]*entry // that had a line within the last ledgerInterval
}

// subject is what a line is about. Both are among the program's own texts, or the
// ledger would grow.
type subject struct{ event, reason string }

type entry struct {
	level   slog.Level
	leftOut int
	timer   *time.Timer
}

func newLedger(log *slog.Logger) *ledger {
	return &ledger{log: log, entries: map[subject]*entry{}}
}

// note writes a line, or counts it where it would be one too many: then it is written at
// the level debug.
func (l *ledger) note(level slog.Level, about subject, details ...any) {
	if l.log.Enabled(context.Background(), level) && l.isFirst(level, about) {
		l.write(level, about, details...)
		return
	}
	l.write(slog.LevelDebug, about, details...)
}

func (l *ledger) write(level slog.Level, about subject, details ...any) {
	l.log.Log(context.Background(), level, about.event, append([]any{"reason", about.reason}, details...)...)
}

func (l *ledger) isFirst(level slog.Level, about subject) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e := l.entries[about]; e != nil {
		e.leftOut++
		return false
	}
	e := &entry{level: level}
	e.timer = time.AfterFunc(ledgerInterval, func() { l.onInterval(about, e) })
	l.entries[about] = e
	return true
}

// onInterval tells how many lines were left out; without any the next one is a first again.
func (l *ledger) onInterval(about subject, e *entry) {
	l.mu.Lock()
	leftOut := e.leftOut
	if e.leftOut = 0; leftOut > 0 {
		e.timer.Reset(ledgerInterval)
	} else {
		delete(l.entries, about)
	}
	l.mu.Unlock()
	l.count(e.level, about, leftOut)
}

func (l *ledger) count(level slog.Level, about subject, leftOut int) {
	if leftOut > 0 {
		l.write(level, about, "more", leftOut)
	}
}

// close tells what is still to be counted.
func (l *ledger) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for about, e := range l.entries {
		e.timer.Stop()
		l.count(e.level, about, e.leftOut)
	}
	clear(l.entries)
}
