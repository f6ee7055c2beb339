// Reading something again when it changed: never twice at the same time, and not too often.

import { byId } from "../ui/element.js";
import { Refusal } from "./api.js";
import { tellShortly } from "./telling.js";

const PAUSE = 1000; // ms between two readings

export class Refresher {
  #view; #read; #busy = false; #again = false; #timer;

  // read() is called while the view of that id is shown.
  constructor(view, read) { [this.#view, this.#read] = [view, read]; }

  // now reads at once, or as soon as what is under way is over.
  now() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#busy) this.#again = true;
    else this.#run();
  }

  // soon reads within the pause, once, however often it is called.
  soon() { this.#timer ??= setTimeout(() => this.now(), PAUSE); }

  async #run() {
    if (byId(this.#view).hidden) return;
    this.#busy = true;
    try {
      await this.#read();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.code !== "away") tellShortly(error); // that the server is away stands there already
    } finally {
      this.#busy = false;
    }
    if (this.#again) {
      this.#again = false;
      this.now();
    }
  }
}
