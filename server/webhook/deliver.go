package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"expressrtc/server/room"
)

// pauses are the times before each further try, from the end of the one before.
var pauses = []time.Duration{2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second}

// workLocked makes sure that what is ready is being sent, within the bound.
func (s *Sender) workLocked(o *outbox) {
	for o.workers < s.config.Parallel {
		l := o.next()
		if l == nil {
			return
		}
		o.workers++
		go s.work(o, l)
	}
}

// work sends what a line has first, then what other lines have, as long as one is ready.
func (s *Sender) work(o *outbox, l *line) {
	for l != nil {
		s.mu.Lock()
		e := l.events[0]
		s.mu.Unlock()
		l = s.sent(o, l, e, s.send(e))
	}
}

// sent does what follows from an event's request, and gives the line whose turn it is.
func (s *Sender) sent(o *outbox, l *line, e *event, err error) *line {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.outboxes[o.app] != o {
		return nil // the server stopped meanwhile
	}
	l.state = idle
	if err != nil {
		e.failed++
		s.config.Log.Debug("callback", "app", o.app, "room", l.room, "event", names[e.report.Kind], "request", e.failed, "error", err)
	}
	if err != nil && e.failed <= len(pauses) && !s.stopping {
		s.stats.Retried++
		l.state = waiting
		l.timer = time.AfterFunc(pauses[e.failed-1], func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.wakeLocked(o, l)
		})
	} else {
		s.doneLocked(o, e, err)
		o.offer(l)
	}
	next := o.next()
	if next == nil {
		o.workers--
	}
	s.checkEmptyLocked()
	return next
}

// doneLocked forgets an event that was delivered, or is lost.
func (s *Sender) doneLocked(o *outbox, e *event, err error) {
	o.remove(e)
	s.stats.Queued--
	if err == nil {
		s.stats.Delivered++
		return
	}
	s.stats.Failed++
	o.failed++
	s.tellLocked(o)
}

// errNoAddress says that the app has no callbacks any more.
var errNoAddress = errors.New("the app has no address for callbacks")

// maxAnswer bounds what is read of an answer, so that its connection can be used again.
const maxAnswer = 64 << 10

// send makes one request.
func (s *Sender) send(e *event) error {
	app, ok := s.config.App(uint32(e.report.Room.App))
	if !ok || app.CallbackURL == "" {
		return errNoAddress
	}
	body, err := json.Marshal(newBody(e, sign(app, time.Now())))
	if err != nil {
		return fmt.Errorf("writing a callback: %w", err)
	}
	request, err := http.NewRequestWithContext(s.ctx, http.MethodPost, app.CallbackURL, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address is not valid") // which may have a password in it
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	response, err := s.client.Do(request)
	var about *url.Error
	if errors.As(err, &about) {
		return about.Err // without the address
	}
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, maxAnswer)) // what it says does not matter
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return fmt.Errorf("the receiver answers %s", response.Status)
	}
	return nil
}

// names are what the callbacks call what happened.
var names = map[room.Kind]string{
	room.RoomOpened: "room_create", room.RoomClosed: "room_close",
	room.UserIn: "room_login", room.UserOut: "room_logout",
	room.StreamUp: "stream_create", room.StreamDown: "stream_close",
}
