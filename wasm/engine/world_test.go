//go:build !js

package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"expressrtc/server/signaling"
	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"

	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"
)

// patience bounds every wait for something that must happen.
const patience = time.Minute

// page is an engine and what its page would see.
type page struct {
	*engine.Engine
	t    *testing.T
	name string

	mu      sync.Mutex
	log     []string
	at      map[string]time.Time // of the last event of each name
	over    bool                 // the test: an engine may still try to say goodbye
	changed chan struct{}
}

// newServer is the real server on a real port.
func newServer(t *testing.T) *httptest.Server {
	t.Helper()
	return serveConfig(t, signaling.Config{Heartbeat: time.Second})
}

func serveConfig(t *testing.T, config signaling.Config) *httptest.Server {
	t.Helper()
	signals := signaling.New(config)
	server := httptest.NewServer(signals)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		_ = signals.Shutdown(ctx)
		server.Close()
	})
	return server
}

func newPage(t *testing.T, server, name string) *page {
	t.Helper()
	p := &page{t: t, name: name, at: map[string]time.Time{}, changed: make(chan struct{}, 1)}
	p.Engine = engine.New(engine.Config{
		App: "7", ScriptOrigin: server,
		Emit: p.record,
		Log:  p.logLine,
	})
	t.Cleanup(func() {
		_ = p.DestroyEngine()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.over = true
	})
	return p
}

func (p *page) logLine(level, line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		p.t.Logf("%s: %s: %s", p.name, level, line)
	}
}

// record keeps an event as one line: its name and its arguments as JSON.
func (p *page) record(ev engine.Event) {
	args := make([]string, len(ev.Args))
	for i, arg := range ev.Args {
		data, err := json.Marshal(arg)
		if err != nil {
			data = []byte(fmt.Sprintf("%T", arg))
		}
		args[i] = string(data)
	}
	p.mu.Lock()
	p.log = append(p.log, ev.Name+" "+strings.Join(args, " "))
	p.at[ev.Name] = time.Now()
	p.mu.Unlock()
	select {
	case p.changed <- struct{}{}:
	default:
	}
}

// last is when the last event of a name came, whoever has looked at it.
func (p *page) last(name string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at[name]
}

func (p *page) lines() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.log...)
}

// await waits for an event whose line has all the parts, and takes the log up to it.
func (p *page) await(parts ...string) string {
	p.t.Helper()
	deadline := time.After(patience)
	for {
		p.mu.Lock()
		for i, line := range p.log {
			if hasAll(line, parts) {
				p.log = p.log[i+1:]
				p.mu.Unlock()
				return line
			}
		}
		p.mu.Unlock()
		select {
		case <-p.changed:
		case <-deadline:
			p.t.Fatalf("%s: no event with %q; the log has\n%s", p.name, parts, strings.Join(p.lines(), "\n"))
		}
	}
}

func hasAll(line string, parts []string) bool {
	for _, part := range parts {
		if !strings.Contains(line, part) {
			return false
		}
	}
	return true
}

func given(s string) engine.Text { return engine.Text{S: s, OK: true} }

func user(id string) engine.LoginUser {
	return engine.LoginUser{Given: true, UserID: given(id)}
}

func (p *page) login(room string) error {
	_, err := p.LoginRoom(context.Background(), given(room), given(""), user(p.name), engine.RoomConfig{UserUpdate: true})
	return err
}

func (p *page) mustLogin(room string) {
	p.t.Helper()
	if err := p.login(room); err != nil {
		p.t.Fatalf("%s: login: %v", p.name, err)
	}
}

// publish sends a stream that has frames in it until the test ends.
func (p *page) publish(id string) *media.Local {
	p.t.Helper()
	return p.publishIn(id, "")
}

func (p *page) publishIn(id, room string) *media.Local {
	p.t.Helper()
	local, err := p.CreateStream(context.Background(), media.Source{Custom: &media.Custom{Source: []*media.Track{p.frames(media.Video, id)}}})
	if err != nil {
		p.t.Fatal(err)
	}
	p.mustPublish(id, local.ID(), room)
	return local
}

func (p *page) mustPublish(id, localID, room string) {
	p.t.Helper()
	if ok, err := p.StartPublishingStream(given(id), localID, engine.PublishOption{RoomID: engine.Text{S: room, OK: room != ""}}); err != nil || !ok {
		p.t.Fatalf("%s: publishing %s: %v, %v", p.name, id, ok, err)
	}
}

// frames is a track that has some until the test ends.
func (p *page) frames(kind media.Kind, stream string) *media.Track {
	p.t.Helper()
	codec := map[media.Kind]string{media.Audio: webrtc.MimeTypeOpus, media.Video: webrtc.MimeTypeVP8}[kind]
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: codec}, string(kind), stream)
	if err != nil {
		p.t.Fatal(err)
	}
	stop := make(chan struct{})
	p.t.Cleanup(func() { close(stop) })
	go sendFrames(track, stop)
	return media.NewTrack(kind, track)
}

func sendFrames(track *webrtc.TrackLocalStaticSample, stop <-chan struct{}) {
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			// Before somebody plays it there is nobody to send to, which is no error.
			_ = track.WriteSample(pionmedia.Sample{Data: []byte{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a}, Duration: 20 * time.Millisecond})
		case <-stop:
			return
		}
	}
}

// play waits for the stream and reads a packet of it.
func (p *page) play(id string) *media.Stream {
	p.t.Helper()
	stream := p.start(id)
	p.seesPacket(stream)
	return stream
}

// start plays a stream of which nothing may come.
func (p *page) start(id string) *media.Stream {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	stream, err := p.StartPlayingStream(ctx, given(id), engine.PlayOption{})
	if err != nil {
		p.t.Fatalf("%s: playing %s: %v", p.name, id, err)
	}
	return stream
}

func (p *page) seesPacket(stream *media.Stream) {
	p.t.Helper()
	remote := p.remote(stream)
	_ = remote.SetReadDeadline(time.Now().Add(patience))
	if _, _, err := remote.ReadRTP(); err != nil {
		p.t.Fatalf("%s: no packet: %v", p.name, err)
	}
}

// watch reads a stream until it ends, as every browser does: pion counts only what is read.
func (p *page) watch(stream *media.Stream) {
	p.t.Helper()
	remote := p.remote(stream)
	_ = remote.SetReadDeadline(time.Time{})
	go func() {
		for {
			if _, _, err := remote.ReadRTP(); err != nil {
				return
			}
		}
	}()
}

func (p *page) remote(stream *media.Stream) *webrtc.TrackRemote {
	p.t.Helper()
	tracks := stream.Tracks()
	if len(tracks) == 0 {
		p.t.Fatalf("%s: the played stream has no track", p.name)
	}
	remote, ok := tracks[0].Source().(*webrtc.TrackRemote)
	if !ok {
		p.t.Fatalf("%s: a played track is a %T", p.name, tracks[0].Source())
	}
	return remote
}
