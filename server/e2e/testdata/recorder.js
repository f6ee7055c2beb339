// What the tests know of a page: put into every page before its own scripts.
globalThis.e2e = (() => {
	const log = [];
	const waiting = new Set();

	// plain is x as JSON can tell it.
	function plain(x) {
		if (x instanceof MediaStream) return { stream: x.id };
		if (x instanceof MediaStreamTrack) return { track: x.kind };
		if (x instanceof Element) return { element: x.tagName.toLowerCase() };
		if (x instanceof Error) return { Error: x.message, name: x.name };
		if (Array.isArray(x)) return x.map(plain);
		if (x && typeof x === "object") return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, plain(v)]));
		return x === undefined ? null : x;
	}

	// note adds an event to the log and ends the waiting for it.
	function note(name, ...args) {
		const entry = { name, args: args.map(plain), at: performance.now(), taken: false };
		log.push(entry);
		for (const waiter of [...waiting]) waiter(entry);
	}

	// matches is true if got has what want has; "*" stands for anything.
	function matches(got, want) {
		if (want === "*") return true;
		if (Array.isArray(want)) return Array.isArray(got) && got.length === want.length && want.every((w, i) => matches(got[i], w));
		if (want && typeof want === "object") return !!got && Object.entries(want).every(([k, w]) => k in got && matches(got[k], w));
		return got === want;
	}

	function isLike(entry, name, args) {
		return entry.name === name && args.every((want, i) => matches(entry.args[i], want));
	}

	// until resolves with the first entry, past or to come, that pleases test.
	function until(test) {
		const past = log.find(test);
		if (past) return Promise.resolve(past);
		return new Promise((resolve) => {
			const waiter = (entry) => {
				if (!test(entry)) return;
				waiting.delete(waiter);
				resolve(entry);
			};
			waiting.add(waiter);
		});
	}

	async function await_(name, args) {
		const entry = await until((entry) => !entry.taken && isLike(entry, name, args));
		entry.taken = true;
		return entry;
	}

	document.addEventListener("securitypolicyviolation", (event) => note(event.type, event.violatedDirective, event.blockedURI));

	// NOISE comes again and again; lines leaves it out.
	const NOISE = ["networkQuality", "soundLevelUpdate", "capturedSoundLevelUpdate"];

	const events = [
		"roomStateUpdate", "roomStateChanged", "roomUserUpdate", "roomOnlineUserCountUpdate",
		"IMRecvBroadcastMessage", "IMRecvBarrageMessage", "IMRecvCustomCommand",
		"roomStreamUpdate", "streamExtraInfoUpdate", "publisherStateUpdate", "publishQualityUpdate",
		"playerStateUpdate", "playQualityUpdate", "remoteCameraStatusUpdate", "remoteMicStatusUpdate",
		"screenSharingEnded", "playerVideoTrackUpdate", "playerAudioTrackUpdate",
		"roomExtraInfoUpdate", "tokenWillExpire", "recvRoomTransparentMessage", "recvExperimentalAPI",
		"videoDeviceStateChanged", "audioDeviceStateChanged", "deviceError", "exceptionUpdate",
		...NOISE,
	];

	// record logs all events of an engine.
	function record(zg, prefix = "") {
		for (const name of events) {
			if (!zg.on(name, (...args) => note(prefix + name, ...args))) throw new Error(`on(${name}) answered false`);
		}
		return zg;
	}

	function lines() {
		return log.filter(({ name }) => !NOISE.includes(name)).map(({ name, args }) => `${name}(${args.map((arg) => JSON.stringify(arg)).join(", ")})`);
	}

	// outcome tells how a call ended.
	async function outcome(call) {
		let value;
		try {
			value = call();
		} catch (error) {
			return { how: "thrown", value: plain(error) };
		}
		if (!(value instanceof Promise)) return { how: "value", value: plain(value) };
		return value.then(
			(value) => ({ how: "resolved", value: plain(value) }),
			(error) => ({ how: "rejected", value: plain(error) }),
		);
	}

	// element resolves with the first element for the selector, now or later.
	function element(selector) {
		return when(() => document.querySelector(selector));
	}

	// when resolves with what test gives once that is something; it looks again at
	// every change of the document.
	function when(test) {
		return new Promise((resolve) => {
			const look = () => {
				const found = test();
				if (!found) return;
				observer.disconnect();
				resolve(found);
			};
			const observer = new MutationObserver(look);
			observer.observe(document, { childList: true, subtree: true, attributes: true });
			look();
		});
	}

	// The elements that were told to play, also those that are not in the document.
	const played = new Set();
	const play = HTMLMediaElement.prototype.play;
	HTMLMediaElement.prototype.play = function () {
		played.add(this);
		return play.call(this);
	};

	// The connections that were made and not yet closed.
	const peers = new Set();
	const NativePeer = globalThis.RTCPeerConnection;
	globalThis.RTCPeerConnection = class RTCPeerConnection extends NativePeer {
		constructor(...args) {
			super(...args);
			peers.add(this);
		}
		close() {
			super.close();
			peers.delete(this);
		}
	};

	return { log, note, record, outcome, element, when, played, peers, until, lines,
		await: await_,
		find: (name, args) => log.filter((entry) => isLike(entry, name, args)),
	};
})();
