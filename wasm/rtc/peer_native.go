//go:build !js

package rtc

import (
	"errors"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/media"

	"github.com/pion/webrtc/v4"
)

// hooks is what a receiver has had: pion tells a track with its first packet, where a
// browser tells it with the offer, so "connected" waits for one here.
type hooks struct {
	connected, track bool
	// gone: pion closed the connection because the other end did, which browsers do not.
	gone bool
	// packets is how many a test has read.
	packets func() float64
	senders map[media.Kind]*webrtc.RTPSender
	channel *webrtc.DataChannel
}

// newPeerConnection makes one that stays on this machine: tests need no network.
func newPeerConnection(cfg webrtc.Configuration) (*webrtc.PeerConnection, error) {
	settings := webrtc.SettingEngine{}
	settings.SetIncludeLoopbackCandidate(true)
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetICETimeouts(3*time.Second, 6*time.Second, 500*time.Millisecond)
	return webrtc.NewAPI(webrtc.WithSettingEngine(settings), withCodecs()).NewPeerConnection(cfg)
}

func withCodecs() func(*webrtc.API) {
	engine := &webrtc.MediaEngine{}
	if err := engine.RegisterDefaultCodecs(); err != nil {
		panic(err) // a fixed list that pion ships: it cannot fail
	}
	return webrtc.WithMediaEngine(engine)
}

func (p *Peer) watch() {
	p.pc.OnConnectionStateChange(func(s webrtc.PeerConnectionState) {
		p.post(func() { p.onNativeState(State(s.String())) })
	})
	p.pc.OnICECandidate(func(c *webrtc.ICECandidate) {
		if c == nil {
			return
		}
		raw, err := json.Marshal(c.ToJSON())
		p.post(func() {
			p.try(err)
			p.sendCandidate(raw)
		})
	})
	p.pc.OnDataChannel(p.onDataChannel)
	p.pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		p.post(func() { p.onTrack(media.NewTrack(media.Kind(t.Kind().String()), t)) })
	})
}

func (p *Peer) onNativeState(s State) {
	p.hooks.gone = s == State(webrtc.PeerConnectionStateClosed.String())
	awaited := len(p.pc.GetTransceivers()) > 0
	if s == Connected && p.cfg.Open.Role == protocol.Receive && awaited && !p.hooks.track {
		p.hooks.connected = true
		return
	}
	p.onState(s)
}

func (p *Peer) onTrack(t *media.Track) {
	p.hooks.track = true
	p.cfg.OnTrack(t)
	if p.hooks.connected {
		p.hooks.connected = false
		p.onState(Connected)
	}
}

func (p *Peer) unwatch() {}

func (p *Peer) watchWay() {}

var (
	errNoSource = errors.New("a native track needs a webrtc.TrackLocal as its source")
	errGone     = errors.New("the other end closed the connection")
)

// addSender waits for a track: pion would send something of its own.
func (p *Peer) addSender(kind media.Kind, track *media.Track) error {
	if track == nil || track.Source() == nil { // or the silent filler
		return nil
	}
	source, ok := track.Source().(webrtc.TrackLocal)
	if !ok {
		return errNoSource
	}
	sender, err := p.pc.AddTrack(source)
	if p.hooks.senders == nil {
		p.hooks.senders = map[media.Kind]*webrtc.RTPSender{}
	}
	p.hooks.senders[kind] = sender
	return err
}

// replace sends another track of a kind, or with nil none; the first one is offered.
func (p *Peer) replace(kind media.Kind, track *media.Track) error {
	sender := p.hooks.senders[kind]
	if sender == nil {
		if err := p.addSender(kind, track); err != nil || p.hooks.senders[kind] == nil {
			return err
		}
		return p.offer(nil)
	}
	if track == nil {
		return sender.ReplaceTrack(nil)
	}
	source, ok := track.Source().(webrtc.TrackLocal)
	if !ok {
		return errNoSource
	}
	return sender.ReplaceTrack(source)
}

func (p *Peer) limit(media.Kind, int) {}

func (p *Peer) mediaMark() float64 {
	if p.hooks.packets == nil {
		return 0
	}
	return p.hooks.packets()
}

// statsJSON leaves a closed connection alone: pion's GetStats races with its closing.
func (p *Peer) statsJSON() ([]byte, error) {
	if p.hooks.gone {
		return nil, errGone
	}
	report := p.pc.GetStats()
	list := make([]any, 0, len(report))
	for _, s := range report {
		if c, ok := s.(webrtc.ICECandidateStats); ok {
			list = append(list, candidateStats{c, c.CandidateType.String()})
			continue
		}
		list = append(list, s)
	}
	return json.Marshal(list)
}

// candidateStats has the word of browsers where pion writes a number.
type candidateStats struct {
	webrtc.ICECandidateStats
	CandidateType string `json:"candidateType"`
}
