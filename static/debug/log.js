// The log of a panel: calls, results and events on the left, frames on the right, in one
// order. At most MAX lines are kept; the oldest go first, and it says so.

import { say } from "../ui/language.js";
import { newLine } from "./line.js";
import { compact, snapshot } from "./values.js";

const MAX = 2000;

// GROUPS are what the buttons show and hide.
const GROUPS = { call: "call", result: "call", error: "call", note: "call", event: "event", sent: "sent", received: "received", socket: "sent" };

// Numbers go on over all panels, so that one can see what came first.
let numbers = 0;

export class Log {
  #entries = []; // in their order
  #waiting = []; // not painted yet
  #dropped = 0;
  #hidden = new Set();
  #filter = "";
  #paused = false;
  #painting = false;
  secrets = false;

  constructor(list, count, nameOf) {
    this.list = list;
    this.count = count;
    this.nameOf = nameOf;
    list.addEventListener("keydown", (event) => this.#walk(event));
    list.addEventListener("focusin", ({ target }) => this.#rove(target.closest("summary")));
  }

  // add puts a line at the end. A value is taken as it is now; frames are text already.
  add(kind, name, value, about = {}) {
    const text = typeof value === "string" && about.raw ? value : snapshot(value, this.nameOf);
    const entry = { number: ++numbers, time: about.time ?? performance.now(), kind, name, text, about };
    this.#waiting.push(entry);
    if (this.#waiting.length > MAX) this.#drop(this.#waiting);
    this.#soon();
    return entry;
  }

  pause(on) {
    this.#paused = on;
    this.#paint();
  }

  clear() {
    this.#entries = [];
    this.#waiting = [];
    this.#dropped = 0;
    this.list.replaceChildren();
    this.list.tabIndex = 0;
    this.tellCount();
  }

  showSecrets(on) {
    this.secrets = on;
    for (const { line } of this.#entries) line.refresh();
  }

  // show and search choose lines.
  show(group, on) {
    if (on) this.#hidden.delete(group);
    else this.#hidden.add(group);
    this.#choose();
  }

  search(text) {
    this.#filter = text.trim().toLowerCase();
    this.#choose();
  }

  // toString is what is chosen, a line each.
  toString() {
    return this.#entries.filter((entry) => this.#chosen(entry)).map(({ number, time, kind, name, text, about }) =>
      [number, (time / 1000).toFixed(3), kind, about.of ?? "", name, about.outcome?.how ?? "", compact(text, this.secrets)]
        .filter((part) => part !== "").join(" ")).join("\n");
  }

  tellCount() {
    const parts = [say("debug.lines", { n: this.#entries.length.toLocaleString() })];
    if (this.#dropped) parts.push(say("debug.dropped", { max: MAX.toLocaleString(), n: this.#dropped.toLocaleString() }));
    if (this.#paused) parts.push(say("debug.held", { n: this.#waiting.length.toLocaleString() }));
    this.count.textContent = parts.join(" ");
  }

  // refresh is for a change of language.
  refresh() {
    for (const { line } of this.#entries) line.refresh();
    this.tellCount();
  }

  #soon() {
    if (this.#painting) return;
    this.#painting = true;
    setTimeout(() => {
      this.#painting = false;
      this.#paint();
    }, 50);
  }

  // paint shows what waits, and goes along with it unless the reader looks further up.
  #paint() {
    if (!this.#paused && this.#waiting.length) {
      const { list } = this;
      const follows = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
      const fresh = this.#waiting.splice(0);
      for (const entry of fresh) entry.line = newLine(entry, this);
      for (const entry of fresh) entry.line.element.hidden = !this.#chosen(entry);
      this.#entries.push(...fresh);
      list.append(...fresh.map(({ line }) => line.element));
      while (this.#entries.length > MAX) this.#drop(this.#entries).line.element.remove();
      this.#rove(list.querySelector('summary[tabindex="0"]') ?? list.lastChild.querySelector("summary"));
      if (follows) list.scrollTop = list.scrollHeight;
    }
    this.tellCount();
  }

  #drop(list) {
    this.#dropped++;
    return list.shift();
  }

  #choose() {
    for (const entry of this.#entries) entry.line.element.hidden = !this.#chosen(entry);
    this.list.scrollTop = this.list.scrollHeight;
  }

  #chosen({ kind, name, text }) {
    return !this.#hidden.has(GROUPS[kind]) && (!this.#filter || `${name} ${text}`.toLowerCase().includes(this.#filter));
  }

  // walk moves the focus from line to line; the log is one stop of the tab key.
  #walk(event) {
    const all = [...this.list.querySelectorAll(":scope > :not([hidden]) summary")];
    const at = all.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, Home: 0, End: all.length - 1, PageDown: at + 10, PageUp: at - 10 }[event.key];
    if (to === undefined || !all.length) return;
    event.preventDefault();
    all[Math.min(Math.max(to, 0), all.length - 1)].focus();
  }

  #rove(summary) {
    if (!summary) return;
    for (const other of this.list.querySelectorAll('summary[tabindex="0"]')) other.tabIndex = -1;
    summary.tabIndex = 0;
    this.list.tabIndex = -1;
  }
}
