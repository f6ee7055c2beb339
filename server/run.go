package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// systemdPatience is what systemd gives the stop after the delay, before it kills.
const systemdPatience = 30 * time.Second

// run serves until ctx ends, then stops in order and within patience.
func (s *site) run(ctx context.Context, patience time.Duration) error {
	hangup := make(chan os.Signal, 1) // before anybody is told that the server is there
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	failed := make(chan error, len(s.services))
	for _, part := range s.services {
		go func() {
			if err := part.serve(); err != nil && !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("%s: %w", part.name, err)
			}
		}()
	}
	s.ready.Store(true)
	s.log.Info("serving", "version", version, "url", s.address, "config", s.options.settings.file, "pid", os.Getpid())
	s.notify("READY=1")
	err := s.watch(ctx, failed, hangup)
	s.ready.Store(false)
	s.notify(fmt.Sprintf("STOPPING=1\nEXTEND_TIMEOUT_USEC=%d", (s.options.stopDelay + systemdPatience).Microseconds()))
	s.log.Info("stopping: clients are told to come back", "users", s.users(), "in", s.options.stopDelay)
	if err == nil {
		time.Sleep(s.options.stopDelay)
	}
	began := time.Now()
	stopping, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err = errors.Join(err, s.stop(stopping))
	s.log.Info("stopped", "took", time.Since(began).Round(time.Millisecond))
	s.flush()
	return err
}

func (s *site) users() int {
	if s.hub == nil {
		return 0
	}
	return s.hub.Counts().Users
}

// watch waits for the end, and reloads when it is told to.
func (s *site) watch(ctx context.Context, failed <-chan error, hangup <-chan os.Signal) error {
	for {
		select {
		case err := <-failed:
			return err
		case <-ctx.Done():
			return nil
		case <-hangup:
			s.reload()
		}
	}
}

// reload reads again what may have changed. What cannot be read stays as it was, and keeps
// nothing else from being read: a certificate must not end for a mistake in the settings.
func (s *site) reload() {
	failed := false
	for _, again := range s.reloads {
		if err := again(); err != nil {
			s.log.Error("reloading: this stays as it was", "error", err)
			failed = true
		}
	}
	if !failed {
		s.log.Info("reloaded")
	}
}

// stop ends the services, the last one first. What is still open when ctx ends is closed
// by force: a stop like any other.
func (s *site) stop(ctx context.Context) error {
	var all error
	for _, part := range slices.Backward(s.services) {
		if err := part.shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			all = errors.Join(all, fmt.Errorf("%s: %w", part.name, err))
		}
	}
	if s.listener != nil {
		s.listener.Close() // is closed already, unless nothing was served
	}
	return all
}

// abandon ends what was put together and never ran: there is nobody to wait for.
func (s *site) abandon() error {
	now, cancel := context.WithTimeout(context.Background(), 0)
	defer cancel()
	defer s.flush()
	return s.stop(now)
}

// listen listens on addr, which the named setting gives. Where the configuration is only
// checked, the port is another one: the server may be running.
func (s *site) listen(name string, addr *net.TCPAddr) (net.Listener, error) {
	if s.options.checkConfig {
		addr = &net.TCPAddr{IP: addr.IP, Zone: addr.Zone}
	}
	ln, err := net.ListenTCP("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("another program listens on %s already: stop it, or choose another --%s", addr, name)
	}
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", addr, err)
	}
	return s.bounded(ln), nil
}

// address is the URL to open in a browser of this machine.
func address(ln net.Listener) string {
	return "http://" + net.JoinHostPort(hostOf(ln), strconv.Itoa(listenerPort(ln)))
}

// hostOf is how this machine's browsers call a listener's host.
func hostOf(ln net.Listener) string {
	addr, ok := ln.Addr().(*net.TCPAddr)
	if !ok || addr.IP.IsLoopback() || addr.IP.IsUnspecified() {
		return "localhost" // a name that browsers give camera and microphone to
	}
	return addr.IP.String()
}

// listenerPort is the TCP port of a listener.
func listenerPort(ln net.Listener) int {
	if addr, ok := ln.Addr().(*net.TCPAddr); ok {
		return addr.Port
	}
	return 0
}
