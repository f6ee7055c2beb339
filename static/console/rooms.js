// All rooms: searched, sorted, thousands of them, and live.

import { byId, create } from "../ui/element.js";
import { say, write } from "../ui/language.js";
import { get } from "./api.js";
import { setText } from "./keyed.js";
import { Refresher } from "./refresher.js";
import { age, linkToRoom, number } from "./telling.js";
import { VirtualList } from "./virtual.js";

export class Rooms {
  #list; #none = create("p", { className: "empty", hidden: true });
  #refresher = new Refresher("rooms", () => this.#read());
  #anew = true; // another list is wished for

  constructor() {
    byId("rooms-list").append(this.#none);
    this.#list = new VirtualList(byId("rooms-list"), {
      load: (offset, limit) => this.#load(offset, limit), make, fill, key: ({ life }) => life,
    });
    for (const [id, event] of [["rooms-search", "input"], ["rooms-sort", "change"]]) {
      byId(id).addEventListener(event, () => { this.#anew = true; this.#refresher.now(); });
    }
    setInterval(() => this.#list.redraw(), 30000); // ages grow
  }

  show() { this.#refresher.now(); }

  tick({ rooms, all }) {
    if (all || rooms.length) this.#refresher.soon();
  }

  #read() {
    const anew = this.#anew;
    this.#anew = false;
    return anew ? this.#list.begin() : this.#list.refresh();
  }

  async #load(offset, limit) {
    const search = byId("rooms-search").value;
    const { total, rooms } = await get("rooms", { search, sort: byId("rooms-sort").value, offset, limit });
    write(byId("rooms-count"), "rooms.count", { count: number(total) });
    write(this.#none, search ? "rooms.notFound" : "rooms.none");
    this.#none.hidden = total > 0;
    return { total, rows: rooms };
  }
}

function make() {
  const parts = { link: create("a"), app: create("span", { className: "app" }), members: create("span"), age: create("span", { className: "age" }) };
  return Object.assign(create("li", {}, ...Object.values(parts)), { parts });
}

function fill({ parts }, { app, id, members, created }) {
  parts.link.href = linkToRoom(app, id);
  setText(parts.link, id);
  setText(parts.app, say("rooms.app", { app }));
  setText(parts.members, say("rooms.members", { count: number(members) }));
  setText(parts.age, say("rooms.age", { age: age(created) }));
}
