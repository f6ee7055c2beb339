// Who speaks: from how loud everybody is to who speaks and who speaks most, without flicker.

const LOUD = 8;       // of 100; speech is louder
const HOLD = 900;     // ms: a pause between words does not end speaking
const TAKE_OVER = 700; // ms that somebody speaks before becoming the one in front

export class Speakers {
  #heard = new Map(); // id → {since, last}, in ms
  leader; // who of the others speaks, or spoke last
  #me;

  constructor(me) { this.#me = me; }

  // hear takes the levels of this moment, [id, level] each, and tells whether anything changed.
  hear(levels, now = performance.now()) {
    const before = [...this.speaking].join() + this.leader;
    for (const [id, level] of levels) {
      if (level < LOUD) continue;
      const entry = this.#heard.get(id) ?? { since: now };
      this.#heard.set(id, { since: entry.since, last: now });
    }
    for (const [id, { last }] of this.#heard) {
      if (now - last > HOLD) this.#heard.delete(id);
    }
    this.#lead(now);
    return before !== [...this.speaking].join() + this.leader;
  }

  // #lead: who leads stays in front while speaking, whoever else does.
  #lead(now) {
    if (this.#heard.has(this.leader)) return;
    const [next] = [...this.#heard]
      .filter(([id, { since }]) => id !== this.#me && now - since >= TAKE_OVER)
      .sort(([, a], [, b]) => a.since - b.since);
    if (next) this.leader = next[0];
  }

  get speaking() { return this.#heard.keys(); }

  forget(id) {
    this.#heard.delete(id);
    if (this.leader === id) this.leader = undefined;
  }
}
