// A camera that shows somebody drawn, for the README's picture of a call: where a person
// would sit, in the colours of a hue.
globalThis.drawnCamera = (hue, skin, hair) => {
	const canvas = Object.assign(document.createElement("canvas"), { width: 960, height: 720 });
	const pen = canvas.getContext("2d");

	function ellipse(colour, x, y, width, height, from = 0, to = 2 * Math.PI) {
		pen.fillStyle = colour;
		pen.beginPath();
		pen.ellipse(x, y, width, height, 0, from, to);
		pen.fill();
	}

	function room() {
		const wall = pen.createLinearGradient(0, 0, 960, 720);
		wall.addColorStop(0, `hsl(${hue} 45% 82%)`);
		wall.addColorStop(1, `hsl(${hue} 40% 52%)`);
		pen.fillStyle = wall;
		pen.fillRect(0, 0, 960, 720);
		pen.fillStyle = `hsl(${hue} 55% 92%)`;
		pen.fillRect(90, 70, 190, 250);
		pen.fillStyle = `hsl(${hue} 40% 64%)`;
		pen.fillRect(180, 70, 10, 250);
		pen.fillRect(90, 190, 190, 10);
	}

	function person(sway) {
		const x = 500 + 8 * Math.sin(sway), y = 320 + 4 * Math.cos(sway * 1.3);
		ellipse(hair, x, y - 20, 160, 185);
		ellipse(`hsl(${(hue + 200) % 360} 45% 40%)`, 500, 760, 300, 240);
		pen.fillStyle = skin;
		pen.fillRect(x - 48, y + 110, 96, 130);
		ellipse(skin, x, 550, 90, 50);
		ellipse(skin, x, y + 10, 128, 158);
		ellipse(hair, x, y - 60, 142, 110, Math.PI, 2 * Math.PI);
		for (const side of [-1, 1]) ellipse("#2b2320", x + side * 46, y, 11, 13);
		pen.strokeStyle = "#7a3b34";
		pen.lineWidth = 9;
		pen.lineCap = "round";
		pen.beginPath();
		pen.arc(x, y + 52, 46, .2 * Math.PI, .8 * Math.PI);
		pen.stroke();
	}

	function draw() {
		pen.resetTransform();
		room();
		pen.setTransform(.78, 0, 0, .78, .22 * 480 - 20, .22 * 720); // what a wide lens makes of somebody
		person(performance.now() / 700);
	}

	setInterval(draw, 66);
	const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
	navigator.mediaDevices.getUserMedia = async (wanted) => {
		const stream = await own(wanted);
		for (const track of stream.getVideoTracks()) {
			stream.removeTrack(track);
			track.stop();
			stream.addTrack(canvas.captureStream(15).getVideoTracks()[0]);
		}
		return stream;
	};
};
