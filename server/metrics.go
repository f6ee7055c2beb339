package main

import (
	"maps"

	"expressrtc/server/metrics"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
	"expressrtc/server/turn"
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
	s.addRelayFigures()
	return nil
}

func (s *site) addRelayFigures() {
	look := func() turn.Stats {
		if s.relay == nil {
			return turn.Stats{Relays: map[string]int{"udp": 0, "tcp": 0, "tls": 0}}
		}
		return s.relay.Stats()
	}
	for _, f := range []metrics.Series{
		{
			Name: "relays", Help: "Relays that there are, by how their clients reach them.", Label: "transport",
			Read: func() map[string]float64 { return metrics.Labelled(look().Relays) },
		},
		{
			Name: "relays_made_total", Help: "Relays that were made.", Counter: true,
			Read: func() map[string]float64 { return metrics.One(look().Made) },
		},
		{
			Name: "relay_bytes_total", Help: "Bytes that were relayed.", Counter: true, Label: "direction",
			Read: func() map[string]float64 {
				now := look()
				return metrics.Labelled(map[string]uint64{"to_peers": now.ToPeers, "to_clients": now.ToClients})
			},
		},
		{
			Name: "relay_dropped_packets_total", Help: "Packets beyond the bandwidth.", Counter: true,
			Read: func() map[string]float64 { return metrics.One(look().Dropped) },
		},
		{
			Name: "relay_refused_total", Help: "What the relay refused, by cause.", Counter: true, Label: "cause",
			Read: func() map[string]float64 { return metrics.Labelled(refused(look())) },
		},
	} {
		s.metrics.Add(f)
	}
}

// refused has the usual causes also before they come.
func refused(now turn.Stats) map[string]uint64 {
	all := map[string]uint64{"credential": 0, "expired": 0, "full": 0, "quota": 0, "peer": 0}
	maps.Copy(all, now.Refused)
	return all
}
