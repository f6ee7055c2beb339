// A temporary token, for trying something out.

import { byId, create } from "../ui/element.js";
import { write } from "../ui/language.js";
import { get, post } from "./api.js";
import { copy } from "./copy.js";
import { Refresher } from "./refresher.js";
import { moment, tell } from "./telling.js";

export class Token {
  #site = ""; #made;
  #refresher = new Refresher("token", () => this.#load());

  constructor() {
    byId("token-form").addEventListener("submit", (event) => { event.preventDefault(); this.#make(); });
    byId("token-copy").addEventListener("click", () => copy(byId("token-text")));
  }

  enter({ site }) {
    this.#site = site;
    this.#made = undefined;
    byId("token-made").hidden = true;
    byId("token-text").value = "";
  }

  show() {
    this.#refresher.now();
    if (this.#made) this.#tellMade();
  }

  async #load() {
    const { apps } = await get("apps");
    const chosen = byId("token-app").value;
    byId("token-app").replaceChildren(...apps.map(({ id, name }) => create("option", { value: id }, name ? `${name} (${id})` : String(id))));
    if (apps.some(({ id }) => String(id) === chosen)) byId("token-app").value = chosen;
    byId("token-none").hidden = apps.length > 0;
    byId("token-form").querySelector("[type=submit]").disabled = !apps.length;
  }

  async #make() {
    const value = (id) => byId(`token-${id}`).value.trim();
    const wish = {
      app: Number(value("app")), user: value("user"), room: value("room"), seconds: Number(value("for")),
      streams: value("streams").split(/[\s,，]+/).filter(Boolean),
      login: byId("token-login").checked, publish: byId("token-publish").checked,
    };
    write(byId("token-problem"), "");
    try {
      this.#made = { ...wish, ...await post("tokens", wish) };
    } catch (error) {
      return tell(byId("token-problem"), error);
    }
    byId("token-made").hidden = false;
    this.#tellMade();
    byId("token-made-title").focus();
  }

  #tellMade() {
    const { token, expires, user, app, room } = this.#made;
    byId("token-text").value = token;
    byId("token-link").href = linkToCall(this.#site, { app, user, room, token });
    write(byId("token-about"), room ? "token.aboutRoom" : "token.about", { user, room, time: moment(expires) });
  }
}

// linkToCall is an invitation: see ui/invitation.js.
function linkToCall(site, { app, user, room, token }) {
  const url = new URL(site);
  for (const [name, value] of Object.entries({ app, user, room })) if (value) url.searchParams.set(name, value);
  url.hash = new URLSearchParams({ token });
  return url.href;
}
