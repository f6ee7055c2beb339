// Step: the camera.

import { result } from "./result.js";
import { capture, failure } from "./devices.js";
import { frameRate, isBlack, newVideo } from "./picture.js";
import { pause } from "./wait.js";

// What calls capture unless a page asks for more.
const PICTURE = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };

const FIRST_PICTURE = 5000; // ms until it is missed
const LOOK = 2000; // ms
const SLOW = 8; // frames a second

export const camera = {
  name: "camera",
  limit: 60_000,
  late: () => failure("camera", "unanswered"),

  async run(check) {
    const { track, problem } = await capture(check, "camera", { video: PICTURE });
    if (problem) return problem;
    check.tell("check.camera.look", { name: track.label });
    const video = newVideo(new MediaStream([track]));
    check.show(video);
    const seen = await look(video, check.signal);
    const values = { name: track.label, width: seen.width, height: seen.height, rate: Math.round(seen.rate) };
    const answer = (state, word, todo) => result(state, word, values, { todo });
    if (!seen.width || !seen.rate) return answer("bad", "check.camera.nothing", "check.device.busy.do");
    check.found.camera = track;
    check.found.size = seen;
    if (seen.black) return answer("warning", "check.camera.black", "check.camera.black.do");
    if (seen.rate < SLOW) return answer("warning", "check.camera.slow", "check.camera.slow.do");
    return answer("good", "check.camera.good");
  },
};

// look waits for the first picture and watches those that follow. Some cameras need a
// moment until there is light in it.
async function look(video, signal) {
  for (const begun = performance.now(); !video.videoWidth && performance.now() - begun < FIRST_PICTURE;) await pause(50, signal);
  const rate = await frameRate(video, LOOK, signal);
  return { width: video.videoWidth, height: video.videoHeight, rate, black: isBlack(video) };
}
