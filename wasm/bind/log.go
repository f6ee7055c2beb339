//go:build js && wasm

package bind

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/jsx"

	"github.com/hack-pad/safejs"
)

// logLevels are the contract's, in rising order. A line passes if its level is not
// below the chosen one.
var logLevels = []string{"debug", "info", "warn", "error", "report", "disable"}

// logger is the one place through which lines reach the console, and the page's own
// collector if it names one. It takes no other lock while it holds its own.
type logger struct {
	mu            sync.Mutex
	level, remote int // indexes of logLevels
	verbose       bool
	url           string
	batch         []string // for url
	size          int      // bytes of batch
	dropped       int
	lines         []consoleLine // that the console is still to get
	writing       bool          // a goroutine does that
}

// consoleLine is one call of the console.
type consoleLine struct {
	level  string
	values []any
}

// maxLines bounds what waits for the console; the newest are dropped.
const maxLines = 1000

// preset is what the class logs through, and how new engines begin.
var preset = &logger{level: 1, remote: 1}

// fork is a logger with the same choices.
func (l *logger) fork() *logger {
	l.mu.Lock()
	defer l.mu.Unlock()
	return &logger{level: l.level, remote: l.remote, url: l.url}
}

// logConfig is the contract's ZegoLogConfig as far as it means something in a page.
type logConfig struct {
	Level  engine.Text  `json:"logLevel"`
	Remote engine.Text  `json:"remoteLogLevel"`
	URL    *engine.Text `json:"logURL"`
}

// configure is false for a URL that cannot be one. Levels that do not exist change nothing.
func (l *logger) configure(c logConfig) bool {
	if c.URL != nil && !strings.HasPrefix(c.URL.S, "https://") && !strings.HasPrefix(c.URL.S, "wss://") {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	setLevel(&l.level, c.Level.S)
	setLevel(&l.remote, c.Remote.S)
	if c.URL != nil {
		l.url = c.URL.S
	}
	return true
}

func setLevel(level *int, name string) {
	if i := slices.Index(logLevels, name); i >= 0 {
		*level = i
	}
}

// setVerbose makes errors show a dialog too.
func (l *logger) setVerbose(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.verbose = on
}

// line logs what the SDK has to say.
func (l *logger) line(level, text string) {
	l.write(level, "ExpressRTC: "+text)
	l.mu.Lock()
	verbose := l.verbose
	l.mu.Unlock()
	if verbose && level == "error" {
		l.alert(text)
	}
}

// write logs values as the console takes them, in their order and soon: the page may have
// put functions of its own there, which may call the SDK, and locks may be held here.
func (l *logger) write(level string, values ...any) {
	at := slices.Index(logLevels, level)
	l.mu.Lock()
	remote := l.url != "" && at >= l.remote
	if at >= l.level && len(l.lines) < maxLines {
		l.lines = append(l.lines, consoleLine{level, values})
		if !l.writing {
			l.writing = true
			go l.writeLines()
		}
	}
	l.mu.Unlock()
	if remote {
		l.collect(level, values)
	}
}

// writeLines gives the console what waits for it.
func (l *logger) writeLines() {
	for line, ok := l.nextLine(); ok; line, ok = l.nextLine() {
		jsx.Console(line.level, line.values...)
	}
}

func (l *logger) nextLine() (line consoleLine, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writing = len(l.lines) > 0; !l.writing {
		return line, false
	}
	line, l.lines = l.lines[0], l.lines[1:]
	return line, true
}

// alert shows a dialog, from a task of its own: it stops everything, and locks may be
// held here.
func (l *logger) alert(text string) {
	alert, err := jsx.Call(jsx.Global("alert"), "bind", nil, text)
	if err == nil {
		_, err = jsx.Call(jsx.Global(), "setTimeout", alert)
	}
	if err != nil {
		l.write("warn", "ExpressRTC: setDebugVerbose: "+err.Error())
	}
}

// Bounds of what waits for the page's collector: browsers take no larger beacon.
const (
	batchBytes = 48 << 10
	batchWait  = 5 * time.Second
)

// collect keeps a line for the next post.
func (l *logger) collect(level string, values []any) {
	line := time.Now().UTC().Format("2006-01-02T15:04:05.000Z") + " " + level
	for _, v := range values {
		line += " " + logText(v)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.size+len(line) > batchBytes {
		l.dropped++
		return
	}
	if len(l.batch) == 0 {
		time.AfterFunc(batchWait, l.flush)
	}
	l.batch = append(l.batch, line)
	l.size += len(line) + 1
}

func logText(v any) string {
	value, isJS := v.(safejs.Value)
	switch {
	case !isJS:
		return fmt.Sprint(v)
	case value.Type() == safejs.TypeString:
		return jsx.String(value)
	}
	text, err := jsx.Stringify(value)
	if err != nil {
		return err.Error()
	}
	return text
}

// flush posts what was collected: lines of plain text, as a beacon, which outlives the
// page and needs no permission of the collector's. Nobody hears whether it arrived.
func (l *logger) flush() {
	l.mu.Lock()
	lines, url := l.batch, l.url
	if l.dropped > 0 {
		lines = append(lines, fmt.Sprintf("%d lines were dropped", l.dropped))
	}
	l.batch, l.size, l.dropped = nil, 0, 0
	l.mu.Unlock()
	if len(lines) == 0 {
		return
	}
	url = strings.Replace(url, "wss://", "https://", 1)
	if _, err := jsx.Call(jsx.Global("navigator"), "sendBeacon", url, strings.Join(lines, "\n")); err != nil {
		jsx.Console("warn", "ExpressRTC: logURL: "+err.Error())
	}
}
