package e2e

import (
	"net"
	"strings"
	"testing"
	"time"
)

// distant puts a server far away: what listens at the answer passes every connection on
// to url, late and over a line of so many bytes a second each way. Making a connection
// takes a round trip, as it would. Media between browsers do not come this way.
func distant(b *testing.B, url string, trip time.Duration, rate int) string {
	b.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { ln.Close() })
	target := strings.TrimPrefix(url, "http://")
	go func() {
		for {
			client, err := ln.Accept()
			if err != nil {
				return
			}
			go passOn(client, target, trip, rate)
		}
	}()
	return "http://" + ln.Addr().String()
}

func passOn(client net.Conn, target string, trip time.Duration, rate int) {
	server, err := net.Dial("tcp", target)
	if err != nil {
		client.Close()
		return
	}
	made := time.Now().Add(trip)
	go carry(server, client, trip/2, rate, made)
	carry(client, server, trip/2, rate, made)
}

// parcel is what was read at once, and when it arrives.
type parcel struct {
	data []byte
	at   time.Time
}

// carry copies from one end to the other with a delay, until either has ended. What is
// under way is bounded, as a line's buffers are.
func carry(to, from net.Conn, delay time.Duration, rate int, free time.Time) {
	way := make(chan parcel, 4096)
	go func() {
		defer to.Close()
		for p := range way {
			time.Sleep(time.Until(p.at))
			if _, err := to.Write(p.data); err != nil {
				from.Close()
				break
			}
		}
		for range way { // until the reader has noticed
		}
	}()
	defer close(way)
	for {
		data := make([]byte, 1400)
		n, err := from.Read(data)
		if err != nil {
			return
		}
		if now := time.Now(); free.Before(now) {
			free = now
		}
		free = free.Add(time.Duration(n) * time.Second / time.Duration(rate))
		way <- parcel{data[:n], free.Add(delay)}
	}
}
