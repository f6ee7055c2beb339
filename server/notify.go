package main

import (
	"net"
	"os"
)

// notify tells systemd how the server is, if it asks.
// https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
func (s *site) notify(state string) {
	path := os.Getenv("NOTIFY_SOCKET")
	if path == "" {
		return
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: path, Net: "unixgram"})
	if err == nil {
		_, err = conn.Write([]byte(state))
		conn.Close()
	}
	if err != nil {
		s.log.Warn("systemd does not hear us", "state", state, "error", err)
	}
}
