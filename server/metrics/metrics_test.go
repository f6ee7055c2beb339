package metrics

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

func sources() Sources {
	return Sources{
		Version: "v1",
		Rooms: func() (room.Counts, room.Routes) {
			return room.Counts{Rooms: 2, Users: 5, Streams: 4, Sessions: 9}, room.Routes{Direct: 3, Relayed: 2, Unknown: 1}
		},
		Sockets: func() signaling.Stats {
			return signaling.Stats{
				Connections: 6, Away: 1,
				Received:      map[protocol.Type]uint64{protocol.TypeRoomLogin: 7},
				Sent:          map[protocol.Type]uint64{signaling.Other: 8},
				ReceivedBytes: 100, SentBytes: 200, Resumed: 3, NotResumed: 4,
				Ended:   map[protocol.CloseCode]uint64{0: 9, protocol.CloseTooSlow: 10},
				Refused: map[string]uint64{"full": 11},
				Queues:  signaling.Queues{Fill: map[float64]int{0: 5, 0.25: 1}, Fullest: 0.2},
				Held:    12,
			}
		},
		Ready:  func() bool { return true },
		Limits: map[string]float64{"rooms": 10_000},
		Log:    slog.New(slog.DiscardHandler),
	}
}

func (m *Metrics) text(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func TestFigures(t *testing.T) {
	m := New(sources())
	m.Add(Series{
		Name: "relayed_bytes_total", Help: "Bytes.", Counter: true, Label: "direction",
		Read: func() map[string]float64 { return map[string]float64{"up": 13, "down": 14} },
	})
	m.OnLogin(signaling.Login{})
	m.OnLogin(signaling.Login{Code: protocol.CodeTokenExpired})
	m.OnLogin(signaling.Login{Code: protocol.CodeTokenExpired})
	m.OnLogin(signaling.Login{Code: 1234567})
	m.OnLogin(signaling.Login{Code: 7654321})
	text := m.text(t)
	for _, want := range []string{
		`expressrtc_build_info{go="go`,
		"expressrtc_rooms 2", "expressrtc_users 5", "expressrtc_streams 4",
		`expressrtc_sessions{route="direct"} 3`, `expressrtc_sessions{route="relay"} 2`, `expressrtc_sessions{route="unknown"} 1`,
		"expressrtc_connections 6", "expressrtc_connections_away 1",
		`expressrtc_messages_received_total{type="room.login"} 7`, `expressrtc_messages_sent_total{type="other"} 8`,
		"expressrtc_received_bytes_total 100", "expressrtc_sent_bytes_total 200",
		`expressrtc_resumes_total{result="resumed"} 3`, `expressrtc_resumes_total{result="gone"} 4`,
		`expressrtc_connections_ended_total{reason="connection lost"} 9`, `expressrtc_connections_ended_total{reason="client too slow"} 10`,
		`expressrtc_connections_refused_total{reason="full"} 11`,
		`expressrtc_queue_connections{up_to="0.25"} 1`, "expressrtc_queue_fullest_ratio 0.2", "expressrtc_held_reply_bytes 12",
		`expressrtc_logins_total{code="0",result="ok"} 1`, `expressrtc_logins_total{code="1102018",result="token expired"} 2`,
		`expressrtc_logins_total{code="1102016",result="bad token"} 0`, `expressrtc_logins_total{code="other",result="other"} 2`,
		`expressrtc_relayed_bytes_total{direction="up"} 13`,
		"expressrtc_ready 1", `expressrtc_limit{of="rooms"} 10000`, "go_goroutines ", "process_open_fds ",
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestNamesAreSound: they follow the conventions of Prometheus.
func TestNamesAreSound(t *testing.T) {
	problems, err := promlint.New(strings.NewReader(New(sources()).text(t))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, prefix) {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}
