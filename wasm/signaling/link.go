package signaling

import (
	"context"
	"errors"
	"sync"
	"time"

	"expressrtc/server/protocol"

	"github.com/coder/websocket"
)

// errSilent ends a link on which nothing was heard for too long.
var errSilent = errors.New("the server has gone silent")

// lastChance is how long a link that is doubted still has. A page that was frozen finds
// its timers due before it has read what came meanwhile.
const lastChance = 3 * time.Second

// link is one socket, from when it opened until it is given up.
type link struct {
	ws     *websocket.Conn
	after  func(time.Duration, func()) *time.Timer
	ctx    context.Context // ends with the reason for which the link was given up
	giveUp context.CancelCauseFunc
	frames chan protocol.Frame
	more   chan struct{} // there may be something to write
	asked  bool          // whether all has come, by the writer at the end
	bytes  int           // that came since the last acknowledgement was owed; guarded by the client's mu

	mu       sync.Mutex
	owed     map[protocol.Type]bool // frames without a number that wait
	patience time.Duration          // 0: no limit yet
	heard    time.Time
	doubted  bool // nothing was heard since it was asked for a sign of life
	quiet    *time.Timer
	verdict  *time.Timer
}

func newLink(ws *websocket.Conn, after func(time.Duration, func()) *time.Timer) *link {
	ws.SetReadLimit(maxFrame)
	l := &link{
		ws: ws, after: after,
		frames: make(chan protocol.Frame), more: make(chan struct{}, 1),
		owed: map[protocol.Type]bool{}, heard: time.Now(),
	}
	// Not the client's own context: what is queued at Close is still sent.
	l.ctx, l.giveUp = context.WithCancelCause(context.Background())
	go l.read()
	return l
}

// end closes the socket of a link that is done with. A close with 1000 says goodbye, so
// only a client that has finished does that; of the other standard codes a browser takes
// none. Closing waits for the server, hence the goroutine.
func (l *link) end() {
	code := protocol.CloseAbandoned
	if errors.Is(context.Cause(l.ctx), ErrClosed) {
		code = protocol.CloseBye
	}
	l.giveUp(errSilent)
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, timer := range []*time.Timer{l.quiet, l.verdict} {
		if timer != nil {
			timer.Stop()
		}
	}
	// An error says that the socket was gone already.
	go func() { _ = l.ws.Close(websocket.StatusCode(code), code.String()) }()
}

// read hands frames to the run goroutine. Its context never ends: a browser's socket
// would stay open, and closing ends Read as well.
func (l *link) read() {
	for {
		_, data, err := l.ws.Read(context.Background())
		if err != nil {
			l.giveUp(err)
			return
		}
		l.hear()
		f, err := protocol.Decode(data)
		if err != nil {
			l.giveUp(err)
			return
		}
		select {
		case l.frames <- f:
		case <-l.ctx.Done():
			return
		}
	}
}

func (l *link) write(data []byte) error {
	ctx, cancel := context.WithTimeout(l.ctx, requestTimeout)
	defer cancel()
	return l.ws.Write(ctx, websocket.MessageText, data)
}

// poke makes the writer look for something to write.
func (l *link) poke() {
	select {
	case l.more <- struct{}{}:
	default:
	}
}

// wait is for a poke, or the end.
func (l *link) wait() {
	select {
	case <-l.more:
	case <-l.ctx.Done():
	}
}

// owe lets a frame of type t be written before all others.
func (l *link) owe(t protocol.Type) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.owed[t] = true
	l.poke()
}

// due is the next frame that is owed. Each acknowledges what was received.
func (l *link) due(received uint64) protocol.Body {
	l.mu.Lock()
	defer l.mu.Unlock()
	for t := range l.owed {
		delete(l.owed, t)
		switch t {
		case protocol.TypePing:
			return protocol.Ping{Received: received}
		case protocol.TypePong:
			return protocol.Pong{Received: received}
		}
		return protocol.Ack{Received: received}
	}
	return nil
}

// expectWithin makes the link doubted when nothing is heard for two and a half intervals.
func (l *link) expectWithin(interval time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.patience = interval * 5 / 2
	l.listenLocked()
}

// listenLocked sets the timer to the end of patience.
func (l *link) listenLocked() {
	if l.patience == 0 {
		return
	}
	if l.quiet != nil {
		l.quiet.Stop()
	}
	l.quiet = l.after(max(0, l.patience-time.Since(l.heard)), l.onQuiet)
}

func (l *link) hear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = time.Now()
	l.doubted = false
}

// onQuiet runs when patience may be at its end: it looks, and waits on if not.
func (l *link) onQuiet() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Since(l.heard) < l.patience {
		l.listenLocked()
		return
	}
	l.doubtLocked()
}

// probe asks the server for a sign of life.
func (l *link) probe() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.doubtLocked()
}

func (l *link) doubtLocked() {
	if l.doubted {
		return
	}
	l.doubted = true
	l.owed[protocol.TypePing] = true
	l.poke()
	if l.verdict != nil {
		l.verdict.Stop()
	}
	l.verdict = l.after(lastChance, l.onLastChance)
}

func (l *link) onLastChance() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.doubted {
		l.giveUp(errSilent)
		return
	}
	l.listenLocked()
}
