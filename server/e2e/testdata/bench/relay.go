package main

import (
	"context"
	"net/http"
	"sync"

	"github.com/coder/websocket"
)

// relay passes texts on among the sockets of a room, which the query names; in the room
// "echo" back to the sender alone.
type relay struct {
	mu    sync.Mutex
	rooms map[string]map[*websocket.Conn]struct{}
}

func newRelay() *relay { return &relay{rooms: map[string]map[*websocket.Conn]struct{}{}} }

// ServeHTTP is one socket for its whole life.
func (r *relay) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	ws, err := websocket.Accept(w, request, &websocket.AcceptOptions{InsecureSkipVerify: true})
	if err != nil {
		return // it has answered
	}
	defer ws.CloseNow()
	room := request.URL.Query().Get("room")
	r.enter(room, ws)
	defer r.leave(room, ws)
	ctx := context.Background()
	for {
		kind, data, err := ws.Read(ctx)
		if err != nil {
			return
		}
		for _, to := range r.receivers(room, ws) {
			_ = to.Write(ctx, kind, data) // its own goroutine notices
		}
	}
}

func (r *relay) enter(room string, ws *websocket.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rooms[room] == nil {
		r.rooms[room] = map[*websocket.Conn]struct{}{}
	}
	r.rooms[room][ws] = struct{}{}
}

func (r *relay) leave(room string, ws *websocket.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.rooms[room], ws)
}

func (r *relay) receivers(room string, from *websocket.Conn) []*websocket.Conn {
	if room == "echo" {
		return []*websocket.Conn{from}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	others := make([]*websocket.Conn, 0, len(r.rooms[room]))
	for ws := range r.rooms[room] {
		if ws != from {
			others = append(others, ws)
		}
	}
	return others
}
