package engine

import (
	"context"
	"fmt"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/media"
	"expressrtc/wasm/rtc"
)

// local is one stream that the page may publish.
type local struct {
	*media.Local
	view *media.View
	// videoMuted and audioMuted are what mutePublishStream… said; retain, that the preview
	// goes on without the others. microphoneMuted is the engine's.
	videoMuted, audioMuted, retain, microphoneMuted bool
	cameraOff                                       bool // by enableVideoCaptureDevice
	// processed is sent instead of the stream's own track of that kind: mixed, changed,
	// or a picture of the page's. Previews show the own one.
	processed map[media.Kind]*media.Track
	// still is sent instead of a muted picture; nil for nothing. stillNumber is the call's.
	still       *media.Still
	stillNumber int

	turns                map[media.Kind]chan struct{} // see takeTurn
	gone                 chan struct{}                // closed when the stream is destroyed
	videoPace, audioPace pace                         // of muting
	cameraPace           pace                         // of opening and closing the camera

	// sound makes the processed sound, nil until the page wants some.
	sound      *media.Mixer
	soundWaits bool // the page's developer was told, or will be
	// zego is the object that the page has of a stream made by createZegoStream, else nil.
	zego   *ZegoStream
	frames frames
	// playerEnded is told the end of the effects' player, nil while there is none.
	playerEnded func()
}

func newLocal(captured *media.Local) *local {
	return &local{
		Local: captured, gone: make(chan struct{}),
		turns: map[media.Kind]chan struct{}{media.Audio: make(chan struct{}, 1), media.Video: make(chan struct{}, 1)},
	}
}

// keepLocked makes what was captured one of the engine's streams.
func (e *Engine) keepLocked(captured *media.Local) *local {
	l := newLocal(captured)
	l.microphoneMuted = e.settings.microphoneMuted
	if l.off(media.Audio) {
		l.enable(media.Audio)
	}
	e.locals[captured.ID()] = l
	return l
}

// hidden reports whether the stream's own picture is not to be sent.
func (l *local) hidden() bool { return l.videoMuted || l.cameraOff }

// off reports whether the stream's own track of a kind is to give nothing.
func (l *local) off(kind media.Kind) bool {
	if kind == media.Video {
		return l.videoMuted && !l.retain
	}
	return l.audioMuted || l.microphoneMuted && l.From(media.Audio) == media.FromCamera
}

// enable lets a kind be heard or seen, or not: also what is mixed in, which goes on while
// the microphone alone is muted.
func (l *local) enable(kind media.Kind) {
	for _, t := range l.Tracks() {
		if t.Kind() == kind && !t.Same(l.Filler) {
			t.SetEnabled(!l.off(kind))
		}
	}
	if t := l.processed[kind]; t != nil {
		t.SetEnabled(kind == media.Video || !l.audioMuted)
	}
}

// sending is what those who play the stream are sent. Of a muted picture nothing is; of
// muted sound silence is, which keeps the way of the media known to be good.
func (l *local) sending() rtc.Sending {
	s := rtc.Sending{Stream: l.Stream, Encoding: l.Encoding, Audio: l.outgoing(media.Audio)}
	switch {
	case !l.hidden():
		s.Video = l.outgoing(media.Video)
	case l.still != nil:
		s.Video = l.still.Track()
	}
	return s
}

func (l *local) outgoing(kind media.Kind) *media.Track {
	if t := l.processed[kind]; t != nil {
		return t
	}
	return l.Track(kind)
}

// told is what the others know of a stream.
type told struct {
	videoMuted, audioMuted, noVideo, noAudio, standIn bool
	// doubtful: the server may not have heard the last change.
	doubtful bool
}

func (l *local) toTell() told {
	return told{
		videoMuted: l.hidden(), audioMuted: l.audioMuted,
		noVideo: l.outgoing(media.Video) == nil, noAudio: l.outgoing(media.Audio) == nil,
		standIn: l.hidden() && l.still != nil,
	}
}

// since is the message that makes before into now, with what may be different alone.
func (now told) since(before told) (m protocol.StreamUpdate) {
	for _, flag := range []struct {
		now, before bool
		to          **bool
	}{
		{now.videoMuted, before.videoMuted, &m.VideoMuted},
		{now.audioMuted, before.audioMuted, &m.AudioMuted},
		{now.noVideo, before.noVideo, &m.NoVideo},
		{now.noAudio, before.noAudio, &m.NoAudio},
		{now.standIn, before.standIn, &m.StandIn},
	} {
		if flag.now != flag.before || before.doubtful {
			*flag.to = &flag.now
		}
	}
	return m
}

// setTrackLocked puts t in the place of l's track of that kind, for the preview and for
// all who play it; nil leaves the place empty. The old track goes on: see media's End.
// What is muted stays so; a new picture ends that the camera is off.
func (e *Engine) setTrackLocked(l *local, kind media.Kind, t *media.Track) {
	if t != nil && l.off(kind) && !t.Same(l.Filler) {
		t.SetEnabled(false)
	}
	if kind == media.Video {
		l.cameraOff = false
	}
	l.Replace(kind, t)
	e.resendLocked(l)
	if l.zego != nil {
		l.zego.changedLocked(kind, t)
	}
}

// reopen opens l's camera or microphone once more and puts the new track in its place.
// Whoever calls it has l's turn. It blocks until the user has answered.
func (e *Engine) reopen(ctx context.Context, l *local, kind media.Kind, d media.Device) error {
	t, err := l.Reopen(ctx, kind, d)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.locals[l.ID()] != l {
		l.End(t)
		return errStreamGone
	}
	e.setTrackLocked(l, kind, t)
	return nil
}

// processLocked sends t instead of l's track of that kind from now on, until nil.
func (e *Engine) processLocked(l *local, kind media.Kind, t *media.Track) {
	if l.processed == nil {
		l.processed = map[media.Kind]*media.Track{}
	}
	l.processed[kind] = t
	l.enable(kind)
	e.resendLocked(l)
}

// resendLocked brings the sessions of all who play l up to what is to be sent now, and
// tells the others what is different. What is made of the stream's own sound is made of
// its present track.
func (e *Engine) resendLocked(l *local) {
	if l.still != nil {
		l.still.Show(l.hidden(), e.settings.blankInterval)
	}
	if l.sound != nil {
		l.sound.SetSource(l.microphone())
	}
	l.frames.follow(l.microphone())
	for _, p := range e.publishers {
		if p.local != l {
			continue
		}
		for _, s := range p.sessions {
			s.peer.Update(l.sending())
		}
		e.tellChangesLocked(p)
	}
}

// tellChangesLocked tells the others, and this page if it plays its own stream. Also
// before the server's answer: it takes one message after the other.
func (e *Engine) tellChangesLocked(p *publisher) {
	now := p.local.toTell()
	if !p.announced() || now == p.told {
		return
	}
	m := now.since(p.told)
	m.Room, m.Stream, p.told = p.room.id, p.id, now
	e.sendChangesLocked(p, m)
	if own := e.players[p.id]; own != nil {
		e.showTracksLocked(own)
		if own.state.State == playing {
			e.tellRemoteLocked(own, e.playedLocked(own))
		}
	}
}

// sendChangesLocked sends m. Without an answer, all is told again with the next change, or
// when the connection is back.
func (e *Engine) sendChangesLocked(p *publisher, m protocol.StreamUpdate) {
	if e.client == nil {
		return
	}
	e.client.Call(m, func(_ json.RawMessage, err error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if refused(err) {
			e.log("warn", fmt.Sprintf("%s of %q: %v", m.Type(), p.id, err))
		} else if err != nil {
			p.told.doubtful = true
		}
	})
}

// takeTurn waits until nobody else changes which tracks of these kinds the stream has:
// that may take as long as the user is asked for a device. Who wants both kinds names the
// audio first, as everybody does. It fails for a stream that is not this engine's, also
// when that is destroyed meanwhile; after it, what waits under the context that it gives
// ends with the stream.
func (e *Engine) takeTurn(ctx context.Context, id string, kinds ...media.Kind) (context.Context, *local, func(), error) {
	e.mu.Lock()
	l := e.locals[id]
	e.mu.Unlock()
	if l == nil {
		return nil, nil, nil, shapeResult.error(codeForeignStream, "")
	}
	ctx, cancel := l.living(ctx)
	var taken []chan struct{}
	done := func() {
		cancel()
		for _, turn := range taken {
			<-turn
		}
	}
	for _, kind := range kinds {
		select {
		case l.turns[kind] <- struct{}{}:
			taken = append(taken, l.turns[kind])
		case <-l.gone:
		case <-ctx.Done():
		}
		if err := e.interrupted(ctx, l); err != nil {
			done()
			return nil, nil, nil, err
		}
	}
	return ctx, l, done, nil
}

// living is ctx, which ends with the stream too.
func (l *local) living(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-l.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// interrupted is why nobody waits for l any longer, or nil.
func (e *Engine) interrupted(ctx context.Context, l *local) error {
	select {
	case <-l.gone:
		if err := e.life.Err(); err != nil {
			return err // with everything else
		}
		return shapeResult.error(codeForeignStream, "")
	default:
		return ctx.Err()
	}
}
