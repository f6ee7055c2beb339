package signaling

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"expressrtc/server/protocol"
)

// from is the same server, seen from an address.
func (s *site) from(address string) *site {
	other := *s
	other.http = http.Client{Transport: &http.Transport{
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return s.wire.dialFrom(address) },
		DisableKeepAlives: true,
	}}
	return &other
}

// attacker does harm from an address of its own.
type attacker struct {
	*site
	bystander protocol.SessionID // which it should not know
	ctx       context.Context    // ends with the test

	mu    sync.Mutex
	codes map[protocol.CloseCode]int // with which its sockets were closed
}

// open opens a socket that is read, and notes how it ends.
func (a *attacker) open() *websocket.Conn {
	ws := a.deaf()
	if ws == nil {
		return nil
	}
	go func() {
		for {
			if _, _, err := ws.Read(context.Background()); err != nil {
				a.mu.Lock()
				defer a.mu.Unlock()
				a.codes[protocol.CloseCode(websocket.CloseStatus(err))]++
				return
			}
		}
	}()
	return ws
}

// deaf opens a socket that nobody reads; none when it is refused.
func (a *attacker) deaf() *websocket.Conn {
	ws, _, err := websocket.Dial(a.ctx, "ws://site/ws", &websocket.DialOptions{HTTPClient: &a.http})
	if err != nil {
		return nil
	}
	ws.SetReadLimit(-1)
	a.t.Cleanup(func() { ws.CloseNow() })
	return ws
}

// say sends a text; false when the socket is gone, or the test over.
func (a *attacker) say(ws *websocket.Conn, text string) bool {
	return ws != nil && a.ctx.Err() == nil && ws.Write(a.ctx, websocket.MessageText, []byte(text)) == nil
}

func (a *attacker) request(ws *websocket.Conn, id uint64, b protocol.Body) bool {
	data, err := protocol.Request(id, b)
	if err != nil {
		a.t.Error(err)
	}
	return a.say(ws, string(data))
}

// enter logs ws into the room of the first pair.
func (a *attacker) enter(ws *websocket.Conn) bool {
	msg := enter("r", "attacker")
	msg.Users, msg.Resume = true, true
	return a.request(ws, 1, msg)
}

// flood says the same until the test is over, or the server has had enough.
func (a *attacker) flood(texts ...string) {
	ws := a.open()
	for ok := a.enter(ws); ok; {
		for _, text := range texts {
			ok = ok && a.say(ws, text)
		}
	}
}

// relay plays the stream of the first pair as some users, and says the same in the sessions
// again and again.
func (a *attacker) relay(kind, body string) {
	var crowd []*client
	texts := map[*client]string{}
	for i := range 4 {
		c := a.dial()
		c.ok(enter("r", fmt.Sprint("attacker", i)))
		c.ok2(protocol.StreamPlay{Room: "r", Stream: "cam-r"})
		session := hears[protocol.SessionOpen](c).Session
		texts[c] = fmt.Sprintf(`{"type":%q,"body":{"session":%q,%s}}`, kind, session, body)
		go c.listen()
		crowd = append(crowd, c)
	}
	for i := 0; a.say(crowd[i%4].ws, texts[crowd[i%4]]); i++ {
	}
	for _, c := range crowd {
		c.ws.CloseNow()
	}
}

func (a *attacker) raw(text string) net.Conn {
	raw, err := a.wire.dialFrom("203.0.113.1:1")
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { raw.Close() })
	go io.Copy(io.Discard, raw) //nolint:errcheck // until it is closed
	if _, err := io.WriteString(raw, text); err != nil {
		a.t.Error(err)
	}
	synctest.Wait()
	return raw
}

const handshake = "GET /ws HTTP/1.1\r\nHost: site\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
	"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"

// still stands for sockets that are not closed.
const still protocol.CloseCode = -2

// attacks are what hostile and broken clients do, and the code that tells them off.
var attacks = map[string]struct {
	attack func(*attacker)
	code   protocol.CloseCode
}{
	"never reads": {func(a *attacker) {
		ws := a.deaf()
		a.enter(ws)
		for id := uint64(2); a.request(ws, id, protocol.StreamStop{Room: "r", Stream: "x"}); id++ {
		}
	}, still},
	"never acknowledges": {func(a *attacker) {
		a.flood(`{"type":"message.barrage","id":2,"body":{"room":"r","text":"` + long(5000) + `"}}`)
	}, protocol.CloseTooSlow},
	"commands": {func(a *attacker) {
		a.flood(`{"type":"message.command","id":2,"body":{"room":"r","to":["caller-r","callee-r"],"command":"` + long(10_000) + `"}}`)
	}, still},
	"updates": {func(a *attacker) {
		a.flood(`{"type":"stream.publish","id":2,"body":{"room":"r","stream":"s"}}`,
			`{"type":"stream.update","id":2,"body":{"room":"r","stream":"s","extraInfo":"`+long(1000)+`"}}`)
	}, protocol.CloseTooSlow},
	"plays": {func(a *attacker) {
		play := protocol.StreamPlay{Room: "r", Stream: "cam-r"}
		msg := enter("r", "attacker")
		msg.Carried = &protocol.Carried{Life: "before", Plays: []protocol.StreamPlay{play}}
		for a.ctx.Err() == nil { // on connections with a pace of their own, and all as one user
			ws := a.open()
			for id, ok := uint64(2), a.request(ws, 1, msg); ok && id < 300; id++ {
				ok = a.request(ws, id, play)
			}
			if ws != nil {
				ws.CloseNow()
			}
			time.Sleep(200 * time.Millisecond) // virtual
		}
	}, still},
	"large candidates": {func(a *attacker) { a.relay(`session.candidate`, `"candidate":"`+long(250_000)+`"`) }, still},
	"large offers":     {func(a *attacker) { a.relay(`session.desc`, `"sdp":"`+long(60_000)+`"`) }, still},
	"comes and goes": {func(a *attacker) {
		ws := a.open()
		for a.request(ws, 1, enter("r", "attacker")) && a.request(ws, 2, protocol.RoomLogout{Room: "r"}) {
		}
	}, still},
	"2 MB frames": {func(a *attacker) {
		a.flood(`{"type":"session.desc","body":{"sdp":"` + long(2<<20) + `"}}`)
	}, protocol.CloseMalformed},
	"binary": {func(a *attacker) {
		ws := a.open()
		a.enter(ws)
		ws.Write(a.ctx, websocket.MessageBinary, []byte{1}) //nolint:errcheck // it may be cut off
	}, protocol.CloseMalformed},
	"malformed":     {func(a *attacker) { a.flood(`{"type":`) }, protocol.CloseMalformed},
	"unknown types": {func(a *attacker) { a.flood(`{"type":"room.party"}`) }, still},
	"sessions of others": {func(a *attacker) {
		session := string(a.bystander)
		a.flood(`{"type":"session.close","body":{"session":"`+session+`","reason":"failed"}}`,
			`{"type":"session.restart","body":{"session":"`+session+`"}}`,
			`{"type":"session.desc","body":{"session":"`+session+`","kind":"offer","sdp":"x"}}`)
	}, protocol.CloseTooSlow},
	"half-open": {func(a *attacker) {
		for range 100 {
			a.raw(handshake)
		}
		ws := a.deaf()
		a.enter(ws)
		a.raw(handshake + "\x81\xfe\xff\xff") // the rest of the frame never comes
		a.raw(handshake[:20])
	}, still},
	"thousands of joins": {func(a *attacker) {
		for i := range orFull(2000, 10_000) {
			msg := enter("r", fmt.Sprint("crowd", i))
			if ws := a.open(); ws != nil {
				a.request(ws, 1, msg)
			}
		}
	}, protocol.CloseBusy},
	"guessed keys": {func(a *attacker) {
		for i := range 200 {
			ws := a.open()
			a.request(ws, 1, protocol.Resume{Version: protocol.Version, Key: fmt.Sprint("GUESS", i)})
		}
	}, protocol.CloseNoLogin},
	"guessed farewells": {func(a *attacker) {
		for i := range 1000 {
			a.post(fmt.Sprintf(`{"key":"GUESS%d"}`, i))
		}
	}, still},
	"huge carried": {func(a *attacker) {
		msg := enter("r", "attacker")
		msg.Carried = &protocol.Carried{Life: "before"}
		for i := range 1200 {
			s := protocol.StreamID(fmt.Sprint("s", i))
			msg.Carried.Streams = append(msg.Carried.Streams, protocol.StreamPublish{Room: "r", Stream: s})
			msg.Carried.Plays = append(msg.Carried.Plays, protocol.StreamPlay{Room: "r", Stream: s})
			msg.Carried.Sessions = append(msg.Carried.Sessions, protocol.CarriedSession{
				Session: protocol.SessionID(fmt.Sprint("x", i)), Stream: "s1", Role: protocol.Send,
			})
		}
		data, err := protocol.Request(1, msg)
		if err != nil {
			a.t.Error(err)
		}
		ws := a.open()
		for a.say(ws, string(data)) && a.request(ws, 2, protocol.RoomLogout{Room: "r"}) {
		}
	}, still},
	"extra info": {func(a *attacker) {
		var crowd []*websocket.Conn
		for i := range orFull(4, 10) {
			ws := a.open()
			a.request(ws, 1, enter("r", fmt.Sprint("crowd", i)))
			crowd = append(crowd, ws)
		}
		for i := 0; len(crowd) > 0; i++ { // each change is told with all pairs
			change := protocol.RoomExtra{Room: "r", Key: fmt.Sprint(i % 11), Value: long(protocol.MaxExtraValue)}
			crowd = slices.DeleteFunc(crowd, func(ws *websocket.Conn) bool { return !a.request(ws, 2, change) })
		}
	}, still},
	"extra info of old": {func(a *attacker) {
		msg := enter("r", "attacker")
		ws := a.open()
		for at := int64(1); a.ctx.Err() == nil; at++ {
			msg.Carried = &protocol.Carried{Life: "before"}
			for i := range 11 {
				msg.Carried.Extra = append(msg.Carried.Extra, protocol.ExtraInfo{
					Key: fmt.Sprint(i), Value: long(protocol.MaxExtraValue), User: msg.User, Time: at,
				})
			}
			if !a.request(ws, 1, msg) || !a.request(ws, 2, protocol.RoomLogout{Room: "r"}) {
				return
			}
		}
	}, still},
	"acknowledges what never was": {func(a *attacker) { a.flood(`{"type":"ack","body":{"received":1000000}}`) }, protocol.CloseMalformed},
	"pings":                       {func(a *attacker) { a.flood(`{"type":"ping"}`) }, still},
	"pings of the WebSocket": {func(a *attacker) {
		raw := a.raw(handshake)
		for text := strings.Repeat("\x89\xc0\x00\x00\x00\x00"+long(64), 100); a.ctx.Err() == nil; {
			if _, err := io.WriteString(raw, text); err != nil {
				return
			}
		}
	}, still},
	"empty fragments": {func(a *attacker) {
		raw := a.raw(handshake)
		text := "\x01\x80\x00\x00\x00\x00" + strings.Repeat("\x00\x80\x00\x00\x00\x00", 1000)
		for ; a.ctx.Err() == nil; text = text[6:] + text[6:12] {
			if _, err := io.WriteString(raw, text); err != nil {
				return
			}
		}
	}, still},
}

// orFull is few, or many when tests may take minutes.
func orFull(few, many int) int {
	if os.Getenv("EXPRESSRTC_FULL") != "" {
		return many
	}
	return few
}

// Each attack hurts nobody but who attacks: a call in the same room and one in another
// go on without delay, memory is bounded, and nothing is left of it.
func TestAttacks(t *testing.T) {
	for name, c := range attacks {
		t.Run(name, func(t *testing.T) {
			bubble(t, Config{MaxPerAddress: 300, QueueMessages: 500}, func(s *site) {
				survive(s, c.attack, c.code)
			})
		})
	}
}

func survive(s *site, attack func(*attacker), want protocol.CloseCode) {
	t := s.t
	near, far := pair(s.from("192.0.2.1:1"), "r")
	other, others := pair(s.from("192.0.2.2:1"), "elsewhere")
	ctx, stop := context.WithCancel(t.Context())
	a := &attacker{site: s.from("203.0.113.1:1"), bystander: near.session, ctx: ctx, codes: map[protocol.CloseCode]int{}}
	over := make(chan struct{})
	go func() {
		defer close(over)
		attack(a)
	}()
	var peak atomic.Uint64
	for range 30 {
		time.Sleep(500 * time.Millisecond) // virtual
		for _, ends := range [][2]*bystander{{near, far}, {other, others}} {
			if took, err := call(ends[0], ends[1]); err != nil || took > 100*time.Millisecond {
				t.Fatalf("the call took %v: %v", took, err)
			}
		}
		peak.Store(max(peak.Load(), heap()))
	}
	if got := peak.Load(); got > 256<<20 {
		t.Errorf("%d MB in use", got>>20)
	}
	if n := near.opened.Load(); n > 200+5*15+1 {
		t.Errorf("%d sessions were opened at a publisher", n)
	}
	stop()
	<-over
	time.Sleep(2 * time.Minute) // virtual: until deadlines and grace times are over
	synctest.Wait()
	if want != still && a.codes[want] == 0 {
		t.Errorf("closed with %v, want %d", a.codes, want)
	}
	for code, n := range a.codes {
		if code > 0 && code != want && code != protocol.CloseSilent { // nobody answers pings
			t.Errorf("%d sockets closed with %d", n, code)
		}
	}
	t.Logf("at most %d MB in use; closed with %v", peak.Load()>>20, a.codes)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	if n := len(s.server.conns); n != 4 || len(s.server.keys) != 4 || s.server.sockets.All() != 4 || s.server.away.All() != 0 {
		t.Errorf("%d connections, %d keys, %d sockets, %d away: want those of 2 calls",
			n, len(s.server.keys), s.server.sockets.All(), s.server.away.All())
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
