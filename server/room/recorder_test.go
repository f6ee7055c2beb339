package room

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"expressrtc/server/protocol"
)

// recorder is an End that keeps what it is sent, replies included.
type recorder struct {
	mu   sync.Mutex
	sent []string
	open []protocol.SessionOpen

	crowded atomic.Bool
}

func (e *recorder) Crowded() bool { return e.crowded.Load() }

func (e *recorder) Send(b protocol.Body) {
	if s, ok := b.(*protocol.Shared); ok {
		b = s.Body
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if o, ok := b.(protocol.SessionOpen); ok {
		e.open = append(e.open, o)
	}
	e.sent = append(e.sent, describe(b))
}

// opened is how many sessions were opened here.
func (e *recorder) opened() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.open)
}

// replied records a reply beside the notices, so that tests see their order.
func (e *recorder) replied(body any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if body == nil {
		e.sent = append(e.sent, "ok")
		return
	}
	e.sent = append(e.sent, fmt.Sprintf("ok %+v", body))
}

// take returns what was sent since the last take.
func (e *recorder) take() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	sent := e.sent
	e.sent = nil
	return sent
}

// describe is a message in one line, without what changes from run to run.
func describe(b protocol.Body) string {
	switch b := b.(type) {
	case protocol.RoomUsers:
		return fmt.Sprintf("users %s %s", b.Change, b.Users[0].ID)
	case protocol.RoomStreams:
		line := fmt.Sprintf("streams %s", b.Change)
		for _, s := range b.Streams {
			line += fmt.Sprintf(" %s(%s)", s.ID, s.User.ID)
		}
		if b.Change == protocol.Delete {
			line += fmt.Sprintf(" reason %d", b.Reason)
		}
		return line
	case protocol.RoomKickout:
		return fmt.Sprintf("kickout %s %d reason %d", b.Room, b.Code, b.Reason)
	case protocol.SessionOpen:
		return fmt.Sprintf("open %s %s", b.Role, b.Stream)
	case protocol.SessionClose:
		return fmt.Sprintf("close %s", b.Reason)
	case protocol.SessionDesc:
		return fmt.Sprintf("desc %s", b.Kind)
	case protocol.MessageBroadcast:
		return fmt.Sprintf("broadcast %d %s: %s", b.ID, b.From.ID, b.Text)
	case protocol.MessageBarrage:
		return fmt.Sprintf("barrage %s %s: %s", b.ID, b.From.ID, b.Text)
	}
	data, err := json.Marshal(b)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s %s", b.Type(), data)
}

// page is a user's end with its membership, as a test drives it.
type page struct {
	*recorder
	t   *testing.T
	hub *Hub
	*Member
	snapshot protocol.RoomSnapshot
}

func login(room, user string) protocol.RoomLogin {
	return protocol.RoomLogin{
		Version: protocol.Version, Room: protocol.RoomID(room),
		User: protocol.User{ID: protocol.UserID(user), Name: user}, Users: true,
	}
}

// join logs a new end in and fails the test when it is refused.
func join(t *testing.T, h *Hub, msg protocol.RoomLogin) *page {
	t.Helper()
	p := &page{recorder: &recorder{}, t: t, hub: h}
	m, err := h.Login(msg, Pass{}, p.recorder, func(_ *Member, s protocol.RoomSnapshot) {
		p.snapshot = s
		p.replied("snapshot")
	})
	if err != nil {
		t.Fatalf("login %s as %s: %v", msg.Room, msg.User.ID, err)
	}
	p.Member = m
	p.take()
	return p
}

func refused(h *Hub, msg protocol.RoomLogin, end End) protocol.Code {
	_, err := h.Login(msg, Pass{}, end, func(*Member, protocol.RoomSnapshot) {})
	return codeOf(err)
}

func (p *page) publish(id string) error {
	return p.room.Publish(p.Member, protocol.StreamPublish{Stream: protocol.StreamID(id)}, p.replied)
}

func (p *page) unpublish(id string) error {
	return p.room.Unpublish(p.Member, protocol.StreamUnpublish{Stream: protocol.StreamID(id)}, p.replied)
}

func (p *page) play(id string) error {
	return p.room.Play(p.Member, protocol.StreamPlay{Stream: protocol.StreamID(id)}, p.replied)
}

func (p *page) stop(id string) error {
	return p.room.Stop(p.Member, protocol.StreamStop{Stream: protocol.StreamID(id)}, p.replied)
}

// session is the last session that was opened at p.
func (p *page) session() protocol.SessionID {
	if len(p.open) == 0 {
		p.t.Helper()
		p.t.Fatal("no session was opened")
	}
	return p.open[len(p.open)-1].Session
}

// heard checks what p was sent since the last check.
func (p *page) heard(want ...string) {
	p.t.Helper()
	if got := p.take(); !slices.Equal(got, want) {
		p.t.Errorf("%s heard\n\t%q, want\n\t%q", p.user.ID, got, want)
	}
}

func codeOf(err error) protocol.Code {
	var coded *protocol.Error
	if errors.As(err, &coded) {
		return coded.Code
	}
	if err != nil {
		return -1
	}
	return protocol.CodeOK
}

func wantCode(t *testing.T, err error, want protocol.Code) {
	t.Helper()
	if got := codeOf(err); got != want {
		t.Errorf("error %v, want code %d", err, want)
	}
}

func succeed(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}
