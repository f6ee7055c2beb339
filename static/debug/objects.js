// What a panel has made or been told of: streams, views, tracks, devices and ids. Methods
// take them as arguments by the names that they have here, which are those of the code, too.

import { paint } from "./paint.js";

export class Objects {
  #made = []; // {kind, name, value}
  #counts = {};
  #listeners = new Set();
  #painted;
  published = []; // stream ids, the last one first
  playing = [];
  announced = [];
  users = []; // ids of others in the room
  devices = []; // {deviceID, deviceName, kind}

  // add gives a new object its name; one that is known keeps its own.
  add(kind, value, about = {}) {
    const known = this.nameOf(value);
    if (known) return known;
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    const name = kind + this.#counts[kind];
    this.#made.push({ ...about, kind, name, value });
    this.changed();
    return name;
  }

  forget(value) {
    this.#made = this.#made.filter((it) => it.value !== value);
    this.changed();
  }

  // clear forgets what belonged to an engine that is no more.
  clear() {
    this.#made = [];
    for (const list of [this.published, this.playing, this.announced, this.users]) list.length = 0;
    this.changed();
  }

  nameOf(value) { return this.#made.find((it) => it.value === value)?.name; }

  // of are the objects of some kinds, the newest first.
  of(...kinds) { return this.#made.filter(({ kind }) => kinds.includes(kind)).reverse(); }

  // named is the object that a name in JSON stands for.
  named(name) {
    if (name === "painted") return this.painted;
    return this.#made.find((it) => it.name === name)?.value;
  }

  // painted is a stream of the page's own, for whom there is no camera.
  get painted() { return (this.#painted ??= paint()); }

  // tracks are those of the painted stream, which is painted when it is wanted, and of all own ones.
  tracks() {
    const painted = (kind) => {
      const owner = this;
      return { name: `painted.get${kind}Tracks()[0]`, get value() { return owner.painted[`get${kind}Tracks`]()[0]; } };
    };
    const own = this.of("stream").flatMap(({ name, value }) => ["Video", "Audio"].flatMap((kind) =>
      value[`get${kind}Tracks`]().map((track, i) => ({ name: `${name}.get${kind}Tracks()[${i}]`, value: track }))));
    return [painted("Video"), painted("Audio"), ...own];
  }

  // note puts an id at the head of a list, or takes it out.
  note(list, id, there = true) {
    const rest = this[list].filter((it) => it !== id);
    this[list] = there ? [id, ...rest] : rest;
    this.changed();
  }

  // learn keeps devices that a method told.
  learn(devices) {
    const ids = new Set(devices.map(({ deviceID }) => deviceID));
    this.devices = [...this.devices.filter(({ deviceID }) => !ids.has(deviceID)), ...devices];
    this.changed();
  }

  onChange(listener) { this.#listeners.add(listener); }

  changed() { for (const listener of this.#listeners) listener(); }
}
