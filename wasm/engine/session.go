package engine

import (
	"fmt"
	"sync/atomic"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/media"
	"expressrtc/wasm/rtc"
)

// session is this end of one media session: a publisher's or a player's.
type session struct {
	open      protocol.SessionOpen
	opened    time.Time
	peer      *rtc.Peer
	publisher *publisher
	player    *player
	timer     *time.Timer           // of connecting
	connected bool                  // once
	paused    bool                  // the sender was told of a pause, once
	pause     protocol.SessionPause // what the receiver said last
	last      rtc.Report            // for the differences in quality; owned by the measuring goroutine
	relayed   atomic.Bool           // its media, as far as was measured
}

// notices is the table of what the server sends unasked.
var notices = map[protocol.Type]func(*Engine, json.RawMessage) error{
	protocol.TypeRoomUsers:        notice((*Engine).onRoomUsersLocked),
	protocol.TypeRoomStreams:      notice((*Engine).onRoomStreamsLocked),
	protocol.TypeRoomKickout:      notice((*Engine).onRoomKickoutLocked),
	protocol.TypeStreamUpdate:     notice((*Engine).onStreamUpdateLocked),
	protocol.TypeStreamEnd:        notice((*Engine).onStreamEndLocked),
	protocol.TypeSessionOpen:      notice((*Engine).onSessionOpenLocked),
	protocol.TypeSessionDesc:      notice((*Engine).onSessionDescLocked),
	protocol.TypeSessionCandidate: notice((*Engine).onSessionCandidateLocked),
	protocol.TypeSessionRestart:   notice((*Engine).onSessionRestartLocked),
	protocol.TypeSessionPause:     notice((*Engine).onSessionPauseLocked),
	protocol.TypeSessionQuality:   notice((*Engine).onSessionQualityLocked),
	protocol.TypeSessionClose:     notice((*Engine).onSessionCloseLocked),
	protocol.TypeMessageBroadcast: notice((*Engine).onBroadcastLocked),
	protocol.TypeMessageBarrage:   notice((*Engine).onBarrageLocked),
	protocol.TypeMessageCommand:   notice((*Engine).onCommandLocked),
	protocol.TypePing:             notice((*Engine).onPingLocked),
	protocol.TypeRoomExtra:        notice((*Engine).onRoomExtraLocked),

	protocol.TypeMessageTransparent: notice((*Engine).onTransparentLocked),
	protocol.TypeMessageChannel:     notice((*Engine).onChannelLocked),
}

func notice[B any](handle func(*Engine, B)) func(*Engine, json.RawMessage) error {
	return func(e *Engine, raw json.RawMessage) error {
		var b B
		if err := json.Unmarshal(raw, &b); err != nil {
			return err
		}
		handle(e, b)
		return nil
	}
}

func (e *Engine) onNotice(generation int, f protocol.Frame) {
	handle := notices[f.Type]
	if handle == nil {
		return // of a newer server: nothing that this client could miss
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if generation != e.generation {
		return
	}
	if err := handle(e, f.Body); err != nil {
		e.log("error", fmt.Sprintf("a %s of the server cannot be read: %v", f.Type, err))
	}
}

// notifyLocked tells the server something that needs no answer. Without a connection
// there is nobody to tell; coming back tells all that matters.
func (e *Engine) notifyLocked(b protocol.Body) {
	if e.client != nil {
		_ = e.client.Notify(b)
	}
}

// tellLocked sends a request whose answer changes nothing here; a refusal is logged. What
// is said while the socket is lost outlasts the loss, for nobody would say it again.
func (e *Engine) tellLocked(b protocol.Body) {
	if e.client == nil {
		return
	}
	e.client.CallWithin(e.tellLimit(), b, func(_ json.RawMessage, err error) {
		if refused(err) {
			e.log("warn", fmt.Sprintf("%s: %v", b.Type(), err))
		}
	})
}

// tellLimit is at least what a room that comes back has for it.
func (e *Engine) tellLimit() time.Duration { return max(time.Minute, e.settings.roomRetry) }

func (e *Engine) onSessionOpenLocked(open protocol.SessionOpen) {
	open.ICEServers = append(open.ICEServers, e.settings.turn...)
	s := &session{open: open, opened: time.Now()}
	if open.Role == protocol.Send {
		s.publisher = e.publishers[open.Stream]
	} else if p := e.players[open.Stream]; p != nil && p.room.id == open.Room { // else it has followed its stream
		s.player = p
	}
	if s.publisher == nil && s.player == nil {
		e.notifyLocked(protocol.SessionClose{Session: open.Session, Reason: protocol.CloseStopped})
		return
	}
	e.sessions[open.Session] = s
	cfg := rtc.Config{
		Open:  open,
		Send:  e.sendFor(s),
		Relay: e.settings.relayOnly,

		ChannelOption: e.settings.dataChannel,
		OnState:       func(state rtc.State) { e.onPeerState(s, state) },
		OnTrack:       func(t *media.Track) { e.onPeerTrack(s, t) },
		OnError:       func(err error) { e.onPeerError(s, err) },
	}
	if s.publisher != nil {
		s.publisher.sessions[open.Session] = s
		cfg.Channel = s.publisher.data != nil
		cfg.Sending, cfg.Codec = s.publisher.local.sending(), s.publisher.option.VideoCodec
	} else {
		cfg.OnData = e.dataFor(s)
		cfg.Delay, _ = s.player.option.delay() // it was checked
		e.takeSessionLocked(s.player, s)
	}
	s.peer = rtc.New(cfg)
	if s.player != nil {
		e.tellPausedLocked(s.player)
	}
	s.timer = time.AfterFunc(e.settings.connect, func() { e.onNotConnected(s) })
}

func (e *Engine) onNotConnected(s *session) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sessions[s.open.Session] == s && !s.connected {
		e.failSessionLocked(s, "no connection in time")
	}
}

// sendFor passes a peer's messages on, as long as its session is the engine's.
func (e *Engine) sendFor(s *session) func(protocol.Body) {
	return func(b protocol.Body) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.sessions[s.open.Session] == s {
			e.notifyLocked(b)
		}
	}
}

func (e *Engine) onSessionDescLocked(m protocol.SessionDesc) {
	if s := e.sessions[m.Session]; s != nil {
		s.peer.Desc(m)
	}
}

func (e *Engine) onSessionCandidateLocked(m protocol.SessionCandidate) {
	if s := e.sessions[m.Session]; s != nil {
		s.peer.Candidate(m)
	}
}

// onSessionRestartLocked: the other end lost the media's way.
func (e *Engine) onSessionRestartLocked(m protocol.SessionRestart) {
	if s := e.sessions[m.Session]; s != nil {
		s.peer.Restart()
	}
}

// onSessionPauseLocked: the receiver does not want to see, or to hear, for now.
func (e *Engine) onSessionPauseLocked(m protocol.SessionPause) {
	if s := e.sessions[m.Session]; s != nil {
		s.pause = m
		s.peer.Pause(m.Audio, m.Video)
	}
}

// onSessionCloseLocked: the other end, or the server, ended it.
func (e *Engine) onSessionCloseLocked(m protocol.SessionClose) {
	s := e.sessions[m.Session]
	if s == nil {
		return
	}
	e.forgetSessionLocked(s)
	if s.player != nil {
		e.onPlayClosedLocked(s.player, m.Reason)
	}
}

// forgetSessionLocked releases this end without telling the other.
func (e *Engine) forgetSessionLocked(s *session) {
	delete(e.sessions, s.open.Session)
	s.timer.Stop()
	s.peer.Close()
	if s.publisher != nil {
		delete(s.publisher.sessions, s.open.Session)
	} else if s.player.session == s {
		s.player.session = nil
	}
}

// failSessionLocked gives a session up and tells the other end.
func (e *Engine) failSessionLocked(s *session, why string) {
	e.log("warn", fmt.Sprintf("session of stream %q: %s", s.open.Stream, why))
	e.notifyLocked(protocol.SessionClose{Session: s.open.Session, Reason: protocol.CloseFailed})
	e.forgetSessionLocked(s)
	if s.player != nil {
		e.onPlayClosedLocked(s.player, protocol.CloseFailed)
	}
}

func (e *Engine) onPeerState(s *session, state rtc.State) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sessions[s.open.Session] != s {
		return
	}
	switch state {
	case rtc.Failed:
		e.failSessionLocked(s, "the media connection failed")
	case rtc.Connected:
		s.connected = true
		if s.player != nil {
			e.onPlayingLocked(s.player)
		}
	}
}

func (e *Engine) onPeerTrack(s *session, t *media.Track) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if s.player != nil && s.player.session == s {
		e.addPlayedTrackLocked(s.player, t)
	}
}

func (e *Engine) onPeerError(s *session, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sessions[s.open.Session] == s {
		e.failSessionLocked(s, err.Error())
	}
}
