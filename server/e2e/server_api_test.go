package e2e

import (
	"crypto/md5"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"expressrtc/server/auth"
)

// business is an app's own server: it calls the API as the published examples do.
type business struct {
	t   *testing.T
	url string
	app auth.App
}

// newBusiness starts a server as an operator does, with one app.
func newBusiness(t *testing.T) (*site, business) {
	t.Helper()
	file := t.TempDir() + "/apps.json"
	apps, err := auth.OpenApps(file)
	if err != nil {
		t.Fatal(err)
	}
	app, err := apps.Create(auth.App{ID: 1})
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t, "http://" + newProcess(t, "--apps", file).addr}
	return s, business{t, s.url + "/rtc-api/", app}
}

// call does an action and wants its code.
func (b business) call(want int, action string, parameters ...string) {
	b.t.Helper()
	nonce, at := strings.ToLower(rand.Text()[:16]), time.Now().Unix()
	sum := md5.Sum(fmt.Appendf(nil, "%d%s%s%d", b.app.ID, nonce, b.app.Secret, at))
	q := url.Values{
		"Action": {action}, "AppId": {fmt.Sprint(b.app.ID)}, "SignatureNonce": {nonce}, "Timestamp": {fmt.Sprint(at)},
		"Signature": {hex.EncodeToString(sum[:])}, "SignatureVersion": {"2.0"}, "RoomId": {"room"},
	}
	for i := 0; i+1 < len(parameters); i += 2 {
		q.Add(parameters[i], parameters[i+1])
	}
	response, err := http.Get(b.url + "?" + q.Encode())
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Code    int
		Message string
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Code != want {
		b.t.Fatalf("%s %v: code %d, want %d: %s, %v", action, parameters, answer.Code, want, answer.Message, err)
	}
}

func (b business) do(action string, parameters ...string) {
	b.t.Helper()
	b.call(0, action, parameters...)
}

// enters logs a page in with a token of the app.
func (b business) enters(p *tab) {
	b.t.Helper()
	p.do(`await zg.loginRoom("room", %s, {userID: %s}, {userUpdate: true})`, b.token(p.name), p.name)
	p.await("roomStateChanged", "room", "LOGINED")
}

func (b business) token(user string) string {
	b.t.Helper()
	token, err := auth.Sign(b.app, auth.Claims{User: user, Expires: time.Now().Add(hour)})
	if err != nil {
		b.t.Fatal(err)
	}
	return token
}

// TestServerAPI: what an app's own server asks for is what pages see.
func TestServerAPI(t *testing.T) {
	t.Parallel()
	s, b := newBusiness(t)
	anna, bert := s.page(usual, "anna"), s.page(usual, "bert")
	both := []*tab{anna, bert}
	for _, p := range both {
		p.do(`zg.off("publishQualityUpdate"); zg.off("playQualityUpdate")`)
		p.expect("the server ended the p")
		b.enters(p)
	}
	b.messages(both)
	b.announces(both)
	anna.publish("cam")
	bert.play("cam")
	perceive([]*tab{bert}, "#remote video")
	b.delists(anna, bert)
	b.silences(bert)
	b.forbids(anna, bert)
	b.rules(anna, bert)
	b.removes(anna, bert)
}

func (b business) messages(to []*tab) {
	b.t.Helper()
	host := []string{"UserId", "host", "UserName", "The host", "MessageCategory", "1", "MessageContent", "grüß Gott & 你好"}
	b.do("SendBroadcastMessage", host...)
	b.do("SendBarrageMessage", host...)
	b.do("SendCustomCommand", "FromUserId", "host", "MessageContent", "for all")
	b.do("SendCustomCommand", "FromUserId", "host", "MessageContent", "for one", "ToUserId[]", "bert")
	from := map[string]any{"userID": "host", "userName": "The host"}
	for _, p := range to {
		p.await("IMRecvBroadcastMessage", "room", list(map[string]any{"fromUser": from, "message": "grüß Gott & 你好"}))
		p.await("IMRecvBarrageMessage", "room", list(map[string]any{"fromUser": from, "message": "grüß Gott & 你好"}))
		p.await("IMRecvCustomCommand", "room", user("host"), "for all")
	}
	to[1].await("IMRecvCustomCommand", "room", user("host"), "for one")
	to[0].never("IMRecvCustomCommand", "room", user("host"), "for one")
}

// announces a stream that nobody publishes.
func (b business) announces(to []*tab) {
	b.t.Helper()
	show := []string{"UserId", "host", "UserName", "The host", "StreamId", "show"}
	b.do("AddStream", append(show, "ExtraInfo", "live")...)
	b.do("DeleteStream", show...)
	host := map[string]any{"userID": "host", "userName": "The host"}
	for _, p := range to {
		p.await("roomStreamUpdate", "room", "ADD", list(map[string]any{"streamID": "show", "user": host, "extraInfo": "live"}))
		got := p.await("roomStreamUpdate", "room", "DELETE", list(map[string]any{"streamID": "show"}))
		if text := fmt.Sprint(got.Args[3]); !strings.Contains(text, `"code":6`) {
			b.t.Errorf("the reason is %s", text)
		}
	}
}

// delists a stream that goes on.
func (b business) delists(anna, bert *tab) {
	b.t.Helper()
	cam := []string{"UserId", "anna", "StreamId", "cam"}
	b.do("DeleteStream", cam...)
	bert.await("roomStreamUpdate", "room", "DELETE", list(map[string]any{"streamID": "cam"}))
	perceive([]*tab{bert}, "#remote video")
	b.do("AddStream", cam...)
	bert.await("roomStreamUpdate", "room", "ADD", list(stream("cam", "anna")))
	anna.never("roomStreamUpdate", "room", "DELETE", list(map[string]any{"streamID": "cam"}))
	anna.never("publisherStateUpdate", map[string]any{"state": "NO_PUBLISH"})
	bert.never("playerStateUpdate", map[string]any{"state": "PLAY_REQUESTING", "errorCode": 1104028})
}

// silences a stream's picture, then its sound.
func (b business) silences(bert *tab) {
	b.t.Helper()
	cam := []string{"StreamId", "cam"}
	b.do("SetForbidStreamRule", append(cam, "DisableVideo", "1")...)
	bert.do(`await e2e.seesStill(document.querySelector("#remote video"))`)
	bert.do(`await e2e.hearsSound(remote)`)
	b.do("SetForbidStreamRule", append(cam, "DisableAudio", "1")...)
	bert.sees("#remote video")
	bert.do(`await e2e.hearsSilence(remote)`)
	b.do("SetForbidStreamRule", append(cam, "DisableAudio", "1", "EffectiveTime", "2")...)
	bert.do(`await e2e.hearsSound(remote)`) // the rule is over
	b.do("SetForbidStreamRule", append(cam, "DisableVideo", "1")...)
	b.do("DelForbidStreamRule", cam...)
	bert.sees("#remote video")
}

// forbids a stream, and resumes it.
func (b business) forbids(anna, bert *tab) {
	b.t.Helper()
	b.do("ForbidRTCStream", "StreamId", "cam", "Sequence", "1")
	anna.await("publisherStateUpdate", state("cam", "NO_PUBLISH", 1003025))
	bert.await("playerStateUpdate", state("cam", "NO_PLAY", 1004025))
	bert.await("roomStreamUpdate", "room", "DELETE", list(map[string]any{"streamID": "cam"}))
	anna.expect("startPublishingStream")
	bert.expect("startPlayingStream")
	anna.do(`zg.startPublishingStream("cam", local)`)
	anna.await("publisherStateUpdate", state("cam", "NO_PUBLISH", 1003025))
	bert.wants("rejected", map[string]any{"errorCode": 1004025}, `zg.startPlayingStream("cam")`)
	b.call(41006, "DescribeRTCStreamState", "StreamId", "cam", "Sequence", "1")
	b.do("ResumeRTCStream", "StreamId", "cam", "Sequence", "2")
	anna.do(`zg.startPublishingStream("cam", local)`)
	bert.await("roomStreamUpdate", "room", "ADD", list(stream("cam", "anna")))
	bert.play("cam")
	b.do("DescribeRTCStreamState", "StreamId", "cam", "Sequence", "1")
}

// rules say who may not publish, and who may not come.
func (b business) rules(anna, bert *tab) {
	b.t.Helper()
	about := []string{"RuleType", "4", "UserId", "anna"}
	b.do("SetForbidUserRule", append(about, "DisabledPrivilege[]", "2", "EffectiveTime", "60")...)
	anna.do(`zg.startPublishingStream("more", local)`)
	anna.await("publisherStateUpdate", state("more", "NO_PUBLISH", 1103019))
	perceive([]*tab{bert}, "#remote video") // what runs goes on
	b.do("DelForbidUserRule", about...)
	anna.do(`zg.startPublishingStream("more", local)`)
	anna.await("publisherStateUpdate", state("more", "PUBLISHING", 0))

	b.do("KickoutUser", "UserId[]", "bert", "CustomReason", "Tschüß & bye")
	got := bert.await("roomStateChanged", "room", "KICKOUT", 1002055)
	if text := fmt.Sprint(got.Args[3]); !matches(decoded(text), map[string]any{"custom_kickout_message": "Tschüß & bye"}) {
		b.t.Errorf("kicked out with %s", text)
	}
	anna.await("roomUserUpdate", "room", "DELETE", list(map[string]any{"userID": "bert"}))
	b.do("SetForbidUserRule", "RuleType", "3", "UserId", "bert", "DisabledPrivilege[]", "1", "EffectiveTime", "60")
	bert.expect("loginRoom")
	bert.wants("rejected", map[string]any{"code": 1002066}, `zg.loginRoom("room", %s, {userID: "bert"})`, b.token("bert"))
	b.do("DelForbidUserRule", "RuleType", "3", "UserId", "bert")
	b.enters(bert)
}

// removes everyone.
func (b business) removes(pages ...*tab) {
	b.t.Helper()
	b.do("CloseRoom", "CustomReason", "closing time")
	for _, p := range pages {
		got := p.await("roomStateChanged", "room", "KICKOUT", 1002055)
		if text := fmt.Sprint(got.Args[3]); !strings.Contains(text, "closing time") {
			b.t.Errorf("%s left with %s", p.name, text)
		}
	}
	b.call(104, "KickoutUser", "UserId[]", "anna") // it is gone
}

// decoded is what a text of JSON holds.
func decoded(text string) (v any) {
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	return v
}
