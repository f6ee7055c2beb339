package signaling

import (
	"encoding/json"
	"errors"
	"log/slog"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// handler takes a frame of one type. An error is the answer to it.
type handler func(c *conn, f protocol.Frame) error

// handlers has one row a message that clients send.
var handlers = map[protocol.Type]handler{
	protocol.TypeRoomLogin:          request((*conn).onRoomLogin),
	protocol.TypeRoomLogout:         request((*conn).onRoomLogout),
	protocol.TypeResume:             (*conn).onResume,
	protocol.TypeAck:                notice((*conn).onAck),
	protocol.TypePing:               notice((*conn).onPing),
	protocol.TypePong:               notice((*conn).onPong),
	protocol.TypeRoomToken:          request((*conn).onRoomToken),
	protocol.TypeRoomExtra:          inRoom((*room.Room).SetExtra, (*conn).countExtra),
	protocol.TypeStreamPublish:      inRoom((*room.Room).Publish),
	protocol.TypeStreamUnpublish:    inRoom((*room.Room).Unpublish),
	protocol.TypeStreamUpdate:       inRoom((*room.Room).Update),
	protocol.TypeStreamPlay:         inRoom((*room.Room).Play),
	protocol.TypeStreamStop:         inRoom((*room.Room).Stop),
	protocol.TypeSessionDesc:        relay[protocol.SessionDesc],
	protocol.TypeSessionCandidate:   relay[protocol.SessionCandidate],
	protocol.TypeSessionRestart:     relay[protocol.SessionRestart],
	protocol.TypeSessionPause:       relay[protocol.SessionPause],
	protocol.TypeSessionQuality:     relay[protocol.SessionQuality],
	protocol.TypeSessionClose:       relay[protocol.SessionClose],
	protocol.TypeMessageBroadcast:   inRoom((*room.Room).Broadcast, (*conn).countBroadcast),
	protocol.TypeMessageBarrage:     inRoom((*room.Room).Barrage),
	protocol.TypeMessageCommand:     inRoom((*room.Room).Command),
	protocol.TypeMessageTransparent: inRoom((*room.Room).Transparent),
	protocol.TypeMessageChannel:     inRoom((*room.Room).Channel, (*conn).countBroadcast),
}

// request makes a handler of a method that answers, with the reply or with its error.
func request[T protocol.Body](handle func(*conn, T, room.Reply) error) handler {
	return func(c *conn, f protocol.Frame) error {
		if f.ID == 0 {
			return protocol.Errorf(protocol.CodeInput, "%s needs an id", f.Type)
		}
		msg, err := decode[T](f)
		if err != nil {
			return err
		}
		kind, id := f.Type, f.ID
		return handle(c, msg, func(body any) { c.reply(kind, id, body) })
	}
}

// notice makes a handler of a method that does not answer.
func notice[T protocol.Body](handle func(*conn, T)) handler {
	return func(c *conn, f protocol.Frame) error {
		msg, err := decode[T](f)
		if err != nil {
			return err
		}
		handle(c, msg)
		return nil
	}
}

func decode[T protocol.Body](f protocol.Frame) (msg T, err error) {
	if len(f.Body) == 0 {
		return msg, nil
	}
	if err := json.Unmarshal(f.Body, &msg); err != nil {
		return msg, protocol.Errorf(protocol.CodeInput, "the body of %s is not valid: %v", f.Type, err)
	}
	return msg, nil
}

// final is an error after whose reply the connection ends.
type final struct {
	error
	code protocol.CloseCode
}

func (f final) Unwrap() error { return f.error }

// dispatch hands a frame that came over s to its handler.
func (c *conn) dispatch(s *socket, data []byte) {
	c.turn.Lock()
	defer c.turn.Unlock()
	f, err := protocol.Decode(data)
	c.server.traffic.received.count(f.Type)
	if !c.count(s, f.Type) {
		return
	}
	if err != nil {
		c.end(protocol.CloseMalformed, err)
		return
	}
	defer func() { c.used = true }()
	handle := handlers[f.Type]
	if handle == nil {
		handle = unknownType
	}
	err = handle(c, f)
	if err == nil {
		return
	}
	c.refuse(f, err)
	var last final
	if errors.As(err, &last) {
		c.end(last.code, last.error)
	}
}

func unknownType(_ *conn, f protocol.Frame) error {
	return protocol.Errorf(protocol.CodeInput,
		"message type %.64q is not known to this server, which speaks protocol version %d", f.Type, protocol.Version)
}

// refuse is the one place where an error becomes something that a client sees.
func (c *conn) refuse(f protocol.Frame, err error) {
	if f.ID == 0 {
		c.log(slog.LevelDebug, "notice dropped", "type", clip(f.Type), "error", err)
		return
	}
	var coded *protocol.Error
	if !errors.As(err, &coded) {
		c.server.ledger.note(slog.LevelError, subject{"request failed", string(f.Type)}, append(c.who(), "error", err)...)
		coded = protocol.Errorf(protocol.CodeInternal, "internal error: see the server's log")
	}
	data, err := protocol.ErrorReply(f.Type, f.ID, coded)
	if err != nil {
		c.log(slog.LevelError, "reply not sent", "type", clip(f.Type), "error", err)
		return
	}
	c.enqueue(f.Type, data, false)
}
