package api

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"expressrtc/server/protocol"
)

// paces counts how often each app does each action, and asks about each room.
type paces struct {
	mu    sync.Mutex
	apps  map[appAction]*rate.Limiter
	rooms map[roomAction]time.Time // when it may be done again
}

type (
	appAction struct {
		app  protocol.AppID
		name string
	}
	roomAction struct {
		appAction
		room string
	}
)

func newPaces() *paces {
	return &paces{apps: map[appAction]*rate.Limiter{}, rooms: map[roomAction]time.Time{}}
}

// count counts a call, or says that there are too many.
func (p *paces) count(c *call, do action) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := appAction{c.app, c.name}
	pace := p.apps[key]
	if pace == nil {
		pace = rate.NewLimiter(rate.Limit(do.perSecond), do.perSecond)
		p.apps[key] = pace
	}
	if !pace.Allow() {
		return fail(do.tooOften(), "more than %d times %s in a second: send fewer", do.perSecond, c.name)
	}
	id := c.values.Get("RoomId")
	if do.perRoom == 0 || len(id) > protocol.MaxRoomID {
		return nil
	}
	now := time.Now()
	if now.Before(p.rooms[roomAction{key, id}]) {
		return fail(codeRoomTooOften, "%s may be sent once in %v for a room", c.name, do.perRoom)
	}
	p.forgetLocked(now)
	p.rooms[roomAction{key, id}] = now.Add(do.perRoom)
	return nil
}

// forgetLocked keeps the rooms few: no more than come within their time are left.
func (p *paces) forgetLocked(now time.Time) {
	if len(p.rooms) < 1024 {
		return
	}
	for key, again := range p.rooms {
		if !now.Before(again) {
			delete(p.rooms, key)
		}
	}
}
