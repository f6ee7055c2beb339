// Other people in a room, for the tests of pages: each has an engine, a picture of one
// colour and a voice of one tone, which costs less than as many pages.
Object.assign(globalThis.e2e, (() => {
	const guests = new Map();

	// welcome has a guest enter the room, silent.
	async function welcome(room, id, name, colour, hertz) {
		const context = new AudioContext();
		const [tone, voice, end] = [context.createOscillator(), context.createGain(), context.createMediaStreamDestination()];
		tone.frequency.value = hertz;
		voice.gain.value = 0;
		tone.connect(voice).connect(end);
		tone.start();
		const zg = new ZegoExpressEngine(1, "");
		guests.set(id, { zg, voice });
		zg.on("IMRecvBroadcastMessage", (room, [{ message, fromUser }]) => e2e.note("message", id, message, fromUser.userName));
		zg.on("roomStreamUpdate", (room, change, streams) => e2e.note("streams", id, change, streams.map(({ streamID }) => streamID)));
		await zg.loginRoom(room, "", { userID: id, userName: name }, { userUpdate: true });
		const stream = await zg.createStream({ custom: { source: new MediaStream([e2e.painted(colour), ...end.stream.getTracks()]) } });
		zg.startPublishingStream(`${id}-camera`, stream);
	}

	// speak turns a guest's voice up or down.
	const speak = (id, on) => { guests.get(id).voice.gain.value = on ? 0.5 : 0; };

	const say = (id, room, text) => guests.get(id).zg.sendBroadcastMessage(room, text);

	// watch has a guest play a stream, now and whenever it comes back.
	function watch(id, streamID) {
		const { zg } = guests.get(id);
		zg.on("roomStreamUpdate", (room, change, streams) => {
			if (streams.some((it) => it.streamID === streamID)) zg[change === "ADD" ? "startPlayingStream" : "stopPlayingStream"](streamID);
		});
		return zg.startPlayingStream(streamID);
	}

	function leave(id, room) {
		guests.get(id).zg.logoutRoom(room);
		guests.delete(id);
	}

	return { welcome, speak, say, watch, leave };
})());
