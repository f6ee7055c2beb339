package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// What bounds an answer.
const (
	pageSize  = 100
	maxPage   = 500
	maxListed = 500
	maxKicked = 500
	maxReason = 256
)

var errNoRoom = failure{http.StatusNotFound, "noRoom", "there is no such room any more"}

// roomInfo is a room as the API tells it.
type roomInfo struct {
	App     uint32 `json:"app"`
	ID      string `json:"id"`
	Life    string `json:"life"` // too large for a number of JavaScript
	Created int64  `json:"created"`
	Members int    `json:"members"`
	Streams int    `json:"streams"`
}

func describe(i room.Info) roomInfo {
	return roomInfo{uint32(i.App), string(i.ID), strconv.FormatUint(i.Life, 36), millis(i.Created), i.Members, i.Streams}
}

type counts struct {
	Rooms    int `json:"rooms"`
	Users    int `json:"users"`
	Streams  int `json:"streams"`
	Sessions int `json:"sessions"`
}

func (c *Console) count() counts { return counts(c.config.Hub().Counts()) }

func (c *Console) counts(*http.Request) (any, error) { return c.count(), nil }

// orders are those of rooms; a minus in front is the other way round.
var orders = map[string]func(a, b room.Info) int{
	"members": func(a, b room.Info) int { return cmp.Compare(a.Members, b.Members) },
	"created": func(a, b room.Info) int { return a.Created.Compare(b.Created) },
	"name":    func(a, b room.Info) int { return cmp.Compare(a.ID, b.ID) },
}

// byName makes an order of rooms whole.
func byName(a, b room.Info) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.App, b.App)) }

func (c *Console) rooms(r *http.Request) (any, error) {
	offset, err := number(r, "offset", 0, 0, 10_000_000)
	if err != nil {
		return nil, err
	}
	limit, err := number(r, "limit", pageSize, 1, maxPage)
	if err != nil {
		return nil, err
	}
	sort, descending := strings.CutPrefix(cmp.Or(r.URL.Query().Get("sort"), "-members"), "-")
	order := orders[sort]
	if order == nil {
		return nil, badInput("sort must be members, created or name, with a minus in front for the other way round")
	}
	found := c.findRooms(r.URL.Query().Get("search"))
	slices.SortFunc(found, func(a, b room.Info) int {
		if descending {
			return cmp.Or(order(b, a), byName(a, b))
		}
		return cmp.Or(order(a, b), byName(a, b))
	})
	page := []roomInfo{}
	for _, info := range found[min(offset, len(found)):min(offset+limit, len(found))] {
		page = append(page, describe(info))
	}
	return map[string]any{"total": len(found), "rooms": page}, nil
}

// findRooms finds by a part of the id, or by the app's.
func (c *Console) findRooms(search string) []room.Info {
	search = strings.ToLower(strings.TrimSpace(search))
	var found []room.Info
	for _, r := range c.config.Hub().Rooms(nil) {
		if !matches(search, string(r.ID()), strconv.FormatUint(uint64(r.App()), 10)) {
			continue
		}
		if info := r.Info(); info.Members > 0 { // or it is just being made, or gone
			found = append(found, info)
		}
	}
	return found
}

func matches(search string, texts ...string) bool {
	return search == "" || slices.ContainsFunc(texts, func(text string) bool {
		return strings.Contains(strings.ToLower(text), search)
	})
}

type userInfo struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Since   int64  `json:"since"`
	Address string `json:"address,omitempty"`
	Expires int64  `json:"expires,omitempty"` // of the token
}

type streamInfo struct {
	ID    string `json:"id"`
	User  string `json:"user"`
	Since int64  `json:"since"`
}

type sessionInfo struct {
	Stream string `json:"stream"`
	From   string `json:"from"`
	To     string `json:"to"`
	Route  string `json:"route"`
	Up     int    `json:"up"`
	Down   int    `json:"down"`
}

// found is how many there are before they are cut to maxListed.
type found struct {
	Users    int `json:"users"`
	Streams  int `json:"streams"`
	Sessions int `json:"sessions"`
}

func (c *Console) room(r *http.Request) (any, error) {
	q := r.URL.Query()
	app, err := strconv.ParseUint(q.Get("app"), 10, 32)
	if err != nil {
		return nil, badInput("app must be an app id")
	}
	at := c.config.Hub().Find(protocol.AppID(app), protocol.RoomID(q.Get("room")))
	if at == nil {
		return map[string]any{"room": nil}, nil // no failure: who watches a room sees it end
	}
	search := strings.ToLower(strings.TrimSpace(q.Get("search")))
	users, streams, sessions := usersOf(at, search), streamsOf(at, search), sessionsOf(at, search)
	all := found{len(users), len(streams), len(sessions)}
	return map[string]any{
		"room": describe(at.Info()), "found": all,
		"users": cut(users), "streams": cut(streams), "sessions": cut(sessions),
	}, nil
}

func cut[T any](list []T) []T { return list[:min(len(list), maxListed)] }

func (c *Console) find(app uint32, id string) (*room.Room, error) {
	at := c.config.Hub().Find(protocol.AppID(app), protocol.RoomID(id))
	if at == nil {
		return nil, errNoRoom
	}
	return at, nil
}

func usersOf(at *room.Room, search string) []userInfo {
	list := []userInfo{}
	for _, u := range at.Users() {
		if matches(search, string(u.ID), u.Name) {
			told := userInfo{string(u.ID), u.Name, millis(u.Since), "", millis(u.Pass.Expires)}
			if u.Pass.Address.IsValid() {
				told.Address = u.Pass.Address.String()
			}
			list = append(list, told)
		}
	}
	return list
}

func streamsOf(at *room.Room, search string) []streamInfo {
	list := []streamInfo{}
	for _, s := range at.Streams() {
		if matches(search, string(s.ID), string(s.User.ID)) {
			list = append(list, streamInfo{string(s.ID), string(s.User.ID), millis(s.Since)})
		}
	}
	return list
}

// sessionsOf are in the order of their streams, so that they keep their places.
func sessionsOf(at *room.Room, search string) []sessionInfo {
	list := []sessionInfo{}
	for _, s := range at.Sessions() {
		if matches(search, string(s.Stream), string(s.From), string(s.To)) {
			told := sessionInfo{string(s.Stream), string(s.From), string(s.To), route(s), -1, -1}
			if !s.Quality.At.IsZero() {
				told.Up, told.Down = s.Quality.Up, s.Quality.Down
			}
			list = append(list, told)
		}
	}
	slices.SortFunc(list, func(a, b sessionInfo) int { return cmp.Or(cmp.Compare(a.Stream, b.Stream), cmp.Compare(a.To, b.To)) })
	return list
}

// route is the way of a session's media, as far as it was told.
func route(s room.SessionInfo) string {
	switch {
	case s.From == "":
		return "forwarder"
	case s.Quality.At.IsZero():
		return ""
	case s.Quality.Relay:
		return "relay"
	default:
		return "direct"
	}
}

// inRoom is what the operator does in a room.
type inRoom struct {
	App    uint32   `json:"app"`
	Room   string   `json:"room"`
	Users  []string `json:"users"`
	Reason string   `json:"reason"`
	Name   string   `json:"name"`
	Text   string   `json:"text"`
}

func (c *Console) decodeInRoom(r *http.Request) (inRoom, *room.Room, error) {
	body, err := decode[inRoom](r)
	switch {
	case err != nil:
		return body, nil, err
	case len(body.Reason) > maxReason:
		return body, nil, badInput("the reason has more than 256 bytes")
	case len(body.Name) > protocol.MaxUserName:
		return body, nil, badInput("the name has more than 256 bytes")
	}
	at, err := c.find(body.App, body.Room)
	return body, at, err
}

func (c *Console) kick(r *http.Request) (any, error) {
	body, at, err := c.decodeInRoom(r)
	if err != nil {
		return nil, err
	}
	if len(body.Users) == 0 || len(body.Users) > maxKicked {
		return nil, badInput("name from 1 to 500 users")
	}
	users := make([]protocol.UserID, len(body.Users))
	for i, id := range body.Users {
		users[i] = protocol.UserID(id)
	}
	removed := at.Remove(body.Reason, users...)
	if removed == 0 {
		return nil, failure{http.StatusNotFound, "noUser", "there is no such user in the room any more"}
	}
	c.note(r, "users removed", "app", body.App, "room", body.Room, "users", body.Users, "removed", removed)
	return map[string]int{"removed": removed}, nil
}

func (c *Console) closeRoom(r *http.Request) (any, error) {
	body, at, err := c.decodeInRoom(r)
	if err != nil {
		return nil, err
	}
	at.Close(body.Reason)
	c.note(r, "room closed", "app", body.App, "room", body.Room)
	return nil, nil
}

// operator is who messages come from. It is no member, so a user may have that id, too.
const operator = "operator"

func (c *Console) message(r *http.Request) (any, error) {
	body, at, err := c.decodeInRoom(r)
	if err != nil {
		return nil, err
	}
	if _, err := at.Say(protocol.User{ID: operator, Name: cmp.Or(strings.TrimSpace(body.Name), operator)}, body.Text); err != nil {
		return nil, err
	}
	c.note(r, "message sent", "app", body.App, "room", body.Room)
	return nil, nil
}
