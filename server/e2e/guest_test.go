package e2e

// What a page does in most tests. Pages are named after their user.

// login enters a room, asking for its users.
func (p *tab) login(room string) {
	p.t.Helper()
	p.do(`await zg.loginRoom(%s, "", {userID: %s}, {userUpdate: true})`, room, p.name)
	p.await("roomStateChanged", room, "LOGINED")
}

// publish opens the camera, shows it and publishes it.
func (p *tab) publish(stream string) {
	p.t.Helper()
	p.do(`globalThis.local = await zg.createStream();
		zg.createLocalStreamView(local).play("local");
		zg.startPublishingStream(%s, local)`, stream)
	p.await("publisherStateUpdate", map[string]any{"streamID": stream, "state": "PUBLISHING", "errorCode": 0})
}

// play waits for a stream's media, shows it and keeps it as globalThis.remote.
func (p *tab) play(stream string) {
	p.t.Helper()
	p.do(`globalThis.remote = await zg.startPlayingStream(%s);
		zg.createRemoteStreamView(remote).play("remote")`, stream)
	p.await("playerStateUpdate", map[string]any{"streamID": stream, "state": "PLAYING", "errorCode": 0})
}

// user and stream are how events name them.
func user(id string) map[string]any { return map[string]any{"userID": id, "userName": id} }

func stream(id, owner string) map[string]any {
	return map[string]any{"streamID": id, "user": user(owner)}
}

func list(items ...any) []any { return items }

// state is the argument of publisherStateUpdate and playerStateUpdate.
func state(stream, state string, code int) map[string]any {
	return map[string]any{"streamID": stream, "state": state, "errorCode": code}
}
