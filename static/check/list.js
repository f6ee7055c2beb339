// The list of steps: a row each, with its state, what was found and what to do.

import { write } from "../ui/language.js";

const SVG = "http://www.w3.org/2000/svg";

// mark is the picture of a state; the word of the state always stands beside it.
export function mark(state) {
  const svg = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#mark-${state}`);
  svg.setAttribute("class", `mark ${state}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
}

function make(name, className, ...children) {
  const element = document.createElement(name);
  element.className = className;
  element.append(...children);
  return element;
}

export const list = {
  // clear begins it anew: all steps wait.
  clear(steps) {
    document.getElementById("steps").replaceChildren(...steps.map(newRow));
    for (const step of steps) list.show(step, { state: "waiting", said: { word: `check.${step.name}.what` } });
  },

  // show writes a step's state, and its result if there is one.
  show(step, { state, said, todo, facts = [], tool }) {
    const item = document.getElementById(`step-${step.name}`);
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
  const item = document.createElement("li");
  write(item, word, values);
  return item;
}

function newRow(step) {
  const title = document.createElement("h3");
  write(title, `check.${step.name}`);
  const item = make("li", "step",
    mark("waiting"),
    make("div", "head", title, make("span", "state")),
    make("p", "said"), make("p", "todo"), make("ul", "facts"), make("div", "tool"));
  item.id = `step-${step.name}`;
  return item;
}
