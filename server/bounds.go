package main

import (
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// bounds are the settings that bound what clients may do.
type bounds struct {
	connections, perAddress int
	frame, rate             int
	rates                   rates

	rooms, appRooms, userRooms   int
	members                      int
	streams, roomStreams, played int
}

// rates are those settings that bound how often they may begin to.
type rates struct {
	connections, farewells, logins, failures int // from an address
	user, room, app                          int
}

func (o *options) declareBounds(s *settings) {
	b := &o.bounds
	s.intVar(&b.connections, "max-connections", 20_000, 1, 1_000_000, "connections that the server takes")
	s.intVar(&b.perAddress, "max-per-address", 2_000, 1, 1_000_000, "connections from one IPv4 address or IPv6 /64 network; this machine's own are exempt, and so they are from the rates")
	s.intVar(&b.frame, "max-frame", 256<<10, 16<<10, 1<<20, "`bytes` of a message from a client")
	s.intVar(&b.rate, "rate", 100, 10, 100_000, "messages a second from one connection; four times as many at once")

	s.intVar(&b.rooms, "max-rooms", 10_000, 1, 1_000_000, "rooms on the server")
	s.intVar(&b.appRooms, "max-app-rooms", 0, 0, 1_000_000, "rooms of one app; 0 is as many as on the server")
	s.intVar(&b.userRooms, "max-user-rooms", 20, 1, 1_000, "rooms that a user is in at once")
	s.intVar(&b.members, "max-members", 5_000, 2, 100_000, "members of a room")
	s.intVar(&b.streams, "max-streams", 32, 1, 1_000, "streams that a member publishes in a room")
	s.intVar(&b.roomStreams, "max-room-streams", 2_000, 1, 100_000, "streams of a room")
	s.intVar(&b.played, "max-plays", 200, 1, 10_000, "streams that a member plays in a room")
}

func (o *options) declareRates(s *settings) {
	r := &o.bounds.rates
	s.intVar(&r.connections, "rate-connections", 100, 1, 1_000_000, "new connections a second from one address; five times as many at once, as with the other rates")
	s.intVar(&r.farewells, "rate-farewells", 20, 1, 1_000_000, "posts a second from one address, by pages that go")
	s.intVar(&r.logins, "rate-logins", 100, 1, 1_000_000, "logins a second from one address")
	s.intVar(&r.failures, "rate-failed-logins", 60, 1, 1_000_000, "logins a `minute` from one address that are refused for their token or the like")
	s.intVar(&r.user, "rate-user-logins", 5, 1, 1_000_000, "logins a second of one user")
	s.intVar(&r.room, "rate-room-logins", 200, 1, 1_000_000, "logins a second into one room")
	s.intVar(&r.app, "rate-app-logins", 2_000, 1, 1_000_000, "logins a second into all rooms of one app")
}

// rooms is what the settings mean for the rooms.
func (o *options) rooms() room.Config {
	b := &o.bounds
	return room.Config{
		MaxRooms:        b.rooms,
		MaxAppRooms:     b.appRooms,
		MaxRoomsPerUser: b.userRooms,
		MaxMembers:      b.members,
		MaxStreams:      b.streams,
		MaxRoomStreams:  b.roomStreams,
		MaxPlays:        b.played,
	}
}

// signaling is what the settings mean for the connections.
func (o *options) signaling() signaling.Config {
	b := &o.bounds
	return signaling.Config{
		Heartbeat:      o.heartbeat,
		Grace:          o.grace,
		MaxFrame:       int64(b.frame),
		Rate:           float64(b.rate),
		Burst:          4 * b.rate,
		MaxConnections: b.connections,
		MaxPerAddress:  b.perAddress,
		Rates:          b.rates.config(),
	}
}

func (r rates) config() signaling.Rates {
	return signaling.Rates{
		Connections: float64(r.connections),
		Farewells:   float64(r.farewells),
		Logins:      float64(r.logins),
		Failures:    float64(r.failures) / 60,
		User:        float64(r.user),
		Room:        float64(r.room),
		App:         float64(r.app),
	}
}
