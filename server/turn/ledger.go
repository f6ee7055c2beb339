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

// ledger counts what is refused, and tells of it now and then.
type ledger struct {
	log *slog.Logger

	mu     sync.Mutex
	causes map[string]*entry
}

type entry struct {
	count, told uint64
	last        time.Time // when it was logged
}

func newLedger(log *slog.Logger) *ledger { return &ledger{log: log, causes: map[string]*entry{}} }

func (l *ledger) refuse(cause string, details ...any) {
	l.mu.Lock()
	e := l.causes[cause]
	if e == nil {
		e = &entry{}
		l.causes[cause] = e
	}
	e.count++
	now, more := time.Now(), e.count-e.told
	tell := now.Sub(e.last) >= logPause
	if tell {
		e.last, e.told = now, e.count
	}
	l.mu.Unlock()
	if tell {
		l.log.Log(context.Background(), level(cause), "relay refused", append([]any{"cause", cause, "times", more}, details...)...)
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
