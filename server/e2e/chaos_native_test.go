package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pion/webrtc/v4"
	pionmedia "github.com/pion/webrtc/v4/pkg/media"

	"expressrtc/wasm/engine"
	"expressrtc/wasm/media"
)

// native is a client without a browser: the SDK's engine with pion's peers.
type native struct {
	engine *engine.Engine
	name   string
	token  string          // to log in with
	ctx    context.Context // ends with the client
	end    context.CancelFunc
	open   sync.WaitGroup // calls that wait, and cameras

	mu      sync.Mutex
	seen    []sighting
	room    string
	entered chan struct{} // closed when the engine has begun to log in
	cameras map[string]*camera
	played  map[string]*media.Stream

	watching *watcher // of what it plays, in a throng
}

// camera is a published stream's source.
type camera struct {
	local *media.Local
	stop  context.CancelFunc
}

func newNative(t *testing.T, name, server string) *native {
	t.Helper()
	n := &native{name: name, cameras: map[string]*camera{}, played: map[string]*media.Stream{}}
	n.ctx, n.end = context.WithCancel(context.Background())
	n.engine = engine.New(engine.Config{
		App: "1", ScriptOrigin: "http://" + server,
		Emit: func(ev engine.Event) { n.see(ev.Name, ev.Args...) },
		Log:  func(level, line string) { n.see("log", level, line) },
	})
	t.Cleanup(n.close)
	return n
}

// see keeps an event, but for the many that tell of quality.
func (n *native) see(name string, args ...any) {
	if name == "playQualityUpdate" || name == "publishQualityUpdate" {
		return
	}
	s := sighting{Name: name, At: time.Now().UnixMilli(), Args: make([]json.RawMessage, len(args))}
	for i, arg := range args {
		data, err := json.Marshal(arg)
		if err != nil {
			data = []byte(toJSON(err.Error()))
		}
		s.Args[i] = data
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen = append(n.seen, s)
	if n.entered != nil && (name == "roomStateChanged" || name == "after loginRoom") {
		close(n.entered)
		n.entered = nil
	}
}

func (n *native) take() ([]sighting, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	seen := n.seen
	n.seen = nil
	return seen, nil
}

func given(s string) engine.Text { return engine.Text{S: s, OK: true} }

// join returns when the login is under way: what follows may need the room.
func (n *native) join(room string) {
	entered := make(chan struct{})
	n.mu.Lock()
	n.room, n.entered = room, entered
	n.mu.Unlock()
	n.open.Go(func() {
		user := engine.LoginUser{Given: true, UserID: given(n.name)}
		_, err := n.engine.LoginRoom(n.ctx, given(room), given(n.token), user, engine.RoomConfig{UserUpdate: true})
		n.see("after loginRoom", fmt.Sprint(err))
	})
	<-entered
}

func (n *native) leave() {
	if err := n.engine.LogoutRoom(nil); err != nil {
		n.see("failed", "logoutRoom", err.Error())
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.room = ""
	for id, c := range n.cameras {
		n.dropLocked(id, c)
	}
	clear(n.played)
}

func (n *native) dropLocked(id string, c *camera) {
	delete(n.cameras, id)
	c.stop()
	n.engine.DestroyStream(c.local.ID())
}

func (n *native) publish(id string) {
	c, err := n.newCamera(id)
	if err == nil {
		var ok bool
		ok, err = n.engine.StartPublishingStream(given(id), c.local.ID(), engine.PublishOption{})
		if err == nil && !ok {
			err = fmt.Errorf("startPublishingStream answered false")
		}
	}
	if err != nil {
		n.see("failed", "startPublishingStream", err.Error())
	}
}

func (n *native) newCamera(id string) (*camera, error) {
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8}, "video", id)
	if err != nil {
		return nil, err
	}
	source := media.Source{Custom: &media.Custom{Source: []*media.Track{media.NewTrack(media.Video, track)}}}
	local, err := n.engine.CreateStream(n.ctx, source)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(n.ctx)
	n.open.Go(func() { film(ctx, track) })
	c := &camera{local, stop}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cameras[id] = c
	return c, nil
}

// film sends what looks like frames, 25 a second.
func film(ctx context.Context, track *webrtc.TrackLocalStaticSample) {
	const pause = 40 * time.Millisecond
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			// Before somebody plays it there is nobody to send to, which is no error.
			_ = track.WriteSample(pionmedia.Sample{Data: []byte{0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a}, Duration: pause})
		case <-ctx.Done():
			return
		}
	}
}

func (n *native) unpublish(id string) {
	n.engine.StopPublishingStream(given(id))
	n.mu.Lock()
	defer n.mu.Unlock()
	if c := n.cameras[id]; c != nil {
		n.dropLocked(id, c)
	}
}

func (n *native) play(id string) {
	n.open.Go(func() {
		stream, err := n.engine.StartPlayingStream(n.ctx, given(id), engine.PlayOption{})
		n.see("after startPlayingStream", id, fmt.Sprint(err))
		if err == nil {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.played[id] = stream
		}
	})
}

func (n *native) stop(id string) { n.engine.StopPlayingStream(given(id)) }

func (n *native) send(kind deed, text string, to []string) {
	n.mu.Lock()
	m := message{Kind: string(kind), Room: n.room, Text: text, To: to, Began: time.Now().UnixMilli()}
	n.mu.Unlock()
	n.open.Go(func() {
		if err := n.deliver(m); err != nil {
			m.Error = err.Error()
		} else {
			m.Acked = time.Now().UnixMilli()
		}
		n.see("sent", m)
	})
}

func (n *native) deliver(m message) (err error) {
	switch deed(m.Kind) {
	case doBroadcast:
		_, err = n.engine.SendBroadcastMessage(n.ctx, given(m.Room), given(m.Text))
	case doBarrage:
		_, err = n.engine.SendBarrageMessage(n.ctx, given(m.Room), given(m.Text))
	default:
		_, err = n.engine.SendCustomCommand(n.ctx, given(m.Room), json.RawMessage(toJSON(m.Text)), m.To)
	}
	return err
}

// flows waits for a packet of a played stream that was not there before.
func (n *native) flows(id string) error {
	n.mu.Lock()
	stream := n.played[id]
	n.mu.Unlock()
	if stream == nil || len(stream.Tracks()) == 0 {
		return fmt.Errorf("no track")
	}
	tracks := stream.Tracks()
	remote, ok := tracks[len(tracks)-1].Source().(*webrtc.TrackRemote)
	if !ok {
		return fmt.Errorf("a played track is a %T", tracks[0].Source())
	}
	_ = remote.SetReadDeadline(time.Now().Add(5 * time.Second))
	for {
		began := time.Now()
		if _, _, err := remote.ReadRTP(); err != nil {
			return fmt.Errorf("no packet: %w", err)
		}
		if time.Since(began) > time.Millisecond { // it had to come first
			return nil
		}
	}
}

func (n *native) peers() (int, error) { return 0, nil } // its goroutines are counted

// vanish leaves nothing alive of the client.
func (n *native) vanish() { n.close() }

func (n *native) close() {
	n.end()
	_ = n.engine.DestroyEngine() // an error says that it was destroyed before
	n.open.Wait()
}
