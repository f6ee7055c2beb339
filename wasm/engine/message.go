package engine

import (
	"context"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/signaling"
)

// Sent answers a message that was sent. MessageID is a number for a broadcast, a text
// for a barrage message, and absent for a command.
type Sent struct {
	ErrorCode int `json:"errorCode"`
	MessageID any `json:"messageID,omitempty"`
}

// SendBroadcastMessage sends a text to the others in the room, reliably. It blocks
// until the server has it. At most one a second of the clock.
func (e *Engine) SendBroadcastMessage(ctx context.Context, room, message Text) (Sent, error) {
	r, client, err := e.startMessage(room, message, protocol.CodeInput)
	if err != nil {
		return Sent{}, err
	}
	if !e.takeSecond(r) {
		return Sent{}, shapeBare.error(codeTooOften, "")
	}
	reply, err := request[protocol.MessageBroadcastReply](ctx, client, protocol.MessageBroadcast{Room: r.id, Text: message.S})
	return Sent{MessageID: reply.ID}, err
}

// SendBarrageMessage sends a text to the others in the room, many and without promise.
// It blocks until the server has it.
func (e *Engine) SendBarrageMessage(ctx context.Context, room, message Text) (Sent, error) {
	r, client, err := e.startMessage(room, message, protocol.CodeTextEmpty)
	if err != nil {
		return Sent{}, err
	}
	reply, err := request[protocol.MessageBarrageReply](ctx, client, protocol.MessageBarrage{Room: r.id, Text: message.S})
	return Sent{MessageID: reply.ID}, err
}

// SendCustomCommand sends a text, or an object as JSON, to the named users. It blocks
// until the server has it, whether they are there or not. to is nil for a wrong type.
func (e *Engine) SendCustomCommand(ctx context.Context, room Text, command json.RawMessage, to []string) (Sent, error) {
	if !room.OK {
		return Sent{}, shapeBare.error(codeMessageRoom, "")
	}
	if to == nil {
		return Sent{}, shapeBare.error(protocol.CodeInput, "toUserIDList must be string[]")
	}
	if err := checkCommand(command); err != nil {
		return Sent{}, err
	}
	r, client, err := e.messageRoom(room)
	if err != nil {
		return Sent{}, err
	}
	if len(to) == 0 {
		return Sent{}, nil // sent to everyone of nobody
	}
	ids := make([]protocol.UserID, len(to))
	for i, id := range to {
		ids[i] = protocol.UserID(id)
	}
	_, err = request[struct{}](ctx, client, protocol.MessageCommand{Room: r.id, To: ids, Command: command})
	return Sent{}, err
}

func checkCommand(command json.RawMessage) error {
	size := len(command)
	var text string
	switch {
	case size == 0 || (command[0] != '"' && command[0] != '{' && command[0] != '['):
		return shapeBare.error(protocol.CodeTextEmpty, "")
	case command[0] == '"':
		if err := json.Unmarshal(command, &text); err != nil || text == "" {
			return shapeBare.error(protocol.CodeTextEmpty, "")
		}
		size = len(text)
	}
	if size > protocol.MaxText {
		return shapeBare.error(codeCommandLong, "")
	}
	return nil
}

// startMessage checks a text message; wrongType is the method's code for no string.
func (e *Engine) startMessage(room, message Text, wrongType Code) (*room, *signaling.Client, error) {
	switch {
	case !room.OK && wrongType == protocol.CodeInput, !message.OK:
		return nil, nil, shapeBare.error(wrongType, "")
	case !room.OK:
		return nil, nil, shapeBare.error(codeNotLogin, "")
	case message.S == "":
		return nil, nil, shapeBare.error(protocol.CodeTextEmpty, "")
	case len(message.S) > protocol.MaxText:
		return nil, nil, shapeBare.error(codeTextTooLong, "")
	}
	return e.messageRoom(room)
}

func (e *Engine) messageRoom(id Text) (*room, *signaling.Client, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.rooms[protocol.RoomID(id.S)]
	switch {
	case e.client == nil, r != nil && r.state != roomConnected:
		return nil, nil, shapeBare.error(codeNotLogin, "")
	case r == nil:
		return nil, nil, shapeBare.error(codeMessageRoom, "")
	}
	return r, e.client, nil
}

// takeSecond allows one broadcast in each second of the clock.
func (e *Engine) takeSecond(r *room) bool {
	now := time.Now().Unix()
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.lastBroadcast == now {
		return false
	}
	r.lastBroadcast = now
	return true
}

func messageCode(err error) Code {
	if code := codeOf(err); code != codeTimeout {
		return code
	}
	return codeMessageFailed
}

func (e *Engine) onBroadcastLocked(m protocol.MessageBroadcast) {
	if m.From != nil && e.rooms[m.Room] != nil {
		e.emitLocked(broadcastReceived(string(m.Room), Message{publicUser(*m.From), m.Text, m.Time, m.ID}))
	}
}

func (e *Engine) onBarrageLocked(m protocol.MessageBarrage) {
	if m.From != nil && e.rooms[m.Room] != nil {
		e.emitLocked(barrageReceived(string(m.Room), Message{publicUser(*m.From), m.Text, m.Time, m.ID}))
	}
}

// onCommandLocked hands over an object if an object was sent.
func (e *Engine) onCommandLocked(m protocol.MessageCommand) {
	if m.From != nil && e.rooms[m.Room] != nil {
		e.emitLocked(commandReceived(string(m.Room), publicUser(*m.From), m.Command))
	}
}
