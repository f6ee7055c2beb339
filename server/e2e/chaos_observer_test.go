package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

// picture is a room as somebody knows it: who is in it, and what they publish.
type picture struct{ users, streams []string }

// observer marks the users of observe, who are in nobody's picture.
const observer = "observer"

// observe enters a room as somebody new, takes what the server tells of it, and leaves.
func observe(server, room string, times int) (picture, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	ws, _, err := websocket.Dial(ctx, "ws://"+server+"/ws", nil)
	if err != nil {
		return picture{}, err
	}
	defer ws.CloseNow()
	ws.SetReadLimit(1 << 20)
	var s protocol.RoomSnapshot
	login := protocol.RoomLogin{
		Version: protocol.Version, App: 1, Room: protocol.RoomID(room), Users: true,
		User: protocol.User{ID: protocol.UserID(fmt.Sprint(observer, times, room))},
	}
	if err := exchange(ctx, ws, 1, login, &s); err != nil {
		return picture{}, err
	}
	if err := exchange(ctx, ws, 2, protocol.RoomLogout{Room: login.Room}, nil); err != nil {
		return picture{}, err
	}
	return pictureOf(s), ws.Close(websocket.StatusNormalClosure, "")
}

func pictureOf(s protocol.RoomSnapshot) (p picture) {
	for _, u := range s.Users {
		p.users = append(p.users, string(u.ID))
	}
	for _, stream := range s.Streams {
		p.streams = append(p.streams, string(stream.ID))
	}
	return p.sorted()
}

// sorted is p without observers, in the order of names.
func (p picture) sorted() picture {
	p.users = slices.DeleteFunc(p.users, func(u string) bool { return strings.HasPrefix(u, observer) })
	slices.Sort(p.users)
	slices.Sort(p.streams)
	return p
}

func (p picture) String() string { return fmt.Sprintf("users %v, streams %v", p.users, p.streams) }

// exchange sends a request and reads until its answer.
func exchange(ctx context.Context, ws *websocket.Conn, id uint64, request protocol.Body, answer any) error {
	data, err := protocol.Request(id, request)
	if err != nil {
		return err
	}
	if err := ws.Write(ctx, websocket.MessageText, data); err != nil {
		return err
	}
	for {
		_, data, err := ws.Read(ctx)
		if err != nil {
			return err
		}
		frame, err := protocol.Decode(data)
		switch {
		case err != nil:
			return err
		case frame.ID != id:
		case frame.Error != nil:
			return frame.Error
		case answer == nil:
			return nil
		default:
			return json.Unmarshal(frame.Body, answer)
		}
	}
}
