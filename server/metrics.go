package main

import (
	"expressrtc/server/metrics"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// addMetrics makes the figures that Prometheus reads at the admin address. Parts that come
// after it add their own to s.metrics.
func (s *site) addMetrics() error {
	b := s.options.bounds
	s.metrics = metrics.New(metrics.Sources{
		Version: version,
		Rooms:   func() (room.Counts, room.Routes) { return s.hub.Counts(), s.hub.Routes() },
		Sockets: func() signaling.Stats { return s.sockets.Stats() },
		Ready:   s.ready.Load,
		Limits: map[string]float64{
			"connections": float64(b.connections), "connections of an address": float64(b.perAddress),
			"rooms": float64(b.rooms), "members of a room": float64(b.members),
		},
		Log: s.log,
	})
	s.logins = append(s.logins, s.metrics.OnLogin)
	s.private["GET /metrics"] = s.metrics
	return nil
}
