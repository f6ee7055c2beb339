package engine

import (
	"context"
	"fmt"
	"maps"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/media"
)

// player is one stream that the page plays.
type player struct {
	id      protocol.StreamID
	room    *room
	option  PlayOption
	stream  *media.Stream // the page's, the same for the player's whole life
	view    *media.View
	state   StreamState
	session *session
	fresh   bool // the session's first track has yet to come
	// incoming are the session's tracks; the page's stream has those that there is something of.
	incoming map[media.Kind]*media.Track
	// muted is what the page does not want to be sent for now.
	muted   map[media.Kind]bool
	paces   map[media.Kind]*pace // of muting
	data    *subscribed          // nil while no data is received
	settle  func(error)
	giveUp  *time.Timer
	retry   *time.Timer
	why     Code // for which playing is given up
	stop    chan struct{}
	began   bool // measured
	gone    bool // the publisher went, which is not yet told
	carried bool // the login under way tells the server of it
	asked   bool // a request is under way

	camera, mic string // what was told last
	blank       bool   // the view shows nothing, rather than the last picture

	upstream upstream
	quality  *PlayQuality
	drawn    drawing
	verdicts verdicts
	frames   frames
}

// StartPlayingStream plays a stream, or waits until somebody publishes it. It blocks
// until media flows. Stopped by the page meanwhile it ends with ErrNeverSettles.
func (e *Engine) StartPlayingStream(ctx context.Context, id Text, option PlayOption) (*media.Stream, error) {
	p, result, err := e.newPlayer(id, option)
	if err != nil {
		return nil, err
	}
	if err := await(ctx, result); err != nil {
		return nil, err
	}
	return p.stream, nil
}

func (e *Engine) newPlayer(id Text, option PlayOption) (*player, <-chan settled, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.checkPlayLocked(id, option); err != nil {
		return nil, nil, err
	}
	p, result := e.playLocked(e.playRoomLocked(protocol.StreamID(id.S)), protocol.StreamID(id.S), option)
	return p, result, nil
}

// playLocked plays a stream. One that is played for its data alone is played anew, with
// the data.
func (e *Engine) playLocked(r *room, id protocol.StreamID, option PlayOption) (*player, <-chan settled) {
	result := make(chan settled, 1)
	p := &player{
		id: id, room: r, option: option,
		stream: media.NewStream(), stop: make(chan struct{}),
		muted: maps.Clone(e.settings.playMuted),
		paces: map[media.Kind]*pace{media.Audio: {}, media.Video: {}},
	}
	p.settle = e.settler(result)
	if old := e.players[id]; old != nil {
		p.data = &subscribed{before: true}
		e.releasePlayerLocked(old)
		old.settle(nil)
	}
	e.players[p.id] = p
	if p.room.loggedIn && !p.room.out {
		e.requestPlayLocked(p)
	}
	return p, result
}

// hidden reports whether p is played for its data alone.
func (p *player) hidden() bool { return p != nil && p.data != nil && p.data.own }

func (e *Engine) checkPlayLocked(id Text, option PlayOption) error {
	if err := checkStreamID(id, shapePlay); err != nil {
		return err
	}
	if err := option.check(); err != nil {
		return err
	}
	switch {
	case len(e.rooms) == 0:
		return shapePlay.error(codeNotLogin, "")
	case e.players[protocol.StreamID(id.S)] != nil && !e.players[protocol.StreamID(id.S)].hidden():
		return shapePlay.error(codeRepeatedPlay, "")
	case e.settings.maxPlays > 0 && len(e.players) >= e.settings.maxPlays:
		return shapePlay.error(codePlayLimit, "")
	}
	return nil
}

// requestPlayLocked asks for a session; the server answers with session.open, now or
// when somebody publishes the stream.
func (e *Engine) requestPlayLocked(p *player) {
	e.setPlayerLocked(p, playRequesting, p.requestCode())
	e.armGiveUpLocked(p)
	if e.client == nil || p.asked {
		return
	}
	asked := p.room
	p.asked = true
	e.client.Call(p.wish(), func(body json.RawMessage, err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		p.asked = false
		switch {
		case e.players[p.id] != p:
		case p.room == asked:
			e.onPlayReplyLocked(p, body, err)
		case p.room.state == roomConnected: // it has followed its stream
			e.requestPlayLocked(p)
		}
	})
}

// wish is what the server is asked for.
func (p *player) wish() protocol.StreamPlay {
	return protocol.StreamPlay{Room: p.room.id, Stream: p.id, NoVideo: off(p.option.Video), NoAudio: off(p.option.Audio)}
}

// onPlayWaitsLocked: the server knows what we want, and has no session for it yet. If
// there is such a stream, one follows.
func (e *Engine) onPlayWaitsLocked(p *player) {
	e.setPlayerLocked(p, playRequesting, p.requestCode())
	e.armGiveUpLocked(p)
	if _, there := p.room.streams.here[p.id]; !there && e.publishers[p.id] == nil {
		p.why = codeNobody
		e.setPlayerLocked(p, playRequesting, codeNobody)
	}
}

// requestCode is 0 for the first request and the reason of a later one.
func (p *player) requestCode() Code {
	if p.state.State == "" {
		return 0
	}
	return p.state.ErrorCode
}

func (e *Engine) armGiveUpLocked(p *player) {
	if p.giveUp != nil {
		return
	}
	p.giveUp = e.playerTimerLocked(p, e.settings.streamRetry, func() {
		code := codePlayRetry
		if p.why != 0 {
			code = p.why
		}
		e.tellLocked(protocol.StreamStop{Room: p.room.id, Stream: p.id})
		e.endPlayerLocked(p, code, text(code))
	})
}

func (e *Engine) playerTimerLocked(p *player, d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.players[p.id] == p {
			f()
		}
	})
}

func (e *Engine) onPlayReplyLocked(p *player, body json.RawMessage, err error) {
	var reply protocol.StreamPlayReply
	if err == nil {
		err = json.Unmarshal(body, &reply)
	}
	switch {
	case err == nil && reply.Found:
	case err == nil:
		p.why = codeNobody
		e.setPlayerLocked(p, playRequesting, codeNobody)
	case refused(err):
		e.log("error", fmt.Sprintf("startPlayingStream %q: %v", p.id, err))
		e.endPlayerLocked(p, playCode(err), err.Error())
	case p.room.out || !e.client.Resumable():
		e.setPlayerLocked(p, playRequesting, codeNetworkBroken) // coming back asks again
	default:
		e.retryPlayLocked(p, codeNetworkBroken)
	}
}

// playCode is the code of a refusal; some mean something else where a stream is played.
func playCode(err error) Code {
	switch code := codeOf(err); code {
	case protocol.CodeInternal:
		return codePlayInner
	case protocol.CodeTooManyStreams:
		return codePlayLimit
	default:
		return code
	}
}

// retryPlayLocked asks again after a second.
func (e *Engine) retryPlayLocked(p *player, code Code) {
	e.setPlayerLocked(p, playRequesting, code)
	stopTimers(p.retry)
	p.retry = e.playerTimerLocked(p, time.Second, func() {
		if p.session == nil && !p.room.out {
			e.requestPlayLocked(p)
		}
	})
}

// onPlayClosedLocked: the session ended, the wish to play did not.
func (e *Engine) onPlayClosedLocked(p *player, why protocol.CloseReason) {
	switch why {
	case protocol.CloseReplaced:
	case protocol.CloseGone:
		p.gone = true
		e.playerTimerLocked(p, goneGrace, func() { e.tellGoneLocked(p) })
		e.armGiveUpLocked(p)
	default:
		e.armGiveUpLocked(p)
		e.retryPlayLocked(p, codePlayICE)
	}
}

// goneGrace is how long a page has, after it was told that a stream is gone, to stop
// playing it without first being told that it is waited for.
const goneGrace = 300 * time.Millisecond

func (e *Engine) tellGoneLocked(p *player) {
	if p.gone {
		p.gone = false
		e.setPlayerLocked(p, playRequesting, codePublisherGone)
	}
}

func (e *Engine) setPlayerLocked(p *player, state string, code Code) {
	if p.state.State == state && p.state.ErrorCode == code {
		return
	}
	e.tellPlayerLocked(p, state, code, "")
}

func (e *Engine) tellPlayerLocked(p *player, state string, code Code, data string) {
	p.state = StreamState{string(p.id), state, code, data}
	e.emitLocked(playerStateUpdate(p.state))
}

// StopPlayingStream ends playing and does not block; its view leaves the page. An
// unknown id is no error. Data that came before the page played the stream comes on.
func (e *Engine) StopPlayingStream(id Text) {
	e.mu.Lock()
	defer e.mu.Unlock()
	p := e.players[protocol.StreamID(id.S)]
	if p == nil || !id.OK || p.hidden() {
		return
	}
	e.stopPlayingLocked(p)
	if p.data != nil && p.data.before {
		e.playDataLocked(p.room, p.id)
	}
}

// playDataLocked plays a stream for its data alone.
func (e *Engine) playDataLocked(r *room, id protocol.StreamID) (*player, <-chan settled) {
	p, result := e.playLocked(r, id, PlayOption{Video: []byte("false"), Audio: []byte("false")})
	p.data = &subscribed{own: true}
	return p, result
}

func (e *Engine) stopPlayingLocked(p *player) {
	e.tellLocked(protocol.StreamStop{Room: p.room.id, Stream: p.id})
	p.settle(ErrNeverSettles)
	e.endPlayerLocked(p, 0, "")
}

// endPlayerLocked ends playing. A promise that still waits fails with the code.
func (e *Engine) endPlayerLocked(p *player, code Code, data string) {
	e.releasePlayerLocked(p)
	p.settle(&Error{Code: code, Data: data, shape: shapeResult})
	e.tellPlayerLocked(p, noPlay, code, data)
}

func (e *Engine) releasePlayerLocked(p *player) {
	delete(e.players, p.id)
	p.frames.close()
	close(p.stop)
	stopTimers(p.giveUp, p.retry)
	if p.session != nil {
		e.forgetSessionLocked(p.session)
	}
	if p.view != nil {
		p.view.Close()
	}
	for _, t := range p.stream.Tracks() {
		t.Stop()
	}
	for _, t := range p.incoming {
		t.Stop()
	}
}
