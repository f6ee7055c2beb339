// One line of the log: when, what, in short; opened, everything.

import { create } from "../ui/element.js";
import { say } from "../ui/language.js";
import { isFailure, tell } from "./calls.js";
import { compact, pretty } from "./values.js";

const ARROWS = { sent: "↑", received: "↓", socket: "·", call: "→", result: "←", error: "✕", event: "●", note: "·" };
const BRIEF = 160; // characters

// newLine makes the line of an entry: {element, refresh}.
export function newLine(entry, log) {
  const body = create("pre");
  const brief = part("brief", "");
  const arrow = part("arrow", ARROWS[entry.kind]);
  arrow.setAttribute("role", "img");
  const head = create("summary", { tabIndex: -1 },
    part("number", entry.number), part("time", (entry.time / 1000).toFixed(3)), arrow, part("name", name(entry)), brief);
  const details = create("details", { className: `line ${entry.kind}` }, head);
  const refresh = () => {
    arrow.setAttribute("aria-label", say(`debug.kind.${entry.kind}`)); // for those who do not see it
    brief.textContent = short(entry, log.secrets);
    if (details.open) body.textContent = full(entry, log.secrets);
  };
  details.addEventListener("toggle", () => {
    details.append(body);
    refresh();
  });
  refresh();
  return { element: details, refresh };
}

function part(className, text) { return create("span", { className }, text); }

function name({ name: it, about: { of } }) { return of && of !== "engine" ? `${of}.${it}` : it; }

function short({ text, about: { outcome, size } }, secrets) {
  if (size !== undefined) return say("debug.bytes", { n: size.toLocaleString() });
  const brief = cut(compact(text, secrets));
  if (!outcome) return brief;
  return `${say(`debug.how.${outcome.how}`)} ${isFailure(outcome) ? tell(outcome, brief) : brief} · ${say("debug.ms", { n: outcome.ms.toFixed(0) })}`;
}

function cut(text) { return text.length > BRIEF ? `${text.slice(0, BRIEF)}…` : text; }

function full({ text, about: { call } }, secrets) {
  const about = call ? `${say("debug.answers", { n: call })}\n` : "";
  return about + pretty(text, secrets);
}
