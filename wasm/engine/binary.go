package engine

import (
	"context"
	"encoding/base64"
	"time"

	"expressrtc/server/protocol/json"

	"expressrtc/server/protocol"
	"expressrtc/wasm/signaling"
)

// Transparent is sendTransparentMessage's second argument. What is checked comes raw.
type Transparent struct {
	Given    bool            `json:"-"`
	Mode     json.RawMessage `json:"sendMode"`
	Kind     json.RawMessage `json:"sendType"`
	To       *[]Recipient    `json:"-"`
	Timeout  json.RawMessage `json:"timeOut"`
	Content  []byte          `json:"-"`
	NotBytes bool            `json:"-"` // the content is there, and something else
}

// Recipient is a ZegoUser of whom only the id counts.
type Recipient struct{ UserID Text }

// TransparentReceived is the payload of recvRoomTransparentMessage.
type TransparentReceived struct {
	SendUser User   `json:"sendUser"`
	Content  []byte `json:"-"` // a Uint8Array
}

// transparentTimeout is the default, and longestTimeout what a page may ask for.
const (
	transparentTimeout = 10 * time.Second
	longestTimeout     = 10 * time.Minute
)

// SendTransparentMessage sends bytes to the named users of the room, or to everyone else.
// It blocks until the server has them.
func (e *Engine) SendTransparentMessage(ctx context.Context, id Text, m Transparent) (Result, error) {
	if !id.OK || id.S == "" || protocol.Length(id.S) >= protocol.MaxRoomID {
		return Result{}, shapeResult.error(codeMessageRoom, "")
	}
	msg, limit, err := m.read()
	if err != nil {
		return Result{}, err
	}
	r, client, err := e.messageRoom(id)
	if err != nil {
		return Result{}, reshape(err, shapeResult)
	}
	msg.Room = r.id
	_, err = ask[struct{}](ctx, func(done func(json.RawMessage, error)) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if msg.Seq > 0 { // numbered and queued in one order
			r.sequence = max(r.sequence+1, e.clock.now().UnixMilli()) // also after a reload, and from another machine
			msg.Seq = r.sequence
		}
		client.CallWithin(limit, msg, done)
	})
	return Result{}, reshape(err, shapeResult)
}

func (m *Transparent) read() (msg protocol.MessageTransparent, limit time.Duration, err error) {
	fail := func(what string) (protocol.MessageTransparent, time.Duration, error) {
		return msg, 0, shapeResult.error(protocol.CodeInput, "%s", what)
	}
	mode, kind, seconds := -1, -1, int(transparentTimeout/time.Second)
	switch {
	case !m.Given:
		return fail("message must be an object")
	case json.Unmarshal(orNull(m.Mode), &mode) != nil || mode < 0 || mode > 2:
		return fail("sendMode must be 0, 1 or 2")
	case json.Unmarshal(orNull(m.Kind), &kind) != nil || kind < 0 || kind > 1:
		return fail("sendType must be 0 or 1")
	case m.NotBytes:
		return fail("content must be a Uint8Array")
	case m.To == nil:
		return fail("recvUserList must be a list of users")
	case json.Unmarshal(orNull(m.Timeout), &seconds) != nil || seconds < 1:
		return fail("timeOut must be a whole number of seconds")
	case len(m.Content) == 0:
		return msg, 0, shapeResult.error(protocol.CodeTextEmpty, "")
	case len(m.Content) > protocol.MaxBinary:
		return msg, 0, shapeResult.error(protocol.CodeBinaryTooLong, "(4096 bytes at most)")
	}
	for _, to := range *m.To {
		if !to.UserID.OK || to.UserID.S == "" {
			return fail("recvUserList must be a list of users")
		}
		msg.To = append(msg.To, protocol.UserID(to.UserID.S))
	}
	msg.Mode, msg.Seq, msg.Data = mode, int64(kind), base64.StdEncoding.EncodeToString(m.Content)
	return msg, min(time.Duration(seconds)*time.Second, longestTimeout), nil
}

// orNull is raw, or what leaves a default as it is.
func orNull(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 {
		return json.RawMessage("null")
	}
	return raw
}

// maxSequences bounds the senders whose last number is remembered.
const maxSequences = 5000

func (e *Engine) onTransparentLocked(m protocol.MessageTransparent) {
	r := e.rooms[m.Room]
	if r == nil || m.From == nil {
		return
	}
	data, err := base64.StdEncoding.DecodeString(m.Data)
	if err != nil || m.Seq > 0 && !r.isNext(m.From.ID, m.Seq) {
		return
	}
	e.emitLocked(transparentReceived(string(r.id), TransparentReceived{publicUser(*m.From), data}))
}

// isNext drops what a later message of its sender has overtaken.
func (r *room) isNext(from protocol.UserID, seq int64) bool {
	if r.sequences == nil || len(r.sequences) >= maxSequences {
		r.sequences = map[protocol.UserID]int64{}
	}
	if seq <= r.sequences[from] {
		return false
	}
	r.sequences[from] = seq
	return true
}

// ask calls start with what takes the reply, and waits for that.
func ask[R any](ctx context.Context, start func(done func(json.RawMessage, error))) (R, error) {
	type answer struct {
		body json.RawMessage
		err  error
	}
	var reply R
	answers := make(chan answer, 1)
	start(func(body json.RawMessage, err error) { answers <- answer{body, err} })
	select {
	case a := <-answers:
		if a.err != nil {
			return reply, shapeBare.error(messageCode(a.err), "(%v)", a.err)
		}
		if len(a.body) > 0 {
			if err := json.Unmarshal(a.body, &reply); err != nil {
				return reply, shapeBare.error(protocol.CodeInternal, "(%v)", err)
			}
		}
		return reply, nil
	case <-ctx.Done():
		return reply, ctx.Err()
	}
}

// request sends a request and waits for its reply. Errors have the shape of messages.
func request[R any](ctx context.Context, client *signaling.Client, b protocol.Body) (R, error) {
	return ask[R](ctx, func(done func(json.RawMessage, error)) { client.Call(b, done) })
}
