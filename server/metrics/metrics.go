// Package metrics tells Prometheus how the server is. It owns the counts of logins and
// the names of all figures; every other figure it asks its source for, when Prometheus
// asks, so that nothing is counted twice and calls pay nothing for it.
//
// Its labels have few values, all of them the program's own: no app, room, user or address.
//
// Locking: none of its own. Counters are atomic, series are added before the first request.
package metrics

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// prefix begins the name of each figure that is ours.
const prefix = "expressrtc_"

// Sources are what the figures come from. They are called for each request, from any
// goroutine.
type Sources struct {
	Version string
	Rooms   func() (room.Counts, room.Routes)
	Sockets func() signaling.Stats
	// Ready tells whether new clients may come.
	Ready func() bool
	// Limits are the configured bounds, by what they bound.
	Limits map[string]float64
	Log    *slog.Logger
}

// Series is a figure, or one for each value of a label, that another part of the server has.
type Series struct {
	Name string // without the prefix; that of a counter ends in _total
	Help string
	// Counter says that it only grows.
	Counter bool
	// Label is the name of the label. Without one Read has a single figure, of the key "".
	Label string
	// Read has the figures by the label's value, of which there must be few, ever.
	Read func() map[string]float64
}

// Metrics is the http.Handler of /metrics.
type Metrics struct {
	registry *prometheus.Registry
	logins   *prometheus.CounterVec
	handler  http.Handler
}

// New makes Metrics with the figures of src.
func New(src Sources) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), logins: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: prefix + "logins_total", Help: "Logins by result: the code that the client got, and what it means.",
	}, []string{"code", "result"})}
	for code := range results {
		m.login(code) // so that it is there before the first one
	}
	m.registry.MustRegister(m.logins, newBuild(src.Version), collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.registry.MustRegister(ofRooms(src.Rooms), ofSockets(src.Sockets))
	m.Add(gauge("ready", "1 when new clients may come.").from(func() map[string]float64 { return One(which(src.Ready())) }))
	m.Add(gauge("limit", "Configured bounds.").by("of").from(func() map[string]float64 { return src.Limits }))
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog:            slog.NewLogLogger(src.Log.Handler(), slog.LevelError),
		ErrorHandling:       promhttp.ContinueOnError,
		MaxRequestsInFlight: 4,
		Timeout:             10 * time.Second,
	})
	return m
}

// ServeHTTP answers with all figures.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.handler.ServeHTTP(w, r) }

// Add adds a part's figures. It panics when the name is taken: a mistake of the program.
func (m *Metrics) Add(s Series) {
	f := &family[map[string]float64]{look: s.Read}
	f.add(s, func(now map[string]float64) map[string]float64 { return now })
	m.registry.MustRegister(f)
}

// OnLogin counts a login; it does not block.
func (m *Metrics) OnLogin(l signaling.Login) { m.login(l.Code).Inc() }

func (m *Metrics) login(code protocol.Code) prometheus.Counter {
	result, known := results[code]
	if !known {
		return m.logins.WithLabelValues("other", "other")
	}
	return m.logins.WithLabelValues(fmt.Sprint(int(code)), result)
}

// results are what the codes mean that a login ends with. It is a table, so that nothing
// else becomes a label.
var results = map[protocol.Code]string{
	protocol.CodeOK:              "ok",
	protocol.CodeAppID:           "unknown app",
	protocol.CodeInput:           "bad request",
	protocol.CodeUserIDEmpty:     "no user id",
	protocol.CodeUserIDInvalid:   "bad user id",
	protocol.CodeUserIDTooLong:   "user id too long",
	protocol.CodeUserNameTooLong: "user name too long",
	protocol.CodeRoomIDEmpty:     "no room id",
	protocol.CodeRoomIDInvalid:   "bad room id",
	protocol.CodeRoomIDTooLong:   "room id too long",
	protocol.CodeDifferentUser:   "another user on this connection",
	protocol.CodeRoomFull:        "room full",
	protocol.CodeTooManyRooms:    "too many rooms",
	protocol.CodeKickedByLogin:   "kicked out before",
	protocol.CodeAlreadyInRoom:   "in the room already",
	protocol.CodeInternal:        "internal error",
	protocol.CodeToken:           "bad token",
	protocol.CodeTokenExpired:    "token expired",
	protocol.CodeUserForbidden:   "user forbidden",
	protocol.CodeTooOften:        "too often",
}

func newBuild(version string) prometheus.Collector {
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: prefix + "build_info", Help: "Which server this is; the value is 1.",
	}, []string{"version", "go"})
	build.WithLabelValues(version, runtime.Version()).Set(1)
	return build
}
