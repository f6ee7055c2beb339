package api

import "expressrtc/server/protocol"

// maxMessage bounds what an app's server says, in bytes.
const maxMessage = 1024

// message is the text of a message.
func (c *call) message(tooLong Code) string {
	text := c.optional("MessageContent", maxMessage, tooLong)
	if text == "" {
		c.fail(codeEmptyMessage, "MessageContent is empty")
	}
	return text
}

// said reads what a message to the room needs. Its category, 1 of the system and 2 a chat,
// ends here: the SDK's event has no place for it.
func (c *call) said() (from protocol.User, text string) {
	from = c.user()
	c.number("MessageCategory", required, 1, 2)
	return from, c.message(codeTooLong)
}

func (s *Server) sendBroadcast(c *call) (any, error) {
	from, text := c.said()
	r, err := c.room(codeNoRoom)
	if err != nil {
		return nil, err
	}
	id, err := r.Say(from, text)
	if err != nil {
		return nil, refused(codeParameter, err)
	}
	return map[string]any{"MessageId": id}, nil
}

func (s *Server) sendBarrage(c *call) (any, error) {
	from, text := c.said()
	r, err := c.room(codeNoRoom)
	if err != nil {
		return nil, err
	}
	id, err := r.SayBarrage(from, text)
	if err != nil {
		return nil, refused(codeParameter, err)
	}
	return map[string]any{"MessageId": id}, nil
}

// maxReceivers bounds the users that a command names.
const maxReceivers = 10

// unreached is a user who did not get a command.
type unreached struct {
	UID  protocol.UserID `json:"Uid"`
	Code Code
}

func (s *Server) sendCommand(c *call) (any, error) {
	from := protocol.User{ID: c.userID("FromUserId")}
	to := userIDs(c.list("ToUserId", maxReceivers, codeUserList, protocol.MaxUserID))
	text := c.message(codeMessageLength)
	r, err := c.room(codeNoRoomToAsk)
	if err != nil {
		return nil, err
	}
	absent, err := r.Tell(from, to, text)
	if err != nil {
		return nil, refused(codeCommandFailed, err)
	}
	failed := []unreached{}
	for _, id := range absent {
		failed = append(failed, unreached{id, codeUserOffline})
	}
	return map[string]any{"FailUsers": failed}, nil
}

func userIDs(texts []string) []protocol.UserID {
	var ids []protocol.UserID
	for _, text := range texts {
		ids = append(ids, protocol.UserID(text))
	}
	return ids
}
