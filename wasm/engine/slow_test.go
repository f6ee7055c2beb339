//go:build !js

package engine_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"expressrtc/server/protocol"

	"github.com/coder/websocket"
)

// slowServer takes a login in, but its first answer never arrives. As the real one, it
// does not take in who is in.
type slowServer struct {
	t *testing.T

	mu    sync.Mutex
	heard []protocol.Type
	in    bool
}

// ServeHTTP answers one connection's requests.
func (s *slowServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		s.t.Error(err)
		return
	}
	for {
		_, data, err := ws.Read(r.Context())
		if err != nil {
			return // the page is gone
		}
		request, err := protocol.Decode(data)
		if err != nil {
			s.t.Error(err)
			return
		}
		if answer := s.answer(request); answer != nil {
			_ = ws.Write(r.Context(), websocket.MessageText, answer) // or reading tells that it is gone
		}
	}
}

func (s *slowServer) answer(request protocol.Frame) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	var answer []byte
	var err error
	if request.ID != 0 {
		s.heard = append(s.heard, request.Type)
	}
	switch {
	case request.Type == protocol.TypePing: // a client that waits for long asks whether anybody is there
		answer, err = protocol.Notice(protocol.Pong{})
	case request.ID == 0:
	case request.Type == protocol.TypeRoomLogout:
		s.in = false
		answer, err = protocol.Reply(request.Type, request.ID, nil)
	case s.in:
		answer, err = protocol.ErrorReply(request.Type, request.ID, protocol.Errorf(protocol.CodeAlreadyInRoom, "in"))
	case len(s.heard) == 1:
		s.in = true
	default:
		s.in = true
		answer, err = protocol.Reply(request.Type, request.ID, protocol.RoomSnapshot{Count: 1, Heartbeat: 1000})
	}
	if err != nil {
		s.t.Error(err)
	}
	return answer
}

func (s *slowServer) requests() []protocol.Type {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}

// TestLoginWhoseAnswerIsLate is asked for again, by one who may be in already.
func TestLoginWhoseAnswerIsLate(t *testing.T) {
	t.Parallel()
	slow := &slowServer{t: t}
	server := httptest.NewServer(slow)
	defer server.Close()
	p := newPage(t, server.URL, "a")
	p.mustLogin("room")
	p.await("roomStateChanged", "LOGINED")
	want := []protocol.Type{protocol.TypeRoomLogin, protocol.TypeRoomLogout, protocol.TypeRoomLogin}
	if got := slow.requests(); !slices.Equal(got, want) {
		t.Errorf("the server heard %v, want %v", got, want)
	}
	_ = p.DestroyEngine() // before the server waits for its connections
}
