// Recent joins, departures and refusals, the newest on top.

import { byId } from "../ui/element.js";
import { get } from "./api.js";
import { showList } from "./keyed.js";
import { Refresher } from "./refresher.js";
import { entryLine } from "./telling.js";

const SHOWN = 200;

export class Joins {
  #entries = [];
  #refresher = new Refresher("joins", () => this.#load());

  constructor() { byId("joins-refused").addEventListener("change", () => this.#draw()); }

  show() { this.#refresher.now(); }

  tick({ recent }) {
    const known = new Set(this.#entries.map(({ number }) => number));
    this.#entries = [...recent.filter(({ number }) => !known.has(number)), ...this.#entries].slice(0, 600);
    if (recent.length) this.#draw();
  }

  async #load() {
    this.#entries = (await get("recent")).recent;
    this.#draw();
  }

  #draw() {
    const only = byId("joins-refused").checked;
    const entries = this.#entries.filter(({ kind }) => !only || kind === "refused").slice(0, SHOWN);
    showList(byId("joins-list"), entries, { ...entryLine, none: only ? "overview.noneRefused" : "joins.none" });
  }
}
