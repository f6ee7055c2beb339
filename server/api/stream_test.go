package api

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
)

func TestKickout(t *testing.T) {
	b := newBench(t)
	anna, bert := b.join("room", "anna"), b.join("room", "bert")
	b.do("KickoutUser", "RoomId", "room", "UserId[]", "bert", "UserId[]", "nobody", "CustomReason", "Tschüß & bye")
	if m := one[protocol.RoomKickout](bert); m.Code != protocol.CodeKicked || m.Message != "Tschüß & bye" || m.Reason != 2 {
		t.Errorf("%+v", m)
	}
	if m := take[protocol.RoomUsers](anna); len(m) != 2 || m[1].Change != protocol.Delete {
		t.Errorf("%+v", m)
	}
	b.do("KickoutUser", "RoomId", "room", "UserId[]", "nobody")
	b.fails(codeParameter, "KickoutUser", "RoomId", "room")
	b.fails(codeParameter, "KickoutUser", append(list("UserId[]", 6), "RoomId", "room")...)
	b.fails(codeTooLong, "KickoutUser", "RoomId", "room", "UserId[]", "anna", "CustomReason", strings.Repeat("x", 257))
	b.do("KickoutUser", "RoomId", "room", "UserId[]", "anna")
	b.fails(codeNoRoom, "KickoutUser", "RoomId", "room", "UserId[]", "anna") // the last one took it along
}

func TestCloseRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		fails := func(want Code, parameters ...string) {
			t.Helper()
			b.fails(want, "CloseRoom", parameters...)
			time.Sleep(time.Second)
		}
		anna, bert := b.join("room", "anna"), b.join("room", "bert")
		fails(codeParameter)
		fails(codeParameter, "RoomId", "room", "RoomCloseCallback", "maybe")
		fails(codeTooLong, "RoomId", "room", "CustomReason", strings.Repeat("x", 257))
		b.do("CloseRoom", "RoomId", "room", "CustomReason", "over")
		for _, e := range []*ear{anna, bert} {
			if m := one[protocol.RoomKickout](e); m.Code != protocol.CodeKicked || m.Message != "over" {
				t.Errorf("%+v", m)
			}
		}
		fails(codeAppTooOften, "RoomId", "room")
		fails(codeNoRoomToClose, "RoomId", "room")
	})
}

// TestRoomCloseCallback: the report of the end says whether it is to be called back about.
func TestRoomCloseCallback(t *testing.T) {
	for loud, want := range map[string]bool{"true": false, "false": true, "": true} {
		var last room.Report
		b := newBench(t)
		b.hub = room.NewHub(room.Config{Observe: func(r room.Report) { last = r }})
		b.server.hub = b.hub
		b.join("room", "anna")
		b.do("CloseRoom", "RoomId", "room", "RoomCloseCallback", loud)
		if last.Kind != room.RoomClosed || !last.Departure.Cleared || last.Departure.Quiet != want {
			t.Errorf("%q: %+v", loud, last)
		}
	}
}

func TestAddAndDeleteStream(t *testing.T) {
	b := newBench(t)
	anna, bert := b.join("room", "anna"), b.join("room", "bert")
	one[protocol.RoomStreams](bert)
	add := []string{"RoomId", "room", "UserId", "host", "UserName", "The host", "StreamId", "show", "StreamTitle", "x", "ExtraInfo", "more", "CensorFlag", "1"}
	b.do("AddStream", add...)
	m := one[protocol.RoomStreams](bert)
	if m.Change != protocol.Add || m.Streams[0] != (protocol.Stream{ID: "show", User: protocol.User{ID: "host", Name: "The host"}, ExtraInfo: "more"}) {
		t.Errorf("%+v", m)
	}
	carl := b.join("room", "carl")
	if m := one[protocol.RoomStreams](carl); len(m.Streams) != 1 {
		t.Errorf("a newcomer finds %v", m.Streams)
	}
	list := b.do("DescribeSimpleStreamList", "RoomId", "room")["StreamList"].([]any)
	if len(list) != 1 || list[0].(object)["StreamId"] != "show" {
		t.Errorf("listed %v", list)
	}
	b.fails(codeSeveralUsers, "AddStream", "RoomId", "room", "UserId", "another", "StreamId", "show")
	b.fails(codeSeveralUsers, "DeleteStream", "RoomId", "room", "UserId", "another", "StreamId", "show")
	b.do("DeleteStream", "RoomId", "room", "UserId", "host", "StreamId", "show")
	if m := one[protocol.RoomStreams](bert); m.Change != protocol.Delete || m.Reason != protocol.ReasonServer {
		t.Errorf("%+v", m)
	}
	b.fails(codeNoStream, "DeleteStream", "RoomId", "room", "UserId", "host", "StreamId", "show")

	// What is published goes on, and its publisher is not told.
	if err := anna.publish("cam"); err != nil {
		t.Fatal(err)
	}
	take[protocol.RoomStreams](anna)
	one[protocol.RoomStreams](bert)
	b.do("DeleteStream", "RoomId", "room", "UserId", "anna", "StreamId", "cam")
	if m := take[protocol.RoomStreams](anna); len(m) != 0 {
		t.Errorf("the publisher heard %v", m)
	}
	one[protocol.RoomStreams](bert)
	if err := bert.play("cam"); err != nil {
		t.Fatal(err)
	}
	one[protocol.SessionOpen](anna)

	b = newBench(t)
	b.join("room", "anna")
	b.fails(codeNoRoom, "AddStream", "RoomId", "none", "UserId", "host", "StreamId", "show")
	b.fails(codeNoRoom, "DeleteStream", "RoomId", "none", "UserId", "host", "StreamId", "show")
	for name, wrong := range map[string]struct {
		value string
		code  Code
	}{
		"StreamId":    {strings.Repeat("s", 257), codeTooLong},
		"UserId":      {strings.Repeat("u", 65), codeTooLong},
		"StreamTitle": {strings.Repeat("t", 128), codeTooLong},
		"ExtraInfo":   {strings.Repeat("e", 1025), codeTooLong},
		"CensorFlag":  {"2", codeParameter},
		"RoomId":      {"", codeParameter},
	} {
		q := b.query("AddStream", add...)
		q.Set(name, wrong.value)
		if got := b.get(q); got.Code != int(wrong.code) {
			t.Errorf("%s=%.10s: code %d, want %d", name, wrong.value, got.Code, wrong.code)
		}
	}
	b.fails(codeParameter, "AddStream", "RoomId", "room", "UserId", "host", "StreamId", "no spaces")
}

func TestForbidAndResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		anna, bert := b.join("room", "anna"), b.join("room", "bert")
		if err := anna.publish("cam"); err != nil {
			t.Fatal(err)
		}
		if err := bert.play("cam"); err != nil {
			t.Fatal(err)
		}
		take[protocol.RoomStreams](bert)
		b.do("ForbidRTCStream", "StreamId", "cam", "Sequence", "1")
		if m := one[protocol.StreamEnd](anna); m.Role != protocol.Send || m.Code != 1003025 {
			t.Errorf("%+v", m)
		}
		if m := one[protocol.StreamEnd](bert); m.Role != protocol.Receive || m.Code != 1004025 {
			t.Errorf("%+v", m)
		}
		if m := one[protocol.RoomStreams](bert); m.Change != protocol.Delete {
			t.Errorf("%+v", m)
		}
		wantCode(t, anna.publish("cam"), 1003025)
		wantCode(t, bert.play("cam"), 1004025)

		b.fails(codeResume, "ResumeRTCStream", "StreamId", "cam", "Sequence", "1")
		b.fails(codeForbid, "ForbidRTCStream", "StreamId", "cam", "Sequence", "0")
		b.do("ResumeRTCStream", "StreamId", "cam", "Sequence", "2")
		wantCode(t, anna.publish("cam"), 0)
		time.Sleep(inOrder)
		b.do("ForbidRTCStreams", "StreamId[]", "cam", "StreamId[]", "cam", "StreamId[]", "unknown", "Sequence", "1") // a new count
		wantCode(t, anna.publish("cam"), 1003025)
		wantCode(t, anna.publish("unknown"), 1003025)
		b.fails(codeResumeAll, "ResumeRTCStreams", "StreamId[]", "fresh", "StreamId[]", "cam", "Sequence", "1")
		b.do("ResumeRTCStreams", "StreamId[]", "fresh", "StreamId[]", "cam", "Sequence", "2")
		wantCode(t, anna.publish("cam"), 0)
		wantCode(t, anna.publish("unknown"), 1003025)

		for _, action := range []string{"ForbidRTCStream", "ResumeRTCStream", "DescribeRTCStreamState"} {
			b.fails(codeStreamName, action, "StreamId", strings.Repeat("s", 257), "Sequence", "9")
			b.fails(codeStreamName, action, "StreamId", "no spaces", "Sequence", "9")
			b.fails(codeParameter, action, "Sequence", "9")
			b.fails(codeParameter, action, "StreamId", "cam")
			b.fails(codeParameter, action, "StreamId", "cam", "Sequence", "-9")
			b.fails(codeParameter, action, "StreamId", "cam", "Sequence", "now")
		}
		for _, action := range []string{"ForbidRTCStreams", "ResumeRTCStreams"} {
			b.fails(codeStreamList, action, "Sequence", "9")
			b.fails(codeStreamList, action, append(list("StreamId[]", 21), "Sequence", "9")...)
			b.fails(codeStreamList, action, "StreamId[]", "no spaces", "Sequence", "9")
			b.do(action, append(list("StreamId[]", 20), "Sequence", "9")...)
			time.Sleep(inOrder)
		}
		for i := range 30 { // sequences do not stay
			for j := range 5 {
				b.do("ForbidRTCStreams", append(numbered(i*100+j*20), "Sequence", "1")...)
			}
			time.Sleep(inOrder)
		}
		if n := len(b.server.sequences.last); n > 1024+20 {
			t.Errorf("%d sequences are remembered", n)
		}
	})
}

// numbered are twenty stream ids from a number on.
func numbered(from int) (all []string) {
	for i := range 20 {
		all = append(all, "StreamId[]", fmt.Sprint("n", from+i))
	}
	return all
}

func wantCode(t *testing.T, err error, want protocol.Code) {
	t.Helper()
	got := protocol.CodeOK
	var coded *protocol.Error
	if errors.As(err, &coded) {
		got = coded.Code
	} else if err != nil {
		t.Fatal(err)
	}
	if got != want {
		t.Errorf("code %d, want %d (%v)", got, want, err)
	}
}

func TestStreamState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBench(t)
		began := time.Now().Unix()
		anna := b.join("room", "anna")
		if err := anna.publish("cam"); err != nil {
			t.Fatal(err)
		}
		ask := []string{"StreamId", "cam", "Sequence", "1"}
		b.fails(codeStreamUnknown, "DescribeRTCStreamState", "StreamId", "none", "Sequence", "1")
		same(t, b.do("DescribeRTCStreamState", ask...), object{"create_time": fmt.Sprint(began), "close_time": ""})
		same(t, b.do("DescribeRTCStreamState", ask...), object{"create_time": fmt.Sprint(began), "close_time": ""})
		time.Sleep(time.Minute)
		anna.Room().Leave(anna.Member, protocol.ReasonStopped)
		got := b.get(b.query("DescribeRTCStreamState", ask...))
		if got.Code != int(codeStreamClosed) {
			t.Errorf("code %d", got.Code)
		}
		same(t, got.Data, object{"create_time": fmt.Sprint(began), "close_time": fmt.Sprint(began + 60)})
		end := func(app protocol.AppID, id string) {
			b.server.history.Hear(room.Report{Kind: room.StreamDown, Room: room.Info{App: app}, Stream: room.StreamInfo{Stream: protocol.Stream{ID: protocol.StreamID(id)}}})
		}
		for i := range maxHistory - 1 {
			end(testApp, fmt.Sprint(i))
		}
		end(testApp, "cam") // once more: it is the newest again
		end(testApp, "one more")
		b.fails(codeStreamClosed, "DescribeRTCStreamState", ask...)
		for i := range maxHistory {
			end(testApp, fmt.Sprint(i))
		}
		b.fails(codeStreamUnknown, "DescribeRTCStreamState", ask...) // so many came later
		end(testApp+1, "cam")
		if n := len(b.server.history.apps); n != 1 {
			t.Errorf("streams of %d apps are remembered, of which one exists", n)
		}
	})
}
