// Step: the microphone. Whoever checks it says something and sees the level move.

import { fact, result } from "./result.js";
import { label } from "../ui/language.js";
import { capture, failure } from "./devices.js";
import { newMeter } from "./sound.js";
import { pause } from "./wait.js";

const PATIENCE = 8000; // ms for something to be heard
const LEAST = 1500; // ms that the meter is shown in any case
const HEARD = 0.015; // of full loudness
const OFTEN = 2; // readings that are loud enough
const INTERVAL = 50; // ms between two readings

export const microphone = {
  name: "microphone",
  limit: 60_000,
  late: () => failure("microphone", "unanswered"),

  async run(check) {
    const { track, problem } = await capture(check, "microphone", { audio: true });
    if (problem) return problem;
    check.found.microphone = track;
    check.tell("check.microphone.speak", { name: track.label });
    const { heard, peak } = await listen(check, track);
    const values = { name: track.label };
    const facts = [fact("check.microphone.peak", { percent: Math.round(peak * 100) })];
    if (heard) return result("good", "check.microphone.good", values, { facts });
    const word = track.muted || peak === 0 ? "check.microphone.mute" : "check.microphone.nothing";
    return result("warning", word, values, { todo: `${word}.do`, facts });
  },
};

// listen shows the level until something was heard, or nothing was for too long.
async function listen(check, track) {
  const meter = newMeter(track, check.signal);
  const show = newLevel(check);
  let loud = 0, peak = 0;
  for (const begun = performance.now(); !check.signal.aborted; await pause(INTERVAL, check.signal)) {
    const level = meter.level();
    peak = Math.max(peak, level);
    if (level > HEARD) loud++;
    show(level);
    const past = performance.now() - begun;
    if (past > PATIENCE || loud >= OFTEN && past > LEAST) break;
    check.progress(past / PATIENCE);
  }
  return { heard: loud >= OFTEN, peak };
}

// newLevel puts a meter on the stage; ears hear loudness by its logarithm.
function newLevel(check) {
  const meter = document.createElement("div");
  const bar = document.createElement("span");
  meter.className = "meter";
  meter.setAttribute("role", "meter");
  meter.setAttribute("aria-valuemin", "0");
  meter.setAttribute("aria-valuemax", "100");
  label(meter, "check.microphone.level");
  meter.append(bar);
  check.show(meter);
  return (level) => {
    const share = Math.min(1, Math.max(0, 1 + Math.log10(Math.max(level, 0.0001)) / 3));
    bar.style.setProperty("--level", share.toFixed(2));
    meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
  };
}
