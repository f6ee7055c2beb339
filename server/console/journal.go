package console

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

// What bounds the journal: refused logins have a ring of their own, so that who is refused
// over and over does not drive out everything else.
const (
	ringSize = 300
	maxText  = 256 // bytes of an id or a message; those of a refused login may be any
)

// entry is a login or a departure.
type entry struct {
	Number  uint64 `json:"number"`
	Time    int64  `json:"time"`
	Kind    string `json:"kind"`
	App     uint32 `json:"app"`
	Room    string `json:"room"`
	User    string `json:"user"`
	Address string `json:"address,omitempty"`
	// Code and Message are what the client was told.
	Code    int    `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// Reason is why a user is gone.
	Reason int `json:"reason,omitempty"`
}

// journal has the recent logins and departures.
type journal struct {
	mu      sync.Mutex
	last    uint64
	come    ring // and gone
	refused ring
}

// newJournal numbers its entries from the clock, so that numbers do not come again in a
// server's next life.
func newJournal() *journal { return &journal{last: uint64(time.Now().UnixMicro())} }

// newest is the last number.
func (j *journal) newest() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.last
}

// ring has the newest entries.
type ring struct {
	entries [ringSize]entry
	next    int
}

func (r *ring) add(e entry) {
	r.entries[r.next] = e
	r.next = (r.next + 1) % ringSize
}

// since appends the entries after a number to list.
func (r *ring) since(number uint64, list []entry) []entry {
	for _, e := range r.entries {
		if e.Number > number {
			list = append(list, e)
		}
	}
	return list
}

func (j *journal) login(l signaling.Login) {
	e := entry{
		Time: millis(l.Time), Kind: "in", App: uint32(l.App), Room: clip(string(l.Room)), User: clip(string(l.User)),
		Code: int(l.Code), Message: clip(l.Message),
	}
	if l.From.IsValid() {
		e.Address = l.From.String()
	}
	if l.Code != protocol.CodeOK {
		e.Kind = "refused"
	}
	j.add(e)
}

func (j *journal) report(r room.Report) {
	if r.Kind != room.UserOut {
		return
	}
	e := entry{
		Time: millis(r.Time), Kind: "out", App: uint32(r.Room.App), Room: string(r.Room.ID), User: string(r.User.ID),
		Code: int(r.Departure.Code), Reason: int(r.Departure.Reason),
	}
	if r.User.Pass.Address.IsValid() {
		e.Address = r.User.Pass.Address.String()
	}
	j.add(e)
}

func (j *journal) add(e entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.last++
	e.Number = j.last
	if e.Kind == "refused" {
		j.refused.add(e)
	} else {
		j.come.add(e)
	}
}

// since is what came after a number, the newest first and at most so many.
func (j *journal) since(number uint64, most int) []entry {
	j.mu.Lock()
	list := j.refused.since(number, j.come.since(number, []entry{}))
	j.mu.Unlock()
	slices.SortFunc(list, func(a, b entry) int { return int(int64(b.Number - a.Number)) })
	return list[:min(len(list), most)]
}

func clip(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "") + "…"
	}
	return s
}

func (c *Console) recent(*http.Request) (any, error) {
	return map[string]any{"recent": c.journal.since(0, 2*ringSize)}, nil
}
