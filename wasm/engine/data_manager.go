package engine

import (
	"context"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// DataManager sends and receives data beside, or without, the media of one room's
// streams (the contract's ZegoRealTimeSequentialDataManager). The engine's lock guards it.
type DataManager struct {
	engine *Engine
	room   *room
	emit   func(data []byte, stream string)
	ended  func()
}

// broadcast is a stream over which data is sent.
type broadcast struct {
	fragments
	own bool // the stream is published for the data alone
}

// subscribed is a stream over which data is received.
type subscribed struct {
	assembly
	own    bool // the stream is played for the data alone
	before bool // it was, before the page played it, and will be again
}

// CreateRealTimeSequentialDataManager makes the manager of a room; nil if that room is
// not logged in, or has one. emit takes each message under the engine's lock and must not
// block; ended is called when the manager is over.
func (e *Engine) CreateRealTimeSequentialDataManager(id Text, emit func(data []byte, stream string), ended func()) *DataManager {
	e.mu.Lock()
	defer e.mu.Unlock()
	r := e.rooms[protocol.RoomID(id.S)]
	if r == nil || !id.OK || r.data != nil {
		return nil
	}
	r.data = &DataManager{engine: e, room: r, emit: emit, ended: ended}
	return r.data
}

// DestroyRealTimeSequentialDataManager ends a manager, and with it its streams. nil, and
// one that has ended, is no error.
func (e *Engine) DestroyRealTimeSequentialDataManager(m *DataManager) {
	if m == nil {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	m.endLocked()
}

// endLocked also comes with the end of the room.
func (m *DataManager) endLocked() {
	if m.room.data != m {
		return
	}
	m.resetLocked()
	m.room.data = nil
	m.ended()
}

// RoomID is the manager's room.
func (m *DataManager) RoomID() string { return string(m.room.id) }

// Reset stops all broadcasting and subscribing.
func (m *DataManager) Reset() {
	m.engine.mu.Lock()
	defer m.engine.mu.Unlock()
	m.resetLocked()
}

func (m *DataManager) resetLocked() {
	for _, p := range m.engine.publishers {
		if p.room == m.room && p.data != nil {
			m.stopBroadcastingLocked(p)
		}
	}
	for _, p := range m.engine.players {
		if p.room == m.room && p.data != nil {
			m.stopSubscribingLocked(p)
		}
	}
}

// StartBroadcasting begins to send data over a stream: the one that is published under
// that id, or one without media that is published for it; then publisherStateUpdate tells
// how that goes. It does not block. It is false for a bad id, for one whose data is sent
// already, and when the manager has ended.
func (m *DataManager) StartBroadcasting(id Text) bool {
	e := m.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	if checkStreamID(id, shapeResult) != nil || m.room.data != m {
		return false
	}
	p := e.publishers[protocol.StreamID(id.S)]
	own := p == nil
	if own {
		nothing := &local{Local: &media.Local{Stream: media.NewStream()}}
		p = e.publishLocked(m.room, protocol.StreamID(id.S), nothing, PublishOption{})
	}
	if p.data != nil || p.room != m.room {
		return false
	}
	p.data = &broadcast{own: own}
	for _, s := range p.sessions {
		s.peer.OpenChannel()
	}
	return true
}

// StopBroadcasting ends sending data over a stream; one that the page publishes itself
// goes on. It is false if no data is sent over it.
func (m *DataManager) StopBroadcasting(id Text) bool {
	m.engine.mu.Lock()
	defer m.engine.mu.Unlock()
	p := m.sender(id)
	if p == nil {
		return false
	}
	m.stopBroadcastingLocked(p)
	return true
}

// sender is the publisher over which data is sent under that id, or nil.
func (m *DataManager) sender(id Text) *publisher {
	p := m.engine.publishers[protocol.StreamID(id.S)]
	if !id.OK || p == nil || p.data == nil || p.room != m.room {
		return nil
	}
	return p
}

func (m *DataManager) stopBroadcastingLocked(p *publisher) {
	own := p.data.own
	p.data = nil
	if own {
		m.engine.unpublishLocked(p)
		return
	}
	for _, s := range p.sessions {
		s.peer.CloseChannel()
	}
}

// SendRealTimeSequentialData sends a message of at most 65,536 bytes to all who receive
// the stream's data. It does not block. It is false for a longer one, and when no data is
// sent over that stream.
func (m *DataManager) SendRealTimeSequentialData(id Text, message []byte) bool {
	m.engine.mu.Lock()
	defer m.engine.mu.Unlock()
	p := m.sender(id)
	if p == nil || len(message) > maxMessage {
		return false
	}
	parts := p.data.cut(message)
	for _, s := range p.sessions {
		s.peer.SendData(parts)
	}
	return true
}

// StartSubscribing begins to receive the data of a stream: over the one that is played
// under that id, or over one that is played for it. It blocks until that plays. It is
// false for a bad id, for one whose data is received already, and when playing failed.
func (m *DataManager) StartSubscribing(ctx context.Context, id Text) bool {
	p, result := m.subscribe(id)
	if p == nil {
		return false
	}
	return result == nil || await(ctx, result) == nil
}

func (m *DataManager) subscribe(id Text) (*player, <-chan settled) {
	e := m.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	if checkStreamID(id, shapePlay) != nil || m.room.data != m {
		return nil, nil
	}
	p := e.players[protocol.StreamID(id.S)]
	switch {
	case p == nil:
		return e.playDataLocked(m.room, protocol.StreamID(id.S))
	case p.data != nil || p.room != m.room:
		return nil, nil
	}
	p.data = &subscribed{}
	return p, nil
}

// StopSubscribing ends receiving the data of a stream; one that the page plays itself
// goes on. It is false if its data is not received.
func (m *DataManager) StopSubscribing(id Text) bool {
	m.engine.mu.Lock()
	defer m.engine.mu.Unlock()
	p := m.engine.players[protocol.StreamID(id.S)]
	if !id.OK || p == nil || p.data == nil || p.room != m.room {
		return false
	}
	m.stopSubscribingLocked(p)
	return true
}

func (m *DataManager) stopSubscribingLocked(p *player) {
	own := p.data.own
	p.data = nil
	if own {
		m.engine.stopPlayingLocked(p)
	}
}

// dataFor takes what comes over the channel of a player's session.
func (e *Engine) dataFor(s *session) func([]byte) {
	return func(part []byte) {
		e.mu.Lock()
		defer e.mu.Unlock()
		p := s.player
		if p.session != s || p.data == nil || p.room.data == nil {
			return
		}
		if message, done := p.data.add(part); done {
			p.room.data.emit(message, string(p.id))
		}
	}
}
