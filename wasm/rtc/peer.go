// Package rtc is one peer connection of one session: who offers, what is sent, which
// candidates wait for a description, how it fares.
//
// A [Peer] is owned by one goroutine, run; everything else, the browser's events
// included, only posts to its inbox, so nothing here is locked but the inbox itself.
// restart.go finds another way for the media when the first one dies.
// peer_js.go fills what pion's js build leaves out; peer_native.go is the same for
// tests without a browser.
package rtc

import (
	"fmt"
	"sync"
	"sync/atomic"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/media"

	"github.com/pion/webrtc/v4"
)

// State of a peer connection, in the browser's words.
type State string

// The states that matter to an owner.
const (
	Connecting   State = "connecting"
	Connected    State = "connected"
	Disconnected State = "disconnected"
	Failed       State = "failed"
)

// Config says what a peer is for and who is told. The functions are called on the
// peer's goroutine; they must not wait for the peer.
type Config struct {
	Open protocol.SessionOpen
	// Sending is what a sender sends at first; see Update.
	Sending Sending
	// Codec is the video codec that a sender prefers, "" for H264.
	Codec string
	// ChannelOption is how a data channel is made, as the browser takes it in JSON.
	ChannelOption json.RawMessage
	// Relay keeps the media to TURN servers.
	Relay bool
	// Send passes a body on to the other end.
	Send func(protocol.Body)
	// OnState tells how the first connecting goes, and after it only Failed: the way of
	// the media died, and the peer could not find another.
	OnState func(State)
	// OnTrack tells a track that arrived at a receiver.
	OnTrack func(*media.Track)
	// Delay is what a receiver is to keep before it plays it, in milliseconds; nil is the
	// browser's choice.
	Delay *float64
	// Channel makes a sender send data, too: see OpenChannel.
	Channel bool
	// OnData takes what comes over the sender's channel, in order; may be nil.
	OnData func([]byte)
	// OnError tells what made the session impossible; the owner closes the peer.
	OnError func(error)
}

// maxInbox bounds what waits for a peer: more than any honest session has.
const maxInbox = 1000

// Peer is one end of a session.
type Peer struct {
	cfg Config

	mu     sync.Mutex
	posts  []func() // waiting for run
	wake   chan struct{}
	closed bool
	done   chan struct{}
	// restartWaits: a wish of the other end is among the posts.
	restartWaits bool
	// offered: an offer is out, its answer has not come. Only run writes it.
	offered atomic.Bool

	// Owned by run.
	pc        *webrtc.PeerConnection
	hooks     hooks
	described bool // the other end's description is set
	early     []json.RawMessage
	path      path
	sending   Sending
	paused    map[media.Kind]bool         // by the receiver
	sent      map[media.Kind]*media.Track // what the connection sends
	limits    map[media.Kind]int          // kbit/s
	channel   channel
	again     bool // to offer, when the answer has come
}

// New starts a peer. A sender makes its offer at once.
func New(cfg Config) *Peer {
	p := &Peer{
		cfg: cfg, wake: make(chan struct{}, 1), done: make(chan struct{}), path: newPath(),
		sending: cfg.Sending, sent: map[media.Kind]*media.Track{}, limits: map[media.Kind]int{},
	}
	p.post(p.open)
	go p.run()
	return p
}

// Desc takes the other end's description. It does not block.
func (p *Peer) Desc(d protocol.SessionDesc) {
	p.post(func() { p.try(p.onDesc(d)) })
}

// Candidate takes one of the other end's candidates. It does not block.
func (p *Peer) Candidate(c protocol.SessionCandidate) {
	p.post(func() { p.onCandidate(c.Candidate) })
}

// Close ends the peer once what it is doing is done: closing amid an operation would
// leak it in pion's js build. It does not block; Done tells the end.
func (p *Peer) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.signal()
}

// Negotiating reports whether an offer waits for its answer. If one of the two is lost,
// so is the session: neither is sent twice.
func (p *Peer) Negotiating() bool { return p.offered.Load() }

// Done is closed when the connection is released.
func (p *Peer) Done() <-chan struct{} { return p.done }

// post queues f for run. It is dropped, and false, after Close or when too much waits.
func (p *Peer) post(f func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || len(p.posts) >= maxInbox {
		return false
	}
	p.posts = append(p.posts, f)
	p.signal()
	return true
}

func (p *Peer) signal() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *Peer) run() {
	defer close(p.done)
	for {
		select {
		case <-p.wake:
		case <-p.path.nextTick.C:
			p.onTick()
		}
		if !p.work() {
			p.release()
			return
		}
	}
}

// work does what waits; false once the peer is closed.
func (p *Peer) work() bool {
	for {
		f, closed := p.next()
		if closed {
			return false
		}
		if f == nil {
			return true
		}
		f()
	}
}

func (p *Peer) next() (f func(), closed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		p.posts = nil
		return nil, true
	}
	if len(p.posts) == 0 {
		return nil, false
	}
	f, p.posts = p.posts[0], p.posts[1:]
	return f, false
}

// try reports what went wrong; the owner decides.
func (p *Peer) try(err error) {
	if err != nil {
		p.cfg.OnError(err)
	}
}

func (p *Peer) open() {
	pc, err := newConnection(p.cfg.Open.ICEServers, p.cfg.Relay)
	if err != nil {
		p.try(fmt.Errorf("making a connection: %w", err))
		return
	}
	p.pc = pc
	p.watch()
	if p.cfg.Open.Role == protocol.Send {
		p.try(p.firstOffer())
	}
}

func newConnection(servers []protocol.ICEServer, relay bool) (*webrtc.PeerConnection, error) {
	cfg := webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle}
	if relay {
		cfg.ICETransportPolicy = webrtc.ICETransportPolicyRelay
	}
	for _, s := range servers {
		cfg.ICEServers = append(cfg.ICEServers, webrtc.ICEServer{URLs: s.URLs, Username: s.Username, Credential: s.Credential})
	}
	return newPeerConnection(cfg)
}

// firstOffer is of what the receiver wants of the local stream.
func (p *Peer) firstOffer() error {
	for _, kind := range kinds {
		if !p.wants(kind) {
			continue
		}
		p.sent[kind], p.limits[kind] = p.due(kind), p.sending.bitrate(kind)
		if err := p.addSender(kind, p.sent[kind]); err != nil {
			return fmt.Errorf("adding the %s track: %w", kind, err)
		}
	}
	if p.channel.wanted = p.channel.wanted || p.cfg.Channel; p.channel.wanted {
		if err := p.newChannel(); err != nil {
			return fmt.Errorf("opening the channel: %w", err)
		}
	} else if len(p.pc.GetTransceivers()) == 0 {
		// The receiver wants nothing. Without anything to carry, the two would never connect,
		// and the receiver would wait for that.
		if _, err := p.pc.CreateDataChannel("nothing", nil); err != nil {
			return fmt.Errorf("adding a channel: %w", err)
		}
	}
	return p.offer(nil)
}

func (p *Peer) offer(options *webrtc.OfferOptions) error {
	d, err := p.pc.CreateOffer(options)
	if err != nil {
		return fmt.Errorf("making an offer: %w", err)
	}
	if err := p.pc.SetLocalDescription(d); err != nil {
		return fmt.Errorf("taking the own offer: %w", err)
	}
	p.offered.Store(true)
	p.cfg.Send(protocol.SessionDesc{Session: p.cfg.Open.Session, Kind: "offer", SDP: offeringStereo(d.SDP, p.sending.Encoding)})
	return nil
}

// wants reports whether the receiver asked for that kind.
func (p *Peer) wants(k media.Kind) bool {
	if k == media.Video {
		return !p.cfg.Open.NoVideo
	}
	return !p.cfg.Open.NoAudio
}

func (p *Peer) onDesc(d protocol.SessionDesc) error {
	if p.pc == nil {
		return nil // making it failed, and that was told
	}
	kind := webrtc.NewSDPType(d.Kind)
	if !p.awaits(kind) {
		return fmt.Errorf("an %q of the other end: it was not asked for", d.Kind)
	}
	if kind == webrtc.SDPTypeAnswer {
		d.SDP = withBitrates(d.SDP, p.sending.Encoding)
	}
	err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: kind, SDP: d.SDP})
	if err != nil {
		return fmt.Errorf("taking the other end's %s: %w", d.Kind, err)
	}
	p.described = true
	p.offered.Store(false)
	if kind == webrtc.SDPTypeOffer {
		err = p.answer(d.SDP)
	}
	p.addEarly()
	if p.again && !p.offered.Load() {
		p.negotiate()
	}
	return err
}

// awaits reports whether a description of that kind may come: only senders offer, and
// each offer has one answer.
func (p *Peer) awaits(kind webrtc.SDPType) bool {
	if p.cfg.Open.Role == protocol.Send {
		return kind == webrtc.SDPTypeAnswer && p.offered.Load()
	}
	return kind == webrtc.SDPTypeOffer
}

func (p *Peer) answer(offer string) error {
	d, err := p.pc.CreateAnswer(nil)
	if err != nil {
		return fmt.Errorf("making an answer: %w", err)
	}
	d.SDP = takingStereo(d.SDP, offer)
	if err := p.pc.SetLocalDescription(d); err != nil {
		return fmt.Errorf("taking the own answer: %w", err)
	}
	p.cfg.Send(protocol.SessionDesc{Session: p.cfg.Open.Session, Kind: "answer", SDP: d.SDP})
	return nil
}

// onCandidate keeps what comes before the description.
func (p *Peer) onCandidate(raw json.RawMessage) {
	if !p.described {
		if len(p.early) < maxInbox {
			p.early = append(p.early, raw)
		}
		return
	}
	p.addCandidate(raw)
}

func (p *Peer) addEarly() {
	for _, raw := range p.early {
		p.addCandidate(raw)
	}
	p.early = nil
}

// addCandidate passes over what this browser cannot use: the others may do.
func (p *Peer) addCandidate(raw json.RawMessage) {
	var c webrtc.ICECandidateInit
	if json.Unmarshal(raw, &c) != nil || c.Candidate == "" {
		return
	}
	_ = p.pc.AddICECandidate(c)
}

// sendCandidate passes on an own candidate; none means that there are no more, and
// that is not told: the other end needs no end.
func (p *Peer) sendCandidate(raw json.RawMessage) {
	if raw != nil {
		p.cfg.Send(protocol.SessionCandidate{Session: p.cfg.Open.Session, Candidate: raw})
	}
}

func (p *Peer) release() {
	p.path.nextTick.Stop()
	p.unwatch()
	if p.pc != nil {
		_ = p.pc.Close() // nothing is left to do about a failure
	}
}
