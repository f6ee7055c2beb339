package engine

import (
	"fmt"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
)

// The states of a published and of a played stream.
const (
	publishing        = "PUBLISHING"
	publishRequesting = "PUBLISH_REQUESTING"
	noPublish         = "NO_PUBLISH"
	playing           = "PLAYING"
	playRequesting    = "PLAY_REQUESTING"
	noPlay            = "NO_PLAY"
)

// PublishOption is the contract's ZegoWebPublishOption as far as it is understood;
// what is checked comes raw.
type PublishOption struct {
	StreamParams *Text `json:"streamParams"`
	ExtraInfo    *Text `json:"extraInfo"`
	Codec        *Text `json:"videoCodec"`
	RoomID       Text  `json:"roomID"`
	// InspectFlag is checked only.
	InspectFlag json.RawMessage `json:"inspectFlag"`
	// How the traffic is controlled is the browsers' own business; these are checked only.
	FocusOnMode     json.RawMessage `json:"trafficControlFocusOnMode"`
	MinVideoBitrate json.RawMessage `json:"trafficControlMinVideoBitrate"`
	MinVideoMode    json.RawMessage `json:"trafficControlMinVideoMode"`
	// NotObject is set by whoever decodes an argument that is no object.
	NotObject bool `json:"-"`
	// VideoCodec is the checked Codec.
	VideoCodec string `json:"-"`
}

func (o *PublishOption) check() *Error {
	if o.NotObject {
		return shapeResult.error(codePublishParam, "publishOption must be object")
	}
	names := []string{"streamParams", "extraInfo", "videoCodec"}
	for i, t := range []*Text{o.StreamParams, o.ExtraInfo, o.Codec} {
		if t != nil && !t.OK {
			return shapeResult.error(codePublishParam, "%s must be string", names[i])
		}
	}
	if flag := string(o.InspectFlag); flag != "" && flag != "0" && flag != "1" {
		return shapeResult.error(codePublishParam, "inspectFlag must be 0 or 1")
	}
	if o.Codec != nil {
		o.VideoCodec = o.Codec.S
	}
	return nil
}

// dropped names the options that mean nothing because they are out of range.
func (o *PublishOption) dropped() (names []string) {
	if mode := string(o.FocusOnMode); mode != "" && mode != "0" && mode != "1" {
		names = append(names, "trafficControlFocusOnMode")
	}
	if mode := string(o.MinVideoMode); mode != "" && mode != "0" {
		names = append(names, "trafficControlMinVideoMode")
	}
	var kbps float64
	if len(o.MinVideoBitrate) > 0 && (json.Unmarshal(o.MinVideoBitrate, &kbps) != nil || kbps <= 0) {
		names = append(names, "trafficControlMinVideoBitrate")
	}
	return names
}

func (o *PublishOption) extraInfo() string {
	if o.ExtraInfo == nil {
		return ""
	}
	return o.ExtraInfo.S
}

// publisher is one stream that the page publishes.
type publisher struct {
	id       protocol.StreamID
	room     *room
	local    *local
	option   PublishOption
	state    StreamState // the last that was told; State "" before the first
	sessions map[protocol.SessionID]*session
	giveUp   *time.Timer   // nil while it is published
	retry    *time.Timer   // of an announcement that had no answer
	began    bool          // measured
	carried  bool          // the login under way tells the server of it
	told     told          // to the server
	data     *broadcast    // nil while no data is sent
	stop     chan struct{} // closed at the end
	quality  *PublishQuality
	verdicts verdicts
}

// StartPublishingStream begins to publish a local stream and does not block. True means
// accepted: publisherStateUpdate tells the rest. False: the id is being published by
// this engine, or no such room is logged in.
func (e *Engine) StartPublishingStream(id Text, localID string, option PublishOption) (bool, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if len(e.rooms) == 0 && !e.reached {
		return false, shapeResult.error(codeNotLogin, "")
	}
	if err := checkStreamID(id, shapeResult); err != nil {
		return false, err
	}
	l, err := e.publishableLocked(localID)
	if err != nil {
		return false, err
	}
	if err := option.check(); err != nil {
		return false, err
	}
	if e.multiRoom && option.RoomID.S == "" {
		return false, shapeResult.error(codePublishParam, "with several rooms publishOption.roomID must name one")
	}
	if names := option.dropped(); names != nil {
		e.log("warn", fmt.Sprintf("startPublishingStream %q: out of range, and dropped: %v", id.S, names))
	}
	r := e.publishRoomLocked(option)
	name := protocol.StreamID(id.S)
	if r == nil || e.publishers[name] != nil {
		e.log("warn", fmt.Sprintf("startPublishingStream %q: it is being published, or its room is not logged in", name))
		return false, nil
	}
	e.publishLocked(r, name, l, option)
	return true, nil
}

func (e *Engine) publishLocked(r *room, id protocol.StreamID, l *local, option PublishOption) *publisher {
	p := &publisher{id: id, room: r, local: l, option: option, sessions: map[protocol.SessionID]*session{}, stop: make(chan struct{})}
	e.publishers[id] = p
	if r.loggedIn && !r.out {
		e.announceLocked(p)
	}
	return p
}

func (e *Engine) publishableLocked(localID string) (*local, *Error) {
	if localID == "" {
		return nil, shapeResult.error(codePublishParam, "the stream is not a MediaStream")
	}
	l := e.locals[localID]
	if l == nil {
		return nil, shapeResult.error(codeForeignStream, "")
	}
	switch {
	case len(l.Tracks()) > 0:
	case l.zego != nil:
		return nil, shapeResult.error(codeNoCapture, "")
	default:
		return nil, shapeResult.error(codePublishParam, "the stream has no tracks")
	}
	return l, nil
}

// announceLocked tells the server of the stream; others learn of it with our reply.
func (e *Engine) announceLocked(p *publisher) {
	e.setPublisherLocked(p, publishRequesting, 0, "")
	stopTimers(p.retry)
	if p.giveUp == nil {
		p.giveUp = e.publisherTimerLocked(p, e.settings.streamRetry, func() { e.giveUpPublishingLocked(p) })
	}
	if e.client == nil {
		return
	}
	e.client.Call(p.announcement(), func(_ json.RawMessage, err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.publishers[p.id] == p {
			e.onAnnouncedLocked(p, err)
		}
	})
}

func (p *publisher) announcement() protocol.StreamPublish {
	p.told = p.local.toTell()
	return protocol.StreamPublish{
		Room: p.room.id, Stream: p.id, ExtraInfo: p.option.extraInfo(),
		VideoMuted: p.told.videoMuted, AudioMuted: p.told.audioMuted,
		NoVideo: p.told.noVideo, NoAudio: p.told.noAudio, StandIn: p.told.standIn,
	}
}

func (e *Engine) publisherTimerLocked(p *publisher, d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		if e.publishers[p.id] == p {
			f()
		}
	})
}

// giveUpPublishingLocked takes back what the server may have taken without our hearing of it.
func (e *Engine) giveUpPublishingLocked(p *publisher) {
	e.tellLocked(protocol.StreamUnpublish{Room: p.room.id, Stream: p.id})
	e.endPublisherLocked(p, codePublishRetry, "")
}

func (e *Engine) onAnnouncedLocked(p *publisher, err error) {
	switch {
	case err == nil:
		stopTimers(p.giveUp, p.retry) // a retry of what a login has brought would disturb it
		p.giveUp = nil
		e.setPublisherLocked(p, publishing, 0, "")
		if !p.began {
			p.began = true
			go e.measurePublisher(p, e.settings.publishInterval)
			e.watchNetworkLocked()
		}
	case refused(err):
		e.log("error", fmt.Sprintf("startPublishingStream %q: %v", p.id, err))
		e.endPublisherLocked(p, publishCode(err), publishFailure(err))
	case p.room.out || !e.client.Resumable():
		e.setPublisherLocked(p, publishRequesting, codeNetworkBroken, "") // coming back asks again
	default:
		e.setPublisherLocked(p, publishRequesting, codeNetworkBroken, "")
		stopTimers(p.retry)
		p.retry = e.publisherTimerLocked(p, time.Second, func() {
			if !p.room.out { // coming back asks anyway
				e.announceLocked(p)
			}
		})
	}
}

// onStreamEndLocked: the server has ended what we publish or play, and for good. What is
// being asked for gets its own answer, after this one that belongs to what was before.
func (e *Engine) onStreamEndLocked(m protocol.StreamEnd) {
	if m.Role == protocol.Send {
		if p := e.publishers[m.Stream]; p != nil && p.room.id == m.Room && p.state.State == publishing {
			e.log("error", fmt.Sprintf("the server ended the published stream %q: %s", m.Stream, m.Message))
			e.endPublisherLocked(p, m.Code, m.Message)
		}
	} else if p := e.players[m.Stream]; p != nil && p.room.id == m.Room && !p.asked {
		e.log("error", fmt.Sprintf("the server ended the played stream %q: %s", m.Stream, m.Message))
		e.endPlayerLocked(p, m.Code, m.Message)
	}
}

// publishCode is the code of a refusal; what the server failed at has one of its own here.
func publishCode(err error) Code {
	if code := codeOf(err); code != protocol.CodeInternal {
		return code
	}
	return codePublishInner
}

// publishFailure is the extendedData of a refusal.
func publishFailure(err error) string {
	if codeOf(err) == protocol.CodeInternal {
		return marshal(map[string]int{"server_code": 52000000})
	}
	return err.Error()
}

// setPublisherLocked tells a state. The same one twice is told once, but for the end.
func (e *Engine) setPublisherLocked(p *publisher, state string, code Code, data string) {
	next := StreamState{string(p.id), state, code, data}
	if state != noPublish && p.state.State == state && p.state.ErrorCode == code {
		return
	}
	p.state = next
	e.emitLocked(publisherStateUpdate(next))
}

// StopPublishingStream ends a stream and does not block; tracks and preview go on. It
// is false only for what cannot be an id. A stream that is published for its data alone
// is the manager's.
func (e *Engine) StopPublishingStream(id Text) bool {
	if !id.OK || id.S == "" {
		return false
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if p := e.publishers[protocol.StreamID(id.S)]; p != nil && !p.hidden() {
		e.unpublishLocked(p)
	}
	return true
}

func (e *Engine) unpublishLocked(p *publisher) {
	if p.announced() {
		e.tellLocked(protocol.StreamUnpublish{Room: p.room.id, Stream: p.id})
	}
	e.endPublisherLocked(p, 0, "")
}

// hidden reports whether p is published for its data alone.
func (p *publisher) hidden() bool { return p.data != nil && p.data.own }

// announced reports whether the server was, or is being, told of the stream.
func (p *publisher) announced() bool { return p.state.State != "" }

// endPublisherLocked releases a publisher. What never began to connect ends silently.
func (e *Engine) endPublisherLocked(p *publisher, code Code, data string) {
	delete(e.publishers, p.id)
	stopTimers(p.giveUp, p.retry)
	close(p.stop)
	e.dropSessionsLocked(p)
	if p.announced() || code != 0 {
		e.setPublisherLocked(p, noPublish, code, data)
	}
	if z := p.local.zego; z != nil {
		z.settleLocked()
	}
}

func (e *Engine) dropSessionsLocked(p *publisher) {
	for _, s := range p.sessions {
		e.forgetSessionLocked(s)
	}
}
