// One room: its users, streams and sessions, live, and what the operator does in it.

import { byId, create } from "../ui/element.js";
import { label, say, write } from "../ui/language.js";
import { toast } from "../ui/toast.js";
import { get, post } from "./api.js";
import { confirm } from "./confirm.js";
import { newLine, setFacts, setText, showList } from "./keyed.js";
import { Refresher } from "./refresher.js";
import { age, moment, number, tellShortly } from "./telling.js";

const MEASURED = 3000; // ms between two readings of what no event tells: quality

export class Room {
  #app; #id;
  #refresher = new Refresher("room", () => this.#load());

  constructor() {
    byId("room-search").addEventListener("input", () => this.#refresher.now());
    byId("room-close").addEventListener("click", () => this.#close());
    byId("room-message").addEventListener("click", () => this.#say());
    setInterval(() => { if (!byId("room").hidden) this.#refresher.soon(); }, MEASURED);
  }

  show(query) {
    const [app, id] = [Number(query.get("app")), query.get("room") ?? ""];
    if (id !== this.#id || app !== this.#app) this.#begin(app, id);
    this.#refresher.now();
  }

  #begin(app, id) {
    [this.#app, this.#id] = [app, id];
    byId("room-title").textContent = id;
    byId("room-facts").textContent = "\u00a0"; // keeps the line
    byId("room-search").value = "";
    this.#showParts({ users: [], streams: [], sessions: [], found: { users: 0, streams: 0, sessions: 0 } });
  }

  tick({ rooms, all }) {
    if (all || rooms.some(({ app, id }) => app === this.#app && id === this.#id)) this.#refresher.soon();
  }

  async #load() {
    const wanted = { app: this.#app, room: this.#id, search: byId("room-search").value };
    const answer = await get("room", wanted);
    if (wanted.room !== this.#id || wanted.app !== this.#app) return; // another room is shown by now
    this.#showWhether(answer.room);
    if (answer.room) this.#showAll(answer);
  }

  #showWhether(there) {
    if (Boolean(there) === !byId("room-gone").textContent) return;
    write(byId("room-gone"), there ? "" : "room.gone");
    for (const id of ["room-close", "room-message"]) byId(id).disabled = !there;
    if (!there) this.#showParts({ users: [], streams: [], sessions: [], found: { users: 0, streams: 0, sessions: 0 } });
  }

  #showAll(answer) {
    const { created, members } = answer.room;
    write(byId("room-facts"), "room.facts", { app: this.#app, members: number(members), age: age(created), since: moment(created) });
    this.#showParts(answer);
  }

  #showParts({ users, streams, sessions, found }) {
    for (const [part, list] of Object.entries({ users, streams, sessions })) {
      const word = list.length < found[part] ? `room.${part}.first` : `room.${part}`;
      write(byId(`room-${part}-title`), word, { count: number(found[part]), shown: number(list.length) });
    }
    const onKick = (user) => this.#kick(user);
    showList(byId("room-users"), users, { key: ({ id }) => id, make: () => makeUser(onKick), fill: fillUser, none: "room.users.none" });
    showList(byId("room-streams"), streams, { key: ({ id }) => id, make: newLine, fill: fillStream, none: "room.streams.none" });
    showList(byId("room-sessions"), sessions, { key: sessionKey, make: makeSession, fill: fillSession, none: "room.sessions.none" });
  }

  async #kick({ id, name }) {
    const answer = await confirm({ title: "kick.title", text: "kick.text", action: "kick.do", field: "confirm.reason", values: { name: name || id } });
    if (answer) await this.#do("room/kick", { users: [id], reason: answer.text }, "kick.done", { name: name || id });
  }

  async #close() {
    const answer = await confirm({ title: "close.title", text: "close.text", action: "close.do", field: "confirm.reason", values: { name: this.#id } });
    if (answer) await this.#do("room/close", { reason: answer.text }, "close.done");
  }

  async #say() {
    const answer = await confirm({ title: "say.title", text: "say.text", action: "say.do", field: "say.field", plain: true, needed: true });
    if (answer) await this.#do("room/message", { name: say("say.from"), text: answer.text }, "say.done");
  }

  async #do(path, what, done, values) {
    try {
      await post(path, { app: this.#app, room: this.#id, ...what });
      toast(done, values);
    } catch (error) {
      tellShortly(error);
    }
    this.#refresher.now();
  }
}

function makeUser(onKick) {
  const line = newLine();
  line.parts.kick = create("button", { type: "button" });
  write(line.parts.kick, "kick.button");
  line.parts.kick.addEventListener("click", () => onKick(line.user));
  line.parts.side.append(line.parts.kick);
  return line;
}

function fillUser(line, user) {
  const { id, name, since, address } = user;
  line.user = user;
  setText(line.parts.title, name || id);
  const facts = [say("room.here", { age: age(since) })];
  if (name && name !== id) facts.unshift(id);
  if (address) facts.push(say("from.address", { address }));
  setFacts(line.parts.about, facts);
  label(line.parts.kick, "kick.label", { name: name || id });
}

function fillStream({ parts }, { id, user, since }) {
  setText(parts.title, id);
  setFacts(parts.about, [say("from.user", { user }), say("room.since", { age: age(since) })]);
}

const sessionKey = ({ stream, from, to }) => `${stream}\n${from}\n${to}`;
const COLOURS = { direct: "good", relay: "warn", forwarder: "", "": "" };

function makeSession() {
  const line = newLine();
  Object.assign(line.parts, { route: create("span"), bars: create("span", { className: "bars" }, ...Array.from({ length: 4 }, () => create("i"))) });
  line.parts.bars.setAttribute("role", "img");
  line.parts.side.append(line.parts.route, line.parts.bars);
  return line;
}

function fillSession({ parts }, { stream, from, to, route, up }) {
  setText(parts.title, stream);
  setText(parts.about, say("room.session", { from: from || say("route.forwarder"), to }));
  parts.route.className = `badge ${COLOURS[route]}`;
  setText(parts.route, say(`route.${route || "unknown"}`));
  parts.bars.dataset.grade = up;
  label(parts.bars, `grade.${up}`);
}
