package turn

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/pion/logging"
)

// Why something is refused.
const (
	causeUnknown     = "credential" // is none, or of no app
	causeExpired     = "expired"
	causePassword    = "password"
	causeFull        = "full"        // as many relays as may be
	causeQuota       = "quota"       // a user's
	causePorts       = "ports"       // none is free
	causePeer        = "peer"        // is in a network that is not to be reached
	causePeers       = "peers"       // too many of one relay
	causePort        = "port"        // of this machine, that is no relay
	causeRate        = "rate"        // of answers without a credential
	causePace        = "pace"        // of a user's requests
	causeConnections = "connections" // of TCP
)

// level is how much a cause is worth: browsers try whatever address the other side has.
func level(cause string) slog.Level {
	if cause == causePeer || cause == causePort {
		return slog.LevelDebug
	}
	return slog.LevelWarn
}

// logPause is how long a cause is not logged again.
const logPause = 10 * time.Second

// ledger counts what is refused, and tells of it now and then: of a cause at once, and then
// each logPause how often it came meanwhile.
type ledger struct {
	log *slog.Logger

	mu     sync.Mutex
	closed bool // nothing is told any more
	causes map[string]*entry
}

type entry struct {
	count, told uint64
	pause       *time.Timer // nil when the next one is told at once
}

// tell gives how often it came since the log was told.
func (e *entry) tell() (more uint64) {
	more, e.told = e.count-e.told, e.count
	return more
}

func newLedger(log *slog.Logger) *ledger { return &ledger{log: log, causes: map[string]*entry{}} }

func (l *ledger) refuse(cause string, details ...any) {
	l.write(cause, l.count(cause), details...)
}

// count counts one more, and gives how many are to be told now.
func (l *ledger) count(cause string) (tell uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.causes[cause]
	if e == nil {
		e = &entry{}
		l.causes[cause] = e
	}
	e.count++
	if e.pause != nil || l.closed {
		return 0
	}
	e.pause = time.AfterFunc(logPause, func() { l.afterPause(cause, e) })
	return e.tell()
}

// afterPause tells what was kept back; without any the next one is told at once.
func (l *ledger) afterPause(cause string, e *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	if more := e.tell(); more > 0 {
		e.pause.Reset(logPause)
		l.write(cause, more)
		return
	}
	e.pause = nil
}

func (l *ledger) write(cause string, times uint64, details ...any) {
	if times > 0 {
		l.log.Log(context.Background(), level(cause), "relay refused", append([]any{"cause", cause, "times", times}, details...)...)
	}
}

// close tells what is kept back.
func (l *ledger) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for cause, e := range l.causes {
		if e.pause != nil {
			e.pause.Stop()
		}
		l.write(cause, e.tell())
	}
}

func (l *ledger) counts() map[string]uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[string]uint64{}
	for cause, e := range l.causes {
		counts[cause] = e.count
	}
	return counts
}

// logs makes pion's loggers. Whatever a stranger sends makes pion log at one level or
// another: all of it is for debugging.
type logs struct{ log *slog.Logger }

// NewLogger makes the logger of a part of pion.
func (l logs) NewLogger(string) logging.LeveledLogger { return pionLog(l) }

type pionLog struct{ log *slog.Logger }

func (l pionLog) say(text string) { l.log.Debug("relay: " + text) }

func (l pionLog) sayf(format string, args ...any) {
	if l.log.Enabled(context.Background(), slog.LevelDebug) {
		l.say(fmt.Sprintf(format, args...))
	}
}

// Trace and the others log; those of single packets do not.
func (l pionLog) Trace(string)              {}
func (l pionLog) Tracef(string, ...any)     {}
func (l pionLog) Debug(string)              {}
func (l pionLog) Debugf(string, ...any)     {}
func (l pionLog) Info(s string)             { l.say(s) }
func (l pionLog) Infof(f string, a ...any)  { l.sayf(f, a...) }
func (l pionLog) Warn(s string)             { l.say(s) }
func (l pionLog) Warnf(f string, a ...any)  { l.sayf(f, a...) }
func (l pionLog) Error(s string)            { l.say(s) }
func (l pionLog) Errorf(f string, a ...any) { l.sayf(f, a...) }
