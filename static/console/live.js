// The stream of what changes on the server. It comes back by itself.

import { get } from "./api.js";

const SHORTEST = 500, LONGEST = 5000; // ms between two tries
// A server ticks every 2 s. One that has been silent for so many ms is asked: a network or a
// machine that dies ends no stream.
const SILENCE = 10000;

// Live calls onTick(tick) for each event, onAway() when the server cannot be reached,
// onBack(away) when the stream was lost and is there again, and onSignedOut() when the server
// does not know this browser any more.
export class Live {
  #hears; #source; #timer; #wait = SHORTEST; #lost = false; #away = false;
  #turn = 0; // counts the streams that were closed

  constructor(hears) { this.#hears = hears; }

  start() {
    this.#close();
    this.#source = new EventSource("console/api/live");
    this.#source.onmessage = ({ data }) => this.#onTick(JSON.parse(data));
    this.#source.onerror = () => this.#onLost();
    this.#expect();
  }

  stop() {
    this.#close();
    this.#lost = this.#away = false;
    this.#wait = SHORTEST;
  }

  #close() {
    this.#turn++;
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  // #expect awaits the next tick.
  #expect() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#onLost(), SILENCE);
  }

  #onTick(tick) {
    this.#expect();
    this.#wait = SHORTEST;
    if (this.#lost) this.#hears.onBack(this.#away);
    this.#lost = this.#away = false;
    this.#hears.onTick(tick);
  }

  // #onLost finds out why: a stream does not say. It may even be there: after a sleep its
  // ticks wait to be read.
  #onLost() {
    this.#close();
    this.#lost = true;
    this.#timer = setTimeout(() => this.#again(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST);
  }

  async #again() {
    const turn = this.#turn;
    const state = await get("session").catch(() => undefined);
    if (turn !== this.#turn) return; // one has signed out meanwhile
    if (state?.signedIn) return this.start();
    if (state) return this.#hears.onSignedOut();
    if (!this.#away) this.#hears.onAway();
    this.#away = true;
    this.#onLost();
  }
}
