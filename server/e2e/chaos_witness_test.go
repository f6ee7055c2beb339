package e2e

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// sighting is one thing that a client's page saw, in milliseconds of the clock.
type sighting struct {
	Name string            `json:"name"`
	Args []json.RawMessage `json:"args"`
	At   int64             `json:"at"`
}

// noURLs are fields of a stream that are always empty.
const noURLs = `,"urlsFLV":"","urlsRTMP":"","urlsHLS":"","urlsHttpsFLV":"","urlsHttpsHLS":""`

func (s sighting) String() string {
	args := make([]string, len(s.Args))
	for i, arg := range s.Args {
		args[i] = strings.ReplaceAll(string(arg), noURLs, "")
	}
	return fmt.Sprintf("%s(%s)", s.Name, strings.Join(args, ", "))
}

// arg is an argument as a text, whatever it is.
func (s sighting) arg(i int) (text string) {
	_ = json.Unmarshal(s.Args[i], &text) // "" for what is none
	return text
}

// witness believes what a client is told, and notes what contradicts what it was told
// before, and what must never be told at all.
type witness struct {
	*plan
	name string

	story      []string
	wrongs     []string
	users      map[string]bool
	streams    map[string]string // whose they are
	gone       map[string]int    // how often they were told of as gone
	players    map[string]string // states
	publishers map[string]string
	stays      []stay
	receipts   []receipt
	sent       []message
}

// stay is a time in which the client was a member of its room without interruption, as
// far as it was told. What interrupted it may have happened before it was told.
type stay struct {
	room       string
	began, end int64 // end 0: it goes on
}

// receipt is a message that came.
type receipt struct {
	text, room string
	at, taken  int64 // taken by the server; 0 for a command, which does not tell
	stay       int   // -1: none
}

// message is one that was sent.
type message struct {
	Kind  string   `json:"kind"`
	Room  string   `json:"room"`
	Text  string   `json:"text"`
	To    []string `json:"to"`
	Began int64    `json:"began"`
	Acked int64    `json:"acked"` // 0: it never was
	Error string   `json:"error"`
}

func newWitness(p *plan, name string) *witness {
	w := &witness{plan: p, name: name, gone: map[string]int{}, players: map[string]string{}, publishers: map[string]string{}}
	w.empty()
	return w
}

func (w *witness) empty() { w.users, w.streams = map[string]bool{}, map[string]string{} }

func (w *witness) wrong(s sighting, format string, args ...any) {
	w.wrongs = append(w.wrongs, w.told(s)+": "+fmt.Sprintf(format, args...))
}

// folds is what each event means.
var folds = map[string]func(*witness, sighting){
	"roomStateChanged":       (*witness).foldRoom,
	"roomUserUpdate":         (*witness).foldUsers,
	"roomStreamUpdate":       (*witness).foldStreams,
	"playerStateUpdate":      (*witness).foldPlayer,
	"publisherStateUpdate":   (*witness).foldPublisher,
	"IMRecvBroadcastMessage": (*witness).foldTexts,
	"IMRecvBarrageMessage":   (*witness).foldTexts,
	"IMRecvCustomCommand":    (*witness).foldCommand,
	"sent":                   (*witness).foldSent,
	"failed":                 (*witness).foldFailed,
}

// told is a sighting with its time in the plan.
func (w *witness) told(s sighting) string {
	return fmt.Sprintf("%6.2fs %s", w.since(s.At).Seconds(), s)
}

func (w *witness) fold(all []sighting) {
	for _, s := range all {
		w.story = append(w.story, w.told(s))
		if fold := folds[s.Name]; fold != nil {
			fold(w, s)
		}
	}
}

func (w *witness) foldRoom(s sighting) {
	switch room, reason := s.arg(0), s.arg(1); reason {
	case "LOGINING":
		w.empty()
	case "LOGINED", "RECONNECTED":
		w.stays = append(w.stays, stay{room: room, began: s.At})
	case "RECONNECTING", "LOGOUT":
		w.endStay(s.At)
		if reason == "LOGOUT" {
			w.empty()
		}
	default: // LOGIN_FAILED, RECONNECT_FAILED, KICKOUT: nothing in a run is a reason for them
		w.wrong(s, "out of the room")
		w.endStay(s.At)
		w.empty()
	}
}

func (w *witness) endStay(at int64) {
	if n := len(w.stays); n > 0 && w.stays[n-1].end == 0 {
		w.stays[n-1].end = at
	}
}

func (w *witness) foldUsers(s sighting) {
	var users []struct {
		ID string `json:"userID"`
	}
	if err := json.Unmarshal(s.Args[2], &users); err != nil {
		w.wrong(s, "unreadable")
	}
	for _, u := range users {
		if s.arg(1) == "ADD" {
			w.expect(s, !w.users[u.ID], "ADD of user %s, who is there", u.ID)
			w.expect(s, u.ID != w.name, "ADD of itself")
			w.users[u.ID] = true
			continue
		}
		w.expect(s, w.users[u.ID], "DELETE of user %s, who is not there", u.ID)
		w.expectExcuse(s, u.ID, doLeave, "user "+u.ID)
		delete(w.users, u.ID)
	}
}

func (w *witness) foldStreams(s sighting) {
	var streams []struct {
		ID   string `json:"streamID"`
		User struct {
			ID string `json:"userID"`
		} `json:"user"`
	}
	if err := json.Unmarshal(s.Args[2], &streams); err != nil {
		w.wrong(s, "unreadable")
	}
	for _, stream := range streams {
		_, there := w.streams[stream.ID]
		if s.arg(1) == "ADD" {
			w.expect(s, !there, "ADD of stream %s, which is there", stream.ID)
			w.expect(s, stream.User.ID != w.name, "ADD of its own stream")
			w.streams[stream.ID] = stream.User.ID
			continue
		}
		w.expect(s, there, "DELETE of stream %s, which is not there", stream.ID)
		w.expectExcuse(s, stream.User.ID, doUnpublish, "stream "+stream.ID)
		delete(w.streams, stream.ID)
	}
}

// expectExcuse wants a reason of its own for every time that something is told of as gone.
func (w *witness) expectExcuse(s sighting, who string, what deed, name string) {
	w.gone[name]++
	if !strings.HasPrefix(who, observer) {
		w.expect(s, w.gone[name] <= w.excuses(who, what, s.At), "DELETE of %s for the %d. time, without a reason", name, w.gone[name])
	}
}

func (w *witness) expect(s sighting, ok bool, format string, args ...any) {
	if !ok {
		w.wrong(s, format, args...)
	}
}

// streamState is the payload of playerStateUpdate and publisherStateUpdate.
type streamState struct {
	Stream string `json:"streamID"`
	State  string `json:"state"`
	Code   int    `json:"errorCode"`
}

// foldPlayer: with a calm player and a calm publisher media flows whatever happens to others.
func (w *witness) foldPlayer(s sighting) {
	p := w.readState(s)
	owner, _, _ := strings.Cut(p.Stream, "-")
	if w.players[p.Stream] == "PLAYING" && w.plan.calm(w.name) && w.plan.calm(owner) {
		w.expect(s, p.State != "PLAY_REQUESTING", "a player was disturbed")
	}
	w.expect(s, p.State != "NO_PLAY" || p.Code == 0, "playing was given up")
	w.players[p.Stream] = p.State
}

func (w *witness) foldPublisher(s sighting) {
	p := w.readState(s)
	if w.publishers[p.Stream] == "PUBLISHING" && w.plan.calm(w.name) {
		w.expect(s, p.State != "PUBLISH_REQUESTING", "a publisher was disturbed")
	}
	w.expect(s, p.State != "NO_PUBLISH" || p.Code == 0, "publishing was given up")
	w.publishers[p.Stream] = p.State
}

func (w *witness) readState(s sighting) (p streamState) {
	if err := json.Unmarshal(s.Args[0], &p); err != nil {
		w.wrong(s, "unreadable")
	}
	return p
}

func (w *witness) foldTexts(s sighting) {
	var texts []struct {
		Text string `json:"message"`
		Time int64  `json:"sendTime"`
	}
	if err := json.Unmarshal(s.Args[1], &texts); err != nil {
		w.wrong(s, "unreadable")
	}
	for _, t := range texts {
		w.receive(s, t.Text, t.Time)
	}
}

func (w *witness) foldCommand(s sighting) { w.receive(s, s.arg(2), 0) }

// receive notes a message, which must not come twice.
func (w *witness) receive(s sighting, text string, taken int64) {
	w.expect(s, !slices.ContainsFunc(w.receipts, func(r receipt) bool { return r.text == text }), "%s came twice", text)
	r := receipt{text: text, room: s.arg(0), at: s.At, taken: taken, stay: -1}
	if n := len(w.stays); n > 0 && w.stays[n-1].end == 0 {
		r.stay = n - 1
	}
	w.receipts = append(w.receipts, r)
}

func (w *witness) foldSent(s sighting) {
	var m message
	if err := json.Unmarshal(s.Args[0], &m); err != nil {
		w.wrong(s, "unreadable")
	}
	w.sent = append(w.sent, m)
}

func (w *witness) foldFailed(s sighting) { w.wrong(s, "a call failed that must not") }
