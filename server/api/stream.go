package api

import (
	"errors"
	"strconv"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// The bounds of what is told of a stream, in bytes.
const (
	maxTitle     = 127
	maxExtraInfo = 1024
)

func (c *call) streamID() protocol.StreamID {
	return protocol.StreamID(c.text("StreamId", protocol.MaxStreamID, codeTooLong))
}

// addStream announces a stream. Its title and whether it may be reviewed end here: clients
// have no place for them.
func (s *Server) addStream(c *call) (any, error) {
	stream := protocol.Stream{ID: c.streamID(), User: c.user(), ExtraInfo: c.optional("ExtraInfo", maxExtraInfo, codeTooLong)}
	c.optional("StreamTitle", maxTitle, codeTooLong)
	c.number("CensorFlag", 0, 0, 1)
	r, err := c.room(codeNoRoom)
	if err != nil {
		return nil, err
	}
	return nil, listFailed(r.Announce(stream), codeSetStream)
}

func (s *Server) deleteStream(c *call) (any, error) {
	user, id := c.user(), c.streamID()
	r, err := c.room(codeNoRoom)
	if err != nil {
		return nil, err
	}
	return nil, listFailed(r.Withdraw(user.ID, id), codeDeleteStream)
}

// listFailed gives the room's error about its list of streams its code.
func listFailed(err error, other Code) error {
	var coded *protocol.Error
	if !errors.As(err, &coded) {
		return err
	}
	switch coded.Code {
	case protocol.CodeDuplicateStream:
		return refused(codeSeveralUsers, err)
	case protocol.CodeNotPublishing:
		return refused(codeNoStream, err)
	case protocol.CodeNotLoggedIn:
		return refused(codeNoRoom, err)
	case protocol.CodeStreamIDInvalid, protocol.CodeStreamIDEmpty:
		return refused(codeParameter, err)
	}
	return refused(other, err)
}

// maxForbidden bounds the streams that one request forbids.
const maxForbidden = 20

// mediaStreams are the streams that an action about media names: one, or several.
func (c *call) mediaStreams(several bool) []protocol.StreamID {
	if !several {
		return []protocol.StreamID{c.mediaStream()}
	}
	texts := c.list("StreamId", maxForbidden, codeStreamList, protocol.MaxStreamID)
	if len(texts) == 0 {
		c.fail(codeStreamList, "StreamId[] is missing")
	}
	var ids []protocol.StreamID
	for _, text := range texts {
		if !protocol.ValidID(text) {
			c.fail(codeStreamList, "stream id %q has a character that is not allowed: use letters, digits, - or _", text)
		}
		ids = append(ids, protocol.StreamID(text))
	}
	return ids
}

func (c *call) mediaStream() protocol.StreamID {
	id := c.text("StreamId", protocol.MaxStreamID, codeStreamName)
	if !protocol.ValidID(id) {
		c.fail(codeStreamName, "stream id %q has a character that is not allowed: use letters, digits, - or _", id)
	}
	return protocol.StreamID(id)
}

// sequence rises from request to request about a stream.
func (c *call) sequence() uint64 {
	text := c.text("Sequence", 20, codeParameter)
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		c.fail(codeParameter, "Sequence is %q: use a number that rises, such as the time in milliseconds", text)
	}
	return n
}

// forbidding makes the four actions that forbid and resume streams, which fail with a code.
func forbidding(several bool, failed Code, do func(*room.Hub, protocol.AppID, []protocol.StreamID) error) func(*Server, *call) (any, error) {
	return func(s *Server, c *call) (any, error) {
		ids, number := c.mediaStreams(several), c.sequence()
		if err := c.check(); err != nil {
			return nil, err
		}
		if !s.sequences.take(c.app, ids, number) {
			return nil, fail(failed, "Sequence %d is not above the one before of this stream, less than %v ago", number, inOrder)
		}
		return nil, refused(failed, do(s.hub, c.app, ids))
	}
}

func forbid(h *room.Hub, app protocol.AppID, ids []protocol.StreamID) error {
	return h.Ban(app, ids...)
}

func resume(h *room.Hub, app protocol.AppID, ids []protocol.StreamID) error {
	h.Unban(app, ids...)
	return nil
}

// describeStreamState answers times in seconds, as texts. It changes nothing, so the order
// of its sequence does not matter.
func (s *Server) describeStreamState(c *call) (any, error) {
	id := c.mediaStream()
	c.sequence()
	if err := c.check(); err != nil {
		return nil, err
	}
	if since, ok := s.hub.Published(c.app, id); ok {
		return map[string]string{"create_time": seconds(since), "close_time": ""}, nil
	}
	if was, ok := s.history.find(c.app, id); ok {
		data := map[string]string{"create_time": seconds(was.created), "close_time": seconds(was.closed)}
		return data, fail(codeStreamClosed, "stream %q has ended", id)
	}
	return nil, fail(codeStreamUnknown, "there is no stream %q", id)
}

func seconds(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }
