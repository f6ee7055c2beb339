// A moving picture and a soft tone of the page's own, to publish where there is no camera.

import { create } from "../ui/element.js";

const WIDTH = 640, HEIGHT = 360, FPS = 15;

// paint is a stream of both, for as long as the page lives.
export function paint() {
  const canvas = create("canvas", { width: WIDTH, height: HEIGHT });
  const brush = canvas.getContext("2d");
  const began = performance.now();
  draw(brush, 0);
  setInterval(() => draw(brush, (performance.now() - began) / 1000), 1000 / FPS);
  return new MediaStream([...canvas.captureStream(FPS).getTracks(), tone()]);
}

function draw(brush, seconds) {
  brush.fillStyle = `hsl(${(seconds * 40) % 360} 60% 40%)`;
  brush.fillRect(0, 0, WIDTH, HEIGHT);
  brush.fillStyle = "#fff";
  brush.beginPath();
  brush.arc(WIDTH / 2 + 200 * Math.sin(seconds), HEIGHT / 2, 60, 0, 2 * Math.PI);
  brush.fill();
  brush.font = "48px system-ui, sans-serif";
  brush.fillText(seconds.toFixed(1), 24, 64);
}

function tone() {
  const context = new AudioContext();
  const source = context.createOscillator(), gain = context.createGain(), out = context.createMediaStreamDestination();
  gain.gain.value = 0.02;
  source.connect(gain).connect(out);
  source.start();
  return out.stream.getAudioTracks()[0];
}
