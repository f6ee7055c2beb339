package e2e

import (
	"strings"
	"testing"
	"time"

	"expressrtc/server/signaling"
)

// hour is a heartbeat that does not come into a test's way.
const hour = time.Hour

// twoPages is what two pages see of each other, step by step. Both must see exactly this.
type twoPages struct {
	t    *testing.T
	a, b *tab
	seen map[*tab]int // lines of a page that earlier steps had
}

// step does something and compares all that both pages see of it. Each page ends its
// part with the event that its last line names.
func (s *twoPages) step(what string, do func(), a, b []string) {
	s.t.Helper()
	do()
	for p, want := range map[*tab][]string{s.a: a, s.b: b} {
		for _, line := range want {
			p.do(`await e2e.until(() => e2e.lines().some((line) => line === %s))`, line)
		}
		lines := p.lines("publishQualityUpdate", "playQualityUpdate", "exceptionUpdate")
		wantLines(s.t, what+", page "+p.name, lines[s.seen[p]:], want)
		s.seen[p] = len(lines)
	}
}

// TestTimeline is the contract's reference timeline of two pages in one room.
func TestTimeline(t *testing.T) {
	t.Parallel()
	site := newSite(t, signaling.Config{Heartbeat: hour})
	a, b := site.page(usual, "anna"), site.page(usual, "bert")
	s := &twoPages{t: t, a: a, b: b, seen: map[*tab]int{}}
	const (
		anna   = `{"userID":"anna","userName":"anna"}`
		bert   = `{"userID":"bert","userName":"bert"}`
		stream = `[{"streamID":"s1","user":` + anna + `,"extraInfo":"hello","urlsFLV":"","urlsRTMP":"","urlsHLS":"","urlsHttpsFLV":"","urlsHttpsHLS":""}]`
	)

	s.step("A logs in", func() { a.enter("room") }, []string{
		`roomStateUpdate("room", "CONNECTING", 0, "")`,
		`roomStateChanged("room", "LOGINING", 0, "")`,
		`after loginRoom(true)`,
		`roomOnlineUserCountUpdate("room", 1)`,
		`roomStateUpdate("room", "CONNECTED", 0, "")`,
		`roomStateChanged("room", "LOGINED", 0, "")`,
	}, nil)

	s.step("A publishes", func() {
		a.do(`globalThis.local = await zg.createStream();
			zg.createLocalStreamView(local).play("local");
			e2e.note("startPublishingStream", zg.startPublishingStream("s1", local, {extraInfo: "hello"}))`)
	}, []string{
		`startPublishingStream(true)`,
		publisherLine("s1", "PUBLISH_REQUESTING", 0),
		publisherLine("s1", "PUBLISHING", 0),
	}, nil)

	s.step("B logs in", func() { b.enter("room") }, []string{
		`roomUserUpdate("room", "ADD", [` + bert + `])`,
	}, []string{
		`roomStateUpdate("room", "CONNECTING", 0, "")`,
		`roomStateChanged("room", "LOGINING", 0, "")`,
		`after loginRoom(true)`,
		`roomOnlineUserCountUpdate("room", 2)`,
		`roomStreamUpdate("room", "ADD", ` + stream + `, "")`,
		`streamExtraInfoUpdate("room", [{"streamID":"s1","user":` + anna + `,"extraInfo":"hello"}])`,
		`roomStateUpdate("room", "CONNECTED", 0, "")`,
		`roomStateChanged("room", "LOGINED", 0, "")`,
		`roomUserUpdate("room", "ADD", [` + anna + `])`,
	})

	s.step("B plays", func() {
		b.do(`globalThis.remote = await zg.startPlayingStream("s1");
			e2e.note("after startPlayingStream", remote instanceof MediaStream);
			zg.createRemoteStreamView(remote).play("remote")`)
	}, nil, []string{
		playerLine("s1", "PLAY_REQUESTING", 0),
		`after startPlayingStream(true)`,
		playerLine("s1", "PLAYING", 0),
		`remoteCameraStatusUpdate("s1", "OPEN")`,
		`remoteMicStatusUpdate("s1", "OPEN")`,
	})
	b.sees("#remote video")

	s.step("A mutes its picture", func() {
		a.do(`e2e.note("muted", zg.mutePublishStreamVideo(local, true))`)
	}, []string{`muted(true)`}, []string{`remoteCameraStatusUpdate("s1", "MUTE")`})

	s.step("A writes", func() {
		a.do(`const sent = await zg.sendBroadcastMessage("room", "good day");
			e2e.note("sent", sent.errorCode, typeof sent.messageID, sent.extendedData)`)
		got := b.await("IMRecvBroadcastMessage", "room", list(map[string]any{"message": "good day"}))
		b.do(`e2e.find("IMRecvBroadcastMessage", [])[0].args = [%s]`, messageShape(t, got)) // its time and number are never the same
	}, []string{`sent(0, "number", null)`}, []string{
		`IMRecvBroadcastMessage("{\"fromUser\":{\"userID\":\"anna\",\"userName\":\"anna\"},\"message\":\"good day\"}")`,
	})

	s.step("A stops publishing", func() {
		b.do(`zg.on("roomStreamUpdate", (room, change, [stream]) => zg.stopPlayingStream(stream.streamID))`)
		a.do(`zg.stopPublishingStream("s1")`)
	}, []string{publisherLine("s1", "NO_PUBLISH", 0)}, []string{
		`roomStreamUpdate("room", "DELETE", ` + stream + `, "{\"stream_delete_reason\":[{\"stream_id\":\"s1\",\"code\":1,\"description\":\"user_stop_publishing_stream_normal\"}]}")`,
		playerLine("s1", "NO_PLAY", 0),
	})

	s.step("A logs out", func() { a.do(`zg.logoutRoom("room")`) }, []string{
		`roomStateUpdate("room", "DISCONNECTED", 0, "")`,
		`roomStateChanged("room", "LOGOUT", 0, "")`,
	}, []string{`roomUserUpdate("room", "DELETE", [` + anna + `])`})
}

// enter logs in and notes when the code after it runs.
func (p *tab) enter(room string) {
	p.t.Helper()
	p.do(`const result = await zg.loginRoom(%s, "", {userID: %s}, {userUpdate: true});
		e2e.note("after loginRoom", result)`, room, p.name)
}

func publisherLine(stream, state string, code int) string {
	return "publisherStateUpdate(" + stateJSON(stream, state, code) + ")"
}

func playerLine(stream, state string, code int) string {
	return "playerStateUpdate(" + stateJSON(stream, state, code) + ")"
}

func stateJSON(stream, state string, code int) string {
	return toJSON(struct {
		StreamID     string `json:"streamID"`
		State        string `json:"state"`
		ErrorCode    int    `json:"errorCode"`
		ExtendedData string `json:"extendedData"`
	}{stream, state, code, ""})
}

// messageShape checks the parts of a message that differ each time, and gives the rest.
func messageShape(t *testing.T, e entry) string {
	t.Helper()
	items, _ := e.Args[1].([]any)
	if len(items) != 1 {
		t.Fatalf("a broadcast comes as a list of one, not %s", toJSON(e.Args))
	}
	message, _ := items[0].(map[string]any)
	sent, _ := message["sendTime"].(float64)
	if age := time.Since(time.UnixMilli(int64(sent))); age < 0 || age > time.Minute {
		t.Errorf("sendTime %v is %v ago", sent, age)
	}
	if _, ok := message["messageID"].(float64); !ok {
		t.Errorf("a broadcast's messageID is %T, not a number", message["messageID"])
	}
	delete(message, "sendTime")
	delete(message, "messageID")
	return strings.TrimSpace(toJSON(message))
}
