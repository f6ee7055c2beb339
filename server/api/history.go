package api

import (
	"slices"
	"sync"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// maxHistory bounds the streams of one app that are remembered after their end.
const maxHistory = 2000

// History remembers the streams that were, the latest of each app. Its methods are safe
// for concurrent use.
type History struct {
	// Apps are those whose streams are remembered: nobody else can ask for them, and where
	// everyone may call anything an app there would be no end of apps.
	Apps *auth.Apps

	mu   sync.Mutex
	apps map[protocol.AppID]*past
}

// past has the streams of one app; order is that in which they ended.
type past struct {
	ended map[protocol.StreamID]span
	order []protocol.StreamID
}

type span struct{ created, closed time.Time }

// Hear notes the end of a stream. It is a room's observer.
func (h *History) Hear(r room.Report) {
	if r.Kind != room.StreamDown || r.Stream.Announced {
		return
	}
	if _, known := h.Apps.Get(uint32(r.Room.App)); !known {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.apps == nil {
		h.apps = map[protocol.AppID]*past{}
	}
	p := h.apps[r.Room.App]
	if p == nil {
		p = &past{ended: map[protocol.StreamID]span{}}
		h.apps[r.Room.App] = p
	}
	p.add(r.Stream.ID, span{r.Stream.Since, r.Time})
}

// add takes the place of the oldest when there are too many.
func (p *past) add(id protocol.StreamID, s span) {
	if _, known := p.ended[id]; known {
		p.order = slices.DeleteFunc(p.order, func(it protocol.StreamID) bool { return it == id })
	}
	p.order = append(p.order, id)
	p.ended[id] = s
	if len(p.order) > maxHistory {
		delete(p.ended, p.order[0])
		p.order = p.order[1:]
	}
}

// find is when a stream that has ended was there.
func (h *History) find(app protocol.AppID, id protocol.StreamID) (span, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := h.apps[app]
	if p == nil {
		return span{}, false
	}
	s, ok := p.ended[id]
	return s, ok
}
