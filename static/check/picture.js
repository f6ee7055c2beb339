// Looking at a picture: whether it comes, how often, how late, and whether it is black.

import { pause } from "./wait.js";
import { median } from "./result.js";

// newVideo shows a stream, silently.
export function newVideo(stream) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, autoplay: true, playsInline: true, srcObject: stream });
  return video;
}

// frameRate is how many pictures a second a video shows, watched for ms.
export async function frameRate(video, ms, signal) {
  const frames = counter(video, signal);
  const [before, begun] = [frames(), performance.now()];
  await pause(ms, signal);
  return (frames() - before) * 1000 / (performance.now() - begun);
}

// counter gives a function that tells how many pictures came so far. Firefox counts those
// of streams frame by frame only.
function counter(video, signal) {
  if (!video.requestVideoFrameCallback) return () => video.getVideoPlaybackQuality().totalVideoFrames;
  let first, last;
  const look = (_, { presentedFrames }) => {
    first ??= presentedFrames;
    last = presentedFrames;
    if (!signal.aborted) video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  return () => first === undefined ? 0 : last - first;
}

// isBlack reads the pixels that a video shows.
export function isBlack(video) {
  const canvas = document.createElement("canvas");
  canvas.width = 64;
  canvas.height = 48;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0, 64, 48);
  return !context.getImageData(0, 0, 64, 48).data.some((value, i) => i % 4 !== 3 && value > 24);
}

// lateness watches how long pictures take from the camera to this screen, in ms: the
// browser tells it frame by frame. The function that it returns gives the median so far,
// undefined where the browser does not tell.
export function lateness(video, signal) {
  const delays = [];
  const look = (_, { captureTime, expectedDisplayTime }) => {
    if (captureTime) delays.push(expectedDisplayTime - captureTime);
    if (!signal.aborted) video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback?.(look);
  return () => median(delays.filter((delay) => delay > 0));
}
