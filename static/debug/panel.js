// A panel: one user with an engine, its pictures, methods, log and statistics.

import { translate, write } from "../ui/language.js";
import { Code } from "./code.js";
import { engineEvents, listen } from "./events.js";
import { Fields } from "./fields.js";
import { Methods } from "./form.js";
import { Log } from "./log.js";
import { Objects } from "./objects.js";
import { copyText, showText } from "./paper.js";
import { Statistics } from "./statistics.js";

export class Panel {
  engine = null;
  made = 0; // when the engine was
  objects = new Objects();
  code = new Code();
  audio = new Audio();
  // What on and off are given: the same function each time, or off would find nothing.
  listener = (...values) => this.log.add("note", "console.log", values);

  constructor(number, first) {
    this.number = number;
    this.root = document.getElementById("bench").content.firstElementChild.cloneNode(true);
    this.fields = new Fields(number, this.part("fields"), first?.fields);
    this.log = new Log(this.part("log"), this.part("count"), (value) => this.objects.nameOf(value));
    this.statistics = new Statistics(this.part("statistics"), number);
    this.methods = new Methods(this, this.part("methods"), this.part("none"));
    write(this.part("title"), "debug.userN", { n: number });
    this.#tools();
    this.#engineTools();
    this.#state("debug.noEngineYet");
  }

  part(name) { return this.root.querySelector(`[data-part="${name}"]`); }

  focus() { this.root.querySelector("input").focus(); }

  translate() {
    translate(this.root);
    this.methods.translate();
    this.log.refresh();
    this.statistics.refresh();
  }

  // create makes the engine, and listens to everything that it may tell.
  create() {
    const { appID, server } = this.fields.engine();
    const servers = [server].flat().map((url) => globalThis.debugWire.mark(url, this.number));
    this.log.add("call", "new ZegoExpressEngine", { appID, server });
    this.made = performance.now();
    this.engine = new ZegoExpressEngine(appID, Array.isArray(server) ? servers : servers[0]);
    listen("engine", this.engine, (name, values) => this.#onEvent(name, values));
    this.part("create").disabled = true;
    this.part("destroy").disabled = false;
    this.#state("debug.ready");
  }

  // ended forgets an engine that has been destroyed.
  ended() {
    this.engine = null;
    this.objects.clear();
    this.code.clear();
    this.part("create").disabled = false;
    this.part("destroy").disabled = true;
    this.#state("debug.noEngineYet");
  }

  close() {
    this.engine?.destroyEngine();
    this.statistics.close();
    this.root.remove();
  }

  // adopt names a view or a ZegoLocalStream, and listens to it once.
  adopt(kind, object, about) {
    const known = this.objects.nameOf(object);
    const name = this.objects.add(kind, object, about);
    if (!known) listen(kind, object, (event, values) => this.log.add("event", event, values, { of: name }));
    return name;
  }

  showFrame({ direction, data, time }) {
    const text = typeof data === "string" ? data : `[${data?.constructor?.name}]`;
    const size = direction === "socket" ? undefined : new Blob([data]).size;
    this.log.add(direction, frameName(direction, text), text, { raw: true, size, time });
  }

  // boxes are where pictures can be shown.
  boxes(first) {
    const wanted = first === "@box" ? (this.objects.of("view")[0]?.local === false ? "remote" : "local") : first;
    return [wanted, wanted === "local" ? "remote" : "local"].map((name) => ({ name: `videoBox("${name}")`, value: this.part(name) }));
  }

  // source is what a field begins with.
  source(what) {
    const { room, user, name, token } = this.fields.values();
    const { published, playing, announced, users, devices } = this.objects;
    const device = devices.find(({ kind }) => kind === what)?.deviceID ?? "";
    const sources = {
      room, token, otherRoom: `${room}-2`, newStream: `${user}-camera`,
      user: JSON.stringify({ userID: user, userName: name }),
      switch: JSON.stringify({ token, isUserStatusNotify: true }),
      others: JSON.stringify(users), published: published[0] ?? `${user}-camera`, played: playing[0] ?? announced[0] ?? "",
      camera: device, microphone: device, speaker: device,
    };
    return sources[what];
  }

  // suggestions are values for arguments of a name.
  suggestions(name) {
    const { published, playing, announced, devices } = this.objects;
    if (name === "streamID") return [...new Set([...published, ...playing, ...announced])];
    if (name === "deviceID") return devices.map(({ deviceID }) => deviceID);
    return [];
  }

  #onEvent(name, values) {
    this.log.add("event", name, values);
    this.statistics.take(name, values);
    follow[name]?.(this, ...values);
  }

  #state(word, values) { write(this.part("state"), word, values); }

  showRoom(room, reason) { this.#state("debug.inRoom", { room, reason }); }

  #engineTools() {
    this.part("fields").addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.engine) this.create();
    });
    this.fields.onChange(() => this.methods.refresh());
    this.part("destroy").addEventListener("click", () => this.methods.press("destroyEngine"));
    this.part("link").addEventListener("click", () => copyText(this.fields.link(), "debug.linkTitle", this.part("state")));
  }

  #tools() {
    const { log } = this;
    for (const button of this.root.querySelectorAll("[data-kind]")) {
      button.addEventListener("click", () => log.show(button.dataset.kind, toggle(button)));
    }
    this.part("filter").addEventListener("input", ({ target }) => log.search(target.value));
    this.part("search").addEventListener("input", ({ target }) => this.methods.search(target.value));
    this.part("pause").addEventListener("click", ({ target }) => log.pause(toggle(target)));
    this.part("secrets").addEventListener("click", ({ target }) => log.showSecrets(toggle(target)));
    this.part("clear").addEventListener("click", () => log.clear());
    this.part("copy").addEventListener("click", () => copyText(String(log), "debug.log", this.part("count")));
    this.part("code").addEventListener("click", () => {
      const program = this.code.text({ ...this.fields.engine(), token: this.fields.values().token }, engineEvents, log.secrets);
      showText(program, "debug.codeTitle", "debug.codeHint");
    });
  }
}

function toggle(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
}

// frameName is the type that stands in a frame.
function frameName(direction, text) {
  if (direction === "socket") return "WebSocket";
  return /^\{"type":"([\w.]+)"/.exec(text)?.[1] ?? "frame";
}

// follow is what a panel learns from events.
const follow = {
  roomStateChanged: (panel, room, reason) => panel.showRoom(room, reason),
  publisherStateUpdate: ({ objects }, { streamID, state }) => objects.note("published", streamID, state !== "NO_PUBLISH"),
  playerStateUpdate: ({ objects }, { streamID, state }) => objects.note("playing", streamID, state !== "NO_PLAY"),
  roomUserUpdate({ objects }, _, change, users) {
    for (const { userID } of users) objects.note("users", userID, change === "ADD");
  },
  roomStreamUpdate({ objects }, _, change, streams) {
    for (const { streamID } of streams) objects.note("announced", streamID, change === "ADD");
  },
};
