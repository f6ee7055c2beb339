// What the fault bench has a page do and see: put into the page after the SDK.
globalThis.chaos = (() => {
	const seen = [];
	const cameras = new Map(); // promises of local streams, by the id they are published as
	const played = new Map(); // by stream id
	let zg, room = "";

	function see(name, ...args) {
		seen.push({ name, args, at: Date.now() });
	}

	const names = [
		"roomStateUpdate", "roomStateChanged", "roomUserUpdate", "roomStreamUpdate",
		"IMRecvBroadcastMessage", "IMRecvBarrageMessage", "IMRecvCustomCommand",
		"publisherStateUpdate", "playerStateUpdate",
	];

	// why is an error as a text.
	const why = (error) => (error instanceof Error ? error.message : JSON.stringify(error));

	function start(server, name) {
		zg = new ZegoExpressEngine(1, server);
		for (const event of names) zg.on(event, (...args) => see(event, ...args));
		start.user = name;
	}

	function join(id) {
		room = id;
		zg.loginRoom(id, "", { userID: start.user }, { userUpdate: true }).then(
			() => see("after loginRoom", "true"),
			(error) => see("after loginRoom", why(error)),
		);
	}

	function leave() {
		room = "";
		zg.logoutRoom();
		for (const id of [...cameras.keys()]) drop(id);
		played.clear();
	}

	async function drop(id) {
		const camera = cameras.get(id);
		cameras.delete(id);
		if (camera) zg.destroyStream(await camera);
	}

	async function publish(id) {
		const mine = zg.createStream();
		cameras.set(id, mine);
		try {
			const stream = await mine;
			if (cameras.get(id) !== mine) return; // no longer wanted
			if (!zg.startPublishingStream(id, stream)) throw new Error("startPublishingStream answered false");
		} catch (error) {
			see("failed", "publishing " + id, why(error));
		}
	}

	function unpublish(id) {
		zg.stopPublishingStream(id);
		drop(id);
	}

	async function play(id) {
		try {
			const stream = await zg.startPlayingStream(id);
			played.set(id, stream);
			zg.createRemoteStreamView(stream).play("remote");
		} catch (error) {
			see("after startPlayingStream", id, why(error));
		}
	}

	function stop(id) {
		played.delete(id);
		zg.stopPlayingStream(id);
	}

	const methods = {
		broadcast: (m) => zg.sendBroadcastMessage(m.room, m.text),
		barrage: (m) => zg.sendBarrageMessage(m.room, m.text),
		command: (m) => zg.sendCustomCommand(m.room, m.text, m.to),
	};

	async function send(kind, text, to) {
		const m = { kind, room, text, to, began: Date.now(), acked: 0, error: "" };
		try {
			await methods[kind](m);
			m.acked = Date.now();
		} catch (error) {
			m.error = why(error);
		}
		see("sent", m);
	}

	const take = () => seen.splice(0);

	// packets counts what came for a played stream so far.
	async function packets(stream) {
		let count = 0;
		for (const peer of e2e.peers) {
			for (const receiver of peer.getReceivers()) {
				if (!stream.getTracks().includes(receiver.track)) continue;
				for (const stat of (await receiver.getStats()).values()) {
					if (stat.type === "inbound-rtp") count += stat.packetsReceived;
				}
			}
		}
		return count;
	}

	// flows resolves with "" once packets come for a played stream, or with what is wrong.
	async function flows(id) {
		const stream = played.get(id);
		if (!stream) return "startPlayingStream has not resolved";
		const before = await packets(stream);
		for (const end = Date.now() + 5000; Date.now() < end; ) {
			if (await packets(stream) > before) return "";
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		return "no packet in 5 s";
	}

	const peers = () => e2e.peers.size;

	return { start, join, leave, publish, unpublish, play, stop, send, take, flows, peers };
})();
