package signaling

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

// puppet is a client that a fuzzer's script moves.
type puppet struct {
	*site

	mu       sync.Mutex
	ws       *websocket.Conn
	life     string
	key      string
	session  protocol.SessionID // the last one
	received uint64
}

// dial takes a new socket, and reads it.
func (p *puppet) dial() {
	ws, _, err := websocket.Dial(p.t.Context(), "ws://site/ws", &websocket.DialOptions{HTTPClient: &p.http})
	if err != nil {
		p.t.Fatal(err)
	}
	p.ws = ws
	ws.SetReadLimit(-1)
	p.t.Cleanup(func() { ws.CloseNow() })
	go func() {
		for {
			_, data, err := ws.Read(context.Background())
			if err != nil {
				return
			}
			p.onFrame(data)
		}
	}()
}

func (p *puppet) onFrame(data []byte) {
	f, err := protocol.Decode(data)
	if err != nil {
		p.t.Errorf("the server sent %q: %v", data, err)
	}
	var told struct {
		Key     string             `json:"key"`
		Life    string             `json:"life"`
		Session protocol.SessionID `json:"session"`
	}
	if f.Body != nil && json.Unmarshal(f.Body, &told) != nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if protocol.Counted(f.Type) {
		p.received++
	}
	switch f.Type {
	case protocol.TypeRoomLogin:
		if told.Key != "" {
			p.key, p.life = told.Key, told.Life
		}
	case protocol.TypeSessionOpen:
		p.session = told.Session
	}
}

// act does what a line of the script says; another line than these is a frame.
func (p *puppet) act(line string) {
	switch line {
	case "drop": // and back at once, with everything that came
		p.ws.CloseNow()
		p.dial()
		p.say(p.expand(`{"type":"resume","id":1,"body":{"version":1,"key":"$KEY","received":$RECEIVED}}`))
	case "switch": // without a word over the older socket
		older := p.ws
		p.dial()
		p.say(p.expand(`{"type":"resume","id":1,"body":{"version":1,"key":"$KEY","received":$RECEIVED}}`))
		p.t.Cleanup(func() { older.CloseNow() })
	case "forget": // everything but the key
		p.ws.CloseNow()
		p.dial()
		p.received = 0
	case "close":
		p.ws.Close(websocket.StatusNormalClosure, "")
		p.dial()
	case "farewell":
		p.post(p.expand(`{"key":"$KEY"}`))
	case "wait":
		time.Sleep(7 * time.Second) // virtual
	case "wait long":
		time.Sleep(40 * time.Second) // virtual
	default:
		p.say(p.expand(line))
	}
	synctest.Wait()
}

// expand puts in what no fuzzer guesses.
func (p *puppet) expand(line string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	count, _ := json.Marshal(p.received)
	return strings.NewReplacer("$KEY", p.key, "$LIFE", p.life, "$SESSION", string(p.session), "$RECEIVED", string(count)).Replace(line)
}

// say sends a frame; that it may fail is what this is about.
func (p *puppet) say(text string) {
	_ = p.ws.Write(p.t.Context(), websocket.MessageText, []byte(text))
}

// FuzzConnection moves two clients by a script, one step a line; a line that begins with
// > is the second one's. Whatever they do, others can use the server, and when they are
// gone nothing is left of them.
func FuzzConnection(f *testing.F) {
	const call = `{"type":"room.login","id":1,"body":{"version":1,"room":"r","user":{"id":"a"},"resume":true,"users":true}}
>{"type":"room.login","id":1,"body":{"version":1,"room":"r","user":{"id":"b"},"resume":true}}
{"type":"stream.publish","id":2,"body":{"room":"r","stream":"s"}}
>{"type":"stream.play","id":2,"body":{"room":"r","stream":"s"}}
{"type":"session.desc","body":{"session":"$SESSION","kind":"offer","sdp":"x"}}
`
	const carried = `{"type":"room.login","id":3,"body":{"version":1,"room":"r","user":{"id":"a"},"resume":true,"carried":` +
		`{"life":"x","streams":[{"room":"r","stream":"s"}],"plays":[{"room":"r","stream":"t"}],` +
		`"sessions":[{"session":"$SESSION","stream":"s","role":"send"},{"session":"x","stream":"t","role":"receive"}]}}}
>{"type":"room.login","id":3,"body":{"version":1,"room":"r","user":{"id":"b"},"carried":` +
		`{"life":"x","plays":[{"room":"r","stream":"s"}],"sessions":[{"session":"$SESSION","stream":"s","role":"receive"}]}}}
`
	f.Add(call + "drop\n>{\"type\":\"message.broadcast\",\"id\":4,\"body\":{\"room\":\"r\",\"text\":\"x\"}}\nswitch\n>drop\nwait\n")
	f.Add(call + "forget\n{\"type\":\"ack\",\"body\":{\"received\":1}}\nwait long\ndrop\n" + carried)
	f.Add(call + "close\n>forget\n" + carried + ">{\"type\":\"session.close\",\"body\":{\"session\":\"$SESSION\",\"reason\":\"failed\"}}\n")
	f.Add(call + "farewell\ndrop\n{\"type\":\"room.login\",\"id\":1,\"body\":{\"version\":1,\"room\":\"q\",\"user\":{\"id\":\"b\"}}}\n>drop\n")
	f.Add(carried + carried + "wait\nwait\n{\"type\":\"room.logout\",\"id\":4,\"body\":{\"room\":\"r\"}}")
	const messages = `{"type":"room.extra","id":4,"body":{"room":"r","key":"k","value":"v"}}
{"type":"room.token","id":5,"body":{"room":"r","token":"04AAAA"}}
{"type":"message.transparent","id":6,"body":{"room":"r","data":"AAE=","to":["b"],"seq":3}}
>{"type":"message.channel","id":7,"body":{"room":"r","kind":1,"text":"x"}}
>{"type":"session.pause","body":{"session":"$SESSION","video":true}}
{"type":"session.quality","body":{"session":"$SESSION","up":9,"down":-9}}
{"type":"stream.update","id":8,"body":{"room":"r","stream":"s","standIn":true,"noVideo":false}}
`
	f.Add(call + messages + "drop\n>switch\n" + messages)
	f.Add(`{"type":"room.login","id":1,"body":{"version":1,"room":"r","user":{"id":"a"},"carried":{"life":"x",` +
		`"extra":[{"key":"k","value":"v","user":{"id":"z"},"time":5},{"key":"","time":-1}]}}}` + "\n" + messages + carried + messages)
	f.Add("{\"type\":\"room.login\",\"id\":1,\"body\":null}\n{\"type\":\"pong\"}\n[]\n\x00")
	f.Fuzz(func(t *testing.T, script string) {
		bubble(t, Config{QueueMessages: 50}, func(s *site) { play(s, script) })
	})
}

func play(s *site, script string) {
	first, second := &puppet{site: s}, &puppet{site: s}
	first.dial()
	second.dial()
	for line := range strings.SplitSeq(script, "\n") {
		if rest, ok := strings.CutPrefix(line, ">"); ok {
			second.act(rest)
		} else {
			first.act(line)
		}
	}
	other := s.login("other", "u")
	other.ok(protocol.RoomLogout{Room: "other"})
	for _, ws := range []*websocket.Conn{first.ws, second.ws, other.ws} {
		ws.CloseNow()
	}
	time.Sleep(2 * time.Minute) // virtual: deadlines and grace times are over
	synctest.Wait()
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if n := len(s.server.conns) + len(s.server.keys) + s.server.sockets.All() + s.server.away.All(); n != 0 {
		s.t.Errorf("%d connections, %d keys, %d sockets, %d away are left",
			len(s.server.conns), len(s.server.keys), s.server.sockets.All(), s.server.away.All())
	}
	if left := s.server.hub.Counts(); left != (room.Counts{}) {
		s.t.Errorf("left in rooms: %+v", left)
	}
}
