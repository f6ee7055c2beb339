package metrics

import (
	"fmt"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// One is what Series.Read answers where there is no label.
func One[T int | int64 | uint64 | float64](value T) map[string]float64 {
	return map[string]float64{"": float64(value)}
}

// Labelled is what Series.Read answers where the values of the label are texts.
func Labelled[V int | uint64](counts map[string]V) map[string]float64 {
	return labelled(counts, func(label string) string { return label })
}

// which is 1 when it is so, and 0 when not.
func which(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

// family is several series that come from one look at their source.
type family[T any] struct {
	look   func() T
	series []*one[T]
}

// one is a series of a family.
type one[T any] struct {
	description *prometheus.Desc
	kind        prometheus.ValueType
	labels      int
	read        func(T) map[string]float64
}

func (f *family[T]) add(s Series, read func(T) map[string]float64) {
	one := &one[T]{kind: prometheus.GaugeValue, read: read}
	if s.Counter {
		one.kind = prometheus.CounterValue
	}
	var labels []string
	if s.Label != "" {
		labels = []string{s.Label}
	}
	one.labels = len(labels)
	one.description = prometheus.NewDesc(prefix+s.Name, s.Help, labels, nil)
	f.series = append(f.series, one)
}

// Describe is prometheus.Collector's.
func (f *family[T]) Describe(ch chan<- *prometheus.Desc) {
	for _, s := range f.series {
		ch <- s.description
	}
}

// Collect is prometheus.Collector's.
func (f *family[T]) Collect(ch chan<- prometheus.Metric) {
	now := f.look()
	for _, s := range f.series {
		for label, value := range s.read(now) {
			ch <- prometheus.MustNewConstMetric(s.description, s.kind, value, []string{label}[:s.labels]...)
		}
	}
}

func gauge(name, help string) Series { return Series{Name: name, Help: help} }

func counter(name, help string) Series { return Series{Name: name, Help: help, Counter: true} }

func (s Series) by(label string) Series {
	s.Label = label
	return s
}

func (s Series) from(read func() map[string]float64) Series {
	s.Read = read
	return s
}

// ofRooms are the figures of what is going on in the rooms.
func ofRooms(look func() (room.Counts, room.Routes)) prometheus.Collector {
	type rooms struct {
		room.Counts
		room.Routes
	}
	f := &family[rooms]{look: func() rooms {
		counts, routes := look()
		return rooms{counts, routes}
	}}
	f.add(gauge("rooms", "Rooms."), func(r rooms) map[string]float64 { return One(r.Counts.Rooms) })
	f.add(gauge("users", "Users in rooms, each once."), func(r rooms) map[string]float64 { return One(r.Users) })
	f.add(gauge("streams", "Streams that are published."), func(r rooms) map[string]float64 { return One(r.Streams) })
	f.add(gauge("sessions", "Sessions that bring a stream to a player, by the way of the media, as the sender told last.").by("route"),
		func(r rooms) map[string]float64 {
			return map[string]float64{"direct": float64(r.Direct), "relay": float64(r.Relayed), "unknown": float64(r.Unknown)}
		})
	return f
}

// ofSockets are the figures of connections and messages.
func ofSockets(look func() signaling.Stats) prometheus.Collector {
	type stats = signaling.Stats
	f := &family[stats]{look: look}
	f.add(gauge("connections", "Connections with a socket."), func(s stats) map[string]float64 { return One(s.Connections) })
	f.add(gauge("connections_away", "Connections that lost their socket and may be resumed."), func(s stats) map[string]float64 { return One(s.Away) })
	f.add(counter("connections_ended_total", "Connections that ended, by the meaning of the close code.").by("reason"),
		func(s stats) map[string]float64 { return labelled(s.Ended, closing) })
	f.add(counter("connections_refused_total", "Connections that found no place, by reason.").by("reason"),
		func(s stats) map[string]float64 {
			return Labelled(s.Refused)
		})
	f.add(counter("resumes_total", "Clients that came back to their connection, and those that found it gone.").by("result"),
		func(s stats) map[string]float64 {
			return map[string]float64{"resumed": float64(s.Resumed), "gone": float64(s.NotResumed)}
		})
	f.add(counter("messages_received_total", "Messages from clients, by type.").by("type"),
		func(s stats) map[string]float64 { return labelled(s.Received, ofType) })
	f.add(counter("messages_sent_total", "Messages queued for clients, by type.").by("type"),
		func(s stats) map[string]float64 { return labelled(s.Sent, ofType) })
	f.add(counter("received_bytes_total", "Bytes of messages from clients."), func(s stats) map[string]float64 { return One(s.ReceivedBytes) })
	f.add(counter("sent_bytes_total", "Bytes of messages to clients."), func(s stats) map[string]float64 { return One(s.SentBytes) })
	f.add(gauge("queue_connections", "Connections by how full their queue is: up to this part, and above the one before.").by("up_to"),
		func(s stats) map[string]float64 {
			return labelled(s.Queues.Fill, func(part float64) string { return strconv.FormatFloat(part, 'g', -1, 64) })
		})
	f.add(gauge("queue_fullest_ratio", "How full the fullest queue of a connection is; at 1 the connection is closed."),
		func(s stats) map[string]float64 { return One(s.Queues.Fullest) })
	f.add(gauge("held_reply_bytes", "Bytes of large replies in memory."), func(s stats) map[string]float64 { return One(s.Held) })
	return f
}

func labelled[K comparable, V int | uint64](counts map[K]V, name func(K) string) map[string]float64 {
	all := make(map[string]float64, len(counts))
	for key, n := range counts {
		all[name(key)] = float64(n)
	}
	return all
}

func ofType(t protocol.Type) string { return string(t) }

// closing is what a close code means; 0 is a connection that broke.
func closing(code protocol.CloseCode) string {
	if code == 0 {
		return "connection lost"
	}
	return fmt.Sprint(code)
}
