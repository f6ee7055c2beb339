// The fields of arguments: how each kind is shown, and what it stands for as a value and as
// code. read() gives {value, code}, or {problem} where the field holds nothing sensible.

import { create } from "../ui/element.js";
import { say } from "../ui/language.js";

const OMITTED = { value: undefined, code: undefined };
let lists = 0; // ever made, for ids

// newField makes the field of a parameter: {element, refresh, read}. Panel is whose it is.
export function newField(parameter, panel) {
  const field = kinds[parameter.kind](parameter, panel);
  field.control.classList.add("code");
  field.refresh();
  const mark = (bad) => field.control.setAttribute("aria-invalid", String(bad));
  return { ...field, mark, name: parameter.name, element: labelled(parameter.name, field) };
}

function labelled(name, { control, list }) {
  return create("label", {}, create("span", { className: "code" }, name), control, ...(list ? [list] : []));
}

const kinds = {
  text: (parameter, panel) => typed(parameter, panel, (text) => ({ value: text, code: JSON.stringify(text) })),
  number: (parameter, panel) => typed(parameter, panel, asNumber),
  json: (parameter, panel) => typed(parameter, panel, (text) => asJSON(text, panel), "textarea"),
  truth: ({ first }) => chosen([[true, "true"], [false, "false"]].map(constant), first),
  pick: ({ first, choices }) => chosen(choices.map(constant), first),
  stream: (_, panel) => listed(() => panel.objects.of("stream", "localStream")),
  mediaStream: (_, panel) => listed(() => panel.objects.of("stream")),
  zegoStream: (_, panel) => listed(() => panel.objects.of("localStream")),
  receiver: ({ of }, panel) => listed(() => panel.objects.of(of)),
  played: (_, panel) => listed(() => panel.objects.of("remote")),
  track: (_, panel) => listed(() => panel.objects.tracks()),
  box: ({ first }, panel) => listed(() => panel.boxes(first)),
  media: (_, panel) => listed(() => [{ name: "new Audio()", value: panel.audio }]),
  callback: (_, panel) => listed(() => [{ name: "console.log", value: panel.listener }]),
};

// typed is a field for text. It follows what its beginning comes from until somebody types.
function typed({ name, kind, first }, panel, parse, tag = "input") {
  const control = create(tag, { spellcheck: false });
  if (tag === "textarea") control.rows = 1;
  if (kind === "number") control.inputMode = "decimal";
  let touched = false;
  control.addEventListener("input", () => { touched = true; });
  const list = ["streamID", "deviceID"].includes(name) ? create("datalist", { id: `list-${++lists}` }) : undefined;
  if (list) control.setAttribute("list", list.id);
  return {
    control, list,
    refresh() {
      if (!touched) control.value = beginning(first, panel);
      if (tag === "textarea") control.rows = Math.min(6, Math.max(1, control.value.split("\n").length));
      list?.replaceChildren(...panel.suggestions(name).map((value) => new Option(value, value)));
    },
    read: () => (control.value === "" && (kind !== "text" || first === undefined) ? OMITTED : parse(control.value)),
  };
}

function beginning(first, panel) {
  return typeof first === "string" && first.startsWith("@") ? panel.source(first.slice(1)) : String(first ?? "");
}

function asNumber(text) {
  const value = Number(text);
  return Number.isNaN(value) ? { problem: say("debug.noNumber", { text }) } : { value, code: String(value) };
}

// asJSON puts objects where their names are: "$stream1".
function asJSON(text, panel) {
  const names = [];
  try {
    const value = JSON.parse(text, (_, it) => (isName(it) ? take(it.slice(1), names, panel) : it));
    const code = names.reduce((all, name) => all.replaceAll(`"$${name}"`, name), text);
    return { value, code };
  } catch (error) {
    return { problem: say("debug.noJSON", { text: error.message }) };
  }
}

function isName(value) { return typeof value === "string" && /^\$[a-zA-Z]+\d*$/.test(value); }

function take(name, names, panel) {
  const value = panel.objects.named(name);
  if (!value) throw new Error(say("debug.noObject", { name }));
  names.push(name);
  return value;
}

// chosen is a field for one of a few values, or none.
function chosen(options, first) {
  const control = create("select", {}, new Option("–", ""), ...options.map(({ name }, i) => new Option(name, String(i))));
  control.value = String(options.findIndex(({ value }) => value === first));
  if (control.selectedIndex < 0) control.value = "";
  return { control, refresh() {}, read: () => options[control.value] ?? OMITTED };
}

function constant([value, name]) { return { name, value, code: JSON.stringify(value) }; }

// listed is a field for one of the objects that there are at this moment: the first one,
// until somebody chooses another.
function listed(objects) {
  const control = create("select");
  let options = [], wanted;
  control.addEventListener("change", () => { wanted = control.value; });
  return {
    control,
    refresh() {
      options = objects();
      control.replaceChildren(new Option("–", ""), ...options.map(({ name }) => new Option(name, name)));
      const keep = wanted === "" || options.some(({ name }) => name === wanted) ? wanted : options[0]?.name;
      control.value = keep ?? "";
    },
    read() {
      const option = options.find(({ name }) => name === control.value);
      return option ? { value: option.value, code: option.code ?? option.name } : OMITTED;
    },
  };
}
