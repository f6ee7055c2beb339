package e2e

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/wasm/signaling"
)

// benchmarkReturn kills a server under 5,000 connections, starts it again at once, and
// waits until all are back: the same sockets, users, streams and sessions as before. The
// floor's clients only open their sockets again. The process is measured that is new.
func benchmarkReturn(b *testing.B) {
	program := buildProgram(b, "bench")
	var memory figure
	measure := func(role string, peaks *[]float64) side {
		return func(b *testing.B) float64 {
			h := newHerd(b, program, role)
			defer h.close()
			seconds := h.kill()
			*peaks = append(*peaks, h.peak())
			h.check()
			return seconds
		}
	}
	compare(b, fmt.Sprint(idlers, " back after a kill"), "s", 3, within(30, "s"), measure("server", &memory.ours), measure("relay", &memory.floor))
	memory.name, memory.unit, memory.limit = "the new process at its peak", "MB", atMost(2)
	figures = append(figures, memory)
}

// herd is many clients of one process.
type herd struct {
	b             *testing.B
	program, role string
	addr          string
	cmd           *exec.Cmd
	stdin         io.Closer
	members       []*returner
	sessions      sync.WaitGroup // ends of sessions that are to be opened
	back          sync.WaitGroup // members that are to come back
	lost          atomic.Int64   // sessions that did not go on
	over          atomic.Bool
}

// returner is a client that comes back when its socket is lost, as the SDK does.
type returner struct {
	herd    *herd
	number  int
	socket  *socket
	login   protocol.RoomLogin
	key     string
	carried protocol.Carried
}

func newHerd(b *testing.B, program, role string) *herd {
	b.Helper()
	h := &herd{b: b, program: program, role: role, addr: steadyAddr(b)}
	h.start()
	for i := range idlers {
		r := &returner{herd: h, number: i}
		r.login = protocol.RoomLogin{
			Version: protocol.Version, App: 1, Users: true, Resume: true,
			Room: protocol.RoomID(fmt.Sprint("room", i/idleRoom)),
			User: protocol.User{ID: protocol.UserID(fmt.Sprint("user", i))},
		}
		h.members = append(h.members, r)
		if err := r.open(); err != nil {
			b.Fatal(err)
		}
		go r.live()
	}
	h.sessions.Wait()
	return h
}

func (h *herd) start() {
	h.b.Helper()
	h.cmd = exec.Command(h.program, h.role, h.addr)
	h.cmd.Stderr = os.Stderr
	stdin, err1 := h.cmd.StdinPipe()
	stdout, err2 := h.cmd.StdoutPipe()
	if err := errors.Join(err1, err2, h.cmd.Start()); err != nil {
		h.b.Fatal(err)
	}
	h.stdin = stdin
	if _, err := bufio.NewReader(stdout).ReadString('\n'); err != nil {
		h.b.Fatal(err)
	}
}

// kill ends the process, starts another, and says after how many seconds all are back.
func (h *herd) kill() float64 {
	h.b.Helper()
	h.back.Add(len(h.members))
	began := time.Now()
	if err := h.cmd.Process.Kill(); err != nil {
		h.b.Fatal(err)
	}
	_ = h.cmd.Wait() // it says that it was killed
	h.start()
	h.back.Wait()
	return time.Since(began).Seconds()
}

// peak is the most that the process had resident at a time, in MB.
func (h *herd) peak() float64 { return residentPeak(h.b, h.cmd.Process.Pid) }

func residentPeak(b *testing.B, pid int) float64 {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "VmHWM:")
	kB, err := strconv.ParseFloat(strings.Fields(rest + " ?")[0], 64)
	if err != nil {
		b.Fatal(err)
	}
	return kB / 1000
}

// check makes sure that everything is as it was: in some rooms to others, and with the
// sessions everywhere.
func (h *herd) check() {
	h.b.Helper()
	if n := h.lost.Load(); n > 0 {
		h.b.Errorf("%d ends of sessions did not go on", n)
	}
	if h.role != "server" {
		return
	}
	for i := range 10 {
		room := fmt.Sprint("room", rand.N(idlers/idleRoom))
		if p, err := observe(h.addr, room, i); err != nil || len(p.users) != idleRoom || len(p.streams) != 1 {
			h.b.Errorf("%s has %v, %v", room, p, err)
		}
	}
}

func (h *herd) close() {
	h.over.Store(true)
	for _, r := range h.members {
		r.socket.close()
	}
	stop(h.b, h.cmd, h.stdin)
}

// open makes the first socket. In every room one publishes and the others play.
func (r *returner) open() (err error) {
	if r.herd.role != "server" {
		r.socket, err = dialSocket(r.herd.addr, "/?room="+string(r.login.Room))
		return err
	}
	if r.socket, err = dialSocket(r.herd.addr, "/ws"); err != nil {
		return err
	}
	if err := r.enter(1); err != nil {
		return err
	}
	stream := protocol.StreamID(fmt.Sprint("stream", r.login.Room))
	if r.number%idleRoom == 0 {
		publish := protocol.StreamPublish{Room: r.login.Room, Stream: stream}
		r.carried.Streams = append(r.carried.Streams, publish)
		_, err = r.request(2, publish)
		return err
	}
	play := protocol.StreamPlay{Room: r.login.Room, Stream: stream}
	r.carried.Plays = append(r.carried.Plays, play)
	r.herd.sessions.Add(2)
	_, err = r.request(2, play)
	return err
}

// enter logs in with what the client has.
func (r *returner) enter(id uint64) error {
	body, err := r.request(id, r.login)
	if err != nil {
		return err
	}
	var s protocol.RoomSnapshot
	if err := json.Unmarshal(body, &s); err != nil {
		return err
	}
	r.key, r.carried.Life = s.Key, s.Life
	r.login.Carried = &r.carried
	return nil
}

// request sends one and reads until its answer.
func (r *returner) request(id uint64, body protocol.Body) (json.RawMessage, error) {
	data, err := protocol.Request(id, body)
	if err == nil {
		err = r.socket.send(string(data))
	}
	if err != nil {
		return nil, err
	}
	answer := fmt.Sprintf(`{"type":%q,"id":%d,`, body.Type(), id)
	for {
		text, err := r.socket.next()
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(text, answer) && !strings.HasPrefix(text, answer[:len(answer)-1]+"}") {
			r.hear(text)
			continue
		}
		frame, err := protocol.Decode([]byte(text))
		if err == nil && frame.Error != nil {
			err = frame.Error
		}
		return frame.Body, err
	}
}

// hear looks for what becomes of sessions.
func (r *returner) hear(text string) {
	switch {
	case strings.HasPrefix(text, `{"type":"session.open"`):
		frame, err := protocol.Decode([]byte(text))
		var open protocol.SessionOpen
		if err == nil {
			err = json.Unmarshal(frame.Body, &open)
		}
		if err != nil {
			r.herd.b.Error(err)
		}
		r.carried.Sessions = append(r.carried.Sessions, protocol.CarriedSession{Session: open.Session, Stream: open.Stream, Role: open.Role})
		r.herd.sessions.Done()
	case strings.HasPrefix(text, `{"type":"session.close"`):
		r.herd.lost.Add(1)
	}
}

// live reads until the socket is lost, and comes back once.
func (r *returner) live() {
	r.listen()
	for try := 0; !r.herd.over.Load(); try++ {
		time.Sleep(signaling.Delay(try))
		if err := r.comeBack(); err == nil {
			r.herd.back.Done()
			r.listen()
			return
		}
	}
}

func (r *returner) listen() {
	_ = r.socket.conn.SetDeadline(time.Time{})
	for {
		text, err := r.socket.next()
		if err != nil {
			r.socket.close()
			return
		}
		r.hear(text)
	}
}

// comeBack tries once: to resume, which a new server refuses, then to log in.
func (r *returner) comeBack() error {
	path := "/ws"
	if r.herd.role != "server" {
		path = "/?room=" + string(r.login.Room)
	}
	s, err := dialSocket(r.herd.addr, path)
	if err != nil {
		return err
	}
	r.socket = s
	if r.herd.role != "server" {
		return nil
	}
	_, err = r.request(1, protocol.Resume{Version: protocol.Version, Key: r.key})
	if refusal, ok := errors.AsType[*protocol.Error](err); ok && refusal.Code == protocol.CodeSessionLost {
		err = r.enter(2)
	}
	if err != nil {
		s.close()
	}
	return err
}
