// Pictures of one colour and tones, for tests that must know which track they see or hear.
Object.assign(globalThis.e2e, (() => {
	const canvas = new OffscreenCanvas(16, 12);
	const context = canvas.getContext("2d", { willReadFrequently: true });

	// painted is a video track of one colour.
	function painted(colour) {
		const canvas = document.createElement("canvas");
		const context = canvas.getContext("2d");
		const draw = () => {
			context.fillStyle = colour;
			context.fillRect(0, 0, canvas.width, canvas.height);
		};
		draw();
		const track = canvas.captureStream().getVideoTracks()[0];
		setInterval(draw, 50);
		return track;
	}

	// tone is an audio track of one frequency.
	function tone(hertz) {
		const context = new AudioContext();
		const source = context.createOscillator();
		const destination = context.createMediaStreamDestination();
		source.frequency.value = hertz;
		source.connect(destination);
		source.start();
		return destination.stream.getAudioTracks()[0];
	}

	// picture is the URL of an image of one colour.
	function picture(colour) {
		const canvas = document.createElement("canvas");
		const context = canvas.getContext("2d");
		context.fillStyle = colour;
		context.fillRect(0, 0, canvas.width, canvas.height);
		return canvas.toDataURL();
	}

	// seesColour resolves once all of the first video that the selector finds has the colour.
	async function seesColour(selector, colour) {
		context.fillStyle = colour;
		context.fillRect(0, 0, 16, 12);
		const want = context.getImageData(0, 0, 16, 12).data;
		for (;;) {
			const video = document.querySelector(selector);
			context.clearRect(0, 0, 16, 12);
			if (video) context.drawImage(video, 0, 0, 16, 12);
			const got = context.getImageData(0, 0, 16, 12).data;
			if (got.every((value, i) => Math.abs(value - want[i]) < 48)) return true;
			await new Promise(requestAnimationFrame);
		}
	}

	// seesColours resolves once the video has these colours at these points, each of which
	// is given as shares of width and height.
	async function seesColours(selector, points) {
		const colourOf = (colour) => {
			context.fillStyle = colour;
			context.fillRect(0, 0, 1, 1);
			return context.getImageData(0, 0, 1, 1).data;
		};
		const wanted = points.map(([x, y, colour]) => [Math.floor(x * 16), Math.floor(y * 12), colourOf(colour)]);
		for (;;) {
			const video = document.querySelector(selector);
			context.clearRect(0, 0, 16, 12);
			if (video) context.drawImage(video, 0, 0, 16, 12);
			const near = ([x, y, want]) => context.getImageData(x, y, 1, 1).data.every((value, i) => Math.abs(value - want[i]) < 60);
			if (wanted.every(near)) return true;
			await new Promise(requestAnimationFrame);
		}
	}

	// hearsTone resolves once the loudest frequency of the stream is that one.
	async function hearsTone(stream, hertz) {
		const context = new AudioContext();
		const meter = context.createAnalyser();
		meter.fftSize = 4096;
		context.createMediaStreamSource(stream).connect(meter);
		const levels = new Float32Array(meter.frequencyBinCount);
		try {
			for (;;) {
				meter.getFloatFrequencyData(levels);
				const loudest = levels.reduce((best, level, i) => (level > levels[best] ? i : best), 0);
				if (levels[loudest] > -60 && Math.abs(loudest * context.sampleRate / meter.fftSize - hertz) < 40) return true;
				await new Promise((resolve) => setTimeout(resolve, 20));
			}
		} finally {
			await context.close();
		}
	}

	// captured is every track that the page has got from a device.
	const captured = [];
	const { mediaDevices } = navigator;
	const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
	mediaDevices.getUserMedia = async (...args) => {
		const stream = await getUserMedia(...args);
		captured.push(...stream.getTracks());
		return stream;
	};

	// becomes resolves once test, which no change of the document would announce, is true.
	async function becomes(test) {
		while (!test()) await new Promise(requestAnimationFrame);
	}

	return { becomes, painted, tone, picture, seesColour, seesColours, hearsTone, captured };
})());
