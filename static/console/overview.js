// The overview: how much there is of everything, the largest rooms, who was refused.

import { byId } from "../ui/element.js";
import { get } from "./api.js";
import { showList } from "./keyed.js";
import { entryLine, number } from "./telling.js";
import { roomLine } from "./roomline.js";
import { Refresher } from "./refresher.js";

const SHOWN = 5; // lines of each list

export class Overview {
  #refresher = new Refresher("overview", () => this.#load());

  show() { this.#refresher.now(); }

  tick({ counts, rooms, all, recent }) {
    showCounts(counts);
    if (all || rooms.length || recent.length) this.#refresher.soon();
  }

  async #load() {
    const [counts, { rooms }, { recent }] = await Promise.all([get("counts"), get("rooms", { limit: SHOWN }), get("recent")]);
    showCounts(counts);
    showList(byId("busiest"), rooms, { ...roomLine, none: "rooms.none" });
    const refused = recent.filter(({ kind }) => kind === "refused").slice(0, SHOWN);
    showList(byId("refused"), refused, { ...entryLine, none: "overview.noneRefused" });
  }
}

function showCounts(counts) {
  for (const [name, count] of Object.entries(counts)) byId(`count-${name}`).textContent = number(count);
}
