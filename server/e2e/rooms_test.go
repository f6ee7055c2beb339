package e2e

import (
	"testing"
	"time"

	"expressrtc/server/signaling"
)

func TestThreeUsersAndALateComer(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b, other := s.page(usual, "anna"), s.page(usual, "bert"), s.page(usual, "otto")
	a.login("hall")
	a.publish("anna-cam")
	b.login("hall")
	a.await("roomUserUpdate", "hall", "ADD", list(user("bert")))
	other.login("cellar")

	c := s.page(usual, "carl")
	c.login("hall")
	c.await("roomStreamUpdate", "hall", "ADD", list(stream("anna-cam", "anna")), "")
	c.await("roomUserUpdate", "hall", "ADD", list(user("anna"), user("bert")))
	c.await("roomOnlineUserCountUpdate", "hall", 3)
	a.await("roomUserUpdate", "hall", "ADD", list(user("carl")))
	b.await("roomUserUpdate", "hall", "ADD", list(user("carl")))

	b.publish("bert-cam")
	for _, p := range []*tab{a, c} {
		p.await("roomStreamUpdate", "hall", "ADD", list(stream("bert-cam", "bert")), "")
		p.play("bert-cam")
		p.sees("#remote video")
	}
	b.do(`zg.logoutRoom("hall")`)
	for _, p := range []*tab{a, c} {
		p.await("roomStreamUpdate", "hall", "DELETE", list(stream("bert-cam", "bert")))
		p.await("roomUserUpdate", "hall", "DELETE", list(user("bert")))
	}

	// The other room heard nothing of all this: the first that its user hears is this.
	s.page(usual, "paul").login("cellar")
	other.await("roomUserUpdate", "cellar", "ADD", list(user("paul")))
	wantLines(t, "otto", other.lines("roomStateUpdate", "roomStateChanged", "roomOnlineUserCountUpdate"), []string{
		`roomUserUpdate("cellar", "ADD", [{"userID":"paul","userName":"paul"}])`,
	})
}

func TestTakenStreamID(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b, c := s.page(usual, "anna"), s.page(usual, "bert"), s.page(usual, "carl")
	for _, p := range []*tab{a, b, c} {
		p.login("hall")
	}
	a.publish("cam")
	c.play("cam")

	b.expect(`startPublishingStream "cam"`)
	b.do(`zg.startPublishingStream("cam", await zg.createStream())`)
	b.await("publisherStateUpdate", state("cam", "PUBLISH_REQUESTING", 0))
	b.await("publisherStateUpdate", state("cam", "NO_PUBLISH", 1003028))

	c.sees("#remote video")
	if n := c.count("playerStateUpdate"); n != 2 {
		t.Errorf("carl was told %d states of the stream that goes on, not 2\n%s", n, c.story())
	}
	a.never("publisherStateUpdate", state("cam", "NO_PUBLISH", 0))
	b.do(`zg.stopPublishingStream("cam")`) // not bert's: nothing happens to anna's
	b.do(`await zg.sendBroadcastMessage("hall", "after that")`)
	c.await("IMRecvBroadcastMessage", "hall")
	c.never("roomStreamUpdate", "hall", "DELETE")
}

func TestSecondLoginOfAUser(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	first, watcher := s.page(usual, "anna"), s.page(usual, "bert")
	first.login("hall")
	first.publish("cam")
	watcher.login("hall")
	watcher.await("roomStreamUpdate", "hall", "ADD")

	second := s.page(usual, "anna")
	second.login("hall")
	first.await("roomStateUpdate", "hall", "DISCONNECTED", 1002050)
	kicked := first.await("roomStateChanged", "hall", "KICKOUT", 1002050)
	wantKickoutMessage(t, kicked.Args[3])
	first.await("publisherStateUpdate", state("cam", "NO_PUBLISH", 1002050))
	first.sees("#local video") // captures and their views stay

	gone := watcher.await("roomStreamUpdate", "hall", "DELETE", list(stream("cam", "anna")))
	wantDeleteReason(t, gone.Args[3], "cam", 3)
	watcher.await("roomUserUpdate", "hall", "DELETE", list(user("anna")))
	watcher.await("roomUserUpdate", "hall", "ADD", list(user("anna")))
	second.publish("cam")
	second.never("roomStateChanged", "hall", "KICKOUT")
	watcher.await("roomStreamUpdate", "hall", "ADD", list(stream("cam", "anna")))
}

func TestPlayBeforePublish(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{})
	a, b := s.page(usual, "anna"), s.page(usual, "bert")
	a.login("hall")
	b.login("hall")
	b.do(`zg.startPlayingStream("cam").then((stream) => {
		zg.createRemoteStreamView(stream).play("remote");
		e2e.note("resolved");
	})`)
	b.await("playerStateUpdate", state("cam", "PLAY_REQUESTING", 0))
	b.await("playerStateUpdate", state("cam", "PLAY_REQUESTING", 1104039))
	b.never("resolved")

	a.publish("cam")
	b.await("resolved")
	b.await("playerStateUpdate", state("cam", "PLAYING", 0))
	b.sees("#remote video")

	// The publisher goes and comes again: the player follows by itself.
	a.do(`zg.stopPublishingStream("cam")`)
	b.await("playerStateUpdate", state("cam", "PLAY_REQUESTING", 1004020))
	a.do(`zg.startPublishingStream("cam", local)`)
	b.await("playerStateUpdate", state("cam", "PLAYING", 0))
	b.sees("#remote video")
}

func TestOnlineCountComesWithEachHeartbeat(t *testing.T) {
	t.Parallel()
	s := newSite(t, signaling.Config{Heartbeat: 2 * time.Second})
	a := s.page(usual, "anna")
	a.login("hall")
	a.await("roomOnlineUserCountUpdate", "hall", 1) // at login
	a.await("roomOnlineUserCountUpdate", "hall", 1) // even if unchanged
	b := s.page(usual, "bert")
	b.login("hall")
	a.await("roomOnlineUserCountUpdate", "hall", 2)
	b.close()
	a.await("roomUserUpdate", "hall", "DELETE", list(user("bert")))
	a.await("roomOnlineUserCountUpdate", "hall", 1)
}
