// What the tests of ZegoLocalStream give it, and how they tell it again.
Object.assign(globalThis.e2e, (() => {
	const canvas = new OffscreenCanvas(64, 48);
	const context = canvas.getContext("2d", { willReadFrequently: true });

	// mean is the mean colour of an image or a video.
	function mean(image) {
		context.clearRect(0, 0, 64, 48);
		context.drawImage(image, 0, 0, 64, 48);
		const { data } = context.getImageData(0, 0, 64, 48);
		const sums = [0, 0, 0];
		for (let i = 0; i < data.length; i++) if (i % 4 < 3) sums[i % 4] += data[i];
		return sums.map((sum) => sum / (64 * 48));
	}

	// isYellow is true for a picture that is all of that colour.
	function isYellow(image) {
		const [red, green, blue] = mean(image);
		return red > 180 && green > 180 && blue < 60;
	}

	// sees resolves once what the selector shows at that time is yellow, or is not.
	async function sees(selector, yellow) {
		for (;;) {
			const video = document.querySelector(selector);
			if (video?.videoWidth && isYellow(video) === yellow) return true;
			await new Promise((resolve) => setTimeout(resolve, 30));
		}
	}

	// everYellow looks at the next frames of a video.
	async function everYellow(selector, frames) {
		const video = document.querySelector(selector);
		for (let i = 0; i < frames; i++) {
			await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
			if (isYellow(video)) return true;
		}
		return false;
	}

	// yellow is a stream of one colour.
	function yellow() {
		const canvas = document.createElement("canvas");
		const context = canvas.getContext("2d");
		setInterval(() => {
			context.fillStyle = "rgb(255, 255, 0)";
			context.fillRect(0, 0, canvas.width, canvas.height);
		}, 50);
		return canvas.captureStream();
	}

	// tone is a stream of one pitch.
	function tone(hertz) {
		const audio = new AudioContext();
		const oscillator = audio.createOscillator();
		const destination = audio.createMediaStreamDestination();
		oscillator.frequency.value = hertz;
		oscillator.connect(destination);
		oscillator.start();
		return destination.stream;
	}

	// wave is a second of silence as a sound file.
	function wave() {
		const data = new Uint8Array(44 + 8000).fill(128, 44);
		const view = new DataView(data.buffer);
		const text = (at, it) => data.set(new TextEncoder().encode(it), at);
		text(0, "RIFF"), text(8, "WAVEfmt "), text(36, "data");
		for (const [at, value] of [[4, 8036], [16, 16], [24, 8000], [28, 8000], [40, 8000]]) view.setUint32(at, value, true);
		for (const [at, value] of [[20, 1], [22, 1], [32, 1], [34, 8]]) view.setUint16(at, value, true);
		return new Blob([data], { type: "audio/wav" });
	}

	// hearsTone resolves once the loudest pitch of a stream is that, a few times in a row.
	async function hearsTone(stream, hertz) {
		const audio = new AudioContext();
		const meter = audio.createAnalyser();
		meter.fftSize = 8192;
		audio.createMediaStreamSource(stream).connect(meter);
		const levels = new Float32Array(meter.frequencyBinCount);
		for (let right = 0; right < 5;) {
			await new Promise((resolve) => setTimeout(resolve, 50));
			meter.getFloatFrequencyData(levels);
			const loudest = levels.indexOf(Math.max(...levels));
			const pitch = loudest * audio.sampleRate / meter.fftSize;
			right = levels[loudest] > -60 && Math.abs(pitch - hertz) < 20 ? right + 1 : 0;
		}
		await audio.close();
		return true;
	}

	return { mean, isYellow, sees, everYellow, yellow, tone, wave, hearsTone };
})());
