package api

import "expressrtc/server/protocol"

// maxKicked bounds the users that one request removes, maxReason what they are told, in bytes.
const (
	maxKicked = 5
	maxReason = 256
)

// kickout removes users; those who are not in the room are no error.
func (s *Server) kickout(c *call) (any, error) {
	ids := userIDs(c.listed("UserId", maxKicked, protocol.MaxUserID))
	reason := c.optional("CustomReason", maxReason, codeTooLong)
	r, err := c.room(codeNoRoom)
	if err != nil {
		return nil, err
	}
	r.Remove(reason, ids...)
	return nil, nil
}

func (s *Server) closeRoom(c *call) (any, error) {
	reason := c.optional("CustomReason", maxReason, codeTooLong)
	loud := c.flag("RoomCloseCallback")
	r, err := c.room(codeNoRoomToClose)
	if err != nil {
		return nil, err
	}
	if loud {
		r.Close(reason)
	} else {
		r.CloseQuietly(reason)
	}
	return nil, nil
}
