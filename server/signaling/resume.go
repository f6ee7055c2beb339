package signaling

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"expressrtc/server/protocol"
)

// finish ends the connection if s is still its socket.
func (c *conn) finish(s *socket, code protocol.CloseCode, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.socket == s {
		c.endLocked(code, cause)
	}
}

// lose takes s from the connection.
func (c *conn) lose(s *socket, code protocol.CloseCode, cause error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.socket == s {
		c.loseLocked(code, cause)
	}
}

// leaving is the grace of a client whose browser says that its page goes away. Most such
// pages have said goodbye; Firefox now and then stops their scripts before they can, and
// a page that is going after all, as for a download, comes back at once.
const leaving = 5 * time.Second

// loseLocked makes the connection away, or ends it if it cannot be resumed.
func (c *conn) loseLocked(code protocol.CloseCode, cause error) {
	resumable := c.key != "" && (len(c.members) > 0 || c.kicked)
	if c.ended || !resumable || !c.server.keepAway(c.network) {
		c.outbox.Clear()
		c.control = nil
		c.endLocked(code, cause)
		return
	}
	c.away, c.ending, c.cause = true, code, cause
	c.logLocked(slog.LevelDebug, "connection away", "reason", reason(code), "error", cause)
	c.detachLocked()
	grace := c.server.config.Grace
	if code == protocol.CloseBye {
		grace = min(grace, leaving)
	}
	c.armLocked(grace, c.onGrace)
}

// detachLocked closes the socket without the connection. A write that is under way on
// it fails at once, and what it wrote counts as unsent.
func (c *conn) detachLocked() {
	s := c.socket
	c.socket, c.control = nil, nil
	s.under.Close()
	go s.close(lost)
}

// returnedLocked ends being away.
func (c *conn) returnedLocked() {
	if c.away {
		c.away = false
		c.server.returned(c.network)
	}
}

// onGrace ends a connection whose client did not come back.
func (c *conn) onGrace() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.away || c.isEarlyLocked() {
		return
	}
	code := lost
	if c.ending == protocol.CloseSilent {
		code = protocol.CloseSilent
	}
	c.endLocked(code, c.cause)
}

func (c *conn) resumeKey() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.key
}

// errNoResume answers every attempt that fails, whatever the reason.
var errNoResume = protocol.Errorf(protocol.CodeSessionLost, "no such connection any more: log in again")

// onResume turns the socket of c, which is new, over to the connection of the key.
func (c *conn) onResume(f protocol.Frame) error {
	msg, err := decode[protocol.Resume](f)
	if err != nil {
		return err
	}
	if err := checkVersion(msg.Version); err != nil {
		return err
	}
	if c.used || f.ID == 0 {
		return protocol.Errorf(protocol.CodeInput, "resume must be the first message of a socket, with an id")
	}
	old := c.server.find(msg.Key)
	if old == nil {
		c.server.traffic.lost.Add(1)
		return errNoResume
	}
	old.turn.Lock() // what came over the older socket is handled
	defer old.turn.Unlock()
	if err := old.takeOver(c, f.ID, msg.Received); err != nil {
		c.server.traffic.lost.Add(1)
		return err
	}
	c.server.traffic.resumed.Add(1)
	old.log(slog.LevelDebug, "connection resumed")
	return nil
}

// takeOver goes on with the socket of a new connection, of which nothing is left then.
// Of two connections the new one is locked first; nobody takes over one that is new.
func (c *conn) takeOver(fresh *conn, id, received uint64) error {
	fresh.mu.Lock()
	defer fresh.mu.Unlock()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ended || fresh.ended {
		return errNoResume
	}
	if !c.outbox.Rewind(received) {
		c.endLocked(lost, errors.New("resumed from where nothing is kept"))
		return errNoResume
	}
	resumed, err := protocol.Reply(protocol.TypeResume, id, protocol.Resumed{Received: c.received})
	if err != nil {
		return err
	}
	if c.socket != nil { // it is dead and nobody noticed
		c.detachLocked()
	}
	c.returnedLocked()
	c.attachLocked(fresh.socket)
	c.controlLocked(protocol.TypeResume, resumed) // and makes sure that the rest is written
	fresh.socket, fresh.ended = nil, true
	fresh.timer.Stop()
	c.server.unregister(fresh, "")
	return nil
}

// attachLocked makes s the socket; the heartbeat begins anew.
func (c *conn) attachLocked(s *socket) {
	c.socket, c.address, c.network, s.conn = s, s.address, s.network, c
	c.heard = time.Now()
	if c.kicked { // what says so is among what is sent again
		c.armLocked(kickGrace, c.onKickGrace)
		return
	}
	c.nextPing = c.heard.Add(c.server.config.Heartbeat)
	c.armLocked(c.server.config.Heartbeat, c.onBeat)
}

// onAck drops what the client has had.
func (c *conn) onAck(msg protocol.Ack) { c.acknowledge(msg.Received) }

// onPing answers a client that doubts its socket.
func (c *conn) onPing(msg protocol.Ping) {
	c.acknowledge(msg.Received)
	c.mu.Lock()
	received := c.received
	c.mu.Unlock()
	c.Send(protocol.Pong{Received: received})
}

// onPong needs no more: every frame is a sign of life.
func (c *conn) onPong(msg protocol.Pong) { c.acknowledge(msg.Received) }

var errAhead = errors.New("acknowledged what was not sent")

func (c *conn) acknowledge(received uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.ended && !c.outbox.Ack(received) {
		c.endLocked(protocol.CloseMalformed, errAhead)
	}
}

// maxFarewell bounds what a page posts when it goes.
const maxFarewell = 1 << 10

// farewell ends the connection of a page that is gone, and may not have told so over its
// socket. It answers the same whether there was one.
func (s *Server) farewell(w http.ResponseWriter, r *http.Request) {
	if from := Network(r.RemoteAddr); !isOwn(from) && !s.paces.farewells.Allow(from) {
		tooMany(w) // the socket will tell, too
		return
	}
	var msg protocol.Farewell
	if err := json.NewDecoder(io.LimitReader(r.Body, maxFarewell)).Decode(&msg); err != nil {
		http.Error(w, `post {"key": …}`, http.StatusBadRequest)
		return
	}
	if c := s.find(msg.Key); c != nil {
		c.end(protocol.CloseBye, nil)
	}
	w.WriteHeader(http.StatusNoContent)
}
