package e2e

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"expressrtc/server/auth"
	"expressrtc/server/protocol"
)

// The load of benchmarkLoad: a service of many small rooms.
const (
	loadUsers    = 10_000
	loadRoom     = 5               // users in a room, of whom one talks
	loadTogether = 64              // who come at the same time
	loadRate     = 2_000           // messages a second, in all rooms together
	loadTime     = 6 * time.Second // of talking
	loadRounds   = 3
)

// loadApp is the app whose tokens the users show.
var loadApp = auth.App{ID: 1, Secret: strings.Repeat("0123456789abcdef", 2)}

// benchmarkLoad fills the real program, as an operator runs it, with users who show tokens
// and talk. The floor's clients open sockets at the relay, and say as much. Either server
// has a process of its own; the clients are in that of the test.
func benchmarkLoad(b *testing.B) {
	program, err := buildServer()
	if err != nil {
		b.Fatal(err)
	}
	bench := buildProgram(b, "bench")
	apps := writeLoadApp(b)
	ours := func() *loaded {
		return newLoaded(b, true, program, "serve", "--addr", "127.0.0.1:0", "--apps", apps, "--log-level", "error")
	}
	floor := func() *loaded { return newLoaded(b, false, bench, "relay") }
	list := []*figure{
		{name: fmt.Sprint(loadUsers, " logins with tokens"), unit: "1/s", limit: atLeast(0.3)},
		{name: "a login, processor", unit: "µs"},
		{name: fmt.Sprint("a message to its receiver, ", loadUsers, " users, half"), unit: "ms"},
		{name: "a message to its receiver, 99 of 100", unit: "ms"},
		{name: fmt.Sprint(loadRate, " messages a second, processor"), unit: "% of a core"},
		{name: fmt.Sprint("memory of ", loadUsers, " users at its peak"), unit: "MB", limit: atMost(2)},
	}
	for range loadRounds {
		for i, v := range ours().measure(b) {
			list[i].ours = append(list[i].ours, v)
		}
		for i, v := range floor().measure(b) {
			list[i].floor = append(list[i].floor, v)
		}
	}
	for _, f := range list {
		figures = append(figures, *f)
	}
}

func writeLoadApp(b *testing.B) (file string) {
	file = filepath.Join(b.TempDir(), "apps")
	apps, err := auth.OpenApps(file)
	if err == nil {
		_, err = apps.Create(loadApp)
	}
	if err != nil {
		b.Fatal(err)
	}
	return file
}

// loaded is a server under load.
type loaded struct {
	ours  bool
	host  string
	pid   int
	stop  func()
	users []*loadUser

	heard sync.WaitGroup // messages that are under way

	mu    sync.Mutex
	waits []float64 // of messages, in ms
	err   error     // the first
}

func newLoaded(b *testing.B, ours bool, program string, args ...string) *loaded {
	b.Helper()
	cmd, url, stdin := startServer(b, program, args...)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(url, "http://"))
	if err != nil {
		b.Fatal(err)
	}
	return &loaded{ours: ours, host: "127.0.0.1:" + port, pid: cmd.Process.Pid, stop: func() {
		if ours { // the relay ends with its input
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				b.Error(err)
			}
		}
		stop(b, cmd, stdin)
	}}
}

// measure loads the server, and returns a value for each figure.
func (l *loaded) measure(b *testing.B) []float64 {
	b.Helper()
	defer l.close()
	if l.ours {
		l.checkTokens(b)
	}
	users := l.newUsers(b)
	idle := l.cpu(b)
	began := time.Now()
	l.enter(b, users)
	took := time.Since(began).Seconds()
	entered := l.cpu(b)
	began = time.Now()
	l.talk(b)
	talked := time.Since(began).Seconds()
	cpu := l.cpu(b) - entered
	if want := loadRate * int(loadTime/time.Second) * (loadRoom - 1); len(l.waits) != want {
		b.Errorf("%d messages were heard, want %d", len(l.waits), want)
	}
	return []float64{
		loadUsers / took,
		(entered - idle) / loadUsers * 1e6,
		quartile(l.waits, 0.5),
		quartile(l.waits, 0.99),
		cpu / talked * 100,
		l.peak(b),
	}
}

func (l *loaded) close() {
	for _, u := range l.users {
		u.socket.close()
	}
	l.stop()
}

// checkTokens makes sure that it is tokens that let users in.
func (l *loaded) checkTokens(b *testing.B) {
	b.Helper()
	thief := loadApp
	thief.Secret = strings.Repeat("fedcba9876543210", 2)
	u := newLoadUser(b, l, 0, thief)
	var refusal *protocol.Error
	if err := u.enter(); !errors.As(err, &refusal) || refusal.Code != protocol.CodeToken {
		b.Fatalf("a token of another secret: %v", err)
	}
	u.socket.close()
}

func (l *loaded) newUsers(b *testing.B) []*loadUser {
	users := make([]*loadUser, loadUsers)
	for i := range users {
		users[i] = newLoadUser(b, l, i, loadApp)
	}
	return users
}

// enter brings all users in, so many at the same time.
func (l *loaded) enter(b *testing.B, users []*loadUser) {
	b.Helper()
	next := make(chan *loadUser)
	var all sync.WaitGroup
	for range loadTogether {
		all.Go(func() {
			for u := range next {
				l.failed(u.enter())
			}
		})
	}
	for _, u := range users {
		next <- u
	}
	close(next)
	all.Wait()
	l.users = users
	l.check(b)
	for _, u := range users {
		go u.listen()
	}
}

// talk has one user of each room after the other say something, at a steady pace.
func (l *loaded) talk(b *testing.B) {
	b.Helper()
	const step = 5 * time.Millisecond
	const each = loadRate * int(step) / int(time.Second)
	steps := int(loadTime / step)
	l.heard.Add(steps * each * (loadRoom - 1))
	tick := time.NewTicker(step)
	defer tick.Stop()
	for i := range steps {
		<-tick.C
		for j := range each {
			talker := (i*each + j) * loadRoom % loadUsers
			l.failed(l.users[talker].say())
		}
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		l.heard.Wait()
	}()
	select {
	case <-done:
	case <-time.After(patience):
		b.Error("not every message was heard")
	}
	l.check(b)
}

// failed notes what went wrong first.
func (l *loaded) failed(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
	}
}

func (l *loaded) check(b *testing.B) {
	b.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		b.Fatal(l.err)
	}
}

// cpu is the processor time of the server so far, in seconds.
func (l *loaded) cpu(b *testing.B) float64 {
	b.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", l.pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), ") ") // the name may have spaces
	fields := strings.Fields(rest)
	ticks := 0.0
	for _, field := range fields[11:13] { // user and system, in hundredths
		n, err := strconv.ParseFloat(field, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return ticks / 100
}

// peak is the most that the server had resident, in MB.
func (l *loaded) peak(b *testing.B) float64 { return residentPeak(b, l.pid) }

// loadUser is a user of the server, or a socket of the relay.
type loadUser struct {
	loaded *loaded
	number int
	room   string
	login  string // the frame
	path   string

	mu     sync.Mutex // held while it writes
	socket *socket
}

func newLoadUser(b *testing.B, l *loaded, number int, app auth.App) *loadUser {
	b.Helper()
	u := &loadUser{loaded: l, number: number, room: fmt.Sprint("room", number/loadRoom), path: "/ws"}
	if !l.ours {
		u.path = "/?room=" + u.room
		return u
	}
	user := fmt.Sprint("user", number)
	token, err := auth.Sign(app, auth.Claims{User: user, Expires: time.Now().Add(time.Hour), Rights: &auth.Rights{Room: u.room, Login: true, Publish: true}})
	if err != nil {
		b.Fatal(err)
	}
	frame, err := protocol.Request(1, protocol.RoomLogin{
		Version: protocol.Version, App: protocol.AppID(loadApp.ID), Room: protocol.RoomID(u.room),
		User: protocol.User{ID: protocol.UserID(user)}, Token: token, Users: true, Resume: true,
	})
	if err != nil {
		b.Fatal(err)
	}
	u.login = string(frame)
	return u
}

// enter opens the socket and logs in, each user from one of eight addresses, so that
// there are ports enough.
func (u *loadUser) enter() error {
	from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(1+u.number%8))}}
	var err error
	if u.socket, err = dialSocketFrom(&from, "http://"+u.loaded.host, u.path); err != nil || u.login == "" {
		return err
	}
	if err := u.socket.send(u.login); err != nil {
		return err
	}
	text, err := u.socket.next()
	if err != nil {
		return err
	}
	answer, err := protocol.Decode([]byte(text))
	if err == nil && answer.Error != nil {
		err = answer.Error
	}
	return err
}

func (u *loadUser) send(text string) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.socket.send(text)
}

// say tells the others of the room what time it is.
func (u *loadUser) say() error {
	message := protocol.MessageBarrage{Room: protocol.RoomID(u.room), Text: saidAt + strconv.FormatInt(time.Now().UnixNano(), 10) + strings.Repeat(" hello", 10)}
	frame, err := protocol.Request(7, message)
	if !u.loaded.ours { // which delivers what it gets: about what the server makes of it
		frame, err = protocol.Notice(message)
		frame = append(frame, strings.Repeat(" ", 70)...)
	}
	if err != nil {
		return err
	}
	return u.send(string(frame))
}

// saidAt is in front of the time in a message.
const saidAt = "said at "

// listen reads what comes, as an SDK does, until the socket is closed.
func (u *loadUser) listen() {
	_ = u.socket.conn.SetDeadline(time.Time{})
	for {
		text, err := u.socket.next()
		if err != nil {
			return
		}
		now := time.Now()
		switch {
		case strings.HasPrefix(text, `{"type":"ping"`):
			u.loaded.failed(u.send(`{"type":"pong"}`))
		case strings.HasPrefix(text, replyStart):
		default:
			if _, rest, ok := strings.Cut(text, saidAt); ok {
				u.loaded.heardAt(rest, now)
			}
		}
	}
}

// heardAt notes how long a message was under way.
func (l *loaded) heardAt(text string, now time.Time) {
	digits, _, _ := strings.Cut(text, " ")
	nanos, err := strconv.ParseInt(digits, 10, 64)
	l.failed(err)
	l.mu.Lock()
	l.waits = append(l.waits, float64(now.Sub(time.Unix(0, nanos)).Microseconds())/1000)
	l.mu.Unlock()
	l.heard.Done()
}
