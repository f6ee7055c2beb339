package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"expressrtc/server/auth"
	"expressrtc/server/room"
)

// BenchmarkUnsigned is what a request costs that nobody signed: what anybody can make the
// server do.
func BenchmarkUnsigned(b *testing.B) {
	apps, err := auth.OpenApps("")
	if err != nil {
		b.Fatal(err)
	}
	if _, err := apps.Create(auth.App{ID: testApp, Secret: testSecret}); err != nil {
		b.Fatal(err)
	}
	s := New(Config{Hub: room.NewHub(room.Config{}), Apps: apps, Policy: &Policy{}, History: &History{Apps: apps}})
	q := (&bench{}).query("DescribeUserNum", "RoomId[]", "room")
	q.Set("Signature", "00000000000000000000000000000000")
	r := httptest.NewRequest(http.MethodGet, "/?"+q.Encode(), nil)
	b.ReportAllocs()
	for b.Loop() {
		s.ServeHTTP(httptest.NewRecorder(), r)
	}
}
