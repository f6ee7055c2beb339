// A list of any length in a box that scrolls: only the lines in sight are in the page, and
// only their pages are asked for.

import { create } from "../ui/element.js";

const PAGE = 100; // lines that are asked for at once
const AROUND = 8; // lines beyond what is in sight

export class VirtualList {
  #box; #list; #load; #make; #fill; #key;
  #total = 0; #pages = new Map(); // index → lines
  #asked = new Map(); // index → the generation that it was asked in
  #generation = 0; #lines = new Map(); // key → element
  #height = 0;

  // load(offset, limit) resolves with {total, rows}; make() and fill(line, row) draw one.
  constructor(box, { load, make, fill, key }) {
    [this.#box, this.#load, this.#make, this.#fill, this.#key] = [box, load, make, fill, key];
    this.#list = create("ul", { className: "rows" });
    this.#list.setAttribute("role", "list");
    box.append(this.#list);
    box.addEventListener("scroll", () => this.#draw(), { passive: true });
    new ResizeObserver(() => this.#draw()).observe(box);
  }

  get total() { return this.#total; }

  // begin forgets everything: another list is to be shown.
  begin() {
    this.#pages.clear();
    this.#asked.clear();
    this.#box.scrollTop = 0;
    return this.refresh();
  }

  // refresh asks again for what is in sight; until it comes the old lines stay.
  refresh() {
    this.#generation++;
    return Promise.all(this.#wanted().map((page) => this.#ask(page)));
  }

  redraw() { this.#draw(); }

  #first() { return Math.max(0, Math.floor(this.#box.scrollTop / this.#line()) - AROUND); }

  #last() { return Math.ceil((this.#box.scrollTop + this.#box.clientHeight) / this.#line()) + AROUND; }

  // #line is the height of a line, as the style sheet has it.
  #line() { return this.#height ||= 3.5 * parseFloat(getComputedStyle(document.documentElement).fontSize); }

  // #wanted are the pages in sight, and so many before and behind them.
  #wanted(around = 0) {
    const from = Math.floor(this.#first() / PAGE) - around, to = Math.floor(Math.max(this.#last() - 1, 0) / PAGE) + around;
    const all = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return all.filter((page) => page === 0 || page > 0 && page * PAGE < this.#total);
  }

  async #ask(page) {
    const generation = this.#generation;
    if (this.#asked.get(page) === generation) return;
    this.#asked.set(page, generation);
    try {
      const { total, rows } = await this.#load(page * PAGE, PAGE);
      if (generation !== this.#generation) return;
      this.#total = total;
      this.#pages.set(page, rows);
      this.#draw();
    } catch (error) {
      this.#asked.delete(page);
      throw error;
    }
  }

  // #draw puts the lines in sight in their places, as far as they are there.
  #draw() {
    if (!this.#box.clientHeight) return; // it is not shown
    this.#list.style.height = `${this.#total * this.#line()}px`;
    const now = new Map();
    for (let i = this.#first(); i < Math.min(this.#last(), this.#total); i++) this.#drawLine(i, now);
    for (const [key, line] of this.#lines) if (!now.has(key)) this.#drop(line);
    this.#lines = now;
    this.#askAround();
  }

  // #askAround has the next pages there before they come in sight, and forgets those far away.
  #askAround() {
    const seen = this.#wanted(), near = this.#wanted(1);
    const missing = near.filter((page) => seen.includes(page) || !this.#pages.has(page));
    for (const page of missing) this.#ask(page).catch(() => {}); // the console says so already
    for (const page of this.#asked.keys()) if (!near.includes(page)) this.#forget(page);
  }

  #forget(page) {
    this.#pages.delete(page);
    this.#asked.delete(page);
  }

  #drawLine(index, now) {
    const row = this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
    if (!row || now.has(this.#key(row))) return; // not there yet; or it has moved since its page was read
    const line = this.#lines.get(this.#key(row)) ?? this.#list.appendChild(this.#make());
    line.style.transform = `translateY(${index * this.#line()}px)`;
    line.setAttribute("aria-posinset", index + 1);
    line.setAttribute("aria-setsize", this.#total);
    this.#fill(line, row);
    now.set(this.#key(row), line);
  }

  // #drop takes a line out; the focus stays in the list.
  #drop(line) {
    if (line.contains(document.activeElement)) this.#box.focus({ preventScroll: true });
    line.remove();
  }
}
