package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"expressrtc/server/protocol"
)

// TestPagesConsoleCrowd: two thousand rooms, one of them with two hundred users, scroll
// without a jerk, and the page stays small.
func TestPagesConsoleCrowd(t *testing.T) {
	s := newOperated(t, adminKey, "--heartbeat", "1m") // the crowd answers none
	const rooms, perSocket, crowd = 2000, 10, 200
	began := time.Now()
	for i := 0; i < rooms-1; i += perSocket {
		s.fill(t, fmt.Sprint("user-", i), fmt.Sprint("room-", i, "-"), perSocket)
	}
	for i := range crowd {
		s.fill(t, fmt.Sprint("fan-", i), "concert-", 1)
	}
	t.Logf("%d rooms and a room of %d users in %v", rooms, crowd, time.Since(began))
	p := s.signedIn("rooms")
	p.appears("status", "Rooms: 2,001")
	p.appears("link", "concert-0")
	p.look("rooms")
	p.scrollsSmoothly()
	p.do(`document.getElementById("rooms-list").scrollTop = 0`)
	p.appears("link", "concert-0") // there again
	p.role("searchbox", "Find a room or an app").fill("concert")
	p.appears("status", "Rooms: 1")
	p.tabTo("link", "concert-0")
	p.keys("Enter")
	p.appears("heading", "Users (200)")
	p.counts(crowd, "button", "Remove …")
	p.role("searchbox", "Find a user or a stream").fill("fan-199")
	p.appears("heading", "Users (1)")
}

// fill puts a user into rooms, and leaves it there.
func (s *operated) fill(t *testing.T, user, prefix string, rooms int) {
	t.Helper()
	c, err := dialSocket("http://"+s.addr, "/ws")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	for i := range rooms {
		answer := c.enters(t, protocol.RoomLogin{
			Version: protocol.Version, App: 1, Room: protocol.RoomID(fmt.Sprint(prefix, i)), User: protocol.User{ID: protocol.UserID(user)},
		})
		if strings.Contains(answer, `"error"`) {
			t.Fatalf("%s: %s", user, answer)
		}
	}
}

// scrolled is what was seen while the list was scrolled from one end to the other.
type scrolled struct {
	Longest float64 // task, in ms
	Frames  int
	Lines   int // at most in the page
	Empty   int // frames without a line
}

// scrollsSmoothly tries for a while: on a busy machine any task may take long, but not each.
func (p *visitor) scrollsSmoothly() {
	p.t.Helper()
	var all []scrolled
	for end := time.Now().Add(patience); time.Now().Before(end); {
		got := eval[scrolled](p.tab, scrollThrough)
		p.t.Logf("scrolled through all: %+v", got)
		if got.Longest <= 100 && got.Lines <= 60 && got.Frames >= 20 && got.Empty <= 20 {
			return
		}
		all = append(all, got)
	}
	p.t.Errorf("scrolling is not smooth: %+v", all)
}

// scrollThrough scrolls by several windows a frame until the end of the list.
const scrollThrough = `const box = document.getElementById("rooms-list"), seen = {Longest: 0, Frames: 0, Lines: 0, Empty: 0};
	const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
	const tasks = new PerformanceObserver((list) => { for (const {duration} of list.getEntries()) seen.Longest = Math.max(seen.Longest, duration); });
	box.scrollTop = 0;
	await frame();
	tasks.observe({type: "longtask"});
	for (const end = performance.now() + 8000; box.scrollTop + box.clientHeight < box.scrollHeight - 1 && performance.now() < end; await frame()) {
		box.scrollTop += 1500;
		seen.Frames++;
		seen.Lines = Math.max(seen.Lines, box.querySelectorAll("li").length);
		if (!box.querySelector("li")) seen.Empty++;
	}
	await new Promise((resolve) => setTimeout(resolve, 200)); // entries come late
	tasks.disconnect();
	return seen`
