package engine

import (
	"context"
	"slices"

	"expressrtc/server/protocol"
	"expressrtc/wasm/media"
)

// AudioFrameOptions are the contract's; nil is what was not given.
type AudioFrameOptions struct {
	FrameSize    *int `json:"frameSize"`
	SampleRate   *int `json:"sampleRate"`
	ChannelCount *int `json:"channelCount"`
	BitDepth     *int `json:"bitDepth"`
}

// options are checked options; size is that of the first call for the stream, 0 if this
// is the first.
func (o AudioFrameOptions) options(size int) (media.FrameOptions, error) {
	opt := media.FrameOptions{Size: 4096, Channels: 1, Bits: 32}
	for _, field := range []struct {
		name    string
		given   *int
		to      *int
		allowed []int
	}{
		{"frameSize", o.FrameSize, &opt.Size, []int{256, 512, 1024, 2048, 4096, 8192, 16384}},
		{"sampleRate", o.SampleRate, &opt.Rate, []int{8000, 16000, 22050, 24000, 32000, 44100, 48000}},
		{"channelCount", o.ChannelCount, &opt.Channels, []int{1, 2}},
		{"bitDepth", o.BitDepth, &opt.Bits, []int{16, 32}},
	} {
		if field.given == nil {
			continue
		}
		if !slices.Contains(field.allowed, *field.given) {
			return opt, shapeResult.error(protocol.CodeInput, "%s must be one of %v", field.name, field.allowed)
		}
		*field.to = *field.given
	}
	if size != 0 {
		opt.Size = size
	}
	return opt, nil
}

// frames is the samples of one stream that the page listens to.
type frames struct {
	tap  *media.Tap // nil while there is no listener
	size int        // of a frame, since the first call
	// turn numbers the calls: the last one wins, whichever is through first.
	turn int
}

// close ends it with the stream.
func (f *frames) close() {
	f.turn++
	if f.tap != nil {
		f.tap.Close()
		f.tap = nil
	}
}

// SetAudioFrameCallback hands the samples of a played stream to sink, until nil. It waits
// until the browser has what it takes.
func (e *Engine) SetAudioFrameCallback(ctx context.Context, id Text, sink *media.FrameSink, o AudioFrameOptions) (Result, error) {
	if !id.OK || id.S == "" {
		return Result{}, shapeResult.error(protocol.CodeInput, "streamID must be a string")
	}
	return e.setFrames(ctx, sink, o, true, func() (*frames, *media.Track, error) {
		p := e.players[protocol.StreamID(id.S)]
		if p == nil || p.state.State != playing || p.stream.Track(media.Audio) == nil {
			return nil, nil, shapeResult.error(codeNotPlaying, "")
		}
		return &p.frames, p.stream.Track(media.Audio), nil
	})
}

// SetCaptureAudioFrameCallback hands the samples of a local stream's own sound to sink,
// until nil. It waits until the browser has what it takes.
func (e *Engine) SetCaptureAudioFrameCallback(ctx context.Context, localID string, sink *media.FrameSink, o AudioFrameOptions) (Result, error) {
	return e.setFrames(ctx, sink, o, false, func() (*frames, *media.Track, error) {
		l := e.locals[localID]
		if l == nil {
			return nil, nil, shapeResult.error(codeForeignStream, "")
		}
		if l.microphone() == nil {
			return nil, nil, shapeResult.error(codeNoSound, "")
		}
		return &l.frames, l.microphone(), nil
	})
}

// setFrames replaces the tap of what find finds under the lock.
func (e *Engine) setFrames(ctx context.Context, sink *media.FrameSink, o AudioFrameOptions, received bool, find func() (*frames, *media.Track, error)) (Result, error) {
	e.mu.Lock()
	f, _, err := find()
	if err != nil {
		e.mu.Unlock()
		return Result{}, err
	}
	opt, err := o.options(f.size)
	if err == nil {
		f.close()
	}
	turn := f.turn
	e.mu.Unlock()
	if err != nil || sink == nil {
		return Result{}, err
	}
	opt.Received = received
	tap, err := media.NewTap(ctx, e.cfg.Tap, opt, *sink)
	if err != nil {
		return Result{}, shapeResult.error(codeNoSound, "%v", err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	again, track, err := find()
	if err != nil || again != f || f.turn != turn {
		tap.Close()
		return Result{}, err
	}
	f.tap, f.size = tap, opt.Size
	tap.SetSource(track)
	return Result{}, nil
}

// follow takes the stream's present track.
func (f *frames) follow(t *media.Track) {
	if f.tap != nil {
		f.tap.SetSource(t)
	}
}
