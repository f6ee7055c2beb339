package webhook

import (
	"container/list"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// event is something that its app is to be told.
type event struct {
	report room.Report
	seq    uint64 // rises from event to event
	again  bool   // the stream was there a moment ago
	size   int    // about, in memory
	failed int    // requests

	line    *line
	element *list.Element // in outbox.all
}

// sizeOf is about what an event takes of memory.
func sizeOf(r room.Report) int {
	return 1024 + len(r.Room.ID) + len(r.User.ID) + len(r.User.Name) + len(r.Stream.ID) + len(r.Stream.ExtraInfo)
}

// outbox has an app's events. It is guarded by the Sender's mu.
type outbox struct {
	app     protocol.AppID
	lines   map[protocol.RoomID]*line
	all     *list.List // of *event, the oldest in front
	bytes   int
	ready   []*line // with an event to be sent now
	workers int

	dropped, failed int         // since the log was told
	pause           *time.Timer // of the log; nil when the next loss is told at once
}

// line is what one room has to tell, in its order.
type line struct {
	room   protocol.RoomID
	events []*event
	state  state
	timer  *time.Timer // while waiting
}

type state int

const (
	idle    state = iota // has nothing to tell
	ready                // is in outbox.ready
	sending              // its first event is on its way
	waiting              // to send its first event once more
)

func newOutbox(app protocol.AppID) *outbox {
	return &outbox{app: app, lines: map[protocol.RoomID]*line{}, all: list.New()}
}

func (o *outbox) add(e *event) {
	l := o.lines[e.report.Room.ID]
	if l == nil {
		l = &line{room: e.report.Room.ID}
		o.lines[l.room] = l
	}
	e.line, e.element = l, o.all.PushBack(e)
	l.events = append(l.events, e)
	o.bytes += e.size
	o.offer(l)
}

// offer makes a line that has something to tell, and does nothing about it, ready.
func (o *outbox) offer(l *line) {
	switch {
	case l.state != idle:
	case len(l.events) == 0:
		delete(o.lines, l.room)
	default:
		l.state = ready
		o.ready = append(o.ready, l)
	}
}

// remove takes out an event that is the first of its line.
func (o *outbox) remove(e *event) {
	o.all.Remove(e.element)
	o.bytes -= e.size
	e.line.events[0] = nil
	e.line.events = e.line.events[1:]
}

// next is the line whose turn it is, or nil.
func (o *outbox) next() *line {
	for len(o.ready) > 0 {
		l := o.ready[0]
		o.ready[0] = nil
		o.ready = o.ready[1:]
		l.state = idle
		if len(l.events) > 0 {
			l.state = sending
			return l
		}
		delete(o.lines, l.room) // what it had was dropped
	}
	return nil
}

// dropOldestLocked makes room; false when all that is left is on its way. The oldest event
// of all is the first of its room.
func (s *Sender) dropOldestLocked(o *outbox) bool {
	at := o.all.Front()
	for at != nil && at.Value.(*event).line.state == sending && at.Value.(*event).line.events[0] == at.Value {
		at = at.Next()
	}
	if at == nil {
		return false
	}
	e := at.Value.(*event)
	if e.line.events[0] != e {
		s.dropSecondLocked(o, e)
	} else {
		o.remove(e)
		s.wakeLocked(o, e.line) // its next event has its own chances
	}
	s.stats.Queued--
	s.stats.Dropped++
	o.dropped++
	s.tellLocked(o)
	return true
}

// dropSecondLocked drops an event behind the one that is on its way.
func (s *Sender) dropSecondLocked(o *outbox, e *event) {
	o.all.Remove(e.element)
	o.bytes -= e.size
	l := e.line
	l.events = append(l.events[:1], l.events[2:]...)
}

// wakeLocked ends a line's waiting.
func (s *Sender) wakeLocked(o *outbox, l *line) {
	if l.state == waiting {
		l.timer.Stop()
		l.state = idle
		o.offer(l)
		s.workLocked(o)
	}
}

// tellPause is the least time between two lines about an app.
const tellPause = 10 * time.Second

// tellLocked warns the operator, at once or after the pause.
func (s *Sender) tellLocked(o *outbox) {
	if o.pause == nil && s.writeLostLocked(o) {
		o.pause = time.AfterFunc(tellPause, func() {
			s.mu.Lock()
			defer s.mu.Unlock()
			o.pause = nil
			s.tellLocked(o)
		})
	}
}

// tellRestLocked tells what pauses have kept back, when nothing is sent any more.
func (s *Sender) tellRestLocked() {
	for _, o := range s.outboxes {
		if o.pause != nil {
			o.pause.Stop()
		}
		s.writeLostLocked(o)
	}
}

// writeLostLocked writes what is lost and not told yet; false means that there is none.
func (s *Sender) writeLostLocked(o *outbox) bool {
	if o.failed+o.dropped == 0 {
		return false
	}
	s.config.Log.Warn("callbacks are lost: see to the receiver of the app's callbacks", "app", o.app,
		"not acknowledged", o.failed, "too many waiting", o.dropped, "waiting", o.all.Len())
	o.failed, o.dropped = 0, 0
	return true
}
