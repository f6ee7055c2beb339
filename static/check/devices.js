// Opening a camera or a microphone, and what it means when that fails.

import { result, term } from "./result.js";

// FAILURES are a browser's names for why there is no device.
const FAILURES = {
  NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", OverconstrainedError: "none",
  NotReadableError: "busy", AbortError: "busy", TypeError: "insecure",
};

// capture resolves with {track}, or with {problem}: the step's result. The track ends with
// the check, and at once if the step is over before the visitor has answered.
export async function capture(check, kind, constraints) {
  if (!navigator.mediaDevices?.getUserMedia) return { problem: failure(kind, "insecure") };
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints);
    const [track] = stream.getTracks();
    if (check.signal.aborted) track.stop();
    check.keep(() => track.stop());
    return { track };
  } catch (error) {
    return { problem: failure(kind, reason(error)) };
  }
}

// reason tells a refusal by the system, which the browser's settings cannot mend.
function reason({ name, message }) {
  return name === "NotAllowedError" && /system/i.test(message) ? "system" : FAILURES[name] ?? "busy";
}

export function failure(kind, why) {
  return result("bad", `check.device.${why}`, { device: term(`check.device.${kind}`) }, { todo: `check.device.${why}.do` });
}
