package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzRequests: whatever an app's server sends, signed or not, is answered, and nobody who
// is in a room sees an id that could not be one.
func FuzzRequests(f *testing.F) {
	f.Add("SendBroadcastMessage", "RoomId=room&UserId=x&MessageCategory=1&MessageContent=hello", "")
	f.Add("AddStream", "RoomId=room&UserId=x&StreamId=s&ExtraInfo=%ff", "")
	f.Add("SetForbidUserRule", "RuleType=1&IP=fe80::1%25eth0&DisabledPrivilege[]=1&EffectiveTime=1", "")
	f.Add("DescribeUserList", "RoomId=room&Marker=1-&Limit=1", "")
	f.Add("ForbidRTCStreams", "Sequence=18446744073709551615", `{"StreamId": ["a", 1, true, null]}`)
	f.Add("CloseRoom", "AppId=1&Timestamp=-9223372036854775808", "{}")
	f.Fuzz(func(t *testing.T, action, more, body string) {
		b := newBench(t)
		anna := b.join("room", "anna")
		q := b.query(action)
		parameters, err := url.ParseQuery(more)
		if err != nil {
			t.Skip()
		}
		for name, values := range parameters {
			q[name] = values
		}
		r := httptest.NewRequest(http.MethodPost, "/?"+q.Encode(), strings.NewReader(body))
		b.send(r)
		for _, s := range anna.Room().Streams() {
			if s.ID == "" || len(s.ID) > 256 {
				t.Errorf("stream %q is listed", s.ID)
			}
		}
	})
}
