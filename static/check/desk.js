// The desk: how far the check is, and the stage where steps show things and ask.

import { byId } from "../ui/element.js";
import { write } from "../ui/language.js";
import { mark } from "./list.js";
import { term } from "./result.js";

// clear empties the stage and begins it anew with a line of text.
function clear(word, values) {
  const line = document.createElement("p");
  write(line, word, values);
  byId("stage").replaceChildren(line);
}

// tell changes that line: what is happening, or what the visitor is asked to do.
function tell(word, values) { write(byId("stage").querySelector("p"), word, values); }

// show puts elements on the stage, below the line.
function show(...elements) { byId("stage").append(...elements); }

// progress shows how much of a long step is done, from 0 to 1.
function progress(share) { byId("bar").value = Math.floor(byId("bar").value) + Math.min(share, 0.99); }

export const desk = {
  forStep: { tell, show, progress },

  begin(step, index, count) {
    write(byId("status"), "check.step", { number: index + 1, count, name: term(`check.${step.name}`) });
    byId("bar").max = count;
    byId("bar").value = index;
    clear(`check.${step.name}.now`);
  },

  // end shows the verdict where everything happened.
  end({ state, word, values }, stopped) {
    write(byId("status"), stopped ? "check.stopped" : "check.done");
    if (!stopped) byId("bar").value = byId("bar").max;
    clear(word, values);
    byId("stage").prepend(mark(state));
  },
};
