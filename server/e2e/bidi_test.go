package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/coder/websocket"
)

// bidi is a connection to a browser that speaks WebDriver BiDi
// (https://www.w3.org/TR/webdriver-bidi/): of it, what these tests need.
type bidi struct {
	socket *websocket.Conn

	mu    sync.Mutex
	last  int
	waits map[int]chan bidiReply
	logs  map[string]*bidiLog // by browsing context
	ended error
}

// bidiReply is a message of the browser: a reply, or an event, which has a method.
type bidiReply struct {
	ID      int             `json:"id"`
	Type    string          `json:"type"`
	Result  json.RawMessage `json:"result"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// bidiLog is what the console of one browsing context showed and nobody has read.
type bidiLog struct {
	lines []consoleLine
	more  chan struct{} // of one: there are lines
}

func dialBiDi(ctx context.Context, url string) (*bidi, error) {
	socket, _, err := websocket.Dial(ctx, url+"/session", nil)
	if err != nil {
		return nil, err
	}
	socket.SetReadLimit(64 << 20)
	b := &bidi{socket: socket, waits: map[int]chan bidiReply{}, logs: map[string]*bidiLog{}}
	go b.read()
	err = errors.Join(
		b.call(ctx, "session.new", map[string]any{"capabilities": map[string]any{}}, nil),
		b.call(ctx, "session.subscribe", map[string]any{"events": []string{"log.entryAdded"}}, nil),
	)
	return b, err
}

// read hands out what the browser sends, until the connection ends.
func (b *bidi) read() {
	for {
		_, data, err := b.socket.Read(context.Background())
		var m bidiReply
		if err == nil {
			err = json.Unmarshal(data, &m)
		}
		if err != nil {
			b.end(err)
			return
		}
		b.take(m)
	}
}

func (b *bidi) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.ended = fmt.Errorf("the connection to the browser: %w", err)
	for id, reply := range b.waits {
		close(reply)
		delete(b.waits, id)
	}
}

func (b *bidi) take(m bidiReply) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m.Method == "log.entryAdded" {
		b.logLocked(m.Params)
	} else if reply := b.waits[m.ID]; reply != nil {
		delete(b.waits, m.ID)
		reply <- m
	}
}

func (b *bidi) logLocked(params json.RawMessage) {
	var entry struct {
		Level, Text string
		Source      struct{ Context string }
		Args        []struct{ Value any }
	}
	if json.Unmarshal(params, &entry) != nil {
		return // what is not of the form is not of a page
	}
	log := b.logOfLocked(entry.Source.Context)
	log.lines = append(log.lines, consoleLine{entry.Text, entry.Level == "error", entry.Level == "warn"})
	select {
	case log.more <- struct{}{}:
	default:
	}
}

func (b *bidi) logOfLocked(browsing string) *bidiLog {
	log := b.logs[browsing]
	if log == nil {
		log = &bidiLog{more: make(chan struct{}, 1)}
		b.logs[browsing] = log
	}
	return log
}

// call sends a command and waits for its result, which may be left out.
func (b *bidi) call(ctx context.Context, method string, params, result any) error {
	id, reply, err := b.send(ctx, method, params)
	if err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case m, ok := <-reply:
		if !ok {
			return fmt.Errorf("%s: %w", method, b.ended)
		}
		if m.Type != "success" {
			return fmt.Errorf("%s: %s: %s", method, m.Error, m.Message)
		}
		if result == nil {
			return nil
		}
		return json.Unmarshal(m.Result, result)
	case <-ctx.Done():
		b.mu.Lock()
		delete(b.waits, id)
		b.mu.Unlock()
		return ctx.Err()
	}
}

func (b *bidi) send(ctx context.Context, method string, params any) (int, chan bidiReply, error) {
	reply := make(chan bidiReply, 1)
	b.mu.Lock()
	if b.ended != nil {
		b.mu.Unlock()
		return 0, nil, b.ended
	}
	b.last++
	id := b.last
	b.waits[id] = reply
	b.mu.Unlock()
	data, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err == nil {
		err = b.socket.Write(ctx, websocket.MessageText, data)
	}
	return id, reply, err
}

// nextLine takes the next line of a console.
func (b *bidi) nextLine(ctx context.Context, browsing string) (consoleLine, error) {
	for {
		b.mu.Lock()
		log := b.logOfLocked(browsing)
		if len(log.lines) > 0 {
			line := log.lines[0]
			log.lines = log.lines[1:]
			b.mu.Unlock()
			return line, nil
		}
		b.mu.Unlock()
		select {
		case <-log.more:
		case <-ctx.Done():
			return consoleLine{}, ctx.Err()
		}
	}
}
