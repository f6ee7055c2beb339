//go:build !js

package engine_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"

	"expressrtc/server/signaling"
)

// restartable is a server that can be killed and started again. It keeps its port while
// it is dead, so that no other test is given that, but closes what comes.
type restartable struct {
	t       *testing.T
	address string

	mu      sync.Mutex
	signals *signaling.Server
	conns   []net.Conn
	dead    bool // killed, and not started again
	shut    bool // nobody gets through
}

func newRestartable(t *testing.T) *restartable {
	t.Helper()
	return newRestartableWith(t, signaling.Config{})
}

func newRestartableWith(t *testing.T, config signaling.Config) *restartable {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &restartable{t: t, address: listener.Addr().String()}
	r.startWith(config)
	server := &http.Server{Handler: r, ReadHeaderTimeout: patience}
	go func() { _ = server.Serve(cuttable{listener, r}) }() // ends with the test
	t.Cleanup(func() {
		r.kill()
		_ = server.Close()
	})
	return r
}

func (r *restartable) start() { r.startWith(signaling.Config{}) }

func (r *restartable) startWith(config signaling.Config) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.signals, r.dead = signaling.New(config), false
}

// kill ends the server, which says goodbye to those who are there.
func (r *restartable) kill() {
	r.mu.Lock()
	r.dead = true
	r.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	_ = r.signals.Shutdown(ctx)
	r.cut()
}

func (r *restartable) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	signals := r.signals
	r.mu.Unlock()
	signals.ServeHTTP(w, request)
}

// cuttable is a listener that notes its connections.
type cuttable struct {
	net.Listener
	*restartable
}

func (c cuttable) Accept() (net.Conn, error) {
	conn, err := c.Listener.Accept()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil && (c.shut || c.dead) {
		conn.Close()
	} else if err == nil {
		c.conns = append(c.conns, conn)
	}
	return conn, err
}

// cut breaks every socket, as a lost network does.
func (r *restartable) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, conn := range r.conns {
		conn.Close()
	}
	r.conns = nil
}

// shutOut cuts what there is, and lets nobody in until it is called with false.
func (r *restartable) shutOut(on bool) {
	r.mu.Lock()
	r.shut = on
	r.mu.Unlock()
	if on {
		r.cut()
	}
}
