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

// lastChance is how long a link that seems silent still has. A page that was frozen
// finds its timer due before it has read what came meanwhile.
const lastChance = 3 * time.Second

// link is one standing socket. Its queue is bounded; writeLoop empties it.
type link struct {
	ws     *websocket.Conn
	ctx    context.Context
	cancel context.CancelCauseFunc
	queue  chan []byte

	mu       sync.Mutex
	patience time.Duration // 0: no limit yet
	heard    time.Time
	timer    *time.Timer
	finished bool
}

func newLink(ctx context.Context, ws *websocket.Conn) *link {
	ws.SetReadLimit(maxFrame)
	l := &link{ws: ws, queue: make(chan []byte, maxQueue), heard: time.Now()}
	// Not the client's own context: what is queued at Close is still sent.
	l.ctx, l.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	go l.writeLoop()
	return l
}

func (l *link) send(data []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.finished {
		return ErrClosed
	}
	select {
	case l.queue <- data:
		return nil
	default:
		return ErrFull
	}
}

// finish closes the socket once the queue is empty.
func (l *link) finish() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.finished {
		l.finished = true
		close(l.queue)
	}
}

func (l *link) writeLoop() {
	for data := range l.queue {
		ctx, cancel := context.WithTimeout(l.ctx, requestTimeout)
		err := l.ws.Write(ctx, websocket.MessageText, data)
		cancel()
		if err != nil {
			l.cancel(err)
			break
		}
	}
	// Of the standard codes a browser takes only this one. An error says that the
	// socket was gone already.
	_ = l.ws.Close(websocket.StatusNormalClosure, "")
	l.stop()
}

// stop makes read and writeLoop return.
func (l *link) stop() {
	l.cancel(ErrClosed)
	l.finish()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
}

// read hands over frames until the socket ends; the error says why it did.
func (l *link) read(onFrame func(protocol.Frame)) error {
	for {
		_, data, err := l.ws.Read(l.ctx)
		if err != nil {
			if cause := context.Cause(l.ctx); cause != nil {
				return cause
			}
			return err
		}
		l.hear()
		f, err := protocol.Decode(data)
		if err != nil {
			return err
		}
		onFrame(f)
	}
}

// expectWithin makes the link fail when nothing is heard for two and a half intervals.
func (l *link) expectWithin(interval time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.patience = interval * 5 / 2
	if l.timer != nil {
		l.timer.Stop()
	}
	l.timer = time.AfterFunc(l.patience, l.onQuiet)
}

func (l *link) hear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.heard = time.Now()
}

// onQuiet runs when patience may be at its end: it looks, and waits on if not.
func (l *link) onQuiet() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.finished {
		return
	}
	if quiet := time.Since(l.heard); quiet < l.patience {
		l.timer = time.AfterFunc(l.patience-quiet, l.onQuiet)
		return
	}
	l.timer = time.AfterFunc(lastChance, l.onLastChance)
}

func (l *link) onLastChance() {
	l.mu.Lock()
	quiet := time.Since(l.heard)
	patience := l.patience
	l.mu.Unlock()
	if quiet >= patience {
		l.cancel(errSilent)
		return
	}
	l.onQuiet()
}
