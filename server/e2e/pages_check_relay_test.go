package e2e

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/pion/turn/v5"

	"expressrtc/server/protocol"
	"expressrtc/server/room"
	"expressrtc/server/signaling"
)

const relaySecret = "only-for-the-relay"

// newRelay is a TURN server by UDP and TCP at one port.
func newRelay(t *testing.T) (address string) {
	t.Helper()
	host := outwardAddress(t)
	tcp, err := net.Listen("tcp4", host+":0")
	if err != nil {
		t.Fatal(err)
	}
	udp, err := net.ListenPacket("udp4", tcp.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	relays := &turn.RelayAddressGeneratorStatic{RelayAddress: net.ParseIP(host), Address: host}
	server, err := turn.NewServer(turn.ServerConfig{
		Realm: "check",
		AuthHandler: func(r *turn.RequestAttributes) (string, []byte, bool) {
			return r.Username, turn.GenerateAuthKey(r.Username, "check", relaySecret), true
		},
		PacketConnConfigs: []turn.PacketConnConfig{{PacketConn: udp, RelayAddressGenerator: relays}},
		ListenerConfigs:   []turn.ListenerConfig{{Listener: tcp, RelayAddressGenerator: relays}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return tcp.Addr().String()
}

// TestPagesCheckRelay: a server that hands out relays; each way to them is tried alone, and
// the call goes over one.
func TestPagesCheckRelay(t *testing.T) {
	t.Parallel()
	relay := newRelay(t)
	dead, _, _ := strings.Cut(relay, ":")
	offered := func(_ protocol.AppID, user protocol.UserID) []protocol.ICEServer {
		return []protocol.ICEServer{
			{URLs: []string{"stun:" + relay}},
			{
				URLs:     []string{fmt.Sprintf("turn:%s?transport=udp", relay), fmt.Sprintf("turn:%s?transport=tcp", relay), fmt.Sprintf("turns:%s:9", dead)},
				Username: string(user), Credential: relaySecret,
			},
		}
	}
	p := newSite(t, signaling.Config{Rooms: room.Config{ICEServers: offered}}).visit(alone, "check")
	p.role("button", "Start the check").press()
	p.role("button", "Yes").press()
	p.finds("Calls will work well here.")
	p.step("Network paths", "Good", "The direct path and the relay are open.", "Direct, UDP: open", "Relay, UDP: open", "Relay, TCP: open", "Relay, TLS: shut")
	p.step("Test call", "Good", "640×480", "relay to relay") // by UDP or by TCP, whichever way the browser found first
	report := p.reports(reportName, "Relay, TLS: shut", "relay to relay")
	if strings.Contains(report, relaySecret) {
		t.Errorf("the report has the relay's secret:\n%s", report)
	}
	p.look("relay")
}
