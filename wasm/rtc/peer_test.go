//go:build !js

package rtc

import (
	"encoding/json"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"

	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"
)

const patience = time.Minute

// pair is a sender and a receiver whose messages a test passes on.
type pair struct {
	t              *testing.T
	sender         *Peer
	receiver       *Peer
	toReceiver     chan protocol.Body
	toSender       chan protocol.Body
	states         chan State // of the receiver
	sending        chan State // of the sender
	tracks         chan *media.Track
	errors         chan error
	track          *webrtc.TrackLocalStaticSample
	stopSamples    chan struct{}
	muted          atomic.Bool // sends nothing
	samplesStopped sync.WaitGroup
}

func newPair(t *testing.T) *pair {
	t.Helper()
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "v", "s")
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{
		t: t, track: track, stopSamples: make(chan struct{}),
		toReceiver: make(chan protocol.Body, 100), toSender: make(chan protocol.Body, 100),
		states: make(chan State, 100), sending: make(chan State, 100), tracks: make(chan *media.Track, 10), errors: make(chan error, 10),
	}
	stream := media.NewStream()
	stream.Add(media.NewTrack(media.Video, track))
	p.sender = New(Config{
		Open:    protocol.SessionOpen{Session: "x", Role: protocol.Send},
		Sending: Sending{Stream: stream, Video: stream.Track(media.Video), Encoding: media.Encoding{VideoBitrate: 800, MinBitrate: 480}},
		Send:    func(b protocol.Body) { p.toReceiver <- b }, OnState: func(s State) { p.sending <- s }, OnTrack: func(*media.Track) {},
		OnError: func(err error) { p.errors <- err },
	})
	p.receiver = New(Config{
		Open: protocol.SessionOpen{Session: "x", Role: protocol.Receive},
		Send: func(b protocol.Body) { p.toSender <- b }, OnState: func(s State) { p.states <- s },
		OnTrack: func(t *media.Track) { p.tracks <- t }, OnError: func(err error) { p.errors <- err },
	})
	p.samplesStopped.Go(p.writeSamples)
	t.Cleanup(p.close)
	return p
}

func (p *pair) writeSamples() {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if p.muted.Load() {
				continue
			}
			// Until it is connected there is nobody to send to.
			_ = p.track.WriteSample(pionmedia.Sample{Data: []byte{1, 2, 3}, Duration: 20 * time.Millisecond})
		case <-p.stopSamples:
			return
		}
	}
}

func (p *pair) close() {
	close(p.stopSamples)
	p.samplesStopped.Wait()
	for _, end := range []*Peer{p.sender, p.receiver} {
		end.Close()
		select {
		case <-end.Done():
		case <-time.After(patience):
			p.t.Error("a peer did not end")
		}
	}
}

// pass hands one message to a peer.
func pass(to *Peer, b protocol.Body) {
	switch b := b.(type) {
	case protocol.SessionDesc:
		to.Desc(b)
	case protocol.SessionCandidate:
		to.Candidate(b)
	case protocol.SessionRestart:
		to.Restart()
	}
}

func (p *pair) relay(done <-chan struct{}) {
	for {
		select {
		case b := <-p.toReceiver:
			pass(p.receiver, b)
		case b := <-p.toSender:
			pass(p.sender, b)
		case <-done:
			return
		}
	}
}

// awaitConnected waits for both ends.
func (p *pair) awaitConnected() {
	p.t.Helper()
	p.awaitState(p.states, Connected)
	p.awaitState(p.sending, Connected)
}

func (p *pair) awaitState(states <-chan State, want State) {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		select {
		case s := <-states:
			if s == want {
				return
			}
		case err := <-p.errors:
			p.t.Fatal(err)
		case <-deadline:
			p.t.Fatalf("not %s in time", want)
		}
	}
}

func TestCandidatesBeforeTheOfferWait(t *testing.T) {
	p := newPair(t)
	offer := <-p.toReceiver
	candidate := <-p.toReceiver
	if _, ok := candidate.(protocol.SessionCandidate); !ok {
		t.Fatalf("the second message is a %T", candidate)
	}
	pass(p.receiver, candidate) // overtakes the offer
	pass(p.receiver, offer)
	// No other candidate of the sender's: the early one must do.
	done := make(chan struct{})
	defer close(done)
	go func() {
		for {
			select {
			case b := <-p.toSender:
				pass(p.sender, b)
			case <-p.toReceiver:
			case <-done:
				return
			}
		}
	}()
	p.awaitConnected()
	if track := <-p.tracks; track.Kind() != media.Video {
		t.Errorf("a %s track came", track.Kind())
	}
	// Without it they would still meet, but as strangers: by a peer-reflexive candidate.
	for _, s := range p.receiver.pc.GetStats() {
		if c, ok := s.(webrtc.ICECandidateStats); ok && c.Type == webrtc.StatsTypeRemoteCandidate && c.CandidateType == webrtc.ICECandidateTypeHost {
			return
		}
	}
	t.Error("the early candidate was lost")
}

func TestUselessCandidatesDoNoHarm(t *testing.T) {
	p := newPair(t)
	for _, raw := range []string{`null`, `{}`, `5`, `{"candidate":"nonsense"}`, `{"candidate":""}`} {
		p.receiver.Candidate(protocol.SessionCandidate{Candidate: json.RawMessage(raw)})
		p.sender.Candidate(protocol.SessionCandidate{Candidate: json.RawMessage(raw)})
	}
	done := make(chan struct{})
	defer close(done)
	go p.relay(done)
	p.awaitConnected()
	if r := p.receiver.Stats(); r.Pair() == nil {
		t.Errorf("no candidate pair in the statistics: %+v", r)
	}
}

func TestBadDescriptionIsTold(t *testing.T) {
	p := newPair(t)
	p.receiver.Desc(protocol.SessionDesc{Kind: "offer", SDP: "nonsense"})
	select {
	case err := <-p.errors:
		t.Log(err)
	case <-time.After(patience):
		t.Error("nobody was told of a description that cannot be read")
	}
}

func TestCloseAtOnce(t *testing.T) {
	p := newPair(t)
	p.sender.Close()
	p.sender.Close()
	<-p.sender.Done()
	p.sender.Desc(protocol.SessionDesc{Kind: "answer"})
	if r := p.sender.Stats(); r != nil {
		t.Errorf("a closed peer has statistics: %v", r)
	}
}
