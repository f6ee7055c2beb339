// The check page: starts and stops a check, and shows what it found.

import { toClipboard } from "../ui/clipboard.js";
import { byId, create } from "../ui/element.js";
import "./words.js";
import "./words-results.js";
import { onLanguage, start as speak, write } from "../ui/language.js";
import { run } from "./run.js";
import { steps } from "./steps.js";
import { desk } from "./desk.js";
import { list } from "./list.js";
import { judge } from "./verdict.js";
import { report } from "./report.js";

let current; // the AbortController of the check that runs
let shown; // the results of the last check: a Map of step → result
let outcome; // of a check that is over: {results, stopped, date}

async function check() {
  const control = new AbortController();
  const results = new Map();
  current = control;
  shown = results;
  outcome = undefined;
  showRunning(true);
  list.clear(steps);
  await run(steps, results, viewOf(results), control.signal);
  current = undefined;
  outcome = { results, stopped: control.signal.aborted, date: new Date() };
  showRunning(false);
  publish();
  byId("verdict").focus();
}

function viewOf(results) {
  return {
    begin(step, index) {
      list.show(step, { state: "running" });
      desk.begin(step, index, steps.length);
    },
    end: list.show,
    revise(step, result) {
      if (shown !== results) return; // another check has begun
      results.set(step, result);
      list.show(step, result);
      if (outcome) publish();
    },
  };
}

// publish writes the outcome, in the page's language.
function publish() {
  const verdict = judge(outcome);
  byId("outcome").hidden = false;
  write(byId("verdict"), verdict.because, verdict.values);
  byId("problems").replaceChildren(...verdict.problems.map(newProblem));
  byId("problems").hidden = verdict.problems.length === 0;
  byId("report").value = report(outcome, verdict);
  write(byId("copied"), "");
  desk.end(verdict, outcome.stopped);
}

function newProblem([step, { state, said, todo }]) {
  const [name, sentence, advice] = [create("strong"), create("span"), create("span")];
  write(name, `check.${step.name}`);
  write(sentence, said.word, said.values);
  if (todo) write(advice, todo.word, todo.values);
  return create("li", { className: `notice ${state}` }, name, sentence, advice);
}

function showRunning(on) {
  byId("start").hidden = on;
  byId("stop").hidden = !on;
  if (!on) return;
  write(byId("start"), "check.again");
  byId("outcome").hidden = true;
  byId("stop").focus();
}

async function copy() {
  if (await toClipboard(byId("report").value)) return write(byId("copied"), "check.copied");
  byId("report").select(); // to be copied by hand
  write(byId("copied"), "check.byHand");
}

byId("start").addEventListener("click", check);
byId("stop").addEventListener("click", () => current?.abort());
byId("copy").addEventListener("click", copy);
addEventListener("pagehide", () => current?.abort()); // camera and microphone are free at once
list.clear(steps);
speak();
onLanguage(() => outcome && publish());
