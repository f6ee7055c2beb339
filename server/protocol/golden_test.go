package protocol

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata anew")

// golden has every message as it stands on the wire, one file each.
var golden = []struct {
	file string
	kind string // request, reply or notice
	body Body   // reply: of the request's type
	says any    // reply: its body
}{
	{file: "room.login", kind: "request", body: RoomLogin{
		Version: 1, App: 1234567890, Room: "room1", User: User{"u1", "Ада"}, Token: "04AAAA", Users: true, MaxMembers: 10,
	}},
	{file: "room.login.reply", kind: "reply", body: RoomLogin{}, says: RoomSnapshot{
		Time: 1795339814000, Heartbeat: 25000, Count: 3, Users: []User{{"u2", "Bob"}},
		Streams: []Stream{{ID: "cam", User: User{"u2", "Bob"}, ExtraInfo: "hi", VideoMuted: true, AudioMuted: true}},
		Extra:   []ExtraInfo{{"stage", "open", User{"u2", "Bob"}, 1795339814000}},
	}},
	{file: "room.login.error", kind: "error", body: RoomLogin{}, says: Errorf(CodeRoomFull, "room %q has 10 members and takes no more", "room1")},
	{file: "room.login.carried", kind: "request", body: RoomLogin{
		Version: 1, App: 1, Room: "room1", User: User{"u1", "Ада"}, Resume: true, Carried: &Carried{
			Life:     "N2QX",
			Streams:  []StreamPublish{{Room: "room1", Stream: "mine", VideoMuted: true}},
			Extra:    []ExtraInfo{{"stage", "open", User{"u2", "Bob"}, 1795339814000}},
			Plays:    []StreamPlay{{Room: "room1", Stream: "cam", NoAudio: true}},
			Sessions: []CarriedSession{{Session: "K5XQ", Stream: "cam", Role: Receive}},
		},
	}},
	{file: "room.login.carried.reply", kind: "reply", body: RoomLogin{}, says: RoomSnapshot{
		Time: 1795339814000, Heartbeat: 25000, Count: 1, Life: "JB4W", Key: "GEZD", Grace: 30000,
		Refused: []Refusal{{"mine", Errorf(CodeDuplicateStream, "stream %q is published by somebody else", "mine")}},
	}},
	{file: "room.logout", kind: "request", body: RoomLogout{Room: "room1"}},
	{file: "room.logout.reply", kind: "reply", body: RoomLogout{}},
	{file: "room.users", kind: "notice", body: RoomUsers{Room: "room1", Change: Add, Users: []User{{"u2", "Bob"}}}},
	{file: "room.streams", kind: "notice", body: RoomStreams{
		Room: "room1", Change: Delete, Streams: []Stream{{ID: "cam", User: User{"u2", "Bob"}}}, Reason: ReasonOffline,
	}},
	{file: "room.kickout", kind: "notice", body: RoomKickout{
		Room: "room1", Code: CodeKickedByLogin, Reason: 1, Message: "the same user logged in elsewhere",
	}},
	{file: "room.token", kind: "request", body: RoomToken{Room: "room1", Token: "04BBBB"}},
	{file: "room.token.reply", kind: "reply", body: RoomToken{}},
	{file: "room.extra", kind: "request", body: RoomExtra{Room: "room1", Key: "stage", Value: "open"}},
	{file: "room.extra.reply", kind: "reply", body: RoomExtra{}, says: RoomExtraReply{Seq: 3, Time: 1795339814000}},
	{file: "room.extra.notice", kind: "notice", body: RoomExtra{
		Room: "room1", All: []ExtraInfo{{"stage", "open", User{"u2", "Bob"}, 1795339814000}},
	}},
	{file: "stream.publish", kind: "request", body: StreamPublish{
		Room: "room1", Stream: "cam", ExtraInfo: "hi", VideoMuted: true, AudioMuted: true,
	}},
	{file: "stream.publish.reply", kind: "reply", body: StreamPublish{}},
	{file: "stream.end", kind: "notice", body: StreamEnd{
		Room: "room1", Stream: "cam", Role: Receive, Code: CodePlayBanned, Message: "the stream is forbidden",
	}},
	{file: "stream.unpublish", kind: "request", body: StreamUnpublish{Room: "room1", Stream: "cam"}},
	{file: "stream.unpublish.reply", kind: "reply", body: StreamUnpublish{}},
	{file: "stream.update", kind: "request", body: StreamUpdate{
		Room: "room1", Stream: "cam", ExtraInfo: new(""), VideoMuted: new(true), AudioMuted: new(false), StandIn: new(true),
	}},
	{file: "stream.update.notice", kind: "notice", body: StreamUpdate{Room: "room1", Stream: "cam", VideoMuted: new(false)}},
	{file: "stream.update.reply", kind: "reply", body: StreamUpdate{}},
	{file: "stream.play", kind: "request", body: StreamPlay{Room: "room1", Stream: "cam", NoVideo: true, NoAudio: true}},
	{file: "stream.play.reply", kind: "reply", body: StreamPlay{}, says: StreamPlayReply{Found: false}},
	{file: "stream.stop", kind: "request", body: StreamStop{Room: "room1", Stream: "cam"}},
	{file: "stream.stop.reply", kind: "reply", body: StreamStop{}},
	{file: "session.open", kind: "notice", body: SessionOpen{
		Session: "K5XQ", Room: "room1", Stream: "cam", Role: Send, NoVideo: true, NoAudio: true,
		ICEServers: []ICEServer{
			{URLs: []string{"stun:example.com:3478"}},
			{URLs: []string{"turn:example.com:3478?transport=udp", "turns:example.com:5349"}, Username: "1795343414:u1", Credential: "c2VjcmV0"},
		},
	}},
	{file: "session.desc", kind: "notice", body: SessionDesc{Session: "K5XQ", Kind: "offer", SDP: "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n"}},
	{file: "session.candidate", kind: "notice", body: SessionCandidate{
		Session: "K5XQ", Candidate: json.RawMessage(`{"candidate":"candidate:1 1 udp 1 a.local 9 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":"abcd"}`),
	}},
	{file: "session.candidate.end", kind: "notice", body: SessionCandidate{Session: "K5XQ", Candidate: json.RawMessage(`null`)}},
	{file: "session.restart", kind: "notice", body: SessionRestart{Session: "K5XQ"}},
	{file: "session.pause", kind: "notice", body: SessionPause{Session: "K5XQ", Video: true}},
	{file: "session.quality", kind: "notice", body: SessionQuality{Session: "K5XQ", Up: 1, Down: -1, Relay: true}},
	{file: "session.close", kind: "notice", body: SessionClose{Session: "K5XQ", Reason: CloseGone}},
	{file: "message.broadcast", kind: "request", body: MessageBroadcast{Room: "room1", Text: "hello <all> & 你好"}},
	{file: "message.broadcast.notice", kind: "notice", body: MessageBroadcast{
		Room: "room1", Text: "hello", ID: 7, From: &User{"u2", "Bob"}, Time: 1795339814000,
	}},
	{file: "message.broadcast.reply", kind: "reply", body: MessageBroadcast{}, says: MessageBroadcastReply{ID: 7}},
	{file: "message.barrage", kind: "request", body: MessageBarrage{Room: "room1", Text: "wow"}},
	{file: "message.barrage.notice", kind: "notice", body: MessageBarrage{
		Room: "room1", Text: "wow", ID: "12", From: &User{"u2", "Bob"}, Time: 1795339814000,
	}},
	{file: "message.barrage.reply", kind: "reply", body: MessageBarrage{}, says: MessageBarrageReply{ID: "12"}},
	{file: "message.command", kind: "request", body: MessageCommand{
		Room: "room1", To: []UserID{"u2", "u3"}, Command: json.RawMessage(`{"mute":true}`),
	}},
	{file: "message.command.notice", kind: "notice", body: MessageCommand{
		Room: "room1", From: &User{"u2", "Bob"}, Command: json.RawMessage(`"hand up"`),
	}},
	{file: "message.command.reply", kind: "reply", body: MessageCommand{}},
	{file: "message.transparent", kind: "request", body: MessageTransparent{Room: "room1", To: []UserID{"u2"}, Data: "AAEC", Mode: 2, Seq: 5}},
	{file: "message.transparent.notice", kind: "notice", body: MessageTransparent{Room: "room1", From: &User{"u2", "Bob"}, Data: "AAEC", Seq: 5}},
	{file: "message.transparent.reply", kind: "reply", body: MessageTransparent{}},
	{file: "message.channel", kind: "request", body: MessageChannel{Room: "room1", To: []UserID{"u2"}, Kind: 2, Text: "{}"}},
	{file: "message.channel.notice", kind: "notice", body: MessageChannel{Room: "room1", From: &User{"u2", "Bob"}, Kind: 2, Text: "{}", Time: 1795339814000}},
	{file: "message.channel.reply", kind: "reply", body: MessageChannel{}},
	{file: "ping", kind: "notice", body: Ping{Time: 1795339814000, Rooms: []RoomCount{{"room1", 3}}}},
	{file: "pong", kind: "notice", body: Pong{Received: 12}},
	{file: "resume", kind: "request", body: Resume{Version: 1, Key: "GEZD", Received: 40}},
	{file: "resume.reply", kind: "reply", body: Resume{}, says: Resumed{Received: 17}},
	{file: "resume.error", kind: "error", body: Resume{}, says: Errorf(CodeSessionLost, "no such connection: log in again")},
	{file: "ack", kind: "notice", body: Ack{Received: 64}},
}

func TestGoldenFiles(t *testing.T) {
	for _, g := range golden {
		t.Run(g.file, func(t *testing.T) {
			data, err := encodeGolden(g.kind, g.body, g.says)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", g.file+".json")
			if *update {
				if err := os.WriteFile(path, append(data, '\n'), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(append(data, '\n'), want) {
				t.Errorf("encoded\n%s\nwant\n%s", data, want)
			}
			wantDecoded(t, want, g.kind, g.body, g.says)
		})
	}
}

func encodeGolden(kind string, body Body, says any) ([]byte, error) {
	switch kind {
	case "request":
		return Request(7, body)
	case "reply":
		return Reply(body.Type(), 7, says)
	case "error":
		return ErrorReply(body.Type(), 7, says.(*Error))
	}
	return Notice(body)
}

// wantDecoded reads what is on the wire back into what was sent.
func wantDecoded(t *testing.T, data []byte, kind string, body Body, says any) {
	t.Helper()
	f, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if f.Type != body.Type() || (f.ID == 7) != (kind != "notice") {
		t.Errorf("frame %s %d", f.Type, f.ID)
	}
	var want any = body
	var raw []byte = f.Body
	switch kind {
	case "reply":
		want = says
	case "error":
		if !reflect.DeepEqual(f.Error, says) {
			t.Errorf("error %+v", f.Error)
		}
		want = nil
	}
	if want == nil {
		if raw != nil {
			t.Errorf("body %s, want none", raw)
		}
		return
	}
	got := reflect.New(reflect.TypeOf(want))
	if err := json.Unmarshal(raw, got.Interface()); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got.Elem().Interface(), want) {
		t.Errorf("decoded %+v, want %+v", got.Elem(), want)
	}
}

// The files in testdata are the protocol's document: none may be missing or stale.
func TestEveryMessageHasAGoldenFile(t *testing.T) {
	known := map[string]bool{}
	types := map[Type]bool{}
	for _, g := range golden {
		known[g.file+".json"] = true
		types[g.body.Type()] = true
		if !strings.HasPrefix(g.file, string(g.body.Type())) {
			t.Errorf("%s holds %s", g.file, g.body.Type())
		}
	}
	files, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !f.IsDir() && !known[f.Name()] {
			t.Errorf("testdata/%s is no message", f.Name())
		}
	}
	for _, typ := range documentedTypes(t) {
		if !types[typ] {
			t.Errorf("%s has no golden file", typ)
		}
		delete(types, typ)
	}
	for typ := range types {
		t.Errorf("%s is not in the package comment", typ)
	}
}

// documentedTypes reads the table of messages in the package comment.
func documentedTypes(t *testing.T) []Type {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var types []Type
	for line := range strings.Lines(string(doc)) {
		fields := strings.Fields(line)
		if len(fields) >= 4 && strings.ContainsAny(fields[2], "→←↔") {
			types = append(types, Type(fields[1]))
		}
	}
	if len(types) < 15 {
		t.Fatalf("the table has only %v", types)
	}
	return types
}
