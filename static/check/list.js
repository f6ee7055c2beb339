// The list of steps: a row each, with its state, what was found and what to do.

import { byId, create } from "../ui/element.js";
import { picture } from "../ui/icon.js";
import { write } from "../ui/language.js";

// mark is the picture of a state; the word of the state always stands beside it.
export const mark = (state) => picture(`mark-${state}`, `mark ${state}`);

export const list = {
  // clear begins it anew: all steps wait.
  clear(steps) {
    byId("steps").replaceChildren(...steps.map(newRow));
    for (const step of steps) list.show(step, { state: "waiting", said: { word: `check.${step.name}.what` } });
  },

  // show writes a step's state, and its result if there is one.
  show(step, { state, said, todo, facts = [], tool }) {
    const item = byId(`step-${step.name}`);
    const part = (name) => item.querySelector(`.${name}`);
    item.dataset.state = state;
    if (state === "running") item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
    part("mark").replaceWith(mark(state));
    write(part("state"), `check.state.${state}`);
    if (said) write(part("said"), said.word, said.values);
    write(part("todo"), todo?.word ?? "", todo?.values);
    part("facts").replaceChildren(...facts.map(newFact));
    part("tool").replaceChildren(...(tool ? [tool] : []));
  },
};

function newFact({ word, values }) {
  const item = create("li");
  write(item, word, values);
  return item;
}

function newRow(step) {
  const title = create("h3");
  const part = (tag, className, ...children) => create(tag, { className }, ...children);
  write(title, `check.${step.name}`);
  return create("li", { className: "step", id: `step-${step.name}` },
    mark("waiting"),
    part("div", "head", title, part("span", "state")),
    part("p", "said"), part("p", "todo"), part("ul", "facts"), part("div", "tool"));
}
