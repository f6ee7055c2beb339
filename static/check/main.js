// The check page: starts and stops a check, and shows what it found.

import "./words.js";
import "./words-results.js";
import { onLanguage, start as speak, write } from "../ui/language.js";
import { run } from "./run.js";
import { steps } from "./steps.js";
import { desk } from "./desk.js";
import { list } from "./list.js";
import { judge } from "./verdict.js";
import { report } from "./report.js";

const $ = (id) => document.getElementById(id);

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
  $("verdict").focus();
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
  $("outcome").hidden = false;
  write($("verdict"), verdict.because, verdict.values);
  $("problems").replaceChildren(...verdict.problems.map(newProblem));
  $("problems").hidden = verdict.problems.length === 0;
  $("report").value = report(outcome, verdict);
  write($("copied"), "");
  desk.end(verdict, outcome.stopped);
}

function newProblem([step, { state, said, todo }]) {
  const item = document.createElement("li");
  item.className = `notice ${state}`;
  const name = document.createElement("strong");
  const sentence = document.createElement("span");
  const advice = document.createElement("span");
  write(name, `check.${step.name}`);
  write(sentence, said.word, said.values);
  if (todo) write(advice, todo.word, todo.values);
  item.append(name, sentence, advice);
  return item;
}

function showRunning(on) {
  $("start").hidden = on;
  $("stop").hidden = !on;
  if (!on) return;
  write($("start"), "check.again");
  $("outcome").hidden = true;
  $("stop").focus();
}

async function copy() {
  try {
    await navigator.clipboard.writeText($("report").value);
    write($("copied"), "check.copied");
  } catch {
    $("report").select(); // to be copied by hand
    write($("copied"), "check.byHand");
  }
}

$("start").addEventListener("click", check);
$("stop").addEventListener("click", () => current?.abort());
$("copy").addEventListener("click", copy);
addEventListener("pagehide", () => current?.abort()); // camera and microphone are free at once
list.clear(steps);
speak();
onLanguage(() => outcome && publish());
