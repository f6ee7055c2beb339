// The stream of what changes on the server. It comes back by itself.

import { get } from "./api.js";

const LONGEST = 5000; // ms between two tries

// Live calls onTick(tick) for each event, onAway() when the server cannot be reached,
// onBack() when it can again, and onSignedOut() when it does not know this browser any more.
export class Live {
  #hears; #source; #timer; #wait = 500; #away = false;

  constructor(hears) { this.#hears = hears; }

  start() {
    this.stop();
    this.#source = new EventSource("console/api/live");
    this.#source.onmessage = ({ data }) => this.#onTick(JSON.parse(data));
    this.#source.onerror = () => this.#onLost();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #onTick(tick) {
    this.#wait = 500;
    if (this.#away) this.#hears.onBack();
    this.#away = false;
    this.#hears.onTick(tick);
  }

  // #onLost finds out why: a stream does not say.
  #onLost() {
    this.stop();
    this.#timer = setTimeout(() => this.#again(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST);
  }

  async #again() {
    const state = await get("session").catch(() => undefined);
    if (state?.signedIn) return this.start();
    if (state) return this.#hears.onSignedOut();
    if (!this.#away) this.#hears.onAway();
    this.#away = true;
    this.#onLost();
  }
}
