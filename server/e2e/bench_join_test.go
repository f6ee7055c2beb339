package e2e

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// faraway is how far the server is in the second half of benchmarkJoin, both ways
// together, and what its line carries.
const (
	faraway = 50 * time.Millisecond
	line    = 20_000_000 / 8 // bytes a second
)

// benchmarkJoin measures from a viewer's navigation to its first decoded picture; the
// publisher is there already. The floor is two pages with a bare RTCPeerConnection.
func benchmarkJoin(b *testing.B) {
	program := buildProgram(b, "bench")
	server, relay := startProcess(b, program, "server"), startProcess(b, program, "relay")
	b.Run("Near", func(b *testing.B) { joins(b, "next door", server, relay, 0) })
	b.Run("Far", func(b *testing.B) {
		far := func(url string) string { return distant(b, url, faraway, line) }
		joins(b, "50 ms away", far(server), far(relay), faraway)
	})
}

func joins(b *testing.B, where, server, relay string, trip time.Duration) {
	pages := servePages(b, benchVisit{
		SDK:   server + "/ZegoExpressWebRTC.js",
		Relay: "ws" + strings.TrimPrefix(relay, "http"),
		Room:  strings.ReplaceAll(where, " ", "-"),
	})
	for _, publisher := range []string{"/bench-publish", "/bench-floor-publish"} {
		p := visitPage(b, pages+publisher, cold, nil)
		defer p.end()
		p.value("measured")
	}
	if trip > 0 {
		pages = distant(b, pages, trip, line)
	}
	join := func(page string, cache chromedp.ContextOption) side {
		return pageSide(pages+page, "measured", cache, nil)
	}
	compare(b, "join, cold, "+where, "ms", 7, atMost(2.2), join("/bench-play", cold), join("/bench-floor-play", cold))
	warmUp(b, pages+"/bench-play", pages+"/bench-floor-play")
	compare(b, "join, warm, "+where, "ms", 11, atMost(1.6),
		againSide(pages+"/bench-play", "measured"), againSide(pages+"/bench-floor-play", "measured"))
	compare(b, "join, warm, new window, "+where, "ms", 11, limit{}, join("/bench-play", warm), join("/bench-floor-play", warm))
}
