// Picture and sound of our own making, for a call without devices.

import { newHum } from "./sound.js";

const RATE = 15; // pictures a second

// newSource is a stream of what there is of a camera and a microphone, and of our own
// making for what there is not. It ends with signal; the devices do not.
export function newSource({ camera, microphone }, signal) {
  const alive = (track) => track?.readyState === "live" ? track : undefined;
  return new MediaStream([alive(camera) ?? newPicture(signal), alive(microphone) ?? newHum(signal)]);
}

// newPicture is a track of something that moves.
function newPicture(signal) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 640, height: 480 });
  const context = canvas.getContext("2d");
  let turn = 0;
  const timer = setInterval(() => paint(context, ++turn), 1000 / RATE);
  const [track] = canvas.captureStream(RATE).getTracks();
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    track.stop();
  });
  paint(context, turn);
  return track;
}

function paint(context, turn) {
  const { width, height } = context.canvas;
  context.fillStyle = `hsl(${turn * 2 % 360} 45% 40%)`;
  context.fillRect(0, 0, width, height);
  for (let i = 0; i < 8; i++) {
    context.fillStyle = `hsl(${(turn * 2 + i * 45) % 360} 70% 70%)`;
    context.beginPath();
    context.arc(width * (i + 0.5) / 8, height * (0.5 + 0.35 * Math.sin(turn / 12 + i)), 30, 0, 7);
    context.fill();
  }
}
