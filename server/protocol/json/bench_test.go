package json_test

import (
	std "encoding/json"
	"strings"
	"testing"

	"expressrtc/server/protocol"
	"expressrtc/server/protocol/json"
	"expressrtc/wasm/rtc"
)

// Run it under node too, where it counts:
// GOOS=js GOARCH=wasm go test -run NONE -bench . -exec "$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./server/protocol/json
func BenchmarkMessage(b *testing.B) {
	desc := protocol.SessionDesc{Session: "K5XQ", Kind: "offer", SDP: strings.Repeat("a=rtpmap:96 VP8/90000\r\n", 220)}
	body, err := json.Marshal(desc)
	if err != nil {
		b.Fatal(err)
	}
	text, err := json.Marshal(protocol.Frame{Type: desc.Type(), Body: body})
	if err != nil {
		b.Fatal(err)
	}
	report := []byte("[" + strings.Repeat(`{"id":"IT01V1","timestamp":1795339814000.123,"type":"inbound-rtp","kind":"video","ssrc":12345,"transportId":"T01",
		"jitter":0.004,"packetsLost":0,"packetsReceived":12345,"bytesReceived":9876543,"framesDecoded":250,"decoderImplementation":"libvpx","x":true},`, 19) + "{}]")
	for name, codec := range map[string]struct {
		read  func([]byte, any) error
		write func(any) ([]byte, error)
	}{"small": {json.Unmarshal, json.Marshal}, "standard": {std.Unmarshal, std.Marshal}} {
		b.Run("read/"+name, func(b *testing.B) {
			for b.Loop() {
				var f protocol.Frame
				var d protocol.SessionDesc
				if codec.read(text, &f) != nil || codec.read(f.Body, &d) != nil {
					b.Fatal("not read")
				}
			}
		})
		b.Run("report/"+name, func(b *testing.B) {
			for b.Loop() {
				var r rtc.Report
				if codec.read(report, &r) != nil {
					b.Fatal("not read")
				}
			}
		})
		b.Run("write/"+name, func(b *testing.B) {
			for b.Loop() {
				if _, err := codec.write(desc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
