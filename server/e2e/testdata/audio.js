// How the tests of sound measure it: put into their pages after media.js.
Object.assign(globalThis.e2e, (() => {
	const NativeContext = globalThis.AudioContext;
	const contexts = new Set(); // the page's and the SDK's that are not closed

	// refuse has new contexts stand still until they are resumed, as browsers do before the
	// user has touched the page: headless ones let pages with a microphone through.
	let refusing = false;
	const refuse = () => { refusing = true; };

	globalThis.AudioContext = class AudioContext extends NativeContext {
		constructor(...args) {
			super(...args);
			contexts.add(this);
			if (refusing) this.suspend();
		}
		close() {
			contexts.delete(this);
			return super.close();
		}
	};

	// The tests' own context is not counted.
	let own;
	const context = () => (own ??= new NativeContext());

	const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

	// heardMore resolves when the browser has heard more: on a busy machine its sound stands
	// still, and what is measured is what was measured before.
	async function heardMore() {
		for (const was = context().currentTime; context().currentTime === was; ) await pause();
	}

	// meter is an analyser on a stream: one for the stream's life, on its present track.
	const meters = new Map();
	function meter(stream) {
		const track = stream.getAudioTracks()[0];
		const known = meters.get(stream);
		if (known?.track === track) return known;
		known?.source?.disconnect();
		const it = { track, left: context().createAnalyser(), right: context().createAnalyser(), all: context().createAnalyser() };
		for (const node of [it.left, it.right, it.all]) {
			node.fftSize = 4096;
			node.smoothingTimeConstant = 0;
		}
		it.source = context().createMediaStreamSource(new MediaStream([track]));
		const split = context().createChannelSplitter(2);
		it.source.connect(split);
		it.source.connect(it.all);
		split.connect(it.left, 0);
		split.connect(it.right, 1);
		meters.set(stream, it);
		return it;
	}

	// level is how loud a frequency is at this moment, in dB.
	function level(stream, hz, side = "all") {
		const node = meter(stream)[side];
		const bins = new Float32Array(node.frequencyBinCount);
		node.getFloatFrequencyData(bins);
		const bin = Math.round((hz * node.fftSize) / context().sampleRate);
		return Math.max(...bins.slice(bin - 1, bin + 2));
	}

	// hearsTone resolves with the level of a tone once it is there and stays the same: as
	// loud as is wanted, if that is said.
	async function hearsTone(stream, hz, wanted) {
		for (let last = -200, steady = 0, since = 0; ; await heardMore()) {
			const now = level(stream, hz);
			const near = wanted === undefined ? now > -65 : Math.abs(now - wanted) < 2;
			steady = near && Math.abs(now - last) < 0.7 ? steady + 1 : 0;
			if (!steady) since = context().currentTime;
			if (steady >= 6 && context().currentTime - since > 0.2) return now;
			last = now;
		}
	}

	// losesTone resolves once a tone is gone, and stays away.
	async function losesTone(stream, hz) {
		for (let silent = 0; silent < 6; ) {
			silent = level(stream, hz) < -75 ? silent + 1 : 0;
			await heardMore();
		}
	}

	// loudness is the highest sample of the next so many milliseconds.
	async function loudness(stream, ms) {
		const { all } = meter(stream);
		const samples = new Float32Array(all.fftSize);
		let peak = 0;
		for (const end = performance.now() + ms; performance.now() < end; await pause()) {
			all.getFloatTimeDomainData(samples);
			for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
		}
		return peak;
	}

	// wav is a tone as the URL of a file.
	function wav(hz, seconds) {
		const rate = 24000, n = Math.round(rate * seconds);
		const bytes = new DataView(new ArrayBuffer(44 + 2 * n));
		const text = (at, s) => [...s].forEach((c, i) => bytes.setUint8(at + i, c.charCodeAt(0)));
		text(0, "RIFF"), text(8, "WAVEfmt "), text(36, "data");
		bytes.setUint32(4, 36 + 2 * n, true), bytes.setUint32(16, 16, true);
		bytes.setUint16(20, 1, true), bytes.setUint16(22, 1, true);
		bytes.setUint32(24, rate, true), bytes.setUint32(28, 2 * rate, true);
		bytes.setUint16(32, 2, true), bytes.setUint16(34, 16, true);
		bytes.setUint32(40, 2 * n, true);
		for (let i = 0; i < n; i++) bytes.setInt16(44 + 2 * i, 8000 * Math.sin((2 * Math.PI * hz * i) / rate), true);
		return URL.createObjectURL(new Blob([bytes], { type: "audio/wav" }));
	}

	// element is an audio element that plays a tone for ever.
	async function music(hz) {
		const el = new Audio(wav(hz, 30));
		el.loop = true;
		await el.play();
		return el;
	}

	// oscillator is a stream of a tone.
	function oscillator(hz, volume = 0.2) {
		const source = context().createOscillator(), gain = context().createGain(), out = context().createMediaStreamDestination();
		source.frequency.value = hz;
		gain.gain.value = volume;
		source.connect(gain).connect(out);
		source.start();
		return Object.assign(out.stream, { gain: gain.gain, source });
	}

	// aside is the loudness of all but one frequency at this moment, in dB.
	function aside(stream, hz = 0) {
		const node = meter(stream).all;
		const bins = new Float32Array(node.frequencyBinCount);
		node.getFloatFrequencyData(bins);
		const width = context().sampleRate / node.fftSize;
		return Math.max(...bins.filter((_, i) => i * width > 100 && i * width < 8000 && Math.abs(i * width - hz) > 200));
	}

	// beeps resolves once something else than a tone is heard, as the microphone's beep is.
	async function beeps(stream, hz) {
		while (aside(stream, hz) < -48) await pause();
	}

	// rests resolves once that has not been heard for longer than between two beeps.
	async function rests(stream, hz) {
		for (let since = performance.now(); performance.now() < since + 1500; await pause()) {
			if (aside(stream, hz) > -52) since = performance.now();
		}
	}

	// balance resolves once the left side is so much louder than the right one, in dB.
	async function balance(stream, hz, wanted) {
		for (let steady = 0; steady < 6; await heardMore()) {
			const left = level(stream, hz, "left"), right = level(stream, hz, "right");
			steady = left > -70 && wanted(left - right) ? steady + 1 : 0;
		}
	}

	// tail is how many milliseconds pass until a tone, which has just been ended, is gone.
	async function tail(stream, hz) {
		const began = performance.now();
		while (level(stream, hz) > -75) await pause();
		return performance.now() - began;
	}

	// middle is the mean of the middle half of a sorted list.
	function middle(list) {
		const half = list.slice(list.length / 4, -list.length / 4);
		return half.reduce((sum, x) => sum + x, 0) / half.length;
	}

	// frames measures what a listener of samples gets, then stops it.
	async function frames(set) {
		const got = [];
		const { errorCode } = await set((frame) => got.push(frame));
		if (errorCode !== 0) throw new Error(`errorCode ${errorCode}`);
		const length = () => got.length * (got[0]?.channels[0].length ?? 0);
		while (length() < 0.5 * (got[0]?.sampleRate ?? 0) || !got.length) await pause();
		const { errorCode: stopped } = await set(null);
		const before = got.length;
		await new Promise((resolve) => setTimeout(resolve, 150));
		if (stopped !== 0 || got.length !== before) throw new Error(`${got.length - before} frames after the end`);
		const { channels, channelCount, sampleRate } = got[0];
		const scale = channels[0] instanceof Int16Array ? 32768 : 1;
		const samples = got.slice(2).flatMap((frame) => [...frame.channels[0]]);
		const rises = [...samples.keys()].filter((i) => i && samples[i - 1] < 0 && samples[i] >= 0);
		const waves = rises.slice(1).map((at, i) => at - rises[i]).sort((a, b) => a - b);
		return {
			class: channels[0].constructor.name, size: channels[0].length, rate: sampleRate,
			channels: channels.length, announced: channelCount,
			hz: sampleRate / middle(waves), // whatever a busy machine left out between
			peak: Math.max(...samples.map(Math.abs)) / scale,
		};
	}

	// stands resolves once a context does.
	async function stands() {
		while (![...contexts].some(({ state }) => state === "suspended")) await pause();
	}

	// closed resolves once no context is open.
	async function closed() {
		while (contexts.size) await pause();
	}

	return { refuse, stands, contexts, closed, level, beeps, rests, balance, tail, frames, hearsTone, losesTone, loudness, wav, music, oscillator, meter };
})());
