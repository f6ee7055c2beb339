// Lists whose lines stay the same elements while what they tell changes, so that focus and
// selection stay where they are.

import { create } from "../ui/element.js";
import { write } from "../ui/language.js";

const known = new WeakMap(); // list → Map of key → element

// showList brings the lines of a list to items. make() gives an empty line, fill(line, item)
// writes it; a word stands there when there is none.
export function showList(list, items, { key, make, fill, none }) {
  const before = known.get(list) ?? new Map();
  const now = new Map();
  for (const item of items) {
    const line = before.get(key(item)) ?? make();
    fill(line, item);
    now.set(key(item), line);
  }
  for (const [id, line] of before) if (now.get(id) !== line) line.remove();
  if (!items.length) now.set("", before.get("") ?? empty(none));
  place(list, [...now.values()]);
  known.set(list, now);
}

// place moves only what is not in its place: a line that is moved loses the focus.
function place(list, lines) {
  lines.forEach((line, i) => {
    if (list.children[i] !== line) list.insertBefore(line, list.children[i] ?? null);
  });
}

function empty(word) {
  const line = create("li", { className: "empty" });
  write(line, word);
  return line;
}

// setText writes a text only if it is another one.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// setFacts writes facts beside one another; a line breaks between them.
export function setFacts(element, facts) {
  const text = facts.join(" · ");
  if (element.textContent === text) return;
  element.replaceChildren(...facts.flatMap((fact, i) => [i ? " · " : "", create("span", {}, fact)]));
}

// newLine makes a line with a place for each part: {line, title, about, side}.
export function newLine(title = "strong") {
  const parts = { title: create(title), about: create("div", { className: "about" }), side: create("div", { className: "side" }) };
  const line = create("li", {}, create("div", { className: "what" }, parts.title, parts.about), parts.side);
  return Object.assign(line, { parts });
}
