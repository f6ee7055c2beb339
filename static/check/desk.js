// The desk: how far the check is, and the stage where steps show things and ask.

import { write } from "../ui/language.js";
import { mark } from "./list.js";
import { term } from "./result.js";

const $ = (id) => document.getElementById(id);

// clear empties the stage and begins it anew with a line of text.
function clear(word, values) {
  const line = document.createElement("p");
  write(line, word, values);
  $("stage").replaceChildren(line);
}

// tell changes that line: what is happening, or what the visitor is asked to do.
function tell(word, values) { write($("stage").querySelector("p"), word, values); }

// show puts elements on the stage, below the line.
function show(...elements) { $("stage").append(...elements); }

// progress shows how much of a long step is done, from 0 to 1.
function progress(share) { $("bar").value = Math.floor($("bar").value) + Math.min(share, 0.99); }

export const desk = {
  forStep: { tell, show, progress },

  begin(step, index, count) {
    write($("status"), "check.step", { number: index + 1, count, name: term(`check.${step.name}`) });
    $("bar").max = count;
    $("bar").value = index;
    clear(`check.${step.name}.now`);
  },

  // end shows the verdict where everything happened.
  end({ state, word, values }, stopped) {
    write($("status"), stopped ? "check.stopped" : "check.done");
    if (!stopped) $("bar").value = $("bar").max;
    clear(word, values);
    $("stage").prepend(mark(state));
  },
};
