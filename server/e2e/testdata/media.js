// How the tests look and listen: put into every page, after recorder.js.
Object.assign(globalThis.e2e, (() => {
	const canvas = new OffscreenCanvas(64, 48);
	const context = canvas.getContext("2d", { willReadFrequently: true });

	// pixels is what the video shows at this moment: nothing is black.
	function pixels(video) {
		context.clearRect(0, 0, 64, 48);
		context.drawImage(video, 0, 0, 64, 48);
		return context.getImageData(0, 0, 64, 48).data;
	}

	// frame resolves with the pixels of the video's next frame.
	function frame(video) {
		return new Promise((resolve) => video.requestVideoFrameCallback(() => resolve(pixels(video))));
	}

	// spread is how far the brightest colour is from the darkest: 0 for black, and for one grey.
	// Firefox's fake camera shows one colour at a time, and no grey.
	function spread(colours) {
		let low = 255, high = 0;
		for (let i = 0; i < colours.length; i++) {
			if (i % 4 === 3) continue; // opacity
			low = Math.min(low, colours[i]);
			high = Math.max(high, colours[i]);
		}
		return high - low;
	}

	function differ(a, b) {
		return a.some((value, i) => Math.abs(value - b[i]) > 24);
	}

	// seesPicture resolves once the video shows colours that move.
	async function seesPicture(video) {
		const first = await frame(video);
		for (;;) {
			const next = await frame(video);
			if (spread(next) > 40 && differ(first, next)) return true;
		}
	}

	// seesBlack resolves once the video shows one dark colour, or nothing.
	async function seesBlack(video) {
		for (;;) {
			const seen = pixels(video);
			if (spread(seen) < 32 && seen[1] < 32) return true;
			await new Promise(requestAnimationFrame);
		}
	}

	// seesStill resolves once the video has had no new frame for half a second.
	function seesStill(video) {
		return new Promise((resolve) => {
			let timer;
			(function wait() {
				clearTimeout(timer);
				timer = setTimeout(resolve, 500, true);
				video.requestVideoFrameCallback(wait);
			})();
		});
	}

	// hearsSilence resolves once nothing was heard for a second and a half: the fake
	// microphone beeps each second.
	async function hearsSilence(stream) {
		const context = new AudioContext();
		const meter = context.createAnalyser();
		context.createMediaStreamSource(stream).connect(meter);
		const samples = new Float32Array(meter.fftSize);
		try {
			for (let since = performance.now(); performance.now() - since < 1500;) {
				meter.getFloatTimeDomainData(samples);
				if (samples.some((sample) => Math.abs(sample) > 0.005)) since = performance.now();
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
			return true;
		} finally {
			await context.close();
		}
	}

	// hearsSound resolves once the stream's sound is louder than silence, for which the
	// fake microphone beeps each second. A meter can only be read again and again.
	async function hearsSound(stream) {
		const context = new AudioContext();
		const meter = context.createAnalyser();
		context.createMediaStreamSource(stream).connect(meter);
		const samples = new Float32Array(meter.fftSize);
		try {
			for (;;) {
				meter.getFloatTimeDomainData(samples);
				if (samples.some((sample) => Math.abs(sample) > 0.02)) return true;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		} finally {
			await context.close();
		}
	}

	// audible is the element that plays sound at this moment, if any does.
	function audible() {
		return [...e2e.played].find((it) => it.tagName === "AUDIO" && !it.muted && !it.paused && it.srcObject?.getAudioTracks().length);
	}

	// hears resolves once an element of the page plays sound that is louder than silence.
	async function hears() {
		while (!audible()) await new Promise((resolve) => setTimeout(resolve, 20));
		return hearsSound(audible().srcObject);
	}

	return { seesPicture, seesBlack, seesStill, hearsSound, hearsSilence, audible, hears };
})());
