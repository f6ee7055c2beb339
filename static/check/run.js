// Running the steps one after the other: each has its time and ends for sure, and whatever
// it left behind is put away.

import { desk } from "./desk.js";
import { result } from "./result.js";

// run puts the result of each step into results, and resolves soon after signal fires at
// the latest. view is told: begin(step, index), end(step, result), and of a step that
// ended before, revise(step, result).
//
// Each step is given
//   signal     fires when the step is over, however it ends: what it uses ends then
//   found      what the steps before found: an engine without a room; the tracks camera and
//              microphone, the camera's size; home, {engine, room} of a user who is logged
//              in, and guest, a second one; uninvited, whether the server lets nobody in
//              like this; relay, whether one works
//   keep(end)  end is called when the whole check is over
//   revise     shows another result after the step has ended
//   and tell, show and progress of desk.js: the place where steps show things and ask
export async function run(steps, results, view, signal) {
  const found = {};
  const ends = [];
  const keep = (end) => ends.push(end);
  for (const [index, step] of steps.entries()) {
    if (!signal.aborted) view.begin(step, index);
    const given = { found, keep, revise: (later) => view.revise(step, later) };
    results.set(step, signal.aborted ? stopped() : await bounded(step, given, signal));
    view.end(step, results.get(step));
  }
  for (const end of ends.reverse()) end();
}

// bounded is one step's result, within its limit.
async function bounded(step, given, signal) {
  const over = new AbortController();
  const stop = () => over.abort("stopped");
  signal.addEventListener("abort", stop);
  const timer = setTimeout(() => over.abort("late"), step.limit);
  try {
    return await Promise.race([step.run({ ...given, ...deskUntil(over.signal), signal: over.signal }), cut(step, over.signal)]);
  } catch (error) {
    return result("bad", "check.failed", { text: error?.message ?? error?.msg ?? error?.extendedData ?? String(error) });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    over.abort("done");
  }
}

// deskUntil is the desk for one step: what it still says after its end is not heard.
function deskUntil(signal) {
  const acts = Object.entries(desk.forStep).map(([name, act]) => [name, (...args) => signal.aborted || act(...args)]);
  return Object.fromEntries(acts);
}

function cut(step, signal) {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(signal.reason === "late" ? step.late?.() ?? late() : stopped()));
  });
}

function late() { return result("bad", "check.late", {}, { todo: "check.late.do" }); }

function stopped() { return result("skipped", "check.notRun"); }
