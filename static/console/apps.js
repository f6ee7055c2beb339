// The apps: what there are, a new one, another secret, and the end of one.

import { byId, create } from "../ui/element.js";
import { label, say, write } from "../ui/language.js";
import { toast } from "../ui/toast.js";
import { get, post } from "./api.js";
import { confirm } from "./confirm.js";
import { copy } from "./copy.js";
import { newLine, setFacts, setText, showList } from "./keyed.js";
import { Refresher } from "./refresher.js";
import { moment, tellShortly } from "./telling.js";

const KEEP = 24 * 3600; // seconds for which the secret before is good after a rotation

export class Apps {
  #refresher = new Refresher("apps", () => this.#load());

  constructor() {
    byId("app-new").addEventListener("click", () => { byId("app-form").reset(); byId("app-dialog").showModal(); });
    byId("app-cancel").addEventListener("click", () => byId("app-dialog").close());
    byId("app-form").addEventListener("submit", () => this.#create());
    byId("secret-copy").addEventListener("click", () => copy(byId("secret-text")));
    byId("secret-dialog").addEventListener("close", () => { byId("secret-text").value = ""; }); // once is once
  }

  enter({ kept }) { byId("apps-lost").hidden = kept; }

  show() { this.#refresher.now(); }

  async #load() {
    const { apps } = await get("apps");
    const does = { rotate: (app) => this.#rotate(app), remove: (app) => this.#delete(app) };
    showList(byId("apps-list"), apps, { key: ({ id }) => String(id), make: () => makeApp(does), fill: fillApp, none: "apps.none" });
  }

  #create() {
    return this.#do(async () => showSecret(await post("apps", { name: byId("app-name").value, atExpiry: byId("app-expiry").value })));
  }

  async #rotate(app) {
    const values = { name: nameOf(app) };
    const answer = await confirm({ title: "rotate.title", text: "rotate.text", action: "rotate.do", field: "confirm.type", type: String(app.id), values: { ...values, type: app.id } });
    if (answer) await this.#do(async () => showSecret(await post("apps/rotate", { id: app.id, keep: KEEP })));
  }

  async #delete(app) {
    const values = { name: nameOf(app) };
    const answer = await confirm({ title: "delete.title", text: "delete.text", action: "delete.do", field: "confirm.type", type: String(app.id), values: { ...values, type: app.id } });
    if (answer) await this.#do(async () => { await post("apps/delete", { id: app.id }); toast("delete.done", values); });
  }

  async #do(change) {
    try {
      await change();
    } catch (error) {
      tellShortly(error);
    }
    this.#refresher.now();
  }
}

const nameOf = ({ id, name }) => name || String(id);

function showSecret({ id, secret }) {
  byId("secret-id").value = id;
  byId("secret-text").value = secret;
  byId("secret-dialog").showModal();
}

function makeApp({ rotate, remove }) {
  const line = newLine();
  const button = (word, act) => {
    const made = create("button", { type: "button" });
    write(made, word);
    made.addEventListener("click", () => act(line.app));
    return made;
  };
  line.parts.buttons = [button("rotate.button", rotate), button("delete.button", remove)];
  line.parts.side.append(...line.parts.buttons);
  return line;
}

function fillApp(line, app) {
  line.app = app;
  setText(line.parts.title, nameOf(app));
  const facts = [say("apps.id", { id: app.id }), say(`apps.${app.atExpiry || "stay"}.short`)];
  if (app.created > 0) facts.push(say("apps.since", { time: moment(app.created) }));
  if (app.formerUntil) facts.push(say("apps.former", { time: moment(app.formerUntil) }));
  setFacts(line.parts.about, facts);
  ["rotate.label", "delete.label"].forEach((word, i) => label(line.parts.buttons[i], word, { name: nameOf(app) }));
}
