// The stage: all tiles, where they stand, and who is in front.

import { byId } from "../ui/element.js";
import { corner, grid, spotlight } from "./layout.js";
import { Speakers } from "./speakers.js";

const CROWD = 3; // with so many others, who speaks comes forward

export class Stage {
  #tiles = []; // of the others, and my screen
  #pinned; #self; #speakers = new Speakers();
  #box = byId("tiles");
  plain = false; // whether the visitor wants all tiles equal

  constructor(self) {
    this.#self = self;
    const sizes = new ResizeObserver(() => this.arrange());
    for (const element of [this.#box, byId("alone")]) sizes.observe(element); // its words wrap differently by language
  }

  // enter begins anew; who I am never stands in front of myself.
  enter(myID) {
    this.#speakers = new Speakers(myID);
    this.setPlain(false);
  }

  add(tile) {
    byId("remote-video").append(tile.element);
    this.#tiles.push(tile);
    tile.pinButton.addEventListener("click", () => this.pin(this.#pinned === tile ? undefined : tile));
    this.arrange();
  }

  remove(tile) {
    tile.element.remove();
    this.#tiles = this.#tiles.filter((other) => other !== tile);
    this.#speakers.forget(tile.user.userID);
    if (this.#pinned === tile) this.#pinned = undefined;
    this.arrange();
  }

  clear() { for (const tile of [...this.#tiles]) this.remove(tile); }

  get tiles() { return [this.#self, ...this.#tiles]; }

  // pin keeps a tile in front; undefined pins none.
  pin(tile) {
    this.#pinned = tile;
    for (const each of this.#tiles) each.pin(each === tile);
    if (tile) this.setPlain(false);
    this.arrange();
  }

  setPlain(plain) {
    this.plain = plain;
    byId("grid").setAttribute("aria-pressed", String(plain));
    if (plain && this.#pinned) this.pin(undefined);
    this.arrange();
  }

  // hear takes how loud the users are, [user id, level] each.
  hear(levels) {
    if (!this.#speakers.hear(levels)) return;
    const speaking = new Set(this.#speakers.speaking);
    for (const tile of this.tiles) tile.speak(tile.kind === "camera" && speaking.has(tile.user.userID));
    this.arrange();
  }

  // #front is the tile that stands out: the pinned one, a screen, in a crowd who speaks.
  #front() {
    if (this.plain) return undefined;
    const screen = this.#tiles.findLast(({ kind, mine }) => kind === "screen" && !mine);
    if (this.#pinned ?? screen) return this.#pinned ?? screen;
    const others = this.#tiles.filter(({ mine }) => !mine);
    return others.length >= CROWD ? others.find(({ user }) => user.userID === this.#speakers.leader) : undefined;
  }

  // arrange gives every tile its place.
  arrange() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (!width || !height) return;
    const box = { x: 0, y: 0, width, height };
    byId("alone").hidden = this.#tiles.length > 0;
    this.#self.element.classList.toggle("floating", false);
    if (!this.#tiles.length) return this.#alone(box);
    const front = this.#front();
    if (this.#tiles.length === 1 && !front) return this.#pair(box);
    const tiles = [...this.#tiles.filter((tile) => tile !== front), this.#self];
    if (front) tiles.unshift(front);
    const places = (front ? spotlight : grid)(tiles.length, box);
    tiles.forEach((tile, i) => tile.place(places[i], tile === front));
  }

  // #alone shows me large, above the words how to invite others.
  #alone(box) {
    const words = byId("alone").offsetHeight + 8;
    this.#self.place(grid(1, { ...box, height: Math.max(80, box.height - words) })[0], false);
  }

  // #pair shows the other as large as can be, and me small in the corner.
  #pair(box) {
    const [tile] = this.#tiles;
    const [place] = grid(1, box, 0.5);
    tile.place(place, true);
    this.#self.element.classList.toggle("floating", true);
    this.#self.place(corner(place), false);
  }
}
