// The panels beside the stage: one is open at a time.

import { byId } from "../ui/element.js";

// Panels are by the ids of the buttons that open them; a panel's id is its button's and "-panel".
export class Panels {
  #ids; #onChange;

  constructor(ids, onChange) {
    this.#ids = ids;
    this.#onChange = onChange;
    for (const id of ids) {
      byId(id).addEventListener("click", () => this.toggle(id));
      byId(`${id}-panel`).querySelector("[data-close]").addEventListener("click", () => this.close());
      byId(`${id}-panel`).addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.close();
      });
    }
  }

  get open() { return this.#ids.find((id) => !byId(`${id}-panel`).hidden); }

  toggle(id) {
    if (this.open === id) this.close();
    else this.#show(id);
  }

  // close gives the focus back to the button that opened the panel.
  close() {
    const { open } = this;
    if (!open) return;
    const inside = byId(`${open}-panel`).contains(document.activeElement);
    this.#show(undefined);
    if (inside) byId(open).focus();
  }

  #show(wanted) {
    for (const id of this.#ids) {
      byId(`${id}-panel`).hidden = id !== wanted;
      byId(id).setAttribute("aria-expanded", String(id === wanted));
    }
    if (wanted) firstIn(byId(`${wanted}-panel`)).focus();
    this.#onChange(wanted);
  }
}

// firstIn is what one opens a panel for: a place to write, or else the way out.
const firstIn = (panel) => panel.querySelector("textarea") ?? panel.querySelector("button");
