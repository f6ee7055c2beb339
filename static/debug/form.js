// The methods of a panel, to press: in groups, each with its arguments and its last result.

import { create } from "../ui/element.js";
import { say, write } from "../ui/language.js";
import { newField } from "./arguments.js";
import { isFailure, perform, tell } from "./calls.js";
import { areas, table } from "./methods.js";
import { compact, snapshot } from "./values.js";

// RECEIVERS are the kinds of objects that have the methods of a class.
const RECEIVERS = { ZegoLocalStream: "localStream", ZegoStreamView: "view" };
const BRIEF = 200; // characters of a result

// Methods is all of them, in root.
export class Methods {
  #forms = [];
  #groups = new Map();

  constructor(panel, root, none) {
    this.panel = panel;
    this.none = none;
    for (const area of areas) root.append(this.#group(area));
    panel.objects.onChange(() => this.refresh());
  }

  // search shows the methods with the text in their name, and opens their groups.
  search(text) {
    const wanted = text.trim().toLowerCase();
    let found = 0;
    for (const [group, forms] of this.#groups) {
      const fitting = forms.filter((form) => form.choose(wanted));
      group.hidden = fitting.length === 0;
      if (wanted) group.open = fitting.length > 0;
      found += fitting.length;
    }
    write(this.none, found ? "" : "debug.noMethod", { text });
  }

  refresh() { for (const form of this.#forms) form.refresh(); }

  // press does what pressing the button of a method does.
  press(name) { this.#forms.find(({ row }) => row.name === name).element.requestSubmit(); }

  translate() { for (const form of this.#forms) form.show(); }

  #group(area) {
    const title = create("span");
    const rows = table.filter((row) => row.area === area);
    const forms = rows.map((row) => new MethodForm(this.panel, row));
    write(title, `debug.area.${area}`);
    const head = create("summary", {}, title, create("span", { className: "soft small" }, ` ${rows.length}`));
    const group = create("details", { open: area === "room" }, head, ...forms.map(({ element }) => element));
    this.#forms.push(...forms);
    this.#groups.set(group, forms);
    return group;
  }
}

// MethodForm is one method: a button, what came of it, and the fields of its arguments.
class MethodForm {
  #outcome;
  #problem;

  constructor(panel, row) {
    Object.assign(this, { panel, row });
    this.fields = row.parameters.map((parameter) => newField(parameter, panel));
    if (RECEIVERS[row.of]) this.fields.unshift(newField({ name: "this", kind: "receiver", of: RECEIVERS[row.of] }, panel));
    this.result = create("output");
    this.element = create("form", { className: "method" }, create("button", { className: "code" }, row.name), this.result);
    if (this.fields.length) this.element.append(this.#arguments());
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#call();
    });
  }

  choose(wanted) {
    this.element.hidden = !this.row.name.toLowerCase().includes(wanted);
    return !this.element.hidden;
  }

  refresh() { for (const field of this.fields) field.refresh(); }

  // show writes the last outcome, in the page's language.
  show() {
    const { result } = this;
    result.className = "small";
    result.textContent = "";
    if (this.#problem) {
      result.textContent = this.#problem();
      result.classList.add("failed");
    } else if (this.#outcome) {
      result.textContent = describe(this.#outcome, this.panel);
      result.classList.toggle("failed", isFailure(this.#outcome));
    }
  }

  #arguments() {
    const names = this.fields.map(({ name }) => name).join(", ");
    return create("details", {}, create("summary", { className: "small soft" }, names),
      create("div", { className: "fields" }, ...this.fields.map(({ element }) => element)));
  }

  async #call() {
    this.#problem = undefined;
    const target = this.#target();
    const args = this.#read();
    if (!target || !args) return this.show();
    const show = (outcome) => {
      this.#outcome = outcome;
      this.show();
    };
    show(await perform(this.panel, this.row, target, args, show));
  }

  // target is whose method it is: {name, value}.
  #target() {
    const { of } = this.row;
    if (of === "static") return { name: "ZegoExpressEngine", value: ZegoExpressEngine };
    if (of === "ZegoExpressEngine" && this.panel.engine) return { name: "engine", value: this.panel.engine };
    if (of === "ZegoExpressEngine") return this.#refuse("debug.noEngine");
    const { value, code } = this.fields[0].read();
    return value ? { name: code, value } : this.#refuse(`debug.no.${RECEIVERS[of]}`);
  }

  #refuse(word) {
    this.#problem = () => say(word);
    return undefined;
  }

  // read takes the arguments, unless a field holds nothing sensible.
  #read() {
    const fields = RECEIVERS[this.row.of] ? this.fields.slice(1) : this.fields;
    const values = fields.map((field) => field.read());
    fields.forEach((field, i) => field.mark(Boolean(values[i].problem)));
    const bad = values.findIndex(({ problem }) => problem);
    if (bad < 0) return values;
    this.#problem = () => `${fields[bad].name}: ${values[bad].problem}`;
    fields[bad].control.focus();
    return undefined;
  }
}

function describe(outcome, { objects, log }) {
  const how = say(`debug.how.${outcome.how}`);
  if (outcome.how === "waiting") return how;
  const text = compact(snapshot(outcome.value, (value) => objects.nameOf(value)), log.secrets);
  const brief = isFailure(outcome) ? tell(outcome, text) : text;
  return `${how} ${brief.length > BRIEF ? `${brief.slice(0, BRIEF)}…` : brief} · ${say("debug.ms", { n: outcome.ms.toFixed(0) })}`;
}
