package api

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

const (
	// maxAsked bounds the rooms, users and streams that one request asks about.
	maxAsked = 10
	// maxPage bounds the users that one answer lists.
	maxPage = 200
	// audience is the role of everyone: rooms have no roles here, and clients need none.
	audience = 2
)

type userCount struct {
	RoomID         string `json:"RoomId"`
	UserCount      int
	AdminUserCount int
}

func (s *Server) describeUserNum(c *call) (any, error) {
	ids := c.listed("RoomId", maxAsked, protocol.MaxRoomID)
	if err := c.check(); err != nil {
		return nil, err
	}
	counts := make([]userCount, 0, len(ids))
	for _, id := range ids {
		count := userCount{RoomID: id}
		if r := s.hub.Find(c.app, protocol.RoomID(id)); r != nil {
			count.UserCount = r.Count()
		}
		counts = append(counts, count)
	}
	return map[string]any{"UserCountList": counts}, nil
}

type listedUser struct {
	UserID   protocol.UserID `json:"UserId"`
	UserName string
	UserRole int
}

// place is where a user stands in a list by the time of login; what names it is a marker.
type place struct {
	at int64 // milliseconds
	id protocol.UserID
}

func placeOf(u room.UserInfo) place { return place{u.Since.UnixMilli(), u.ID} }

func (p place) compare(q place) int { return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.id, q.id)) }

func (p place) marker() string { return fmt.Sprintf("%d-%s", p.at, p.id) }

// marker is where the list before ended, or nil. That user may have left meanwhile.
func (c *call) marker() *place {
	text := c.optional("Marker", 20+1+protocol.MaxUserID, codeParameter)
	if text == "" {
		return nil
	}
	at, id, ok := strings.Cut(text, "-")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		c.fail(codeParameter, "Marker %q is none: use the one of the answer before", text)
	}
	return &place{ms, protocol.UserID(id)}
}

func (s *Server) describeUserList(c *call) (any, error) {
	newestFirst := c.number("Mode", 0, 0, 1) == 1
	limit := c.number("Limit", maxPage, 0, maxPage)
	after, id := c.marker(), c.roomID()
	if err := c.check(); err != nil {
		return nil, err
	}
	if limit == 0 {
		limit = maxPage
	}
	var users []room.UserInfo
	if r := s.hub.Find(c.app, id); r != nil {
		users = r.Users()
	}
	page, more := pageOf(users, newestFirst, after, limit)
	list, marker := []listedUser{}, ""
	for _, u := range page {
		list = append(list, listedUser{u.ID, u.Name, audience})
	}
	if more {
		marker = placeOf(page[len(page)-1]).marker()
	}
	return map[string]any{"Marker": marker, "UserList": list}, nil
}

// pageOf are the first so many users behind a place, and whether there are more.
func pageOf(users []room.UserInfo, newestFirst bool, after *place, limit int) ([]room.UserInfo, bool) {
	order := func(p, q place) int { return p.compare(q) }
	if newestFirst {
		order = func(p, q place) int { return q.compare(p) }
	}
	slices.SortFunc(users, func(a, b room.UserInfo) int { return order(placeOf(a), placeOf(b)) })
	if after != nil {
		users = slices.DeleteFunc(users, func(u room.UserInfo) bool { return order(placeOf(u), *after) <= 0 })
	}
	return users[:min(limit, len(users))], len(users) > limit
}

type userStatus struct {
	UserID    protocol.UserID `json:"UserId"`
	Status    int             // 1 is in the room
	LoginTime int64           // in milliseconds; 0 when not in the room
	UserRole  int
}

func (s *Server) describeUsers(c *call) (any, error) {
	ids := userIDs(c.listed("UserId", maxAsked, protocol.MaxUserID))
	r, err := c.room(codeNoRoomToAsk)
	if err != nil {
		return nil, err
	}
	here := map[protocol.UserID]time.Time{}
	for _, u := range r.Users() {
		here[u.ID] = u.Since
	}
	list := make([]userStatus, 0, len(ids))
	for _, id := range ids {
		status := userStatus{UserID: id}
		if since, ok := here[id]; ok {
			status = userStatus{id, 1, since.UnixMilli(), audience}
		}
		list = append(list, status)
	}
	return map[string]any{"UserStatusList": list}, nil
}

type listedStream struct {
	StreamID       protocol.StreamID `json:"StreamId"`
	UserID         protocol.UserID   `json:"UserId"`
	UserName       string
	CreateTime     int64  // in milliseconds
	StreamNumberID uint64 `json:"StreamNumberId"`
}

// describeStreams lists what members are told of.
func (s *Server) describeStreams(c *call) (any, error) {
	r, err := c.room(codeNoRoom)
	if err != nil {
		return nil, err
	}
	list := []listedStream{}
	for _, it := range r.Streams() {
		list = append(list, listedStream{it.ID, it.User.ID, it.User.Name, it.Since.UnixMilli(), it.Number})
	}
	return map[string]any{"StreamList": list}, nil
}
