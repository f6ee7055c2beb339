// Who is here: everybody in the room with what they send, in a list and by their number.

import { byId, create } from "../ui/element.js";
import { icon } from "../ui/icon.js";
import { write } from "../ui/language.js";
import { initials } from "./names.js";

export class People {
  #rows = new Map(); // user id → {user, mine, microphone, camera, screen}

  add(user, mine = false) {
    const row = this.#rows.get(user.userID) ?? { microphone: false, camera: false, screen: false };
    this.#rows.set(user.userID, { ...row, user, mine });
    this.#draw();
  }

  remove(userID) {
    this.#rows.delete(userID);
    this.#draw();
  }

  // change notes what somebody sends: {microphone, camera, screen}.
  change(userID, what) {
    const row = this.#rows.get(userID);
    if (!row) return;
    Object.assign(row, what);
    this.#draw();
  }

  clear() {
    this.#rows.clear();
    this.#draw();
  }

  get others() { return [...this.#rows.values()].filter(({ mine }) => !mine).length; }

  // #draw writes the list anew: me first, then the others in the order they came in.
  #draw() {
    const rows = [...this.#rows.values()].sort((a, b) => b.mine - a.mine);
    byId("people-list").replaceChildren(...rows.map(drawRow));
    byId("people").dataset.count = rows.length;
    write(byId("count"), "people.count", { count: rows.length });
    write(byId("people-title"), "people.heading", { count: rows.length });
  }
}

function drawRow({ user, mine, ...sends }) {
  const name = create("span", { className: "name" });
  write(name, mine ? "people.you" : "people.name", { name: user.userName || user.userID });
  const signs = create("span", { className: "signs" });
  if (sends.screen) signs.append(sign("screen", "people.screen"));
  signs.append(sends.microphone ? sign("microphone", "people.microphone") : sign("microphone-off", "people.noMicrophone"));
  signs.append(sends.camera ? sign("camera", "people.camera") : sign("camera-off", "people.noCamera"));
  return create("li", {}, create("span", { className: "badge", ariaHidden: "true" }, initials(user)), name, signs);
}

function sign(name, word) {
  const words = create("span", { className: "unseen" });
  write(words, word);
  const element = create("span", { className: name.endsWith("off") ? "off" : "" }, icon(name), words);
  return element;
}
