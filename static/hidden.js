// Members of an engine that no document promises but some pages touch; a part of the
// loader. Those that do something say so, the others do no harm.

function addHidden(engine, log) {
	const nothing = () => {};
	const hidden = {
		logger: Object.fromEntries(["debug", "info", "warn", "error"].map((level) => [level, (...args) => log(level, args)])),
		zegoWebRTM: {},
		zegoWebRTC: {
			rtcModules: { streamCenter: {} },
			setTurnOverTcpOnly: nothing,
			inject: nothing,
			mutePlayStreamAudio: (...args) => engine.mutePlayStreamAudio(...args),
			mutePlayStreamVideo: (...args) => engine.mutePlayStreamVideo(...args),
			...newRecorder(),
		},
		stateCenter: { debug: false, streamList: [], listenerList: Object.fromEntries(SDK.events.map((name) => [name, []])) },
	};
	for (const [name, value] of Object.entries(hidden)) {
		Object.defineProperty(engine, name, { value, writable: true, configurable: true });
	}
}

// noteListener keeps stateCenter.listenerList true, after an on or off that was accepted.
function noteListener(engine, name, [event, listener]) {
	const list = engine.stateCenter?.listenerList?.[event];
	if (!list) return;
	const others = list.filter((it) => listener != null && it !== listener);
	list.splice(0, list.length, ...others, ...(name === "on" ? [listener] : []));
}

// newRecorder is startRecord and its kin, which write one stream at a time into a file.
function newRecorder() {
	let recorder = null;
	let parts = [];
	let whole = Promise.resolve(); // once the last part is there
	return {
		startRecord(stream) {
			if (recorder && recorder.state !== "inactive") recorder.stop();
			const mine = parts = [];
			recorder = new MediaRecorder(stream.stream ?? stream);
			recorder.ondataavailable = ({ data }) => mine.push(data);
			whole = new Promise((stopped) => { recorder.onstop = stopped; });
			recorder.start(1000);
		},
		stopRecord() {
			if (recorder && recorder.state !== "inactive") recorder.stop();
		},
		pauseRecord: () => recorder?.pause(),
		resumeRecord: () => recorder?.resume(),
		async saveRecord(name = "record") {
			await whole;
			const link = document.createElement("a");
			const type = recorder?.mimeType.includes("mp4") ? "mp4" : "webm"; // Safari's is the first
			link.href = URL.createObjectURL(new Blob(parts, { type: `video/${type}` }));
			link.download = `${name}.${type}`;
			link.click();
			setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
		},
	};
}
