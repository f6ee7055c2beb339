package e2e

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"
)

// paths carries the media of its pages: every candidate that a page is given stands
// for a door here, behind which the packets go on. So a test can cut the paths of a
// running call.
type paths struct {
	url string

	mu     sync.Mutex
	cut    bool // the doors that come are cut as well
	closed bool
	doors  []*door
}

// door is one candidate of one page as the others know it.
type door struct {
	net  *paths
	to   netip.AddrPort // the page's own socket
	conn *net.UDPConn

	// Guarded by net.mu.
	cut   bool
	exits map[netip.AddrPort]*net.UDPConn // by whom packets come from
}

func newPaths(t *testing.T) *paths {
	t.Helper()
	n := &paths{}
	s := httptest.NewServer(http.HandlerFunc(n.serveDoor))
	n.url = s.URL
	t.Cleanup(func() {
		s.Close()
		n.close()
	})
	return n
}

// page opens a page whose media goes through the network.
func (n *paths) page(s *site, f flavor, user string) *tab {
	s.t.Helper()
	p := newTab(s.t, f, user)
	p.inject(fmt.Sprintf(pathsJS, n.url))
	p.navigate(elsewhere(s.t, fill(s.t, "sdk.html", visit{SDK: s.sdk()}), nil))
	p.do(`globalThis.zg = e2e.record(new ZegoExpressEngine(1, ""))`)
	return p
}

// pathsJS gives a page the doors in the place of the candidates. Those that have none,
// of TCP and IPv6, are passed over, for they would lead round the network.
const pathsJS = `
(() => {
	const add = RTCPeerConnection.prototype.addIceCandidate;
	RTCPeerConnection.prototype.addIceCandidate = async function (candidate) {
		const words = candidate.candidate.split(" ");
		const [, , transport, , address, port] = words;
		if (transport.toLowerCase() !== "udp" || !/^[\d.]+$/.test(address)) return;
		words[5] = await (await fetch("%s?to=" + address + ":" + port)).text();
		return add.call(this, { candidate: words.join(" "), sdpMid: candidate.sdpMid, sdpMLineIndex: candidate.sdpMLineIndex, usernameFragment: candidate.usernameFragment });
	};
	const Peer = RTCPeerConnection;
	globalThis.RTCPeerConnection = class RTCPeerConnection extends Peer {
		constructor(...args) {
			super(...args);
			this.addEventListener("connectionstatechange", () => e2e.note("path", this.connectionState));
		}
	};
})()`

// serveDoor answers with the port of the door to an address.
func (n *paths) serveDoor(w http.ResponseWriter, r *http.Request) {
	to, err := netip.ParseAddrPort(r.URL.Query().Get("to"))
	var d *door
	if err == nil {
		d, err = n.door(to)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Access-Control-Allow-Origin", "*")
	fmt.Fprint(w, netip.MustParseAddrPort(d.conn.LocalAddr().String()).Port())
}

func (n *paths) door(to netip.AddrPort) (*door, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, errors.New("the test is over")
	}
	conn, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(to.Addr(), 0)))
	if err != nil {
		return nil, err
	}
	d := &door{net: n, to: to, conn: conn, cut: n.cut, exits: map[netip.AddrPort]*net.UDPConn{}}
	n.doors = append(n.doors, d)
	go d.enter()
	return d, nil
}

// cutOld loses all packets of the doors that there are. New ones will do.
func (n *paths) cutOld() { n.setCut(true, false) }

// cutAll loses all packets, of new doors too.
func (n *paths) cutAll() { n.setCut(true, true) }

// mend opens all doors again.
func (n *paths) mend() { n.setCut(false, false) }

func (n *paths) setCut(there, toCome bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.cut = toCome
	for _, d := range n.doors {
		d.cut = there
	}
}

func (n *paths) close() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.closed = true
	for _, d := range n.doors {
		_ = d.conn.Close() // nothing is left to do about a failure
		for _, exit := range d.exits {
			_ = exit.Close()
		}
	}
}

// enter passes on what comes to the door.
func (d *door) enter() {
	buffer := make([]byte, 2048)
	for {
		size, from, err := d.conn.ReadFromUDPAddrPort(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if exit := d.exit(from); err == nil && exit != nil {
			_, _ = exit.WriteToUDPAddrPort(buffer[:size], d.to) // lost, as packets may be
		}
	}
}

// exit is the socket that stands for from in front of the page, nil when the door is cut.
func (d *door) exit(from netip.AddrPort) *net.UDPConn {
	d.net.mu.Lock()
	defer d.net.mu.Unlock()
	if d.cut || d.net.closed {
		return nil
	}
	if exit := d.exits[from]; exit != nil {
		return exit
	}
	exit, err := net.ListenUDP("udp4", net.UDPAddrFromAddrPort(netip.AddrPortFrom(d.to.Addr(), 0)))
	if err != nil {
		return nil // lost, as packets may be
	}
	d.exits[from] = exit
	go d.leave(exit, from)
	return exit
}

// leave passes on what the page answers.
func (d *door) leave(exit *net.UDPConn, to netip.AddrPort) {
	buffer := make([]byte, 2048)
	for {
		size, err := exit.Read(buffer)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil && !d.isCut() {
			_, _ = d.conn.WriteToUDPAddrPort(buffer[:size], to)
		}
	}
}

func (d *door) isCut() bool {
	d.net.mu.Lock()
	defer d.net.mu.Unlock()
	return d.cut
}
