// Looking at a picture: whether it comes, how often, how late, and whether it is black.

import { pause, within } from "./wait.js";
import { median } from "./result.js";

// newVideo shows a stream, silently.
export function newVideo(stream) {
  const video = document.createElement("video");
  Object.assign(video, { muted: true, autoplay: true, playsInline: true, srcObject: stream });
  return video;
}

const ANOTHER = 5000; // ms for one more picture, by when it is missed

// frameRate is how many pictures a second a video shows, watched for ms. The browser tells
// when it showed each: a page that was busy meanwhile counts the right ones all the same.
export async function frameRate(video, ms, signal) {
  if (!video.requestVideoFrameCallback) return roughRate(video, ms, signal);
  let first, last, more = () => {};
  const look = (time, { presentedFrames }) => {
    last = { time, presentedFrames };
    first ??= last;
    more();
    if (!signal.aborted) video.requestVideoFrameCallback(look);
  };
  video.requestVideoFrameCallback(look);
  await pause(ms, signal);
  const end = await within(ANOTHER, signal, new Promise((came) => { more = came; })).then(() => last.time, () => performance.now());
  return first && end > first.time ? (last.presentedFrames - first.presentedFrames) * 1000 / (end - first.time) : 0;
}

async function roughRate(video, ms, signal) {
  const frames = () => video.getVideoPlaybackQuality().totalVideoFrames;
  const [before, begun] = [frames(), performance.now()];
  await pause(ms, signal);
  return (frames() - before) * 1000 / (performance.now() - begun);
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
