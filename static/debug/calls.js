// Calling a method: what came of it, how long it took, and what it leaves behind in the panel.

import { codeOf, textOf } from "./values.js";

// DEVICES are the methods that tell devices, and the kind of those that do not say it.
const DEVICES = { getCameras: "camera", getMicrophones: "microphone", getSpeakers: "speaker" };

// perform calls a method of a target with fields' values, and writes it into the log and
// into the code. It resolves with the outcome {how, value, ms}, and never rejects.
// onBegin is called with the outcome of the first moment: "waiting" if it is a promise.
export async function perform(panel, row, target, given, onBegin = () => {}) {
  const { name } = row;
  const args = withoutEnd(given);
  const call = panel.code.begin(row, target, args);
  const entry = panel.log.add("call", name, payloadOf(row, args), { of: target.name });
  const began = performance.now();
  const settle = (how, value) => {
    const outcome = { how, value, ms: performance.now() - began };
    call.outcome = outcome;
    keep(panel, row, args, outcome, call);
    panel.log.add(isFailure(outcome) ? "error" : "result", name, value, { outcome, of: target.name, call: entry.number });
    return outcome;
  };
  try {
    const answer = target.value[name](...args.map(({ value }) => value));
    if (!(answer instanceof Promise)) return settle("returned", answer);
    onBegin({ how: "waiting" });
    return await answer.then((value) => settle("resolved", value), (error) => settle("rejected", error));
  } catch (error) {
    return settle("threw", error);
  }
}

// isFailure: some methods resolve with the code of what went wrong.
export function isFailure({ how, value }) {
  return how === "threw" || how === "rejected" || Boolean(value?.errorCode);
}

// tell is an outcome in one line: "resolved true" or "rejected 1002011 room id is empty".
export function tell({ value }, text) {
  const code = codeOf(value);
  return code === undefined ? text : `${code} ${textOf(value)}`.trim();
}

function withoutEnd(args) {
  const last = args.findLastIndex(({ code }) => code !== undefined);
  return args.slice(0, last + 1);
}

function payloadOf({ parameters }, args) {
  return Object.fromEntries(args.map(({ value }, i) => [parameters[i].name, value]));
}

// keep gives names to the objects that a call made, and lets go of those that it ended.
function keep(panel, row, args, outcome, call) {
  const { value } = outcome, [first] = args, { objects } = panel;
  if (outcome.how === "threw" || outcome.how === "rejected") return;
  if (value instanceof MediaStream) call.made = objects.add(row.name === "startPlayingStream" ? "remote" : "stream", value);
  if (value?.constructor?.name === "ZegoLocalStream") call.made = panel.adopt("localStream", value);
  if (value?.constructor?.name === "ZegoStreamView") call.made = panel.adopt("view", value, { local: row.name === "createLocalStreamView" });
  const ended = { destroyStream: () => objects.forget(first?.value), destroyEngine: () => panel.ended() };
  ended[row.name]?.();
  const kind = DEVICES[row.name];
  if (kind) objects.learn(value.map((it) => ({ ...it, kind })));
  if (row.name === "enumDevices") objects.learn(["camera", "microphone", "speaker"].flatMap((it) => value[`${it}s`].map((device) => ({ ...device, kind: it }))));
}
